import { command } from "../support/command";
import { mailTo } from "../support/mail";
import { expect, Person, ready, test } from "../support/test";

test("a reported comment is hidden with a reason, and another moderator reverses that", async (
  { page, person, openContext, baseURL },
  info,
) => {
  test.slow();
  const port = Number(new URL(baseURL!).port);
  const enter = async (role?: string) => {
    const page = await (await openContext()).newPage();
    const who = new Person(info.workerIndex);
    await who.register(page);
    if (role) command(port, "user", "promote", who.username, "--role", role);
    await who.logIn(page);
    return { who, page };
  };
  const author = await enter();
  await author.who.publish(author.page, "On mills", "They turn.");
  const post = author.page.url();
  await person.register(page);
  await person.logIn(page);
  await page.goto(post);
  await ready(page);
  await page.getByLabel("Your comment").fill("You are all fools.");
  await page.getByRole("button", { name: "Publish comment" }).click();
  await expect(page).toHaveURL(/#comment-\d+$/);
  const id = page.url().match(/\d+$/)![0];

  const reader = await enter();
  await reader.page.goto(post);
  await ready(reader.page);
  await reader.page.getByRole("link", { name: `Report the comment by ${person.username}` }).click();
  await expect(reader.page.getByRole("heading", { level: 1 })).toHaveText("Report");
  await ready(reader.page);
  await reader.page.getByLabel("Harassment").check();
  await reader.page.getByLabel("What we should know").fill("It insults everybody.");
  await reader.page.getByRole("button", { name: "Send report" }).click();
  await expect(reader.page.getByRole("status").first()).toHaveText(/A moderator will look at your report/);

  const [mary, joan] = [await enter("moderator"), await enter("moderator")];
  await mary.page.goto("/moderation");
  await mary.page.getByRole("link", { name: "You are all fools." }).last().click();
  await expect(mary.page.getByRole("heading", { level: 1 })).toHaveText("Case");
  await ready(mary.page);
  const address = mary.page.url();
  await expect(mary.page.getByText("It insults everybody.")).toBeVisible();
  await mary.page.getByRole("button", { name: "Claim for 15 minutes" }).click();
  await expect(mary.page.getByText("You have claimed this case.")).toBeVisible();
  await joan.page.goto(address);
  await expect(joan.page.getByText(`${mary.who.username} is looking at this case.`)).toBeVisible();
  await expect(joan.page.getByRole("link", { name: "Hide comment" })).toHaveCount(0);
  await mary.page.getByRole("link", { name: "Hide comment" }).click();
  await expect(mary.page.getByRole("heading", { level: 1 })).toHaveText("Hide comment");
  await ready(mary.page);
  await mary.page.getByLabel("Harassment").check();
  await mary.page.getByLabel("Reason").fill("It insults people");
  await mary.page.getByRole("button", { name: "Hide comment" }).click();
  await expect(mary.page.getByRole("status").first()).toHaveText(/The comment is hidden/);
  await mary.page.goto(address);
  await expect(mary.page.getByText("This case is closed.")).toBeVisible();

  const mail = await mailTo(person.email, /hidden your comment/);
  expect(mail.text).toContain("It insults people");
  expect(mail.text).not.toContain(reader.who.username);
  await page.goto("/account/appeals");
  await ready(page);
  await page.getByRole("link", { name: "Appeal: a moderator hid a comment" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Appeal");
  await ready(page);
  await page.getByLabel("Why this is wrong").fill("It was a quotation.");
  await page.getByRole("button", { name: "Send appeal" }).click();
  await expect(page.getByRole("status").first()).toHaveText(/Your appeal has been sent/);
  await expect(page.getByText("It waits for another moderator.")).toBeVisible();

  const name = `Decide about the appeal of ${person.username}`;
  await mary.page.goto("/moderation");
  await expect(mary.page.getByRole("link", { name })).toHaveCount(0);
  await joan.page.goto("/moderation");
  await joan.page.getByRole("link", { name }).click();
  await expect(joan.page.getByRole("heading", { level: 1 })).toHaveText("Decide about an appeal");
  await ready(joan.page);
  await joan.page.getByLabel("Grant the appeal, and undo what was done").check();
  await joan.page.getByLabel("Reason").fill("It was one indeed.");
  await joan.page.getByRole("button", { name: "Save decision" }).click();
  await expect(joan.page.getByRole("status").first()).toHaveText(/the person is told/);

  expect((await mailTo(person.email, /appeal/)).text).toContain("has granted your appeal");
  await page.goto("/account/appeals");
  await expect(page.getByText("Granted: It was one indeed.")).toBeVisible();
  await reader.page.goto(`/comments/${id}`);
  await expect(reader.page.locator(".comment-subject")).toContainText("You are all fools.");
});
