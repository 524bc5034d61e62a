import { expect, ready, test } from "../support/test";

const OLD = "The old mill stands by the river, and it has stood there for two hundred years, as every child in town knows.";
const NEW = "The new mill stands by the railway, where the corn comes from far away and the flour goes further every year.";

test("a writer changes a post, says what has changed, and restores the text before", async ({ page, person, openContext }) => {
  await person.register(page);
  await person.logIn(page);
  await person.publish(page, "On mills", OLD);
  const post = page.url();
  await ready(page);
  await page.getByRole("link", { name: "Update" }).click();
  await ready(page);
  await page.getByLabel("Content", { exact: true }).fill(NEW);
  await page.getByLabel("What has changed").fill("The mill has moved");
  await page.getByRole("button", { name: "Publish changes" }).click();
  await expect(page.getByRole("status").first()).toHaveText("Your changes have been published.");
  await expect(page.getByRole("article")).toContainText("The mill has moved");

  const reader = await (await openContext()).newPage();
  await reader.goto(post);
  await expect(reader.getByText("The mill has moved")).toBeVisible();
  await expect(reader.getByRole("link", { name: "See what has changed" })).toHaveCount(0);

  await ready(page);
  await page.getByRole("link", { name: "History" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("History");
  await expect(page.getByRole("heading", { name: "Changes from version 1 to version 2" })).toBeVisible();
  await expect(page.locator("del").first()).toContainText("old");
  await expect(page.locator("ins").first()).toContainText("new");
  await page.getByRole("link", { name: "Version 1" }).click();
  await expect(page.getByRole("heading", { name: "Version 1", exact: true })).toBeVisible();
  await ready(page);
  await expect(page.locator(".difference")).toHaveText(OLD);
  await page.getByRole("button", { name: "Restore version 1" }).click();
  await expect(page.getByRole("status").first()).toContainText("The earlier text is on the site again.");
  await expect(page).toHaveURL(post);
  await expect(page.getByRole("article")).toContainText("The old mill");

  await ready(page);
  await page.getByRole("link", { name: "History" }).click();
  await expect(page.getByRole("listitem").filter({ hasText: "Restored version 1" })).toContainText("Version 3");
  await ready(page);
  await page.getByRole("button", { name: "Show the history to everybody" }).click();
  await expect(page.getByText("Everybody who can read the post can see its history.")).toBeVisible();
  await reader.reload();
  await reader.getByRole("link", { name: "See what has changed" }).click();
  await expect(reader.getByRole("heading", { name: "Changes from version 2 to version 3" })).toBeVisible();
  await reader.getByRole("listitem").filter({ hasText: "Version 1" }).getByRole("link", { name: "Changes since then" }).click();
  await expect(reader.getByText("The text is the same.")).toBeVisible();
  await expect(reader.getByRole("button", { name: "Restore" })).toHaveCount(0);
});

test("what has changed is kept with the draft of a post", async ({ page, person }) => {
  await person.register(page);
  await person.logIn(page);
  await person.publish(page, "On mills", OLD);
  await ready(page);
  await page.getByRole("link", { name: "Update" }).click();
  await ready(page);
  await page.getByLabel("Content", { exact: true }).fill(NEW);
  await page.getByLabel("What has changed").fill("The mill has moved");
  await page.getByRole("button", { name: "Save draft" }).click();
  await expect(page.getByText(/Saved \d|Draft saved/)).toBeVisible();
  await page.reload();
  await ready(page);
  await expect(page.getByLabel("What has changed")).toHaveValue("The mill has moved");
});

test("a writer erases an earlier text for good", async ({ page, person }) => {
  await person.register(page);
  await person.logIn(page);
  await person.publish(page, "On mills", "A secret that nobody may read");
  await ready(page);
  await page.getByRole("link", { name: "Update" }).click();
  await ready(page);
  await page.getByLabel("Content", { exact: true }).fill(NEW);
  await page.getByRole("button", { name: "Publish changes" }).click();
  await expect(page.getByRole("status").first()).toHaveText("Your changes have been published.");
  await ready(page);
  await page.getByRole("link", { name: "History" }).click();
  await page.getByRole("link", { name: "Version 1", exact: true }).click();
  await expect(page.locator(".difference")).toContainText("A secret");
  await ready(page);
  await page.getByRole("link", { name: "Erase version 1" }).click();
  await expect(page.getByText("Nobody can see or restore it again.").first()).toBeVisible();
  await page.getByRole("button", { name: "Erase version" }).click();
  await expect(page.getByRole("status").first()).toHaveText("The version has been erased.");
  await expect(page.getByRole("heading", { name: "Version 2" })).toBeVisible();
  await expect(page.getByRole("link", { name: "Version 1", exact: true })).toHaveCount(0);
});
