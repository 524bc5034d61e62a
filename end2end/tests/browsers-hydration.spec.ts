import type { Page } from "@playwright/test";

import { content, saveStatus } from "../support/editor";
import { expect, ready, test } from "../support/test";

/** Shows the page as in a browser that does not support this at-rule of the styles. */
async function withoutRule(page: Page, rule: RegExp) {
  await page.route("**/*.css", async (route) => {
    const answer = await route.fetch();
    const styles = (await answer.text()).replace(rule, (found) => found.replace(/scripting/g, "unknown"));
    await route.fulfill({ response: answer, body: styles });
  });
  await page.addInitScript(() => {
    const matchMedia = window.matchMedia.bind(window);
    window.matchMedia = (query) => matchMedia(query.replace("scripting", "unknown"));
  });
}

// Safari before 17
test("in a browser that does not tell whether scripts run, every text can be written on", async ({ page, person }) => {
  await withoutRule(page, /@media[^{]*scripting[^{]*\{/g);
  await person.register(page);
  await person.logIn(page);
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route("**/*.wasm", async (route) => {
    await held;
    await route.continue().catch(() => {});
  });
  // Before hydration, the form has a button of its own that shows the page with the preview.
  await page.goto("/post/new");
  await page.getByLabel("Title", { exact: true }).fill("A title");
  await content(page).fill("Some *words*");
  await page.getByRole("button", { name: "Preview" }).click();
  await expect(page.locator(".plain-preview em")).toHaveText("words");
  await expect(content(page)).toHaveValue("Some *words*");
  release();
  await ready(page);
  // After hydration, only the preview of the client is offered.
  await expect(page.getByRole("button", { name: "Preview" })).toBeHidden();
  await page.getByRole("tab", { name: "Preview" }).click();
  await expect(page.getByRole("tabpanel").locator("em")).toHaveText("words");
  await page.getByRole("tab", { name: "Write" }).click();
  await expect(content(page)).toBeEditable();
  await content(page).press("End");
  await content(page).pressSequentially(" more");
  await expect(saveStatus(page)).toHaveText(/^Saved/);
});

test("a form that the client sends for a preview leaves the text to be written on", async ({ page, person }) => {
  await person.register(page);
  await person.logIn(page);
  await page.goto("/post/new");
  await ready(page);
  await page.getByLabel("Title", { exact: true }).fill("A title");
  await content(page).fill("Some words");
  const answered = page.waitForResponse((answer) => answer.request().method() === "POST" && new URL(answer.url()).pathname === "/post/new");
  await page.locator("form:has(#content)").evaluate((form: HTMLFormElement) => {
    form.requestSubmit(form.querySelector<HTMLButtonElement>("button[value=preview]"));
  });
  expect((await answered).status()).toBe(200);
  await expect(content(page)).toBeEditable();
  await content(page).press("End");
  await content(page).pressSequentially(", and more");
  await expect(saveStatus(page)).toHaveText(/^Saved/);
  await page.getByRole("button", { name: "Publish" }).click();
  await expect(page.locator(".post .prose")).toHaveText("Some words, and more");
});

// Safari before 17.5
test("the styles are written for the oldest browsers that `docs/browsers.md` names", async ({ page, request, baseURL }) => {
  await page.goto("/about");
  const styles = await page.locator("link[rel=stylesheet]").evaluateAll((links) => links.map((link) => link.getAttribute("href")!));
  expect(styles).toHaveLength(1);
  const text = await (await request.get(new URL(styles[0]!, baseURL).href)).text();
  expect(text).toContain(".masthead");
  expect(text).not.toContain("light-dark(");
  expect(text).not.toContain("&");
});
