import { command } from "../support/command";
import { expect, Person, ready, test } from "../support/test";

test("an administrator writes an imprint, which everybody reads and no link loses", async ({
  page,
  person,
  openContext,
  baseURL,
  expectNotes,
}, info) => {
  test.slow();
  // The address is unknown first, and a second administrator changes the page.
  expectNotes(/the server responded with a status of (404|409|422)/);
  const address = `imprint-${person.username.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-")}`;
  const title = `Imprint of ${person.username}`;
  const port = Number(new URL(baseURL!).port);
  await person.register(page);
  command(port, "user", "promote", person.username);
  await person.logIn(page);
  await page.goto(`/${address}`);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Page not found");

  await page.goto("/admin/pages/new");
  await ready(page);
  await page.getByLabel("Title", { exact: true }).fill(title);
  await page.getByLabel("Address").fill("login");
  await page.getByLabel("Link to this page").selectOption("In the footer");
  await page.getByLabel("Content", { exact: true }).fill("We are *somebody*.");
  await page.getByRole("button", { name: "Save draft" }).click();
  await expect(page.getByRole("alert").first()).toContainText("the site itself uses this one");
  await page.getByLabel("Address").fill(address);
  await page.getByRole("button", { name: "Save draft" }).click();
  await expect(page.getByRole("status").first()).toContainText("The draft of the page has been saved.");
  await expect(page).toHaveURL(/\/admin\/pages\/update\?id=\d+/);
  const editor = page.url();

  // A second administrator has it open as well.
  const other = await (await openContext()).newPage();
  const second = new Person(info.workerIndex);
  await second.register(other);
  command(port, "user", "promote", second.username);
  await second.logIn(other);
  await other.goto(editor);
  await ready(other);

  await ready(page);
  await page.getByRole("button", { name: "Publish" }).first().click();
  await expect(page.getByRole("status").first()).toContainText("The page has been published.");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(title);
  await expect(page.getByRole("main").locator("em")).toHaveText("somebody");

  await other.getByLabel("Content", { exact: true }).fill("We are others.");
  await other.getByRole("button", { name: "Publish" }).first().click();
  await expect(other.getByRole("heading", { name: "This was changed elsewhere" })).toBeVisible();
  await expect(other.getByLabel("The other text")).toHaveValue("We are *somebody*.");
  await expect(other.getByLabel("Content", { exact: true })).toHaveValue("We are others.");
  await other.getByRole("button", { name: "Publish" }).first().click();
  await expect(other).toHaveURL(`/${address}`);
  await expect(other.getByRole("main")).toContainText("We are others.");

  // A reader follows the link at the foot of another page, and goes back.
  const reader = await (await openContext()).newPage();
  await reader.goto("/explore");
  await ready(reader);
  await reader.getByRole("contentinfo").getByRole("link", { name: title }).click();
  await expect(reader.getByRole("heading", { level: 1 })).toHaveText(title);
  await expect(reader).toHaveTitle(new RegExp(title));
  await reader.goBack();
  await expect(reader.getByRole("heading", { level: 1 })).toHaveText("Writers");

  await page.goto("/admin/pages");
  await ready(page);
  await page.getByRole("button", { name: `Unpublish “${title}”` }).click();
  await expect(page.getByRole("status").first()).toContainText("It is a draft now.");
  const gone = await reader.goto(`/${address}`);
  expect(gone!.status()).toBe(404);
});

test("an old address leads to the new one", async ({ page, person, baseURL, expectNotes }) => {
  expectNotes(/the server responded with a status of 422/);
  await person.register(page);
  command(Number(new URL(baseURL!).port), "user", "promote", person.username);
  await person.logIn(page);
  await page.goto("/admin/redirects");
  await ready(page);
  const old = `/2015/03/${person.username}`;
  await page.getByLabel("Old address").first().fill(`${old}/`);
  await page.getByLabel("New address").fill(old);
  await page.getByRole("button", { name: "Add redirect" }).click();
  await expect(page.getByRole("alert").first()).toContainText("this one leads back to the old one");
  await page.getByLabel("New address").fill("/explore");
  await page.getByRole("button", { name: "Add redirect" }).click();
  await expect(page.getByRole("status").first()).toContainText("The redirect has been added.");
  await expect(page.getByRole("main")).toContainText(`${old} → /explore`);
  await page.goto(`${old}/?utm=1`);
  await expect(page).toHaveURL("/explore");
});
