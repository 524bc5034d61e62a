import { expect, test } from "../support/test";
import type { Locator, Page } from "@playwright/test";

// If scripts are disabled, Firefox does not notify Playwright when an element is stable, and waiting within the page
// does not work. These tests therefore use real mouse and keyboard input, and check the page from outside.

const press = (element: Locator) => element.click({ force: true });

async function type(page: Page, label: string, text: string) {
  await press(page.getByLabel(label, { exact: true }));
  await page.keyboard.press("ControlOrMeta+A");
  await page.keyboard.type(text);
}

const text = (element: Locator) => expect.poll(async () => (await element.textContent().catch(() => ""))?.trim());

test("a person registers, writes, reads and logs out in Firefox without JavaScript", async ({ page, person }) => {
  const heading = page.getByRole("heading", { level: 1 });
  const button = (name: string) => page.getByRole("button", { name, exact: true });
  await page.goto("/register");
  await type(page, "Username", person.username);
  await type(page, "Email address", person.email);
  await type(page, "Password", person.password);
  await type(page, "Confirm password", person.password);
  await press(button("Create account"));
  await text(heading).toBe("Log in");
  await type(page, "Email address or username", person.username);
  await type(page, "Password", person.password);
  await press(button("Log in"));
  await text(heading).toBe("Newest posts");

  await page.goto("/post/new");
  await type(page, "Title", "Written by hand");
  await type(page, "Content", "Some *words*");
  await press(button("Preview"));
  await text(page.locator(".plain-preview em")).toBe("words");
  expect(await page.getByLabel("Content", { exact: true }).inputValue()).toBe("Some *words*");
  await press(button("Publish"));
  await text(heading).toBe("Written by hand");
  await text(page.locator(".post .prose em")).toBe("words");

  await press(button("Dark"));
  await expect.poll(() => page.locator("html").getAttribute("data-theme")).toBe("dark");
  await text(heading).toBe("Written by hand");
  await press(button("Log out"));
  await text(page.getByRole("link", { name: "Log in" })).toBe("Log in");
});
