import { png } from "../support/png";
import { expect, Person, ready, test } from "../support/test";
import type { Page } from "@playwright/test";

const content = (page: Page) => page.getByLabel("Content", { exact: true });
const place = (page: Page) => page.locator(".editor-place");

async function write(page: Page, person: Person) {
  await person.register(page);
  await person.logIn(page);
  await page.goto("/post/new");
  await ready(page);
}

test("what is typed is saved by itself, and a reload brings it back", async ({ page, person }) => {
  await write(page, person);
  await page.getByLabel("Title").fill("A title");
  await content(page).pressSequentially("Some words");
  await expect(place(page)).toHaveText(/^Saved \d\d:\d\d$/);
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
  await expect(place(page)).toHaveText(/^Saved/);
  await page.getByRole("link", { name: "New post" }).click();
  await expect(content(page)).toHaveValue("");
  await expect(page).toHaveURL("/post/new");
  await content(page).fill("The second");
  await expect(place(page)).toHaveText(/^Saved/);
  await page.goto("/account/drafts");
  await expect(page.locator(".row")).toHaveCount(2);
});

test("a text outlives the loss of the site, and is saved when it is back", async ({ page, person, context, expectNotes }) => {
  expectNotes(/ERR_INTERNET_DISCONNECTED/);
  await write(page, person);
  await content(page).fill("Written on land. ");
  await expect(place(page)).toHaveText(/^Saved/);
  await context.setOffline(true);
  await content(page).press("End");
  await content(page).pressSequentially("Written in the tunnel.");
  await expect(place(page)).toHaveText("Kept in this browser");
  await expect(page.locator(".editor-trouble")).toContainText("Your text is safe here");
  await context.setOffline(false);
  await expect(place(page)).toHaveText(/^Saved/);
  await page.reload();
  await expect(content(page)).toHaveValue("Written on land. Written in the tunnel.");
});

test("a text that never reached the site is back after a reload", async ({ page, person, expectNotes }) => {
  expectNotes(/ERR_FAILED/);
  await write(page, person);
  await page.route("**/api/draft/save", (route) => route.abort());
  await page.getByLabel("Title").fill("Left behind");
  await content(page).fill("Only here");
  await expect(place(page)).toHaveText("Kept in this browser");
  await page.reload();
  await ready(page);
  await expect(content(page)).toHaveValue("Only here");
  await expect(page.getByLabel("Title")).toHaveValue("Left behind");
  await page.unroute("**/api/draft/save");
  await page.waitForTimeout(2_000);
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
  await expect(place(page)).toHaveText(/^Saved/);
  const address = page.url();
  await page.route("**/api/draft/save", (route) => route.abort());
  await content(page).fill("Two, kept here");
  await expect(place(page)).toHaveText("Kept in this browser");
  await page.close();

  // Another browser saves a newer text.
  const state = await context.storageState();
  const other = await context.browser()!.newContext({ storageState: { cookies: state.cookies, origins: [] } });
  const elsewhere = await other.newPage();
  await elsewhere.goto(address);
  await ready(elsewhere);
  await content(elsewhere).fill("Three, from elsewhere");
  await expect(place(elsewhere)).toHaveText(/^Saved/);
  await other.close();

  const again = await context.newPage();
  await again.goto(address);
  await ready(again);
  await expect(content(again)).toHaveValue("Three, from elsewhere");
  await expect(again.getByRole("textbox", { name: "The other text" })).toHaveValue("Two, kept here");
  await again.getByRole("button", { name: "Use this text instead" }).click();
  await expect(content(again)).toHaveValue("Two, kept here");
  await expect(place(again)).toHaveText(/^Saved/);
  // Nobody loses a text by one click: the one that was there can be had back.
  await expect(again.getByRole("textbox", { name: "The other text" })).toHaveValue("Three, from elsewhere");
  await again.getByRole("button", { name: "Use this text instead" }).click();
  await expect(content(again)).toHaveValue("Three, from elsewhere");
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
  await expect(place(page)).toHaveText(/^Saved/);
});

test("what is typed while an older save is on its way is not lost when the page is left", async ({ page, person }) => {
  await write(page, person);
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route("**/api/draft/save", async (route) => {
    await held;
    await route.continue();
  });
  const begun = page.waitForRequest("**/api/draft/save");
  await content(page).fill("One");
  await begun;
  await content(page).fill("One, two");
  await page.getByRole("link", { name: "Home" }).click();
  await expect(page).toHaveTitle("Broadsheet");
  release();
  await page.getByRole("link", { name: "New post" }).click();
  await expect(content(page)).toHaveValue("One, two");
});

test("a title that is too long is told at once, and the text stays here", async ({ page, person }) => {
  await write(page, person);
  await page.getByLabel("Title").fill("x".repeat(151));
  await content(page).fill("Some text");
  await expect(page.locator(".editor-trouble")).toContainText("Enter a title of at most 150 characters");
  await expect(place(page)).toHaveText("Kept in this browser");
  await page.getByRole("tab", { name: "Preview" }).click();
  await expect(page.getByRole("tabpanel").locator(".prose")).toHaveText("Some text");
});

test("Enter in the title saves and publishes nothing", async ({ page, person }) => {
  await write(page, person);
  await content(page).fill("Not yet finished");
  await page.getByLabel("Title").fill("A title");
  await page.getByLabel("Title").press("Enter");
  await expect(place(page)).toHaveText(/^Saved/);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("New post");
  await page.goto(`/user/${person.username}`);
  await expect(page.getByRole("article")).toHaveCount(0);
});

test("buttons and keys mark text, and it can be undone", async ({ page, person }) => {
  await write(page, person);
  await content(page).fill("one two");
  await content(page).press("ControlOrMeta+A");
  await page.getByRole("button", { name: "Bold" }).click();
  await expect(content(page)).toHaveValue("**one two**");
  await content(page).press("ControlOrMeta+Z");
  await expect(content(page)).toHaveValue("one two");
  await content(page).press("ControlOrMeta+A");
  await content(page).press("ControlOrMeta+I");
  await expect(content(page)).toHaveValue("*one two*");
  for (const [keys, text] of [
    ["ControlOrMeta+Shift+Digit9", "> a"],
    ["ControlOrMeta+Shift+Digit8", "- a"],
    ["ControlOrMeta+Alt+Digit2", "## a"],
    ["ControlOrMeta+E", "`a`"],
    ["ControlOrMeta+K", "[a](https://)"],
  ]) {
    await content(page).fill("a");
    await content(page).press("ControlOrMeta+A");
    await content(page).press(keys);
    await expect(content(page)).toHaveValue(text);
  }
  await page.getByLabel("Title").fill("By keys alone");
  await page.keyboard.press("ControlOrMeta+S");
  await expect(place(page)).toHaveText(/^Saved/);
  await page.keyboard.press("ControlOrMeta+Enter");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("By keys alone");
});

test("Enter goes on with a list, and ends it in an empty item", async ({ page, person }) => {
  await write(page, person);
  await content(page).pressSequentially("- one");
  await content(page).press("Enter");
  await content(page).pressSequentially("two");
  await content(page).press("Enter");
  await content(page).press("Enter");
  await content(page).pressSequentially("After");
  await expect(content(page)).toHaveValue("- one\n- two\n\nAfter");
  await content(page).fill("1. one");
  await content(page).press("End");
  await content(page).press("Enter");
  await expect(content(page)).toHaveValue("1. one\n2. ");
  await content(page).press("ControlOrMeta+Z");
  await expect(content(page)).toHaveValue("1. one");
  await content(page).fill("a");
  await content(page).press("ControlOrMeta+A");
  for (const text of ["[a](https://)", "a"]) {
    await content(page).press("ControlOrMeta+K");
    await expect(content(page)).toHaveValue(text);
  }
});

test("new texts in two tabs do not take each other's place", async ({ page, person, context, expectNotes }) => {
  expectNotes(/ERR_FAILED/);
  await write(page, person);
  await context.route("**/api/draft/save", (route) => route.abort());
  const second = await context.newPage();
  await second.goto("/post/new");
  await ready(second);
  await content(page).fill("In the first tab");
  await content(second).fill("In the second tab");
  for (const tab of [page, second]) {
    await expect(place(tab)).toHaveText("Kept in this browser");
    await tab.reload();
    await ready(tab);
  }
  await expect(content(page)).toHaveValue("In the first tab");
  await expect(content(second)).toHaveValue("In the second tab");
  await second.close();

  // What a tab that was closed has left comes back in another; what is open elsewhere does not.
  const third = await context.newPage();
  await third.goto("/post/new");
  await ready(third);
  await expect(content(third)).toHaveValue("In the second tab");
  await expect(third.getByRole("textbox", { name: "The other text" })).toHaveCount(0);
  await context.unroute("**/api/draft/save");
  await third.getByRole("button", { name: "Save draft" }).click();
  await expect(place(third)).toHaveText(/^Saved/);
});

test("a text that was put back and then touched is still there afterwards", async ({ page, person, expectNotes }) => {
  expectNotes(/ERR_FAILED/);
  await write(page, person);
  await page.route("**/api/draft/save", (route) => route.abort());
  await content(page).fill("Only here");
  await expect(place(page)).toHaveText("Kept in this browser");
  await page.reload();
  await ready(page);
  await expect(content(page)).toHaveValue("Only here");
  await content(page).press("End");
  await content(page).pressSequentially("!");
  await content(page).press("Backspace");
  await page.reload();
  await ready(page);
  await expect(content(page)).toHaveValue("Only here");
  await page.unroute("**/api/draft/save");
  await page.getByRole("button", { name: "Keep it" }).click();
  await expect(place(page)).toHaveText(/^Saved/);
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
  await expect(page.locator(".editor-trouble")).toContainText("under another account");
  await expect(place(page)).toHaveText("Kept in this browser");
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
  await context.route("**/api/draft/save", (route) => route.abort());
  const tabs = [page, await context.newPage()];
  await tabs[1].goto("/post/new");
  for (const [number, tab] of tabs.entries()) {
    await ready(tab);
    await content(tab).fill(`Left in tab ${number}`);
    await expect(place(tab)).toHaveText("Kept in this browser");
  }
  await page.close();
  await tabs[1].close();
  await context.unroute("**/api/draft/save");
  const third = await context.newPage();
  await third.goto("/post/new");
  await ready(third);
  const other = third.getByRole("textbox", { name: "The other text" });
  await expect(content(third)).toHaveValue("Left in tab 1");
  await expect(other).toHaveValue("Left in tab 0");
  await third.getByRole("button", { name: "Keep it" }).click();
  await expect(place(third)).toHaveText(/^Saved/);
  await third.getByRole("button", { name: "Use this text instead" }).click();
  await expect(content(third)).toHaveValue("Left in tab 0");
  await expect(other).toHaveCount(0);
  await expect(place(third)).toHaveText(/^Saved/);
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
  await page.route("**/api/draft/save", (route) => route.abort());
  await content(page).fill("Nowhere yet");
  await expect(place(page)).toHaveText("Not saved");
  await expect(page.locator(".editor-trouble")).toContainText("leave this page open");
  const asked = page.waitForEvent("dialog");
  const left = page.goto("/about").catch(() => null);
  const dialog = await asked;
  expect(dialog.type()).toBe("beforeunload");
  await dialog.dismiss();
  await left;
  await expect(content(page)).toHaveValue("Nowhere yet");
  await page.unroute("**/api/draft/save");
  await expect(place(page)).toHaveText(/^Saved/, { timeout: 15_000 });
});

test("the preview is the page", async ({ page, person }) => {
  await write(page, person);
  await page.getByLabel("Title").fill("Twice the same");
  await content(page).fill("# Part\n\n- [x] done\n\na|b\n-|-:\n1|2\n\n```rust\nlet x = 1;\n```\n\nNote[^1].\n\n[^1]: Here.");
  await page.getByRole("tab", { name: "Write" }).focus();
  await page.keyboard.press("ArrowRight");
  const preview = page.getByRole("tabpanel").locator(".prose");
  await expect(preview.locator(".code-keyword")).toHaveText("let");
  const before = await preview.innerHTML();
  await page.getByRole("button", { name: "Publish" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Twice the same");
  expect(await page.locator(".prose").innerHTML()).toBe(before);
});

test("a picture is pasted with its words, sent with a bar, and shown in its size", async ({ page, person }) => {
  await write(page, person);
  await page.getByLabel("Title").fill("With a picture");
  await content(page).fill("Before");
  const bytes = [...png(60, 40, [9, 99, 9])];
  await content(page).evaluate((area, bytes) => {
    const clipboardData = new DataTransfer();
    clipboardData.items.add(new File([new Uint8Array(bytes)], "me.png", { type: "image/png" }));
    area.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  }, bytes);
  const dialog = page.getByRole("dialog", { name: "Add a picture" });
  await expect(dialog).toContainText("me.png");
  await dialog.getByLabel("What it shows").fill("A [green] field");
  await dialog.getByLabel("What it shows").press("Enter");
  await expect(dialog).toBeHidden();
  await expect(content(page)).toHaveValue(/^Before\n\n!\[A \\\[green\\\] field\]\(\/media\/image\/[0-9a-f-]+-60-40\.webp\)/);
  await page.getByRole("button", { name: "Publish" }).click();
  const picture = page.getByRole("img", { name: "A [green] field" });
  await expect(picture).toHaveAttribute("width", "60");
  await expect(picture).toHaveAttribute("height", "40");
  await expect(picture).toHaveAttribute("loading", "lazy");
  await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(60);
});

test("a file that is no picture is refused beside its name, and a lost connection can be tried again", async ({
  page,
  person,
  expectNotes,
}) => {
  expectNotes(/ERR_FAILED/);
  await write(page, person);
  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Picture" }).click();
  await (await chooser).setFiles({ name: "a.txt", mimeType: "text/plain", buffer: Buffer.from("text") });
  const dialog = page.getByRole("dialog", { name: "Add a picture" });
  await expect(dialog.getByRole("alert")).toHaveText("Choose a JPEG, PNG, WebP or GIF file");
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await expect(content(page)).toBeFocused();
  await page.keyboard.type("Typing goes on. ");
  await expect(content(page)).toHaveValue("Typing goes on. ");

  await page.route("**/post/image", (route) => route.abort());
  const again = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Picture" }).click();
  await (await again).setFiles({ name: "a.png", mimeType: "image/png", buffer: png(8, 8, [1, 2, 3]) });
  await dialog.getByRole("button", { name: "Put into the text" }).click();
  await expect(dialog.getByRole("alert")).toContainText("Nothing was changed");
  await page.unroute("**/post/image");
  await dialog.getByRole("button", { name: "Try again" }).click();
  await expect(content(page)).toHaveValue(/-8-8\.webp/);
});

test("the question before a post is deleted keeps the focus and gives it back", async ({ page, person }) => {
  await person.register(page);
  await person.logIn(page);
  await person.publish(page, "Asked for", "text");
  const link = page.getByRole("link", { name: "Delete", exact: true });
  await link.focus();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "Delete this post?" });
  await expect(dialog).toBeVisible();
  for (let press = 0; press < 6; press += 1) {
    await page.keyboard.press("Tab");
    const inside = await page.evaluate(() => {
      const active = document.activeElement;
      return active === document.body || Boolean(active?.closest("dialog"));
    });
    expect(inside).toBe(true);
  }
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await expect(link).toBeFocused();
  await page.keyboard.press("Enter");
  await dialog.getByRole("button", { name: "Delete post" }).press("Enter");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Trash");
});
