import { command } from "../support/command";
import { expect, Person, ready, test } from "../support/test";

test("somebody chooses a display name and says who they are, and readers see it", async ({ page, person, openContext }) => {
  await person.register(page);
  await person.logIn(page);
  await person.publish(page, `On engines, by ${person.username}`, "text");
  const post = page.url();
  await page.goto("/account");
  await ready(page);
  await page.getByLabel("Display name").fill("  Ada   Lovelace ");
  await page.getByLabel("Pronouns").fill("she/her");
  await page.getByLabel("Biography").fill("I *count*.");
  await page.getByLabel("Location").fill("London");
  await page.getByLabel("Web site").fill("ada.example");
  await page.getByLabel("Links").fill("https://social.example/@ada\ncode.example/ada");
  await page.getByRole("button", { name: "Save profile" }).click();
  await expect(page.getByRole("status")).toHaveText("Your profile has been saved.");
  await expect(page.getByLabel("Display name")).toHaveValue("Ada Lovelace");
  await expect(page.getByLabel("Web site")).toHaveValue("https://ada.example");
  await expect(page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: person.username })).toBeVisible();

  const reader = await (await openContext()).newPage();
  await reader.goto(post);
  await reader.getByRole("link", { name: "Ada Lovelace" }).click();
  await expect(reader).toHaveURL(`/user/${person.username}`);
  await expect(reader).toHaveTitle("Ada Lovelace · Broadsheet");
  await expect(reader.getByRole("heading", { level: 1 })).toHaveText("Ada Lovelace");
  const main = reader.getByRole("main");
  await expect(main).toContainText(`@${person.username} · she/her`);
  await expect(main).toContainText("London · 1 post");
  await expect(main.locator("em")).toHaveText("count");
  const links = main.getByRole("list", { name: "Links" }).getByRole("link");
  await expect(links).toHaveText(["ada.example", "social.example/@ada", "code.example/ada"]);
  await expect(links.first()).toHaveAttribute("rel", /\bme\b/);
});

test("a display name of marks alone is refused beside its field, and what was typed is kept", async ({ page, person, expectNotes }) => {
  expectNotes(/status of 422/);
  await person.register(page);
  await person.logIn(page);
  await page.goto("/account");
  await ready(page);
  await page.getByLabel("Display name").fill("\u0301\u0302");
  await page.getByLabel("Links").fill("javascript:alert(1)");
  await page.getByLabel("Biography").fill("Some words.");
  await page.getByRole("button", { name: "Save profile" }).click();
  await expect(page.locator("#display_name-error")).toHaveText("Enter a display name with at least one letter or digit");
  await expect(page.locator("#links-error")).toHaveText("Enter web addresses like https://example.com, one on each line");
  await expect(page.locator(".summary")).toBeFocused();
  await expect(page.getByLabel("Biography")).toHaveValue("Some words.");
});

test("moderators are warned of a name that looks like that of an administrator", async ({ page, person, openContext, baseURL }, info) => {
  const port = Number(new URL(baseURL!).port);
  const [administrator, moderator] = [new Person(info.workerIndex), new Person(info.workerIndex)];
  for (const one of [person, administrator, moderator]) await one.register(page);
  // The other letter looks the same.
  const name = `Editor ${administrator.username}`;
  command(port, "user", "update", administrator.username, "--display-name", name);
  command(port, "user", "update", person.username, "--display-name", name.replaceAll("a", "а").toUpperCase());
  command(port, "user", "promote", administrator.username);
  command(port, "user", "promote", moderator.username, "--role", "moderator");

  const visitor = await (await openContext()).newPage();
  await visitor.goto(`/user/${person.username}`);
  await expect(visitor.getByText("This name looks like")).toHaveCount(0);
  await moderator.logIn(page);
  await page.goto("/moderation");
  await ready(page);
  const row = page.getByRole("listitem").filter({ hasText: `@${person.username}` });
  await expect(row).toContainText(`Looks like that of ${name} (@${administrator.username}), an administrator`);
  await row.getByRole("link").first().click();
  await expect(page).toHaveURL(`/user/${person.username}`);
  await expect(page.getByText(`This name looks like that of ${name} (@${administrator.username}), an administrator.`)).toBeVisible();
});
