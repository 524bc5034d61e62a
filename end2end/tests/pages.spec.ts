import { expect, ready, test } from "../support/test";

test("an address that leads nowhere says so and leads back", async ({ page, expectNotes }) => {
  expectNotes(/status of 404/);
  for (const path of ["/nowhere", "/post/999999-gone", "/user/nobody-at-all", "/?page=999", "/?page=abc"]) {
    const answer = await page.goto(path);
    expect(answer?.status(), path).toBe(404);
    await expect(page).toHaveTitle("There is no such page · Broadsheet");
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
