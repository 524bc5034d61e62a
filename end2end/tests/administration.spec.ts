import { command } from "../support/command";
import { expect, Person, ready, test } from "../support/test";

test("an administrator names the site, and every page says so", async ({ page, openSite, openContext, expectNotes }, info) => {
  expectNotes(/the server responded with a status of 422/);
  const site = await openSite();
  const person = new Person(info.workerIndex);
  await person.register(page, site.origin);
  command(site.port, "user", "promote", person.username);
  await person.logIn(page, site.origin);
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Admin", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Administration");
  await page.getByRole("main").getByRole("link", { name: "Settings" }).first().click();
  await expect(page).toHaveTitle("Settings · Broadsheet");
  await ready(page);

  await page.getByLabel("Name of the site").fill("The Daily Crumb");
  await page.getByLabel("Description").fill("Bread, every day.");
  await page.getByLabel("Posts per page").fill("0");
  await page.getByLabel("Notice", { exact: true }).fill("We **move** tonight.");
  await page.getByLabel("Only people with an invitation can register").check();
  await page.getByLabel("Name the software at the foot of every page").uncheck();
  await page.getByRole("button", { name: "Save settings" }).click();
  await expect(page.getByRole("alert").first()).toContainText("Enter a number from 1 to 100");
  await expect(page.getByLabel("Name of the site")).toHaveValue("The Daily Crumb");
  await expect(page.getByLabel("Only people with an invitation can register")).toBeChecked();
  await expect(page.getByLabel("Name the software at the foot of every page")).not.toBeChecked();

  await page.getByLabel("Posts per page").fill("3");
  await page.getByRole("button", { name: "Save settings" }).click();
  await expect(page.getByRole("status").first()).toContainText("The settings have been saved.");
  await expect(page).toHaveTitle("Settings · The Daily Crumb");

  const reader = await (await openContext()).newPage();
  await reader.goto(site.origin);
  await expect(reader).toHaveTitle("The Daily Crumb");
  await expect(reader.getByRole("main")).toContainText("Bread, every day.");
  await expect(reader.getByRole("complementary", { name: "Notice" })).toHaveText("We move tonight.");
  await expect(reader.locator("body")).not.toContainText("Broadsheet");
});

test("an administrator arranges the navigation", async ({ page, openSite, expectNotes }, info) => {
  expectNotes(/the server responded with a status of 422/);
  const site = await openSite();
  const person = new Person(info.workerIndex);
  await person.register(page, site.origin);
  command(site.port, "user", "promote", person.username);
  await person.logIn(page, site.origin);
  await page.goto(`${site.origin}/admin/navigation`);
  await ready(page);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Navigation");
  const bar = page.getByRole("group", { name: "Navigation bar" });
  const row = (number: number, cell: string) => bar.getByLabel(`${cell}, row ${number}`);

  await row(3, "Label").fill("");
  await row(3, "Address").fill("");
  await row(4, "Place").fill("1.5");
  await row(4, "Label").fill("Our press");
  await row(4, "Address").fill("press.example");
  await page.getByRole("button", { name: "Save navigation" }).click();
  await expect(page.getByRole("alert").first()).toContainText("Enter an address like /about");
  await row(4, "Address").fill("https://press.example/");
  await page.getByRole("button", { name: "Save navigation" }).click();
  await expect(page.getByRole("status").first()).toContainText("The settings have been saved.");
  const entries = page.getByRole("navigation", { name: "Main" }).getByRole("listitem");
  const own = [person.username, "Admin", "Account", "Log out"];
  await expect(entries).toHaveText(["Home", "Our press", "Explore", "New post", ...own]);
  await expect(entries.getByRole("link", { name: "Our press" })).toHaveAttribute("href", "https://press.example/");
});

test("the second of two administrators sees what the first has saved", async ({
  page,
  openSite,
  openContext,
  expectNotes,
}, info) => {
  expectNotes(/the server responded with a status of 409/);
  const site = await openSite();
  const [ada, eve] = [new Person(info.workerIndex), new Person(info.workerIndex)];
  const other = await (await openContext()).newPage();
  for (const [person, window] of [
    [ada, page],
    [eve, other],
  ] as const) {
    await person.register(window, site.origin);
    command(site.port, "user", "promote", person.username);
    await person.logIn(window, site.origin);
    await window.goto(`${site.origin}/admin/settings`);
    await ready(window);
  }
  await page.getByLabel("Name of the site").fill("Crumb");
  await page.getByRole("button", { name: "Save settings" }).click();
  await expect(page).toHaveTitle("Settings · Crumb");
  await other.getByLabel("Name of the site").fill("Crust");
  await other.getByRole("button", { name: "Save settings" }).click();
  await expect(other.getByText("It is now “Crumb”.")).toBeVisible();
  await expect(other.getByLabel("Name of the site")).toHaveValue("Crust");
  await other.getByRole("button", { name: "Save settings" }).click();
  await expect(other).toHaveTitle("Settings · Crust");
});
