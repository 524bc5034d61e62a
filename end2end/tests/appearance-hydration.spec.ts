import { command } from "../support/command";
import { expect, Person, ready, test } from "../support/test";

test("the preview follows the colour while it is chosen", async ({ page, openSite }, info) => {
  const site = await openSite();
  const person = new Person(info.workerIndex);
  await person.register(page, site.origin);
  command(site.port, "user", "promote", person.username);
  await person.logIn(page, site.origin);
  await page.goto(`${site.origin}/admin/appearance`);
  await ready(page);
  const accent = page.getByLabel("Accent colour");
  await expect(page.getByRole("img", { name: "Light theme: #8c1d18" })).toBeVisible();
  await accent.fill("#1a5f9e");
  await expect(page.getByRole("img", { name: "Light theme: #1a5f9e" })).toBeVisible();
  await expect(page.locator(".accent-advice")).toBeEmpty();
  await accent.fill("#ffcc00");
  await expect(page.locator(".accent-advice")).toHaveText(/^Use #[0-9a-f]{6} instead/);
  const nearest = (await page.locator(".accent-advice").innerText()).slice(4, 11);
  await expect(page.getByRole("img", { name: `Light theme: ${nearest}` })).toBeVisible();
});
