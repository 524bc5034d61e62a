import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";

import { command } from "../support/command";
import { expect, Person, ready, test } from "../support/test";

const LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** Asserts that axe finds no violations on small and large screens, in the light and the dark theme. */
async function expectAccessible(page: Page, name: string) {
  for (const [width, colorScheme] of [[360, "light"], [1280, "dark"], [360, "dark"], [1280, "light"]] as const) {
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    const { violations } = await new AxeBuilder({ page }).withTags(LEVELS).analyze();
    const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`);
    expect(found, `${name} at ${width}, ${colorScheme}`).toEqual([]);
  }
}

test("axe finds nothing on any page that everybody sees", async ({ page, person, expectNotes }) => {
  test.setTimeout(180_000);
  expectNotes(/status of 404/);
  await person.register(page);
  await person.logIn(page);
  await person.publish(page, "A title", "## A part\n\nText, a [link](https://example.org), `code`.\n\n| a | b |\n|---|---|\n| 1 | 2 |", "looms");
  const post = new URL(page.url()).pathname;
  await page.context().clearCookies();
  const pages = ["/", post, `/user/${person.username}`, "/explore", "/explore?q=nobody", "/tag/looms", "/about", "/login", "/register", "/forgot_password", "/transparency", `/report?user=${person.username}`, "/nowhere"];
  for (const path of pages) {
    await page.goto(path);
    await ready(page);
    await expectAccessible(page, path);
  }
  await page.goto("/login");
  await ready(page);
  await page.getByRole("button", { name: "Log in" }).click();
  await expect(page.getByRole("alert").first()).toContainText("There is a problem");
  await expectAccessible(page, "a refused form");
});

test("axe finds nothing on any page of a member, dialogs open and shut", async ({ page, person }) => {
  test.setTimeout(180_000);
  await person.register(page);
  await person.logIn(page);
  await person.publish(page, "A title", "Text.");
  const post = new URL(page.url()).pathname;
  const account = ["", "/picture", "/password", "/sessions", "/drafts", "/trash", "/delete"].map((part) => `/account${part}`);
  const id = post.match(/\d+/)![0];
  const update = { post: id, post_version: "1", title: "Another title", content: "Other words, and more of them than before. ".repeat(5) };
  await page.request.post("/post/update", { form: update });
  for (const path of [post, `/post/history?post=${id}`, `/post/history?post=${id}&to=1`, "/post/new", "/post/image", ...account]) {
    await page.goto(path);
    await ready(page);
    await expectAccessible(page, path);
  }
  await page.goto(post);
  await ready(page);
  await page.getByRole("link", { name: "Delete" }).click();
  await expect(page.getByRole("dialog")).toBeVisible();
  await expectAccessible(page, "the question before a post is deleted");
  await page.goto("/post/new");
  await ready(page);
  await page.getByLabel("Content", { exact: true }).fill("*Text*");
  await page.setViewportSize({ width: 360, height: 900 });
  await page.getByRole("tab", { name: "Preview" }).click();
  await expect(page.getByRole("tabpanel").getByText("Text")).toBeVisible();
  await expectAccessible(page, "a preview");
  await page.goto("/account/drafts");
  await ready(page);
  await page.getByRole("link", { name: "Discard" }).click();
  await expect(page.getByRole("dialog")).toBeVisible();
  await expectAccessible(page, "the question before a draft is discarded");
});

test("axe finds nothing in a theme that is not the system's", async ({ page, person }) => {
  test.setTimeout(120_000);
  await person.register(page);
  await person.logIn(page);
  for (const theme of ["Dark", "Light"]) {
    await page.goto("/post/new");
    await ready(page);
    await page.getByRole("button", { name: theme }).click();
    await expectAccessible(page, `the editor, ${theme}`);
    await page.goto(`/user/${person.username}`);
    await ready(page);
    await expectAccessible(page, `a profile, ${theme}`);
  }
});

test("axe finds nothing on a moderator's pages, nor on a hidden post", async ({ page, person, openContext, baseURL }, info) => {
  test.setTimeout(180_000);
  await person.register(page);
  await person.logIn(page);
  await person.publish(page, "A title", "Text.");
  const post = new URL(page.url()).pathname;
  const number = post.match(/\d+/)![0];
  const other = await (await openContext()).newPage();
  const moderator = new Person(info.workerIndex);
  await moderator.register(other);
  command(Number(new URL(baseURL!).port), "user", "promote", moderator.username, "--role", "moderator");
  await moderator.logIn(other);
  const comment = { post: number, comment_content: "A *comment*" };
  const answer = await page.request.post("/comments/new", { form: comment, headers: { accept: "text/html" } });
  const id = (await answer.text()).match(/id="comment-(\d+)"/)![1]!;
  await other.request.post("/comments/new", { form: { ...comment, parent: id, comment_content: "An answer" } });
  const ofComments = [`/comments/${id}`, `/comments/hide?comment=${id}`, `/comments/new?post=${number}&parent=${id}`, `${post}?reply=${id}`];
  for (const path of [`/comments/update?comment=${id}`, `/comments/delete?comment=${id}`]) {
    await page.goto(path);
    await ready(page);
    await expectAccessible(page, path);
  }
  for (const path of [...ofComments, `/moderation/hide?post=${number}`, `/moderation/suspend?user=${person.username}`, `/moderation/freeze?user=${person.username}`, post]) {
    await other.goto(path);
    await ready(other);
    await expectAccessible(other, path);
  }
  const reader = await (await openContext()).newPage();
  const reporter = new Person(info.workerIndex);
  await reporter.register(reader);
  await reporter.logIn(reader);
  await reader.request.post("/report", { form: { post: number, kind: "spam", report_content: "An advertisement" } });
  await other.goto("/moderation");
  await other.getByRole("link", { name: "A title" }).last().click();
  await expect(other.getByRole("heading", { level: 1 })).toHaveText("Case");
  await ready(other);
  await expectAccessible(other, "a case");
  await other.goto(`/moderation/warn?user=${person.username}`);
  await ready(other);
  await expectAccessible(other, "a warning");
  await other.goto(`/moderation/hide?post=${number}`);
  await ready(other);
  await other.getByLabel("Reason").fill("Spam");
  await other.getByRole("button", { name: "Hide post" }).click();
  await expect(other.getByRole("heading", { level: 1 })).toHaveText("Moderation");
  await expectAccessible(other, "/moderation");
  for (const path of [post, "/account/trash", "/account/appeals"]) {
    await page.goto(path);
    await ready(page);
    await expectAccessible(page, path);
  }
  await page.getByRole("link", { name: "Appeal: a moderator hid a post" }).click();
  await ready(page);
  await expectAccessible(page, "an appeal");
});

test("axe finds nothing on the pages of an administrator", async ({ page, openSite, expectNotes }, info) => {
  test.setTimeout(180_000);
  expectNotes(/the server responded with a status of (404|410|422)/, /Connecting to 'blob:/);
  const site = await openSite();
  const person = new Person(info.workerIndex);
  await person.register(page, site.origin);
  command(site.port, "user", "promote", person.username);
  await person.logIn(page, site.origin);
  await page.goto(`${site.origin}/admin/pages/new`);
  await ready(page);
  await page.getByLabel("Title", { exact: true }).fill("Imprint");
  await page.getByLabel("Address").fill("imprint");
  await page.getByLabel("Content", { exact: true }).fill("We are *somebody*.");
  await page.getByRole("button", { name: "Publish" }).first().click();
  await expect(page).toHaveURL(`${site.origin}/imprint`);
  await page.goto(`${site.origin}/admin/invitations`);
  await ready(page);
  await page.getByRole("button", { name: "Invite", exact: true }).click();
  await expect(page.locator(".invitation-link")).toBeVisible();
  const steps = ["site", "registration", "mail"].map((step) => `/setup?step=${step}`);
  const pages = ["", "/settings", "/navigation", "/appearance", "/logo", "/icon", "/pages", "/redirects", "/invitations", ...steps];
  const ones = ["/admin/pages/new", "/admin/pages/update?id=1", "/admin/pages/delete?id=1", "/imprint", "/confirm?next=%2Fadmin", "/invite"];
  for (const path of [...pages.map((page) => `/admin${page}`), ...ones]) {
    await page.goto(`${site.origin}${path}`);
    await ready(page);
    await expectAccessible(page, path);
  }
  await page.goto(`${site.origin}/admin/settings`);
  await ready(page);
  await page.getByLabel("Posts per page").fill("0");
  await page.getByRole("button", { name: "Save settings" }).click();
  await expect(page.getByRole("alert").first()).toContainText("There is a problem");
  await expectAccessible(page, "refused settings");
});

/** Presses Tab until the element called `name` has the focus. */
async function tabTo(page: Page, name: string | RegExp) {
  for (let step = 0; step < 60; step += 1) {
    await page.keyboard.press("Tab");
    const label = await page.evaluate(() => {
      const element = document.activeElement as HTMLInputElement | null;
      return (element?.labels?.[0]?.textContent ?? element?.getAttribute("aria-label") ?? element?.textContent ?? "").trim();
    });
    if (typeof name === "string" ? label === name : name.test(label)) return;
  }
  throw new Error(`the focus never came to ${name}`);
}

test("a person writes and deletes a post with the keyboard alone", async ({ page, person }, info) => {
  const other = new Person(info.workerIndex);
  await other.register(page);
  await page.goto("/login");
  await ready(page);
  await tabTo(page, "Skip to content");
  await page.keyboard.press("Enter");
  await tabTo(page, "Email address or username");
  await page.keyboard.type(other.username);
  await tabTo(page, "Password");
  await page.keyboard.type(other.password);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("status")).toHaveText("You are logged in.");
  await tabTo(page, "New post");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("New post");
  await tabTo(page, "Title");
  await page.keyboard.type("By keyboard");
  await tabTo(page, "Tags");
  await page.keyboard.type("keys, hands");
  await tabTo(page, "Content");
  await page.keyboard.type("Typed.");
  await tabTo(page, "Publish");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("By keyboard");
  await expect(page).toHaveTitle("By keyboard · Broadsheet");
  await tabTo(page, "hands");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("hands");
  await page.goBack();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("By keyboard");
  await tabTo(page, "Delete");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toBeHidden();
  await page.keyboard.press("Enter");
  await tabTo(page, "Delete post");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("status")).toContainText("trash");
});
