import { command } from "../support/command";
import { content, saveStatus, write } from "../support/editor";
import { expect, Person, ready, test } from "../support/test";

test("what is typed is saved by itself, and a reload brings it back", async ({ page, person }) => {
  await write(page, person);
  await page.getByLabel("Title", { exact: true }).fill("A title");
  await content(page).pressSequentially("Some words");
  await expect(saveStatus(page)).toHaveText(/^Saved \d\d:\d\d$/);
  await expect(page).toHaveURL(/\/post\/new\?draft=\d+$/);
  await expect(page.locator(".editor-length")).toHaveText("2 words · 1 min read");
  await page.reload();
  await ready(page);
  await expect(content(page)).toHaveValue("Some words");
  await page.getByRole("button", { name: "Publish" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("A title");
  await page.goto("/account/drafts");
  await expect(page.locator("main")).toContainText("You have no drafts.");
});

test("a new text can be begun while another one is open", async ({ page, person }) => {
  await write(page, person);
  await content(page).fill("The first");
  await expect(saveStatus(page)).toHaveText(/^Saved/);
  await page.getByRole("link", { name: "New post" }).click();
  await expect(content(page)).toHaveValue("");
  await expect(page).toHaveURL("/post/new");
  await content(page).fill("The second");
  await expect(saveStatus(page)).toHaveText(/^Saved/);
  await page.goto("/account/drafts");
  await expect(page.locator(".row")).toHaveCount(2);
});

test("a text outlives the loss of the site, and is saved when it is back", async ({ page, person, context, expectNotes }) => {
  expectNotes(/ERR_INTERNET_DISCONNECTED/);
  await write(page, person);
  await content(page).fill("Written on land. ");
  await expect(saveStatus(page)).toHaveText(/^Saved/);
  await context.setOffline(true);
  await content(page).press("End");
  await content(page).pressSequentially("Written in the tunnel.");
  await expect(saveStatus(page)).toHaveText("Kept in this browser");
  await expect(page.locator(".editor-trouble")).toContainText("Your text is safe here");
  await context.setOffline(false);
  await expect(saveStatus(page)).toHaveText(/^Saved/);
  await page.reload();
  await expect(content(page)).toHaveValue("Written on land. Written in the tunnel.");
});

test("a text that never reached the site is back after a reload", async ({ page, person, expectNotes }) => {
  expectNotes(/ERR_FAILED/);
  await write(page, person);
  await page.route("**/_/draft/save", (route) => route.abort());
  await page.getByLabel("Title", { exact: true }).fill("Left behind");
  await content(page).fill("Only here");
  await expect(saveStatus(page)).toHaveText("Kept in this browser");
  await page.clock.install();
  await page.reload();
  await ready(page);
  await expect(content(page)).toHaveValue("Only here");
  await expect(page.getByLabel("Title", { exact: true })).toHaveValue("Left behind");
  await page.unroute("**/_/draft/save");
  const saves: string[] = [];
  page.on("request", (request) => {
    if (request.url().endsWith("/_/draft/save")) {
      saves.push(request.url());
    }
  });
  // A minute is longer than any pause after which a text is saved.
  await page.clock.fastForward(60_000);
  expect(saves).toEqual([]);
  await page.getByRole("button", { name: "Discard it" }).click();
  await expect(content(page)).toHaveValue("");
  await page.reload();
  await ready(page);
  await expect(content(page)).toHaveValue("");
});

test("an older text in the browser never takes the place of a newer one by itself", async ({
  page,
  person,
  context,
  expectNotes,
}) => {
  expectNotes(/ERR_FAILED/);
  await write(page, person);
  await content(page).fill("One");
  await expect(saveStatus(page)).toHaveText(/^Saved/);
  const address = page.url();
  await page.route("**/_/draft/save", (route) => route.abort());
  await content(page).fill("Two, kept here");
  await expect(saveStatus(page)).toHaveText("Kept in this browser");
  await page.close();

  // Another browser saves a newer text.
  const state = await context.storageState();
  const other = await context.browser()!.newContext({ storageState: { cookies: state.cookies, origins: [] } });
  const elsewhere = await other.newPage();
  await elsewhere.goto(address);
  await ready(elsewhere);
  await content(elsewhere).fill("Three, from elsewhere");
  await expect(saveStatus(elsewhere)).toHaveText(/^Saved/);
  await other.close();

  const again = await context.newPage();
  await again.goto(address);
  await ready(again);
  await expect(content(again)).toHaveValue("Three, from elsewhere");
  await expect(again.getByRole("textbox", { name: "The other text" })).toHaveValue("Two, kept here");
  await again.getByRole("button", { name: "Use this text instead" }).click();
  await expect(content(again)).toHaveValue("Two, kept here");
  await expect(saveStatus(again)).toHaveText(/^Saved/);
  // The replaced text can be restored, so that a single click never loses a text.
  await expect(again.getByRole("textbox", { name: "The other text" })).toHaveValue("Three, from elsewhere");
  await again.getByRole("button", { name: "Use this text instead" }).click();
  await expect(content(again)).toHaveValue("Three, from elsewhere");
});

test("a page from before an update keeps the text and says to reload", async ({ page, person, expectNotes }) => {
  expectNotes(/status of 410/);
  await write(page, person);
  let saves = 0;
  // The site no longer has the function that this page calls.
  await page.route("**/_/draft/save", async (route) => {
    saves += 1;
    await route.continue({ url: route.request().url().replace("save", "save_as_before") });
  });
  await content(page).fill("Before the update");
  await expect(page.locator(".editor-trouble")).toContainText("Reload the page");
  await expect(saveStatus(page)).toHaveText("Kept in this browser");
  await page.clock.install();
  await content(page).fill("Before the update, and after it");
  // A minute is longer than any pause after which a text is saved.
  await page.clock.fastForward(60_000);
  expect(saves).toBe(1);
  await page.unroute("**/_/draft/save");
  await page.reload();
  await ready(page);
  await expect(content(page)).toHaveValue("Before the update, and after it");
  await page.getByRole("button", { name: "Keep it" }).click();
  await expect(saveStatus(page)).toHaveText(/^Saved/);
});

test("a reader's page from before an update says to reload", async ({ page, expectNotes }) => {
  expectNotes(/status of 410/);
  await page.goto("/about");
  await ready(page);
  await page.route("**/_/authors?*", (route) =>
    route.continue({ url: route.request().url().replace("authors", "writers") }),
  );
  await page.getByRole("link", { name: "Explore" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("The site has been updated");
  await page.unroute("**/_/authors?*");
  await page.getByRole("link", { name: "Reload the page" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Writers");
});

test("a session that ended keeps the text over the login", async ({ page, person, context, expectNotes }) => {
  expectNotes(/status of 401/);
  await write(page, person);
  await context.clearCookies();
  await content(page).fill("Written while logged out");
  await expect(page.locator(".editor-trouble")).toContainText("Log in in a new tab");
  await page.goto("/login?next=/post/new");
  await ready(page);
  await person.fillLogin(page);
  await expect(content(page)).toHaveValue("Written while logged out");
  await page.getByRole("button", { name: "Keep it" }).click();
  await expect(saveStatus(page)).toHaveText(/^Saved/);
});

test("what is typed while an older save is on its way is not lost when the page is left", async ({ page, person }) => {
  await write(page, person);
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route("**/_/draft/save", async (route) => {
    await held;
    await route.continue();
  });
  const begun = page.waitForRequest("**/_/draft/save");
  await content(page).fill("One");
  await begun;
  await content(page).fill("One, two");
  await page.getByRole("link", { name: "Home" }).click();
  await expect(page).toHaveTitle("Broadsheet");
  release();
  await page.getByRole("link", { name: "New post" }).click();
  await expect(content(page)).toHaveValue("One, two");
});

test("new texts in two tabs do not take each other's place", async ({ page, person, context, expectNotes }) => {
  expectNotes(/ERR_FAILED/);
  await write(page, person);
  await context.route("**/_/draft/save", (route) => route.abort());
  const second = await context.newPage();
  await second.goto("/post/new");
  await ready(second);
  await content(page).fill("In the first tab");
  await content(second).fill("In the second tab");
  for (const tab of [page, second]) {
    await expect(saveStatus(tab)).toHaveText("Kept in this browser");
    await tab.reload();
    await ready(tab);
  }
  await expect(content(page)).toHaveValue("In the first tab");
  await expect(content(second)).toHaveValue("In the second tab");
  await second.close();

  // The local draft of a closed tab is restored in another tab; those of open tabs are not.
  const third = await context.newPage();
  await third.goto("/post/new");
  await ready(third);
  await expect(content(third)).toHaveValue("In the second tab");
  await expect(third.getByRole("textbox", { name: "The other text" })).toHaveCount(0);
  await context.unroute("**/_/draft/save");
  await third.getByRole("button", { name: "Save draft" }).click();
  await expect(saveStatus(third)).toHaveText(/^Saved/);
});

test("a text that was put back and then touched is still there afterwards", async ({ page, person, expectNotes }) => {
  expectNotes(/ERR_FAILED/);
  await write(page, person);
  await page.route("**/_/draft/save", (route) => route.abort());
  await content(page).fill("Only here");
  await expect(saveStatus(page)).toHaveText("Kept in this browser");
  await page.reload();
  await ready(page);
  await expect(content(page)).toHaveValue("Only here");
  await content(page).press("End");
  await content(page).pressSequentially("!");
  await content(page).press("Backspace");
  await page.reload();
  await ready(page);
  await expect(content(page)).toHaveValue("Only here");
  await page.unroute("**/_/draft/save");
  await page.getByRole("button", { name: "Keep it" }).click();
  await expect(saveStatus(page)).toHaveText(/^Saved/);
});

test("a text is not saved as somebody else's who has logged in meanwhile", async ({ page, person, context, expectNotes }) => {
  expectNotes(/status of 403/);
  await write(page, person);
  const other = new Person(99);
  const elsewhere = await context.newPage();
  await context.clearCookies();
  await other.register(elsewhere);
  await other.logIn(elsewhere);
  await content(page).fill("Mine alone");
  await expect(page.locator(".editor-trouble")).toContainText("in another account");
  await expect(saveStatus(page)).toHaveText("Kept in this browser");
  await elsewhere.goto("/account/drafts");
  await expect(elsewhere.locator("main")).toContainText("You have no drafts.");
  await elsewhere.goto("/post/new");
  await ready(elsewhere);
  await expect(content(elsewhere)).toHaveValue("");
});

test("a text that was left behind becomes a draft of its own, whatever is being written by then", async ({
  page,
  person,
  context,
  expectNotes,
}) => {
  expectNotes(/ERR_FAILED/);
  await write(page, person);
  await context.route("**/_/draft/save", (route) => route.abort());
  const tabs = [page, await context.newPage()];
  await tabs[1].goto("/post/new");
  for (const [number, tab] of tabs.entries()) {
    await ready(tab);
    await content(tab).fill(`Left in tab ${number}`);
    await expect(saveStatus(tab)).toHaveText("Kept in this browser");
  }
  await page.close();
  await tabs[1].close();
  await context.unroute("**/_/draft/save");
  const third = await context.newPage();
  await third.goto("/post/new");
  await ready(third);
  const other = third.getByRole("textbox", { name: "The other text" });
  await expect(content(third)).toHaveValue("Left in tab 1");
  await expect(other).toHaveValue("Left in tab 0");
  await third.getByRole("button", { name: "Keep it" }).click();
  await expect(saveStatus(third)).toHaveText(/^Saved/);
  await third.getByRole("button", { name: "Use this text instead" }).click();
  await expect(content(third)).toHaveValue("Left in tab 0");
  await expect(other).toHaveCount(0);
  await expect(saveStatus(third)).toHaveText(/^Saved/);
  await third.goto("/account/drafts");
  await expect(third.locator(".row")).toHaveCount(2);
});

test("a browser that keeps nothing says so before the page is left", async ({ page, person, expectNotes }) => {
  expectNotes(/ERR_FAILED/);
  await page.addInitScript(() => {
    Storage.prototype.setItem = () => {
      throw new DOMException("full", "QuotaExceededError");
    };
  });
  await write(page, person);
  await page.route("**/_/draft/save", (route) => route.abort());
  await content(page).fill("Nowhere yet");
  await expect(saveStatus(page)).toHaveText("Not saved");
  await expect(page.locator(".editor-trouble")).toContainText("Keep this page open");
  const asked = page.waitForEvent("dialog");
  const left = page.goto("/about").catch(() => null);
  const dialog = await asked;
  expect(dialog.type()).toBe("beforeunload");
  await dialog.dismiss();
  await left;
  await expect(content(page)).toHaveValue("Nowhere yet");
  await page.unroute("**/_/draft/save");
  await expect(saveStatus(page)).toHaveText(/^Saved/, { timeout: 15_000 });
});

test("what is typed in a static page is back after it was left, until it is saved", async ({ page, person, baseURL }) => {
  await person.register(page);
  command(Number(new URL(baseURL!).port), "user", "promote", person.username);
  await person.logIn(page);
  const address = `kept-${person.username.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-")}`;
  const restored = page.getByText("Text that was not saved last time has been restored.");
  const open = async () => {
    await page.goto("/admin/pages/new");
    await ready(page);
  };
  await open();
  await page.getByLabel("Title", { exact: true }).fill("Kept");
  await page.getByLabel("Address").fill(address);
  await content(page).fill("Words");
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Explore" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Writers");

  await open();
  await expect(restored).toBeVisible();
  await expect(page.getByLabel("Title", { exact: true })).toHaveValue("Kept");
  await expect(page.getByLabel("Address")).toHaveValue(address);
  await expect(content(page)).toHaveValue("Words");
  await page.getByRole("button", { name: "Discard it" }).click();
  await expect(content(page)).toHaveValue("");
  await expect(restored).toHaveCount(0);

  await page.getByLabel("Title", { exact: true }).fill("Kept");
  await page.getByLabel("Address").fill(address);
  await content(page).fill("Other words");
  await page.getByRole("button", { name: "Publish" }).first().click();
  await expect(page).toHaveURL(`/${address}`);
  await open();
  await expect(content(page)).toHaveValue("");
  await expect(restored).toHaveCount(0);
});
