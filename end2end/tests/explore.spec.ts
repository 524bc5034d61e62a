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
  await expect(page.locator(".writer")).toHaveCount(1);
  await expect(page.locator(".writer")).toContainText(`1 post · latest Latest of ${person.username}`);
  await expect(page.locator(".explore-summary")).toContainText("1 person’s name begins with");
  await page.locator(".writer-name").getByRole("link").click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(person.username);
});
