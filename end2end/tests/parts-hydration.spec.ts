import type { Page } from "@playwright/test";

import { expect, ready, test } from "../support/test";

const isPart = (url: string) => /\/(split|chunk)_[^/]*\.wasm$/.test(url);

/** Collects the chunks of the client that a page requests, except the first. */
function notedParts(page: Page) {
  const parts = new Set<string>();
  page.on("request", (request) => {
    const [, name] = request.url().match(/\/split_(\w+)\.wasm$/) ?? [];
    if (name) parts.add(name);
  });
  return () => [...parts].sort();
}

test("who reads loads neither the editor nor the pages of an account, which come when somebody turns to their links", async ({ page, person }) => {
  await person.register(page);
  await person.logIn(page);
  const parts = notedParts(page);
  await page.goto(`/user/${person.username}`);
  await ready(page);
  await page.getByRole("link", { name: "Explore", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Writers");
  await page.waitForLoadState("networkidle");
  expect(parts()).toEqual([]);

  await page.getByRole("link", { name: "New post" }).hover();
  await expect.poll(parts).toEqual(["writing"]);
  await page.getByRole("link", { name: "New post" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("New post");

  await page.getByRole("link", { name: "Account", exact: true }).focus();
  await expect.poll(parts).toEqual(["member", "writing"]);
});

test("whoever waits for a part of the client sees it", async ({ page }) => {
  await page.goto("/");
  await ready(page);
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route((url) => isPart(url.pathname), async (route) => {
    await held;
    await route.continue();
  });
  await page.getByRole("link", { name: "Log in", exact: true }).click();
  const root = page.locator("html[data-waiting]");
  await expect(root).toBeAttached();
  const bar = await root.evaluate((element) => {
    const { position, height } = getComputedStyle(element, "::before");
    return [position, height];
  });
  expect(bar).toEqual(["fixed", "3px"]);
  release();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Log in");
  await expect(root).not.toBeAttached();
});

test("a page whose part of the client does not come is the server's", async ({ page, person, expectNotes }) => {
  expectNotes(/ERR_FAILED/, /Failed to fetch/, /a part of the client failed to load/);
  await person.register(page);
  await person.logIn(page);
  await page.goto("/explore?page=1");
  await ready(page);
  await page.route((url) => isPart(url.pathname), (route) => route.abort());
  await page.evaluate(() => document.documentElement.setAttribute("data-old", ""));
  await page.getByRole("link", { name: "New post" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("New post");
  await expect(page).toHaveURL(/\/post\/new$/);
  expect(await page.locator("html[data-old]").count()).toBe(0);
  await page.goBack();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Writers");
  await page.goForward();

  // The whole document was loaded, so the form works without the missing chunk.
  await page.getByLabel("Title", { exact: true }).fill("By the server");
  await page.getByLabel("Content", { exact: true }).fill("text");
  await page.getByRole("button", { name: "Publish" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("By the server");
});

test("only the page that was turned to last is waited for", async ({ page, person }) => {
  await person.register(page);
  await person.logIn(page);
  await page.goto("/explore");
  await ready(page);
  const release: Record<string, () => void> = {};
  for (const part of ["writing", "member"]) {
    const held = new Promise<void>((resolve) => (release[part] = resolve));
    await page.route(`**/split_${part}.wasm`, async (route) => {
      await held;
      await route.continue();
    });
  }
  const waiting = page.locator("html[data-waiting]");
  const [heading, account] = [page.getByRole("heading", { level: 1 }), page.getByRole("link", { name: "Account", exact: true })];
  await page.getByRole("link", { name: "New post" }).click();
  await expect(waiting).toBeAttached();
  await account.click();
  const came = page.waitForResponse(/split_writing/);
  release.writing!();
  await (await came).finished();
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  await expect(waiting).toBeAttached();
  await page.getByRole("link", { name: "Explore", exact: true }).click();
  await expect(waiting).not.toBeAttached();
  await expect(heading).toHaveText("Writers");
  await account.click();
  await expect(waiting).toBeAttached();
  release.member!();
  await expect(heading).toHaveText("Profile");
  await expect(waiting).not.toBeAttached();
});

test("whoever stays with a text when a part does not come can still follow the link", async ({ page, person, expectNotes }) => {
  expectNotes(/ERR_FAILED/, /Failed to fetch/, /a part of the client failed to load/);
  await person.register(page);
  await person.logIn(page);
  // Local drafts cannot be stored, so that the typed text would be lost.
  await page.addInitScript(() => {
    Storage.prototype.setItem = () => {
      throw new Error("no room");
    };
  });
  await page.goto("/post/new");
  await ready(page);
  await page.route((url) => isPart(url.pathname) || url.pathname.startsWith("/_/"), (route) => route.abort());
  await page.getByLabel("Title", { exact: true }).fill("Not to be lost");
  const account = page.getByRole("link", { name: "Account", exact: true });
  page.once("dialog", (question) => question.dismiss());
  const asked = page.waitForEvent("dialog");
  await account.click();
  await asked;
  await expect(page.getByLabel("Title", { exact: true })).toHaveValue("Not to be lost");
  await expect(page).toHaveURL(/\/post\/new$/);

  await page.unrouteAll();
  page.once("dialog", (question) => question.accept());
  await account.click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Profile");
  await expect(page).toHaveURL(/\/account$/);
});
