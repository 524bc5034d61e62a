import type { Page } from "@playwright/test";

import { linkIn, mailTo } from "../support/mail";
import { png } from "../support/png";
import { expect, Person, ready, test } from "../support/test";

/** Fills in the form of a new account, and logs in by the form that follows. */
async function register(page: Page, person: Person, email = person.email) {
  await page.getByLabel("Username").fill(person.username);
  await page.getByLabel("Email address").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(person.password);
  await page.getByLabel("Confirm password").fill(person.password);
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(page).toHaveURL(/\/login/);
  await ready(page);
  await page.getByLabel("Password").fill(person.password);
  await page.getByRole("button", { name: "Log in" }).click();
}

async function save(page: Page, button: string) {
  await page.getByRole("button", { name: button }).first().click();
  await expect(page.getByRole("status").first()).toBeVisible();
}

/** Gives the person who is logged in a display name, and publishes a post. */
async function write(page: Page, origin: string, name: string, title: string) {
  await page.goto(`${origin}/account`);
  await ready(page);
  await page.getByLabel("Display name").fill(name);
  await save(page, "Save profile");
  await page.goto(`${origin}/post/new`);
  await ready(page);
  await page.getByLabel("Title", { exact: true }).fill(title);
  await page.getByLabel("Content", { exact: true }).fill(`${title} is all I have to say.`);
  await page.getByRole("button", { name: "Publish" }).first().click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(title);
}

test("a new program becomes a publication with a name, a look, an imprint and two writers", async ({
  page,
  person,
  openSite,
  openContext,
  baseURL,
}, info) => {
  test.slow();
  const site = await openSite({ BROADSHEET_SMTP_URL: `smtp://127.0.0.1:${Number(new URL(baseURL!).port) + 25}` });

  // The link on the terminal makes the first account, whose login leads to the steps.
  await page.goto(await site.invitation());
  await ready(page);
  await register(page, person);
  await expect(page).toHaveURL(/\/admin\/setup/);
  await ready(page);
  await page.getByLabel("Name of the site").fill("The Daily Crumb");
  await page.getByLabel("Description").fill("Bread, every day.");
  await page.getByRole("button", { name: "Save and continue" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Choose who can register");
  await ready(page);
  await page.getByLabel("Only people with an invitation can register").check();
  await page.getByLabel("Posts per page").fill("10");
  await page.getByRole("button", { name: "Save and continue" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Check that email works");
  await ready(page);
  await page.getByRole("button", { name: "Send me a test email" }).click();
  await expect(page.getByRole("status").first()).toBeVisible();
  await mailTo(person.email, /The Daily Crumb/);
  await page.getByRole("link", { name: "Finish" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Administration");

  await page.goto(`${site.origin}/admin/appearance`);
  await ready(page);
  await page.getByLabel("Accent colour").fill("#1a5f9e");
  await save(page, "Save appearance");
  await page.goto(`${site.origin}/admin/logo`);
  await ready(page);
  const buffer = png(600, 120, [30, 90, 160]);
  await page.getByLabel("Logo", { exact: true }).setInputFiles({ name: "logo.png", mimeType: "image/png", buffer });
  await save(page, "Save logo");

  await page.goto(`${site.origin}/admin/pages/new`);
  await ready(page);
  await page.getByLabel("Title", { exact: true }).fill("Imprint");
  await page.getByLabel("Address").fill("imprint");
  await page.getByLabel("Link to this page").selectOption("In the footer");
  await page.getByLabel("Content", { exact: true }).fill("Crumb Press, *Bread Street* 1.");
  await page.getByRole("button", { name: "Publish" }).first().click();
  await expect(page).toHaveURL(`${site.origin}/imprint`);

  // One writer gets a link to copy, the other an email.
  const [grace, alan] = [new Person(info.workerIndex), new Person(info.workerIndex)];
  await page.goto(`${site.origin}/admin/invitations`);
  await ready(page);
  await page.getByLabel("Number of people").fill("1");
  await save(page, "Invite");
  const link = (await page.locator(".invitation-link").first().textContent())!.trim();
  await page.getByLabel("Email address").fill(alan.email);
  await page.getByRole("button", { name: "Invite", exact: true }).click();
  await expect(page.getByRole("status").first()).toContainText("on its way by email");
  for (const [writer, name, title, address] of [
    [grace, "Grace Hopper", "On rye", link],
    [alan, "Alan Turing", "On salt", linkIn(await mailTo(alan.email, /invitation/))],
  ] as const) {
    const own = await (await openContext()).newPage();
    await own.goto(address);
    await ready(own);
    await register(own, writer);
    await expect(own.getByRole("navigation", { name: "Main" })).toContainText(writer.username);
    await write(own, site.origin, name, title);
  }

  const reader = await (await openContext()).newPage();
  await reader.goto(site.origin);
  await expect(reader).toHaveTitle("The Daily Crumb");
  await expect(reader.getByRole("banner").getByRole("img", { name: "The Daily Crumb" })).toBeVisible();
  await expect(reader.getByRole("main")).toContainText("Bread, every day.");
  await expect(reader.getByRole("article")).toHaveCount(2);
  await expect(reader.getByRole("main").getByRole("link", { name: "Grace Hopper" })).toBeVisible();
  await expect(reader.getByRole("main").getByRole("link", { name: "Alan Turing" })).toBeVisible();
  const accent = await reader.locator("html").evaluate((root) => getComputedStyle(root).getPropertyValue("--accent"));
  expect(accent).toContain("#1a5f9e");
  await reader.getByRole("contentinfo").getByRole("link", { name: "Imprint" }).click();
  await expect(reader.getByRole("heading", { level: 1 })).toHaveText("Imprint");
  await reader.goto(`${site.origin}/register`);
  await expect(reader.getByRole("main")).toContainText("invitation");
});
