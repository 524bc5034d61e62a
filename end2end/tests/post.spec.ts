import { expect, ready, test } from "../support/test";

test("a person writes a post, finds it on the home page and reads it", { tag: "@main" }, async ({ page, person }) => {
  await person.register(page);
  await person.logIn(page);
  await page.getByRole("link", { name: "New post" }).click();
  await expect(page).toHaveTitle("New post · Broadsheet");
  const title = `Notes by ${person.username}`;
  await person.publishByForm(page, title, "It *weaves* patterns.\n\n## A part\n\n- one\n- two");
  await expect(page.getByRole("status")).toHaveText("Your post has been published.");
  await expect(page).toHaveURL(/\/post\/\d+-notes-by-ada/);
  await expect(page).toHaveTitle(`${title} · Broadsheet`);
  await expect(page.locator(".post .prose em")).toHaveText("weaves");

  await page.getByRole("link", { name: "Home" }).click();
  await expect(page).toHaveTitle("Broadsheet");
  const card = page.getByRole("article").filter({ hasText: title });
  await expect(card).toContainText("It weaves patterns.");
  await card.getByRole("link", { name: title }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(title);
  await page.getByRole("article").getByRole("link", { name: person.username }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(person.username);
  await expect(page.locator(".person")).toContainText("1 post");
});

test("a refused post keeps its text", async ({ page, person, expectNotes }) => {
  expectNotes(/status of 422/);
  await person.register(page);
  await person.logIn(page);
  await page.goto("/post/new");
  await ready(page);
  await page.getByLabel("Content", { exact: true }).fill("A long text\n</textarea><script>document.title = 'x'</script>");
  await page.getByRole("button", { name: "Publish" }).click();
  await expect(page.locator("#title-error")).toHaveText("Enter a title");
  await expect(page).toHaveTitle("Error: New post · Broadsheet");
  await expect(page.getByLabel("Content", { exact: true })).toHaveValue(
    "A long text\n</textarea><script>document.title = 'x'</script>",
  );
});

test("a session that ended loses no text", async ({ page, person, context, expectNotes }) => {
  expectNotes(/status of 401/);
  await person.register(page);
  await person.logIn(page);
  await page.goto("/post/new");
  await ready(page);
  await page.getByLabel("Title", { exact: true }).fill("A title");
  await page.getByLabel("Content", { exact: true }).fill("A long text");
  await context.clearCookies();
  await page.getByRole("button", { name: "Publish" }).click();
  await expect(page.getByRole("alert")).toContainText("Log in");
  await expect(page.getByLabel("Title", { exact: true })).toHaveValue("A title");
  await expect(page.getByLabel("Content", { exact: true })).toHaveValue("A long text");
});

test("hostile text is text", async ({ page, person, expectNotes }) => {
  // The picture in the text has an invalid address.
  expectNotes(/status of 404.*\/post\/x/);
  let dialogs = 0;
  page.on("dialog", (dialog) => {
    dialogs += 1;
    return dialog.dismiss();
  });
  await person.register(page);
  await person.logIn(page);
  const title = `</title><script>alert(1)</script> ${person.username}`;
  await person.publish(page, title, "<img src=x onerror=alert(2)> [x](javascript:alert(3)) <svg onload=alert(4)>");
  await expect(page).toHaveTitle(`${title} · Broadsheet`);
  await page.reload();
  await expect(page).toHaveTitle(`${title} · Broadsheet`);
  await page.goto(`/user/${person.username}`);
  await expect(page.getByRole("article")).toContainText(title);
  expect(dialogs).toBe(0);
});

test("a list is read page by page", async ({ page, person }) => {
  await person.register(page);
  await person.logIn(page);
  for (let number = 1; number <= 6; number += 1) {
    await person.publish(page, `Post ${number}`, "text");
  }
  await page.goto(`/user/${person.username}`);
  await ready(page);
  const titles = page.getByRole("article").getByRole("heading");
  await expect(titles).toHaveText(["Post 6", "Post 5", "Post 4", "Post 3", "Post 2"]);
  const pager = page.getByRole("navigation", { name: "Pages" });
  await pager.getByRole("link", { name: "Older" }).click();
  await expect(page).toHaveURL(`/user/${person.username}?page=2`);
  await expect(titles).toHaveText(["Post 1"]);
  await expect(pager.locator("[aria-current=page]")).toHaveText("2");
  await pager.getByRole("link", { name: "Page 1" }).click();
  await expect(titles).toHaveCount(5);
});

test("a double click on publish makes one post", async ({ page, person }) => {
  await person.register(page);
  await person.logIn(page);
  await page.goto("/post/new");
  await ready(page);
  await page.getByLabel("Title", { exact: true }).fill("Once");
  await page.getByLabel("Content", { exact: true }).fill("text");
  await page.getByRole("button", { name: "Publish" }).dblclick();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Once");
  await page.goto(`/user/${person.username}`);
  await expect(page.getByRole("article")).toHaveCount(1);
});
