import type { Page } from "@playwright/test";
import { type Person, ready } from "./test";

/** The text that is being written. */
export const content = (page: Page) => page.getByLabel("Content", { exact: true });

/** Where the editor says that the text is kept. */
export const place = (page: Page) => page.locator(".editor-place");

/** Somebody new who begins to write. */
export async function write(page: Page, person: Person) {
  await person.register(page);
  await person.logIn(page);
  await page.goto("/post/new");
  await ready(page);
}
