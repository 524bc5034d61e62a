import type { Page } from "@playwright/test";
import { type Person, ready } from "./test";

/** The text area of the editor. */
export const content = (page: Page) => page.getByLabel("Content", { exact: true });

/** The save status of the editor. */
export const saveStatus = (page: Page) => page.locator(".editor-save-status");

/** Registers and logs in `person` and opens the editor. */
export async function write(page: Page, person: Person) {
  await person.register(page);
  await person.logIn(page);
  await page.goto("/post/new");
  await ready(page);
}
