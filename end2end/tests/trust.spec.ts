import { command } from "../support/command";
import { expect, Person, ready, test } from "../support/test";

test("three links of a new member wait until a moderator approves them", async (
  { page, person, openContext, openSite },
  info,
) => {
  test.slow();
  const site = await openSite();
  const [author, moderator] = [new Person(info.workerIndex), new Person(info.workerIndex)];
  const [writing, deciding] = [await (await openContext()).newPage(), await (await openContext()).newPage()];
  for (const [who, where] of [
    [author, writing],
    [moderator, deciding],
  ] as const) {
    await who.register(where, site.origin);
    if (who === moderator) command(site.port, "user", "promote", who.username, "--role", "moderator");
    await who.logIn(where, site.origin);
  }
  await author.publish(writing, "On mills", "They turn. [Look](https://mills.example/) at one.", "", site.origin);
  const post = writing.url();
  await expect(writing.locator(".prose").first()).toHaveText("They turn. Look (https://mills.example/) at one.");
  await expect(writing.getByText("Links are shown as text because your account is new.")).toBeVisible();

  await person.register(page, site.origin);
  await person.logIn(page, site.origin);
  await page.goto(`${site.origin}/account`);
  await page.getByText("Trust: New").click();
  await expect(page.getByText("A text with more than 2 links")).toBeVisible();
  await page.goto(post);
  await ready(page);
  await page.getByLabel("Your comment").fill("See https://a.example https://b.example https://c.example");
  await page.getByRole("button", { name: "Publish comment" }).click();
  await expect(page.getByRole("status").first()).toHaveText("Your comment waits for a moderator. It says why.");
  await expect(page).toHaveURL(/\/comments\/\d+#comment-\d+$/);
  await expect(page.locator(".comment")).toContainText(
    "This comment waits for a moderator because its author is new here, and it has more than two links.",
  );

  await deciding.goto(post);
  await expect(deciding.getByRole("heading", { name: "Comments", exact: true })).toBeVisible();
  await deciding.goto(`${site.origin}/moderation`);
  await ready(deciding);
  const queue = deciding.locator("section", { has: deciding.getByRole("heading", { name: "Comments that wait" }) });
  await expect(queue).toContainText("waits because its author is new here");
  await queue.getByRole("button", { name: `Approve the comment by ${person.username}` }).click();
  await expect(deciding.getByRole("status").first()).toHaveText("The comment is on the site.");
  await expect(deciding.getByRole("heading", { name: "Comments that wait" })).toHaveCount(0);

  const visiting = await (await openContext()).newPage();
  await visiting.goto(post);
  await expect(visiting.getByRole("heading", { name: "1 comment" })).toBeVisible();
  await expect(visiting.locator(".comment a[href='https://b.example']")).toHaveCount(1);
  await page.reload();
  await expect(page.locator(".comment")).not.toContainText("waits for a moderator");
  await page.goto(`${site.origin}/account`);
  await page.getByText("Trust: Trusted").click();
  await expect(page.getByText("because a moderator has approved one of your texts")).toBeVisible();
});
