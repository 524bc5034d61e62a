import { linkIn, mailTo, mails } from "../support/mail";
import { expect, ready, test } from "../support/test";

const NEW = "an entirely new password";

test("who has forgotten their password follows the link in a mail and logs in with another", async ({ page, person, expectNotes }) => {
  expectNotes(/status of 401/);
  await person.register(page);
  await page.goto("/login");
  await ready(page);
  await page.getByRole("link", { name: "Forgot your password?" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Forgot your password?");
  await ready(page);
  await page.getByLabel("Email address").fill(person.email);
  await page.getByRole("button", { name: "Send me a link" }).click();
  await expect(page).toHaveURL("/login");
  await expect(page.getByRole("status")).toContainText("Check your email");

  await page.goto(linkIn(await mailTo(person.email, /new password/)));
  await expect(page).toHaveURL("/reset_password");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Choose a new password");
  await ready(page);
  await page.getByLabel("New password").fill(NEW);
  await page.getByLabel("Confirm password").fill(NEW);
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(page).toHaveURL("/login");
  await expect(page.getByRole("status")).toHaveText("Your password has been changed. Log in with the new one.");

  await ready(page);
  await person.fillLogin(page);
  await expect(page.getByRole("alert")).toBeFocused();
  await page.getByLabel("Email address or username").fill(person.username);
  await page.getByLabel("Password").fill(NEW);
  await page.getByRole("button", { name: "Log in" }).click();
  await expect(page.getByRole("status")).toHaveText("You are logged in.");
  await mailTo(person.email, /was changed/);
});

test("a link that was used, and one that was never sent, lead to where there is another", async ({ page, person }) => {
  await person.register(page);
  await page.goto("/forgot_password");
  await ready(page);
  await page.getByLabel("Email address").fill(person.email);
  await page.getByRole("button", { name: "Send me a link" }).click();
  await expect(page).toHaveURL("/login");
  const link = linkIn(await mailTo(person.email, /new password/));
  await page.goto(link);
  await ready(page);
  await page.getByLabel("New password").fill(NEW);
  await page.getByLabel("Confirm password").fill(NEW);
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(page).toHaveURL("/login");

  for (const useless of [link, "/reset_password/0000", "/reset_password"]) {
    await page.goto(useless);
    await expect(page).toHaveURL("/forgot_password");
    await expect(page.getByRole("status")).toContainText("That link no longer works");
  }
});

test("an address without an account is answered the same and gets no mail", async ({ page, person }) => {
  await page.goto("/forgot_password");
  await ready(page);
  await page.getByLabel("Email address").fill(person.email);
  await page.getByRole("button", { name: "Send me a link" }).click();
  await expect(page).toHaveURL("/login");
  await expect(page.getByRole("status")).toContainText("Check your email");
  expect(mails().filter((mail) => mail.to.includes(person.email))).toEqual([]);
});

test("a new address is confirmed by the link in the welcome mail", async ({ page, person }) => {
  await person.register(page);
  await person.logIn(page);
  await page.goto("/account");
  await ready(page);
  await expect(page.getByRole("region", { name: "Unconfirmed address" })).toContainText(person.email);
  await page.getByRole("button", { name: "Send another link" }).click();
  await expect(page.getByRole("status")).toHaveText("Check your email: we have sent you another link.");

  await page.goto(linkIn(await mailTo(person.email, /Welcome/)));
  await expect(page).toHaveURL("/confirm_email");
  await expect(page.getByRole("main")).toContainText(`Is ${person.email} your email address?`);
  await ready(page);
  await page.getByRole("button", { name: "Confirm this address" }).click();
  await expect(page).toHaveURL("/account");
  await expect(page.getByRole("status")).toHaveText("Your email address is confirmed.");
  await expect(page.getByRole("region", { name: "Unconfirmed address" })).toHaveCount(0);
});

test("another address takes the password, is confirmed by mail, and the old one is told", async ({ page, person, expectNotes }) => {
  expectNotes(/status of 422/);
  await person.register(page);
  await person.logIn(page);
  await page.goto("/account");
  await ready(page);
  const email = `new-${person.email}`;
  await page.getByLabel("Email address").fill(email);
  await page.getByRole("button", { name: "Save profile" }).click();
  await expect(page.locator("#current_password-error")).toHaveText("Enter your current password");
  await expect(page.locator(".summary")).toBeFocused();
  await expect(page.getByLabel("Email address")).toHaveValue(email);
  await page.getByLabel("Current password").fill(person.password);
  await page.getByRole("button", { name: "Save profile" }).click();
  await expect(page.getByRole("status")).toContainText("Check your email");
  await expect(page.getByRole("region", { name: "Unconfirmed address" })).toContainText(email);
  await expect(page.getByLabel("Email address")).toHaveValue(person.email);

  await page.goto(linkIn(await mailTo(email, /Confirm your new email address/)));
  await ready(page);
  await page.getByRole("button", { name: "Confirm this address" }).click();
  await expect(page).toHaveURL("/account");
  await expect(page.getByLabel("Email address")).toHaveValue(email);
  await mailTo(person.email, /was changed/);
});
