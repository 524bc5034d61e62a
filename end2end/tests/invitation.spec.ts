import type { Page } from "@playwright/test";

import { command } from "../support/command";
import { linkIn, mailTo } from "../support/mail";
import { expect, Person, ready, test } from "../support/test";

/** Fills in the fields of a registration form other than the email address. */
async function fillAccount(page: Page, person: Person) {
  await page.getByLabel("Username").fill(person.username);
  await page.getByLabel("Password", { exact: true }).fill(person.password);
  await page.getByLabel("Confirm password").fill(person.password);
}

test("an administrator invites a writer with a link and a moderator by email @main", async ({
  page,
  person,
  openContext,
  openSite,
  baseURL,
  expectNotes,
}, info) => {
  test.slow();
  // The same invitation cannot be used twice, and registering without one is refused.
  expectNotes(/the server responded with a status of (403|410)/);
  const mailPort = Number(new URL(baseURL!).port) + 25;
  const site = await openSite({
    BROADSHEET_REGISTRATION: "invited",
    BROADSHEET_SMTP_URL: `smtp://127.0.0.1:${mailPort}`,
  });
  command(site.port, "invite", "--role", "administrator", "--email", person.email);
  await page.goto(linkIn(await mailTo(person.email, /invitation/)));
  await ready(page);
  await expect(page.getByRole("main")).toContainText("You are invited to join this site as an administrator.");
  await expect(page.getByLabel("Email address")).toHaveValue(person.email);
  await fillAccount(page, person);
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(page.getByRole("status").first()).toContainText("your email address is confirmed");
  await person.logIn(page, site.origin);

  await page.goto(`${site.origin}/admin/invitations`);
  await ready(page);
  await page.getByLabel("Number of people").fill("1");
  await page.getByRole("button", { name: "Invite", exact: true }).click();
  await expect(page.getByRole("status").first()).toContainText("Copy its link");
  const link = (await page.locator(".invitation-link").first().textContent())!.trim();

  const writer = new Person(info.workerIndex);
  const other = await (await openContext()).newPage();
  await other.goto(link);
  await ready(other);
  await expect(other).toHaveURL(`${site.origin}/invite`);
  await expect(other.getByRole("main")).toContainText(`${person.username} has invited you to join this site.`);
  await fillAccount(other, writer);
  await other.getByLabel("Email address").fill(writer.email);
  await other.getByRole("button", { name: "Create account" }).click();
  await expect(other.getByRole("status").first()).toContainText("Your account has been created.");
  await other.goto(link);
  await expect(other.getByRole("heading", { level: 1 })).toHaveText("This invitation no longer works");

  const moderator = new Person(info.workerIndex);
  await page.getByLabel("Moderator").check();
  await page.getByLabel("Email address").fill(moderator.email);
  await page.getByRole("button", { name: "Invite", exact: true }).click();
  await expect(page.getByRole("status").first()).toContainText("on its way by email");
  await expect(page.getByText(`${writer.username}, invited by ${person.username}`)).toBeVisible();
  const third = await (await openContext()).newPage();
  await third.goto(linkIn(await mailTo(moderator.email, /invitation/)));
  await ready(third);
  await expect(third.getByRole("main")).toContainText("as a moderator");
  await fillAccount(third, moderator);
  await third.getByRole("button", { name: "Create account" }).click();
  await expect(third.getByRole("status").first()).toContainText("your email address is confirmed");
  await moderator.logIn(third, site.origin);
  await third.goto(`${site.origin}/moderation`);
  await expect(third.getByRole("heading", { level: 1 })).toHaveText("Moderation");
});

test("the password is asked for again, and leads back to where it was needed", async ({ page, person, expectNotes }) => {
  expectNotes(/the server responded with a status of 422/);
  await person.register(page);
  await person.logIn(page);
  await page.goto("/confirm?next=%2Faccount");
  await ready(page);
  await page.getByLabel("Current password").fill("not the password");
  await page.getByRole("button", { name: "Confirm" }).click();
  await expect(page.getByRole("alert").first()).toContainText("Enter your current password: this one is not correct");
  await page.getByLabel("Current password").fill(person.password);
  await page.getByRole("button", { name: "Confirm" }).click();
  await expect(page).toHaveURL("/account");
  await expect(page.getByRole("status").first()).toContainText("Your password is confirmed.");
});
