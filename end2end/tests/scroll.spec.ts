import type { Page } from "@playwright/test";

import { expect, Person, ready, test } from "../support/test";

const place = (page: Page) => page.evaluate(() => Math.round(window.scrollY));

/** Scrolls with the mouse wheel until the page is at `pixels`. */
async function readOn(page: Page, pixels: number) {
  await expect.poll(() => place(page)).toBe(0);
  await page.mouse.wheel(0, pixels);
  await expect.poll(() => place(page)).toBe(pixels);
}

/**
 * Scrolls to the link, follows it, goes back, and asserts that the scroll position has been restored. In the list of
 * all posts, the position may differ, because other tests publish posts in the meantime.
 */
async function comesBack(page: Page, link: ReturnType<Page["locator"]>, heading: string | RegExp, isOwn = true) {
  await link.evaluate((element) => element.scrollIntoView({ block: "center", behavior: "instant" }));
  await expect.poll(() => place(page)).toBeGreaterThan(100);
  const before = await place(page);
  const address = page.url();
  await link.click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(heading);
  await expect.poll(() => place(page), "another page begins at its top").toBe(0);
  await page.goBack();
  await expect(page).toHaveURL(address);
  const back = expect.poll(() => place(page), `back at ${address}`);
  await (isOwn ? back.toBe(before) : back.toBeGreaterThan(100));
}

/** Registers the person, and publishes two pages of posts, each as high as a screen. */
async function withPosts(page: Page, person: Person, tag: string) {
  await person.register(page);
  await person.logIn(page);
  for (let number = 1; number <= 6; number += 1) {
    await person.publish(page, `Post ${number} by ${person.username}`, "Words, and some more of them. ".repeat(40), tag);
  }
}

for (const who of ["a member", "a guest"]) {
  test(`Back leads ${who} to the place in a list that they left`, async ({ page, person }) => {
    test.slow();
    const tag = `s-${person.username}`.slice(0, 30);
    await withPosts(page, person, tag);
    if (who === "a guest") await page.context().clearCookies();
    await page.setViewportSize({ width: 800, height: 500 });
    for (const path of ["/", `/user/${person.username}`, `/tag/${tag}`]) {
      await page.goto(path);
      if (who === "a member") await ready(page);
      const own = page.locator(".card-title").filter({ hasText: person.username });
      await comesBack(page, own.last().getByRole("link"), /^Post \d by/, path !== "/");
      // The same from a page that has been scrolled.
      await page.goForward();
      await expect(page.getByRole("heading", { level: 1 })).toHaveText(/^Post \d by/);
      await readOn(page, 300);
      await page.goBack();
      await expect.poll(() => place(page), path).toBeGreaterThan(100);
      await page.goForward();
      await expect(page.getByRole("heading", { level: 1 })).toHaveText(/^Post \d by/);
      await expect.poll(() => place(page)).toBe(300);
    }
  });

  test(`Back leads ${who} to the place above the pager and on explore`, async ({ page, person }) => {
    test.slow();
    await withPosts(page, person, "");
    if (who === "a guest") await page.context().clearCookies();
    await page.setViewportSize({ width: 800, height: 400 });
    await page.goto(`/user/${person.username}`);
    if (who === "a member") await ready(page);
    const pager = page.getByRole("navigation", { name: "Pages" });
    await comesBack(page, pager.getByRole("link", { name: "Older" }), person.username);
    await page.goto("/explore");
    if (who === "a member") await ready(page);
    await comesBack(page, page.locator(".author-name").last().getByRole("link"), /\w/);
  });
}

test("a page that is loaded again is where it was", async ({ page, person }) => {
  await withPosts(page, person, "");
  await page.setViewportSize({ width: 800, height: 400 });
  await page.goto(`/user/${person.username}`);
  await ready(page);
  await page.evaluate(() => window.scrollTo(0, 350));
  await expect.poll(() => place(page)).toBe(350);
  await page.reload();
  await expect.poll(() => place(page)).toBe(350);
  await ready(page);
  expect(await place(page)).toBe(350);
  // Loads another document in between, and goes back to a page that the client had left.
  await page.locator(".card-title").nth(2).getByRole("link").click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(/^Post/);
  await page.goto("/about");
  await page.goBack();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(/^Post/);
  await ready(page);
  await page.goBack();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(person.username);
  await expect.poll(() => place(page)).toBeGreaterThan(100);
});

test("a link within a page, and Back from it", async ({ page, person }) => {
  await person.register(page);
  await person.logIn(page);
  const text = "Words.\n\n".repeat(60);
  await person.publish(page, "In parts", `[To the end](#the-end)\n\n${text}\n\n## The end\n\n${text}`);
  await ready(page);
  await page.getByRole("link", { name: "To the end" }).click();
  await expect.poll(() => place(page)).toBeGreaterThan(500);
  await page.goBack();
  await expect.poll(() => place(page)).toBeLessThan(100);
});
