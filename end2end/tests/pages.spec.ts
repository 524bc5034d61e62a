import { command } from "../support/command";
import { expect, Person, ready, test } from "../support/test";

test("an address that leads nowhere says so and leads back", async ({ page, expectNotes }) => {
  expectNotes(/status of 404/);
  for (const path of ["/nowhere", "/post/999999-gone", "/user/nobody-at-all", "/?page=999", "/?page=abc"]) {
    const answer = await page.goto(path);
    expect(answer?.status(), path).toBe(404);
    await expect(page).toHaveTitle("Page not found · Broadsheet");
  }
  await page.getByRole("link", { name: "Read the newest posts" }).click();
  await expect(page).toHaveURL("/");
  await expect(page).toHaveTitle("Broadsheet");
});

test("home has a second address, and there is an about page", async ({ page }) => {
  await page.goto("/home");
  await expect(page).toHaveURL("/");
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "About" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("About Broadsheet");
});

test("the skip link leads past the navigation", async ({ page }) => {
  await page.goto("/about");
  await ready(page);
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to content" })).toBeFocused();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  await expect(page.getByRole("main").getByRole("link").first()).toBeFocused();
});

test("on a small screen the navigation folds", async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 640 });
  await page.goto("/");
  const about = page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "About" });
  await expect(about).toBeHidden();
  await page.getByText("Menu", { exact: true }).click();
  await about.click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("About Broadsheet");
  await expect(about).toBeHidden();
  const width = await page.locator("html").evaluate((element) => element.scrollWidth);
  expect(width).toBeLessThanOrEqual(360);
});

test("a page that another version has made has its styles, and no client that does not fit it", async ({ request }) => {
  const styles = await request.get("/pkg/0123456789abcdef/broadsheet.css");
  expect(styles.status()).toBe(200);
  expect(styles.headers()["cache-control"]).toBe("no-cache");
  for (const file of ["broadsheet.js", "broadsheet.wasm", "split_entry.wasm"]) {
    const answer = await request.get(`/pkg/0123456789abcdef/${file}`);
    expect([answer.status(), await answer.text()]).toEqual([404, ""]);
  }
});

test("everything that a page names is there", async ({ page, request }) => {
  await page.goto("/");
  const named = new Set([
    ...(await page.locator("link[href]").evaluateAll((links) => links.map((link) => link.getAttribute("href")!))),
    ...((await page.content()).match(/\/pkg\/[\w./-]+/g) ?? []),
  ]);
  const kinds = [...named].map((address) => address.split(".").pop());
  for (const kind of ["css", "js", "json", "png", "svg", "wasm", "webmanifest", "woff2", "xml"]) expect(kinds).toContain(kind);
  for (const address of named) {
    const answer = await request.get(address);
    expect(answer.status(), address).toBe(200);
    if (address.startsWith("/pkg/")) {
      expect(answer.headers()["cache-control"]).toContain("immutable");
    }
  }
});

test("the bar is one row for every name, and as high before a login as after it", async ({ page, baseURL, person }, info) => {
  const long = new Person(info.workerIndex, `${person.username}-${"w".repeat(32)}`.slice(0, 32));
  const bar = async (width: number) => {
    await page.setViewportSize({ width, height: 800 });
    return page.locator(".masthead").evaluate((bar) => {
      const rows = [...bar.querySelectorAll(".masthead-name, .nav-entries li")].map((entry) => entry.getBoundingClientRect());
      const middles = rows.map(({ top, height }) => top + height / 2);
      const lines = Math.max(...middles) - Math.min(...middles) < 14 ? 1 : 2;
      return { height: Math.round(bar.getBoundingClientRect().height * 2) / 2, lines, overflow: document.documentElement.scrollWidth - innerWidth };
    });
  };
  await page.goto("/about");
  const widths = [768, 1024, 1440, 1920];
  const before = [];
  for (const width of widths) before.push(await bar(width));
  expect(before.map(({ lines }) => lines)).toEqual([1, 1, 1, 1]);
  for (const role of ["member", "administrator"]) {
    const somebody = role === "member" ? person : long;
    await somebody.register(page);
    command(Number(new URL(baseURL!).port), "user", "promote", somebody.username, "--role", role);
    await somebody.logIn(page);
    await page.goto("/about");
    await ready(page);
    for (const [index, width] of widths.entries()) expect(await bar(width), `${role} at ${width}`).toEqual(before[index]);
    await page.context().clearCookies();
  }
});

test("a picture and the name beside it are on one line, as the words around them", async ({ page, person }) => {
  await person.register(page);
  await person.logIn(page);
  await person.publish(page, "A title", "text");
  await page.setViewportSize({ width: 1280, height: 800 });
  const middle = (selector: string) =>
    page.locator(selector).first().evaluate((element) => {
      const { top, height } = element.getBoundingClientRect();
      return top + height / 2;
    });
  const name = await middle(".nav-person > :last-child");
  expect(Math.abs(name - (await middle(".nav-person .avatar")))).toBeLessThan(1);
  expect(Math.abs(name - (await middle(".nav-entries li:first-child a")))).toBeLessThan(1);
  const byline = await middle(".byline .avatar");
  expect(Math.abs(byline - (await middle(".byline time")))).toBeLessThan(1);
  expect(Math.abs(byline - (await middle(".byline-author")))).toBeLessThan(1);
});

test("what is said of a post stands beside its author's picture on a small screen", async ({ page, person }) => {
  await person.register(page);
  await person.logIn(page);
  await person.publish(page, "A title", "text");
  const editor = page.url().replace(/.*\/post\/(\d+)-.*/, "/post/update?post=$1");
  // A change within a second of the publication does not count as a change, so this is repeated.
  await expect(async () => {
    await page.goto(editor);
    await ready(page);
    await page.getByLabel("Content", { exact: true }).fill(`text of ${Date.now()}`);
    await page.getByRole("button", { name: "Publish changes" }).click();
    await expect(page.locator(".byline-updated")).toBeVisible({ timeout: 3_000 });
  }).toPass();
  await page.setViewportSize({ width: 360, height: 800 });
  const { right } = await page.locator(".byline .avatar").evaluate((avatar) => avatar.getBoundingClientRect());
  for (const part of await page.locator(".byline > *").all()) {
    const text = await part.evaluate((element) => {
      const range = document.createRange();
      range.selectNodeContents(element.lastChild ?? element);
      return range.getBoundingClientRect().left;
    });
    expect(text).toBeGreaterThan(right);
  }
});

test("beyond the last page of a list is the way to it", async ({ page, person, expectNotes }) => {
  expectNotes(/status of 404/);
  await person.register(page);
  await person.logIn(page);
  for (let number = 1; number <= 6; number += 1) await person.publish(page, `Post ${number}`, "text");
  for (const [path, address] of [
    [`/user/${person.username}?page=999`, `/user/${person.username}?page=2`],
    [`/explore?q=${person.username}&page=999`, `/explore?q=${person.username}`],
    ["/account/trash?page=999", "/account/trash"],
  ] as const) {
    await page.goto(path);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Page not found");
    await page.getByRole("link", { name: /^Go to the (last|first) page/ }).click();
    await expect(page).toHaveURL(address);
    await expect(page.getByRole("heading", { level: 1 })).not.toHaveText("Page not found");
  }
});
