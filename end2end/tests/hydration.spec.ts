import type { Page } from "@playwright/test";
import { expect, ready, test } from "../support/test";

/** Returns a list that collects the addresses of the documents that the browser loads. */
function countLoads(page: Page) {
  const loads: string[] = [];
  page.on("request", (request) => {
    if (request.isNavigationRequest()) loads.push(request.url());
  });
  return loads;
}

test("after the first page nothing is loaded as a page again", { tag: "@main" }, async ({ page, person }) => {
  await page.goto("/");
  await ready(page);
  const loads = countLoads(page);

  await page.getByRole("link", { name: "Register" }).click();
  await page.getByLabel("Username").fill(person.username);
  await page.getByLabel("Email address").fill(person.email);
  await page.getByLabel("Password", { exact: true }).fill(person.password);
  await page.getByLabel("Confirm password").fill(person.password);
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(page).toHaveURL(`/login?name=${person.username}`);
  await expect(page.getByRole("status")).toContainText("Your account has been created. You can log in now.");

  await person.fillLogin(page);
  await expect(page).toHaveURL("/");
  await expect(page.getByRole("status")).toHaveText("You are logged in.");
  const nav = page.getByRole("navigation", { name: "Main" });
  await nav.getByRole("link", { name: "New post" }).click();
  await expect(page.getByRole("status")).toHaveText("");

  await page.getByLabel("Title", { exact: true }).fill("Hydrated");
  await page.getByLabel("Content", { exact: true }).fill("text");
  await page.getByRole("button", { name: "Publish" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Hydrated");
  await expect(page).toHaveTitle("Hydrated · Broadsheet");
  await expect(page.getByRole("status")).toHaveText("Your post has been published.");

  await nav.getByRole("button", { name: "Log out", exact: true }).click();
  await expect(page).toHaveURL("/");
  await expect(nav.getByRole("link", { name: "Log in", exact: true })).toBeVisible();
  await page.goBack();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Hydrated");
  expect(loads).toEqual([]);
});

test("paging, reading and going back keep working, with the right title each time", { tag: "@main" }, async ({ page, person }) => {
  await person.register(page);
  await person.logIn(page);
  for (let number = 1; number <= 6; number += 1) await person.publish(page, `Part ${number}`, "text");
  const profile = `/user/${person.username}`;
  await page.goto(profile);
  await ready(page);
  const loads = countLoads(page);
  await page.getByRole("link", { name: "Older" }).click();
  await expect(page).toHaveTitle(`${person.username}, page 2 · Broadsheet`);
  await page.getByRole("link", { name: "Part 1" }).click();
  await expect(page).toHaveTitle("Part 1 · Broadsheet");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Part 1");
  await page.goBack();
  await expect(page).toHaveTitle(`${person.username}, page 2 · Broadsheet`);
  await page.goBack();
  await expect(page).toHaveTitle(`${person.username} · Broadsheet`);
  await expect(page.getByRole("article")).toHaveCount(5);
  await page.goForward();
  await page.getByRole("link", { name: "Home" }).click();
  await page.getByRole("link", { name: "About", exact: true }).click();
  await expect(page).toHaveTitle("About · Broadsheet");
  await page.goBack();
  await expect(page).toHaveTitle("Broadsheet");
  expect(loads).toEqual([]);
});

test("another page takes the focus to its top", async ({ page }) => {
  await page.goto("/");
  await ready(page);
  await page.getByRole("link", { name: "Log in", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Log in");
  await expect(page.getByRole("main")).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(page.getByLabel("Email address or username")).toBeFocused();
});

test("a form is checked before it is sent", async ({ page }) => {
  await page.goto("/register");
  await ready(page);
  let sent = 0;
  page.on("request", () => (sent += 1));
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(page.getByRole("alert")).toBeFocused();
  expect(sent).toBe(0);
});

test("logging out says so, on whatever page", async ({ page, person }) => {
  await person.register(page);
  for (const path of ["/", "/about", "/post/new", `/user/${person.username}`]) {
    await person.logIn(page);
    await page.goto(path);
    await ready(page);
    await page.getByRole("button", { name: "Log out", exact: true }).click();
    await expect(page).toHaveURL("/");
    await expect(page.getByRole("link", { name: "Log in", exact: true })).toBeVisible();
    await expect(page.getByRole("status")).toHaveText("You are logged out.");
    await page.getByRole("link", { name: "Log in", exact: true }).click();
    await expect(page.getByRole("status")).toHaveText("");
  }
});

test("a page that needs a login leads over it and back without a page load", async ({ page, person }) => {
  await person.register(page);
  await page.goto("/");
  await ready(page);
  const loads = countLoads(page);
  await page.evaluate(() => {
    const link = document.createElement("a");
    link.href = "/post/new";
    link.textContent = "Write";
    document.querySelector("main")!.append(link);
    link.click();
  });
  await expect(page).toHaveURL("/login?next=%2Fpost%2Fnew");
  await expect(page.getByRole("status")).toHaveText("Log in to see that page.");
  await person.fillLogin(page);
  await expect(page).toHaveURL("/post/new");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("New post");
  await expect(page.getByRole("link", { name: person.username })).toBeVisible();
  expect(loads).toEqual([]);
});

test("times are those of the reader's clock", async ({ page, person, openContext }) => {
  await person.register(page);
  await person.logIn(page);
  await person.publish(page, "At what time", "text");
  const inUtc = await page.locator("article time").first().getAttribute("title");
  expect(inUtc).toMatch(/ UTC$/);
  const there = await (await openContext({ timezoneId: "Pacific/Kiritimati" })).newPage();
  await there.goto(page.url());
  const time = there.locator("article time").first();
  await expect(time).not.toHaveAttribute("title", / UTC$/);
  const at = new Date((await time.getAttribute("datetime")) ?? "");
  const zone = { timeZone: "Pacific/Kiritimati" };
  const clock = at.toLocaleTimeString("en-GB", { ...zone, hour: "2-digit", minute: "2-digit" });
  const day = at.toLocaleDateString("en-GB", { ...zone, day: "numeric", month: "long", year: "numeric" });
  await expect(time).toHaveAttribute("title", `${day}, ${clock}`);
  await expect(time).toHaveText(day);
});

test("the page is the same before and after hydration", async ({ page, context, openContext, person }) => {
  test.slow();
  await person.register(page);
  await person.logIn(page);
  const text = [
    "text with *Markdown* and a note[^1]",
    "# <b>A part</b> </textarea><script>alert(1)</script>",
    "- [x] done",
    "a|b\n-|-:\n1|2",
    "```rust\nlet x = \"</code>\";\n```",
    "<table><p>odd</table><li>nesting</p>",
    "[^1]: Here.",
  ].join("\n\n");
  await person.publish(page, "The </title> same", text);
  const address = new URL(page.url()).pathname;
  const post = address.match(/\d+/)![0];
  await page.goto("/post/new");
  await ready(page);
  await page.getByLabel("Title", { exact: true }).fill("A </textarea> draft");
  await page.getByRole("button", { name: "Save draft" }).click();
  await expect(page).toHaveURL(/draft=\d+$/);
  const draft = page.url();
  const profile = `/user/${person.username}`;
  // The client's data is in scripts with a nonce, and which data is repeated varies between responses, so these scripts
  // are ignored.
  const html = (it: Page) =>
    it.locator("body").evaluate((body) => {
      // Only a browser with JavaScript copies code.
      for (const part of body.querySelectorAll("script[nonce], .copy")) part.remove();
      // Each form for a comment has a nonce of its own.
      for (const field of body.querySelectorAll("input[name=nonce]")) field.removeAttribute("value");
      return body.innerHTML.replace(/<!--.*?-->/g, "");
    });

  const compare = async (paths: string[], storageState?: Awaited<ReturnType<typeof context.storageState>>) => {
    // If there is enough room, the client shows a preview beside the text of a post, so the window is narrow.
    const viewport = { width: 1000, height: 720 };
    const plain = await (await openContext({ javaScriptEnabled: false, storageState, viewport })).newPage();
    const hydrated = await (await openContext({ storageState, viewport })).newPage();
    for (const path of paths) {
      await plain.goto(path);
      await hydrated.goto(path);
      await ready(hydrated);
      expect(await html(hydrated), path).toBe(await html(plain));
    }
  };
  await compare(["/about", "/login?next=%2Fpost%2Fnew", "/register", "/explore", "/explore?q=%3Cb%3E", address, profile]);
  const own = ["/account/drafts", "/account/trash", `/post/update?post=${post}`, `/post/delete?post=${post}`, draft];
  await compare(["/about", "/post/new", address, profile, ...own], await context.storageState());
});

test("a form that was sent before the client had loaded is hydrated with its errors", async ({ page, expectNotes }) => {
  expectNotes(/status of 422/, /ERR_ABORTED|Failed to fetch/);
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route("**/*.wasm", async (route) => {
    await held;
    await route.continue().catch(() => {});
  });
  await page.goto("/register");
  await page.getByLabel("Username").fill("a");
  await page.getByLabel("Email address").fill("ada@example.org");
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(page.locator("#username-error")).toBeVisible();
  expect(await page.locator("html[data-hydrated]").count()).toBe(0);

  release();
  await ready(page);
  await expect(page).toHaveTitle("Error: Register · Broadsheet");
  await expect(page.getByLabel("Username")).toHaveValue("a");
  await expect(page.getByLabel("Email address")).toHaveValue("ada@example.org");
  await expect(page.getByRole("alert").getByRole("listitem")).toHaveCount(3);
  await page.getByLabel("Username").fill("ada");
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(page.getByRole("alert").getByRole("listitem")).toHaveCount(2);
  await page.getByRole("link", { name: "Home" }).click();
  await page.getByRole("link", { name: "Register" }).click();
  await expect(page.getByRole("alert")).toHaveCount(0);
  await expect(page.getByLabel("Username")).toHaveValue("");
});

test("the navigation finds out what happened in another tab", async ({ page, context, person }) => {
  await person.register(page);
  await page.goto("/");
  await ready(page);
  const nav = page.getByRole("navigation", { name: "Main" });
  await expect(nav.getByRole("link", { name: "Log in", exact: true })).toBeVisible();

  const other = await context.newPage();
  await person.logIn(other);
  await nav.getByRole("link", { name: "Log in", exact: true }).click();
  await expect(page).toHaveURL("/");
  await expect(nav.getByRole("button", { name: "Log out", exact: true })).toBeVisible();

  await other.getByRole("button", { name: "Log out", exact: true }).click();
  await expect(other.getByRole("status")).toHaveText("You are logged out.");
  await nav.getByRole("link", { name: "New post" }).click();
  await expect(page).toHaveURL("/login?next=%2Fpost%2Fnew");
  await expect(nav.getByRole("link", { name: "Log in", exact: true })).toBeVisible();
});

test("an answer that comes late leads nobody away from what they do by then", async ({ page, person, expectNotes }) => {
  expectNotes(/status of 401/);
  await person.register(page);
  await page.goto("/login");
  await ready(page);
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  let requests = 0;
  await page.route("**/login", async (route) => {
    if (route.request().method() === "POST" && ++requests === 1) await held;
    await route.continue().catch(() => {});
  });
  await page.getByLabel("Email address or username").fill(person.username);
  await page.getByLabel("Password").fill("wrong password");
  await page.getByRole("button", { name: "Log in" }).click();
  await page.getByRole("link", { name: "About", exact: true }).click();
  await page.getByRole("link", { name: "Log in", exact: true }).click();
  await expect(page.getByLabel("Password")).toHaveValue("");
  await person.fillLogin(page);
  await expect(page.getByRole("status")).toHaveText("You are logged in.");
  release();
  await page.getByRole("link", { name: "New post" }).click();
  await page.getByLabel("Title", { exact: true }).fill("Still here");
  await expect(page).toHaveURL("/post/new");
  await expect(page.getByLabel("Title", { exact: true })).toHaveValue("Still here");
  expect(requests).toBe(2);
});

test("the navigation asks again when it could not find out who is looking", async ({ page, person, expectNotes }) => {
  expectNotes(/ERR_FAILED/);
  await person.register(page);
  await page.goto("/login");
  await ready(page);
  await page.route("**/_/viewer", (route) => route.abort());
  await person.fillLogin(page);
  await expect(page.getByRole("status")).toHaveText("You are logged in.");
  await page.unroute("**/_/viewer");
  await page.getByRole("link", { name: "About", exact: true }).click();
  await expect(page.getByRole("button", { name: "Log out", exact: true })).toBeVisible();
});

test("a logout that fails says so", async ({ page, person, expectNotes }) => {
  expectNotes(/ERR_FAILED/);
  await person.register(page);
  await person.logIn(page);
  await ready(page);
  await page.route("**/logout", (route) => route.abort());
  await page.getByRole("button", { name: "Log out", exact: true }).click();
  await expect(page.getByRole("status")).toContainText("You are still logged in");
  await expect(page.getByRole("button", { name: "Log out", exact: true })).toBeVisible();
});

test("no JavaScript console message appears on any page", async ({ page, person }) => {
  await person.register(page);
  await person.logIn(page);
  for (const path of ["/", "/about", "/post/new", `/user/${person.username}`]) {
    await page.goto(path);
    await ready(page);
  }
});

test("from the second page of one list a link leads to the first of another", async ({ page, person }) => {
  const [one, other] = ["one", "other"].map((name) => `${name}-${person.username}`.slice(0, 30));
  await person.register(page);
  await person.logIn(page);
  for (let number = 1; number <= 6; number += 1) await person.publish(page, `Post ${number}`, "text", `${one}, ${other}`);
  await page.goto(`/tag/${one}`);
  await ready(page);
  await page.getByRole("link", { name: "Page 2" }).click();
  await expect(page.locator(".card")).toHaveCount(1);
  await page.locator(".card").getByRole("link", { name: other }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(other!);
  await expect(page).toHaveURL(new RegExp(`/tag/${other}$`));
  await expect(page.locator(".card")).toHaveCount(5);
});
