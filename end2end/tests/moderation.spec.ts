import { command } from "../support/command";
import { mailTo } from "../support/mail";
import { expect, Person, ready, test } from "../support/test";

test("a moderator hides a post with a reason, its author reads it, and it is shown again", async ({
  page,
  person,
  openContext,
  baseURL,
  expectNotes,
}, info) => {
  // The hidden post is gone for everyone else, and a form without a reason is rejected.
  expectNotes(/the server responded with a status of (410|422)/);
  const title = `Buy this, ${person.username}`;
  await person.register(page);
  await person.logIn(page);
  await person.publish(page, title, "Cheap.");
  const address = page.url();

  const other = await (await openContext()).newPage();
  const moderator = new Person(info.workerIndex);
  await moderator.register(other);
  command(Number(new URL(baseURL!).port), "user", "promote", moderator.username, "--role", "moderator");
  await moderator.logIn(other);
  await other.goto(address);
  await ready(other);
  await other.getByRole("link", { name: "Hide" }).click();
  await expect(other.getByRole("heading", { level: 1 })).toHaveText("Hide post");
  await ready(other);
  await other.getByRole("button", { name: "Hide post" }).click();
  await expect(other.getByRole("alert").first()).toContainText("Enter a reason");
  await other.getByLabel("Reason").fill("An advertisement");
  await other.getByRole("button", { name: "Hide post" }).click();
  await expect(other.getByRole("status").first()).toContainText("The post is hidden");
  await expect(other.getByRole("heading", { level: 1 })).toHaveText("Moderation");

  const reader = await (await openContext()).newPage();
  await reader.goto(address);
  await expect(reader.getByRole("heading", { level: 1 })).toHaveText("A moderator has hidden this post");
  await page.goto("/account/trash");
  await expect(page.getByText("An advertisement")).toBeVisible();
  await expect(page.getByRole("button", { name: "Restore" })).toHaveCount(0);

  await other.goto(address);
  await ready(other);
  await expect(other.getByText("A moderator has hidden this post")).toBeVisible();
  await other.getByRole("button", { name: "Show again" }).click();
  await expect(other.getByRole("status").first()).toContainText("The post is back on the site.");
  await expect(other.getByText(`unhid “${title}”`)).toBeVisible();
  await reader.goto(address);
  await expect(reader.getByRole("heading", { level: 1 })).toHaveText(title);
});

test("a suspended person is logged out until they are reinstated", async ({
  page,
  person,
  openContext,
  baseURL,
  expectNotes,
}, info) => {
  expectNotes(/the server responded with a status of 40[13]/);
  await person.register(page);
  await person.logIn(page);

  const other = await (await openContext()).newPage();
  const moderator = new Person(info.workerIndex);
  await moderator.register(other);
  command(Number(new URL(baseURL!).port), "user", "promote", moderator.username);
  await moderator.logIn(other);
  await other.goto(`/user/${person.username}`);
  await ready(other);
  await other.getByRole("link", { name: "Suspend account" }).click();
  await expect(other.getByRole("main")).toContainText(`Nobody can log in to the account of ${person.username}`);
  await expect(other.getByRole("textbox")).toHaveCount(1);
  await ready(other);
  await other.getByLabel("Reason").fill("Spam");
  await other.getByRole("button", { name: "Suspend account" }).click();
  await expect(other.getByRole("status").first()).toContainText("The account is suspended");

  await page.goto("/account");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Log in");
  await ready(page);
  await person.fillLogin(page);
  await expect(page.getByRole("alert").first()).toContainText("This account is suspended");
  await expect(page.getByRole("alert").first()).toContainText("The reason: “Spam”");
  expect((await mailTo(person.email, /suspended/)).text).toContain("Spam");

  await other.goto(`/user/${person.username}`);
  await ready(other);
  await other.getByRole("button", { name: "Reinstate" }).click();
  await expect(other.getByRole("status").first()).toContainText("The account can be used again.");
  await page.goto("/login");
  await person.logIn(page);
});

test("a frozen person reads and cannot publish until they are unfrozen", async ({ page, person, openContext, baseURL, expectNotes }, info) => {
  expectNotes(/status of 403/);
  await person.register(page);
  await person.logIn(page);
  await person.publish(page, "Before", "text");
  const post = page.url();

  const other = await (await openContext()).newPage();
  const moderator = new Person(info.workerIndex);
  await moderator.register(other);
  command(Number(new URL(baseURL!).port), "user", "promote", moderator.username);
  await moderator.logIn(other);
  await other.goto(`/user/${person.username}`);
  await ready(other);
  await other.getByRole("link", { name: "Freeze account" }).click();
  await expect(other.getByRole("main")).toContainText("can only read, save drafts and delete");
  await ready(other);
  await other.getByLabel("Days until it ends").fill("3");
  await other.getByLabel("Reason").fill("Quarrels");
  await other.getByRole("button", { name: "Freeze account" }).click();
  await expect(other.getByRole("status").first()).toContainText("The account is frozen.");

  await page.goto("/account");
  await expect(page.getByText("Your account is frozen until")).toContainText("Quarrels");
  await page.goto("/post/new");
  await expect(page.getByText("Your account is frozen")).toBeVisible();
  await ready(page);
  await page.getByLabel("Title", { exact: true }).fill("After");
  await page.getByLabel("Content", { exact: true }).fill("Kept words");
  await page.getByRole("button", { name: "Publish", exact: true }).click();
  await expect(page.getByRole("alert").first()).toContainText("has frozen your account");
  await expect(page.getByLabel("Content", { exact: true })).toHaveValue("Kept words");
  await page.goto(post);
  await expect(page.locator(".comments")).toContainText("you cannot publish or comment for now");

  await other.goto(`/user/${person.username}`);
  await ready(other);
  await other.getByRole("button", { name: "Unfreeze" }).click();
  await expect(other.getByRole("status").first()).toContainText("no longer frozen");
  await page.goto(post);
  await expect(page.getByLabel("Your comment")).toBeVisible();
});

test("a member who opens a moderator's page is told whose it is", async ({ page, person, expectNotes }) => {
  expectNotes(/status of 403/);
  await person.register(page);
  await person.logIn(page);
  await page.goto("/moderation");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Your role does not allow this");
  await expect(page.getByRole("main")).toContainText("Only moderators and administrators can do this");
});

test("the log says when something was done, and leads to what it was done to", async ({ page, person, openContext, baseURL }, info) => {
  await person.register(page);
  await person.logIn(page);
  await person.publish(page, "Spam", "Cheap.");
  const address = new URL(page.url()).pathname;
  const other = await (await openContext()).newPage();
  const moderator = new Person(info.workerIndex);
  await moderator.register(other);
  command(Number(new URL(baseURL!).port), "user", "promote", moderator.username, "--role", "moderator");
  await moderator.logIn(other);
  await other.goto(address);
  await ready(other);
  await other.getByRole("link", { name: "Hide" }).click();
  await ready(other);
  await other.getByLabel("Reason").fill("An advertisement");
  await other.getByRole("button", { name: "Hide post" }).click();
  const entry = other.locator(".row").filter({ hasText: `${moderator.username} hid` });
  await expect(entry.locator("time")).toHaveText(/\d{4}, \d\d:\d\d/);
  await expect(entry.getByRole("link", { name: moderator.username })).toHaveAttribute("href", `/user/${moderator.username}`);
  await entry.getByRole("link", { name: "Spam" }).click();
  await expect(other.getByRole("heading", { level: 1 })).toHaveText("Spam");
  expect((await mailTo(person.email, /has hidden your post/)).text).toContain("An advertisement");
});

test("the log leads to older entries and back", async ({ page, person, baseURL }) => {
  await person.register(page);
  const port = Number(new URL(baseURL!).port);
  // More entries than a page shows.
  for (let round = 0; round < 21; round++) {
    command(port, "user", "promote", person.username, "--role", round % 2 ? "member" : "moderator");
  }
  await person.logIn(page);
  await page.goto("/moderation");
  await ready(page);
  await page.getByRole("link", { name: "Older" }).click();
  await expect(page).toHaveURL(/\/moderation\?page=older-\d+-\d+$/);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Moderation");
  await page.getByRole("link", { name: "Newer" }).click();
  await expect(page).toHaveURL(/\/moderation\?page=newer-\d+-\d+$/);
});
