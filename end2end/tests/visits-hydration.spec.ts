import { expect, ready, test } from "../support/test";

// Small changes one after another would be one version.
const texts = ["one", "two", "three"].map((number) => `Text ${number}: ${`${number} of many words `.repeat(12)}`);

test("a reader who comes back sees what has changed since the last visit", async ({ page, person, openContext }) => {
  await person.register(page);
  await person.logIn(page);
  await person.publish(page, "On mills", texts[0]!);
  const post = page.url();
  const id = post.match(/\/post\/(\d+)/)![1]!;
  const publish = async (version: number) => {
    // The browser knows the time of a version in seconds.
    await page.waitForTimeout(1_100);
    const form = { post: id, post_version: String(version), title: "On mills", content: texts[version]! };
    await page.request.post("/post/update", { form });
  };
  await page.request.post("/post/history/show", { form: { post: id } });

  const context = await openContext();
  const reader = await context.newPage();
  await reader.goto(post);
  await expect(reader.getByRole("article")).toContainText("Text one");
  const other = await context.newPage();
  await publish(1);
  await publish(2);
  for (const tab of [reader, other]) {
    await tab.goto(post);
    await expect(tab.getByRole("article")).toContainText("Text three");
  }
  // A new tab shows the difference to the last visit, which was in the first.
  await expect(reader.getByRole("link", { name: "See what has changed since you last read it" })).toBeVisible();
  await expect(other.getByRole("link", { name: "See what has changed", exact: true })).toBeVisible();
  await reader.reload();
  await ready(reader);
  await reader.getByRole("link", { name: "See what has changed since you last read it" }).click();
  await expect(reader.getByRole("heading", { name: "Changes from version 1 to version 3" })).toBeVisible();

  const first = await (await openContext()).newPage();
  await first.goto(post);
  await expect(first.getByRole("link", { name: "See what has changed", exact: true })).toBeVisible();
});
