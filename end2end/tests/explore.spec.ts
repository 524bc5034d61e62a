import { expect, Person, ready, test } from "../support/test";

test("a writer is found by name, and by what they wrote last", { tag: "@main" }, async ({ page, person }) => {
  await person.register(page);
  await person.logIn(page);
  await person.publish(page, `Latest of ${person.username}`, "text");
  await page.getByRole("link", { name: "Explore" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Writers");
  await ready(page);
  await page.getByRole("searchbox").fill(person.username.toUpperCase());
  await page.getByRole("button", { name: "Search" }).click();
  await expect(page.locator(".author")).toHaveCount(1);
  await expect(page).toHaveURL(`/explore?q=${person.username.toUpperCase()}`);
  await expect(page.locator(".author")).toContainText(`1 post · latest Latest of ${person.username}`);
  await expect(page.locator(".explore-summary")).toContainText("1 person found for");
  await page.locator(".author-name").getByRole("link").click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(person.username);
});

test("each tag stands apart with the number of its posts", async ({ page, person }) => {
  await person.register(page);
  await person.logIn(page);
  const tags = ["one", "two", "three"].map((word) => `${word}-${person.username}`.slice(0, 30));
  for (let number = 0; number < 3; number += 1) await person.publish(page, `Post ${number}`, "text", tags.join(", "));
  await page.goto("/explore");
  const items = page.locator(".popular-tags li");
  expect(await items.count()).toBeGreaterThan(1);
  for (const item of await items.all()) {
    await expect(item).toHaveText(/^\S+ \d+ posts?$/);
    expect(await item.evaluate((tag) => getComputedStyle(tag).borderTopStyle)).toBe("solid");
  }
});
