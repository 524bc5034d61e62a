import { command } from "../support/command";
import { expect, Person, ready, test } from "../support/test";

/** Publishes a post as a new user, and returns its address. */
async function postOfAnother(openContext: () => Promise<import("@playwright/test").BrowserContext>, worker: number) {
  const page = await (await openContext()).newPage();
  const author = new Person(worker);
  await author.register(page);
  await author.logIn(page);
  await author.publish(page, "On mills", "They turn.");
  return { page, post: new URL(page.url()).pathname };
}

test("a reader comments, answers, changes and deletes", { tag: "@main" }, async ({ page, person, openContext }, info) => {
  const { page: author, post } = await postOfAnother(openContext, info.workerIndex);
  await page.goto(post);
  await page.getByRole("link", { name: "Log in to comment" }).click();
  await person.register(page);
  await ready(page);
  await person.fillLogin(page);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Write a comment");
  await page.goto(post);
  await ready(page);
  await page.getByLabel("Your comment").fill("They *do* turn.\n\n<b>Really</b>");
  await page.getByRole("button", { name: "Publish comment" }).click();
  await expect(page.getByRole("status").first()).toHaveText("Your comment has been published.");
  await expect(page).toHaveURL(/#comment-\d+$/);
  const comment = page.locator(".comment").first();
  await expect(comment.locator("em")).toHaveText("do");
  await expect(comment).toContainText("<b>Really</b>");
  await expect(page.getByRole("heading", { name: "1 comment" })).toBeVisible();
  await expect(page.getByLabel("Your comment")).toHaveValue("");

  await author.goto(post);
  await ready(author);
  await author.locator(".comment").getByRole("link", { name: "Reply" }).click();
  await expect(author).toHaveURL(/\?reply=\d+#reply$/);
  await author.getByLabel("Your comment").fill("I have seen one.");
  await author.getByRole("button", { name: "Publish comment" }).click();
  await expect(author.locator(".comment").nth(1)).toContainText("I have seen one.");
  await expect(author.locator(".comment").nth(1)).toContainText(`to ${person.username}`);
  await expect(author.getByRole("heading", { name: "2 comments" })).toBeVisible();

  await page.goto(post);
  await ready(page);
  await page.getByRole("link", { name: /^Edit the comment/ }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Edit comment");
  await ready(page);
  await page.getByLabel("Your comment").fill("They turn slowly.");
  await page.getByRole("button", { name: "Save comment" }).click();
  await expect(page.getByRole("status").first()).toHaveText("Your comment has been changed.");
  await expect(page).toHaveURL(/\/comments\/\d+#comment-\d+$/);
  await expect(page.locator(".comment").first()).toContainText("They turn slowly.");
  // It has been answered, so the change is marked.
  await expect(page.locator(".comment").first()).toContainText("Edited");

  await ready(page);
  await page.getByRole("link", { name: /^Delete the comment/ }).click();
  await page.getByRole("button", { name: "Delete comment" }).click();
  await expect(page.getByRole("status").first()).toHaveText("Your comment has been deleted.");
  await expect(page.locator(".comment").first()).toContainText("This comment was deleted.");
  await expect(page.locator(".comment").nth(1)).toContainText("I have seen one.");
});

test("a refused comment keeps its text", async ({ page, person, openContext, expectNotes }, info) => {
  expectNotes(/status of (403|422)/);
  const { page: author, post } = await postOfAnother(openContext, info.workerIndex);
  await person.register(page);
  await person.logIn(page);
  await page.goto(post);
  await ready(page);
  await page.getByLabel("Your comment").fill("***");
  await page.getByRole("button", { name: "Publish comment" }).click();
  await expect(page.getByRole("alert", { name: "There is a problem" })).toContainText("Enter a comment");
  await expect(page.getByLabel("Your comment")).toHaveValue("***");

  await page.getByLabel("Your comment").fill("A long thought");
  const id = post.match(/\d+/)![0];
  await author.request.post("/comments/close", { form: { post: id } });
  await page.getByRole("button", { name: "Publish comment" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "Nobody can comment on this post now." })).toBeVisible();
  await expect(page.getByLabel("Your comment")).toHaveValue("A long thought");
});

test("a preview shows the comment before it is published", async ({ page, person, openContext }, info) => {
  const { post } = await postOfAnother(openContext, info.workerIndex);
  await person.register(page);
  await person.logIn(page);
  await page.goto(post);
  await ready(page);
  await page.getByLabel("Your comment").fill("They *turn*.");
  await page.getByRole("button", { name: "Preview" }).click();
  await expect(page.locator(".comment-preview em")).toHaveText("turn");
  await expect(page.getByLabel("Your comment")).toHaveValue("They *turn*.");
  await page.getByRole("button", { name: "Publish comment" }).click();
  await expect(page.locator(".comment").first()).toContainText("They turn.");
});

test("two windows that change a comment are shown both texts", async ({ page, person, openContext, context, expectNotes }, info) => {
  expectNotes(/status of 409/);
  const { post } = await postOfAnother(openContext, info.workerIndex);
  await person.register(page);
  await person.logIn(page);
  const form = { post: post.match(/\d+/)![0], comment_content: "One" };
  const answer = await page.request.post("/comments/new", { form, headers: { accept: "text/html" } });
  const comment = (await answer.text()).match(/id="comment-(\d+)"/)![1]!;
  const other = await context.newPage();
  for (const window of [page, other]) {
    await window.goto(`/comments/update?comment=${comment}`);
    await ready(window);
  }
  await page.getByLabel("Your comment").fill("Two");
  await page.getByRole("button", { name: "Save comment" }).click();
  await expect(page.getByRole("status").first()).toHaveText("Your comment has been changed.");
  await other.getByLabel("Your comment").fill("Three");
  await other.getByRole("button", { name: "Save comment" }).click();
  await expect(other.getByLabel("The other text")).toHaveValue("Two");
  await expect(other.getByLabel("Your comment")).toHaveValue("Three");
  await other.getByRole("button", { name: "Save comment" }).click();
  await expect(other.locator(".comment").first()).toContainText("Three");
});

test("a thread of depth 12 fits on a phone", async ({ page, person }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await person.register(page);
  await person.logIn(page);
  await person.publish(page, "On mills", "They turn.");
  const post = page.url().match(/\/post\/(\d+)/)![1]!;
  let parent = "";
  for (let level = 0; level < 12; level += 1) {
    const form = { post, parent, comment_content: `On level ${level}: ${"a long answer in many words ".repeat(3)}` };
    const answer = await page.request.post("/comments/new", { form, headers: { accept: "text/html" } });
    parent = [...(await answer.text()).matchAll(/id="comment-(\d+)"/g)].map((match) => match[1]!).sort((a, b) => Number(a) - Number(b)).pop()!;
  }
  await page.goto(`/post/${post}`);
  await ready(page);
  await expect(page.locator(".comment")).toHaveCount(12);
  const lefts = await page.locator(".comment").evaluateAll((comments) => comments.map((comment) => comment.getBoundingClientRect().left));
  expect(new Set(lefts).size).toBe(5);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(overflow).toBe(0);
  await expect(page.locator(".comment").last()).toContainText(`in reply to ${person.username}`);
});

test("a moderator hides a comment, and its place says so", async ({ page, person, openContext, baseURL }, info) => {
  const { page: author, post } = await postOfAnother(openContext, info.workerIndex);
  await author.request.post("/comments/new", { form: { post: post.match(/\d+/)![0], comment_content: "Buy this" } });
  await person.register(page);
  command(Number(new URL(baseURL!).port), "user", "promote", person.username, "--role", "moderator");
  await person.logIn(page);
  await page.goto(post);
  await ready(page);
  await page.getByRole("link", { name: /^Hide the comment/ }).click();
  await ready(page);
  await page.getByLabel("Reason").fill("An advertisement");
  await page.getByRole("button", { name: "Hide comment" }).click();
  await expect(page.locator(".comment")).toContainText("Hidden by a moderator. Reason: An advertisement");
  const reader = await (await openContext()).newPage();
  await reader.goto(post);
  await expect(reader.locator(".comment")).toContainText("Hidden by a moderator. Reason: An advertisement");
  await expect(reader.locator(".comment")).not.toContainText("Buy this");
});
