import { readFileSync } from "node:fs";
import type { Page } from "@playwright/test";

import { command } from "../support/command";
import { linkIn, mailTo } from "../support/mail";
import { png } from "../support/png";
import { expect, type Fixtures, Person, ready, test } from "../support/test";

/** The fixtures of a story. */
type Scene = Fixtures & { page: Page; baseURL: string; worker: number };

/** The steps that lead to a page with a flash message. Some messages are only shown with JavaScript, or only without. */
type Story = { tell: (scene: Scene) => Promise<void>; only?: "with JavaScript" | "without JavaScript" };

const NEW = "an entirely new password";
const buffer = png(64, 64, [9, 99, 9]);

/** Opens `path` and waits until the page is ready. */
async function open(page: Page, path: string) {
  await page.goto(path);
  await ready(page);
}

const press = (page: Page, name: string | RegExp) => page.getByRole("button", { name, exact: true }).first().click();

async function enter({ page, person }: Scene) {
  await person.register(page);
  await person.logIn(page);
}

/** Publishes a post as the logged-in user and returns its id. */
async function published({ page, person }: Scene) {
  await person.publish(page, "A title", "text");
  return page.url().match(/\/post\/(\d+)/)![1]!;
}

/** Publishes a post and then another text of it, and returns its id. */
async function changed(scene: Scene) {
  const id = await published(scene);
  const form = { post: id, post_version: "1", title: "Another title", content: "Other words than before. ".repeat(10) };
  await scene.page.request.post("/post/update", { form });
  return id;
}

async function saveDraft(page: Page) {
  await open(page, "/post/new");
  await page.getByLabel("Title", { exact: true }).fill("A draft");
  await press(page, "Save draft");
  await expect(page).toHaveURL(/draft=\d+/);
}

/** Schedules a draft, which opens the drafts. */
async function scheduleDraft(page: Page) {
  const publish_at = new Date(Date.now() + 86_400_000).toISOString().slice(0, 16);
  await open(page, "/post/new");
  await page.getByLabel("Title", { exact: true }).fill("A title");
  await page.getByLabel("Content", { exact: true }).fill("text");
  await page.getByText("Publish later").click();
  await page.getByLabel("Date and time").fill(publish_at);
  await page.getByLabel("Time zone").fill("UTC");
  await press(page, "Schedule");
}

/** Saves a draft and creates a link to it. */
async function shareDraft(page: Page) {
  await page.request.post("/post/new", { form: { title: "A title", content: "text", intent: "save" } });
  await open(page, "/account/drafts");
  await page.getByRole("link", { name: "Share the draft “A title”" }).click();
  await ready(page);
  await press(page, "Create link");
  await expect(page.getByRole("listitem").getByRole("code")).toBeVisible();
}

async function fillNewAccount(page: Page, person: Person, path: string, submit = "Create account") {
  await open(page, path);
  await page.getByLabel("Username").fill(person.username);
  await page.getByLabel("Email address").fill(person.email);
  await page.getByLabel("Password", { exact: true }).fill(person.password);
  await page.getByLabel("Confirm password").fill(person.password);
  await press(page, submit);
}

async function forgetPassword({ page, person }: Scene) {
  await person.register(page);
  await open(page, "/forgot_password");
  await page.getByLabel("Email address").fill(person.email);
  await press(page, "Send me a link");
}

/** Changes the email address on the page `/account`. */
async function changeAddress({ page, person }: Scene) {
  await open(page, "/account");
  await page.getByLabel("Email address").fill(`new-${person.email}`);
  await page.getByLabel("Current password").fill(person.password);
  await press(page, "Save profile");
}

async function savePicture(page: Page) {
  await open(page, "/account/picture");
  await page.getByLabel("Profile picture").setInputFiles({ name: "me.png", mimeType: "image/png", buffer });
  await press(page, "Save picture");
}

/** Also logs the person in with another browser, and opens the list of sessions. */
async function withAnotherSession(scene: Scene) {
  await enter(scene);
  await scene.person.logIn(await (await scene.openContext()).newPage());
  await open(scene.page, "/account/sessions");
}

/** Publishes a post as another user, and logs the person in as a moderator. Returns the other user and the post. */
async function moderate(scene: Scene) {
  const other = await (await scene.openContext()).newPage();
  const writer = new Person(scene.worker);
  await writer.register(other);
  await writer.logIn(other);
  await writer.publish(other, "Spam", "text");
  await scene.person.register(scene.page);
  command(Number(new URL(scene.baseURL).port), "user", "promote", scene.person.username, "--role", "moderator");
  await scene.person.logIn(scene.page);
  return { writer, post: new URL(other.url()).pathname };
}

async function hide(scene: Scene) {
  const { post } = await moderate(scene);
  await open(scene.page, `/moderation/hide?post=${post.match(/\d+/)![0]}`);
  await scene.page.getByLabel("Reason").fill("An advertisement");
  await press(scene.page, "Hide post");
  await expect(scene.page).toHaveURL("/moderation");
  return post;
}

async function suspend(scene: Scene) {
  const { writer } = await moderate(scene);
  await open(scene.page, `/moderation/suspend?user=${writer.username}`);
  await scene.page.getByLabel("Reason").fill("Spam");
  await press(scene.page, "Suspend account");
  await expect(scene.page).toHaveURL("/moderation");
  return writer;
}

async function freeze(scene: Scene) {
  const { writer } = await moderate(scene);
  await open(scene.page, `/moderation/freeze?user=${writer.username}`);
  await scene.page.getByLabel("Reason").fill("Quarrels");
  await press(scene.page, "Freeze account");
  await expect(scene.page).toHaveURL("/moderation");
  return writer;
}

/** Logs the person in as an administrator and saves a static page, whose address is returned. */
async function writePage(scene: Scene, button: "Publish" | "Save draft") {
  const { page, person, baseURL } = scene;
  const address = `page-of-${person.username.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-")}`;
  await person.register(page);
  command(Number(new URL(baseURL).port), "user", "promote", person.username);
  await person.logIn(page);
  await open(page, "/admin/pages/new");
  await page.getByLabel("Title", { exact: true }).fill(`The page of ${person.username}`);
  await page.getByLabel("Address").fill(address);
  await page.getByLabel("Content", { exact: true }).fill("text");
  await press(page, button);
  await expect(page).toHaveURL(button === "Publish" ? `/${address}` : /\/admin\/pages\/update\?id=\d+/);
  return address;
}

async function addRedirect(scene: Scene) {
  const { page, person, baseURL } = scene;
  await person.register(page);
  command(Number(new URL(baseURL).port), "user", "promote", person.username);
  await person.logIn(page);
  await open(page, "/admin/redirects");
  await page.getByLabel("Old address").first().fill(`/old/${person.username}`);
  await page.getByLabel("New address").fill("/explore");
  await press(page, "Add redirect");
}

/** Starts a private site, where an account is created when its address is confirmed, and registers the person. */
async function registerPrivately(scene: Scene) {
  const mailPort = Number(new URL(scene.baseURL).port) + 25;
  const site = await scene.openSite({
    BROADSHEET_REGISTRATION: "private",
    BROADSHEET_SMTP_URL: `smtp://127.0.0.1:${mailPort}`,
  });
  await fillNewAccount(scene.page, scene.person, `${site.origin}/register`);
  await expect(scene.page).toHaveURL(/\/login/);
}

async function confirmRegistration({ page, person }: Scene) {
  await open(page, linkIn(await mailTo(person.email, /registration/i)));
  await page.getByLabel("Password").fill(person.password);
  await press(page, "Confirm this address");
}

/** Logs the person in as an administrator and opens the page of invitations. */
async function administer(scene: Scene) {
  await scene.person.register(scene.page);
  command(Number(new URL(scene.baseURL).port), "user", "promote", scene.person.username);
  await scene.person.logIn(scene.page);
  await open(scene.page, "/admin/invitations");
}

/** Publishes a post and a comment on it as the logged-in user, and returns the address of the post. */
async function commented(scene: Scene) {
  await enter(scene);
  const post = await published(scene);
  await scene.page.request.post("/comments/new", { form: { post, comment_content: "A comment" } });
  return `/post/${post}`;
}

/** Publishes a comment of another user on a post of the logged-in one, and returns its id. */
async function answered(scene: Scene) {
  await enter(scene);
  const post = await published(scene);
  const other = await (await scene.openContext()).newPage();
  const writer = new Person(scene.worker);
  await writer.register(other);
  await writer.logIn(other);
  const form = { post, comment_content: "A comment" };
  const answer = await other.request.post("/comments/new", { form, headers: { accept: "text/html" } });
  return { post: `/post/${post}`, comment: (await answer.text()).match(/id="comment-(\d+)"/)![1]! };
}

async function hideComment(scene: Scene) {
  const { comment } = await answered(scene);
  await open(scene.page, `/comments/hide?comment=${comment}`);
  await scene.page.getByLabel("Reason").fill("An advertisement");
  await press(scene.page, "Hide comment");
}

const STORIES: Record<string, Story> = {
  "comment-published": {
    tell: async (scene) => {
      await enter(scene);
      await open(scene.page, `/post/${await published(scene)}`);
      await scene.page.getByLabel("Your comment").fill("Well said");
      await press(scene.page, "Publish comment");
    },
  },
  "comment-updated": {
    tell: async (scene) => {
      await open(scene.page, await commented(scene));
      await scene.page.getByRole("link", { name: /^Edit the comment/ }).click();
      await ready(scene.page);
      await scene.page.getByLabel("Your comment").fill("Another comment");
      await press(scene.page, "Save comment");
    },
  },
  "comment-deleted": {
    tell: async (scene) => {
      await open(scene.page, await commented(scene));
      await scene.page.getByRole("link", { name: /^Delete the comment/ }).click();
      await press(scene.page, "Delete comment");
    },
  },
  "comment-hidden": { tell: hideComment },
  "comment-shown": {
    tell: async (scene) => {
      await hideComment(scene);
      await expect(scene.page.getByText("Hidden by the author of the post. Reason: An advertisement")).toBeVisible();
      await ready(scene.page);
      await press(scene.page, /^Show again the comment/);
    },
  },
  "comments-closed": {
    tell: async (scene) => {
      await enter(scene);
      await open(scene.page, `/post/${await published(scene)}`);
      await press(scene.page, "Close the comments");
    },
  },
  "comments-opened": {
    tell: async (scene) => {
      await enter(scene);
      const post = await published(scene);
      await scene.page.request.post("/comments/close", { form: { post } });
      await open(scene.page, `/post/${post}`);
      await press(scene.page, "Open the comments");
    },
  },
  "comment-pinned": {
    tell: async (scene) => {
      await open(scene.page, await commented(scene));
      await press(scene.page, /^Pin the comment/);
    },
  },
  "comment-unpinned": {
    tell: async (scene) => {
      const { post, comment } = await answered(scene);
      await scene.page.request.post("/comments/pin", { form: { comment } });
      await open(scene.page, post);
      await press(scene.page, /^Unpin the comment/);
    },
  },
  registered: { tell: ({ page, person }) => fillNewAccount(page, person, "/register") },
  "administrator-registered": {
    tell: async ({ page, person, openSite }) => {
      const site = await openSite();
      await fillNewAccount(page, person, await site.invitation());
    },
  },
  "administrator-made": {
    tell: async ({ page, person, openSite }) => {
      const site = await openSite();
      await person.register(page, site.origin);
      await person.logIn(page, site.origin);
      await open(page, await site.invitation());
      await press(page, /^Make .* the administrator$/);
    },
  },
  "logged-in": {
    tell: async ({ page, person }) => {
      await person.register(page);
      // The requested page redirects to another one.
      await open(page, "/login?next=%2Fhome");
      await person.fillLogin(page);
    },
  },
  "logged-out": {
    tell: async (scene) => {
      await enter(scene);
      await ready(scene.page);
      await press(scene.page, "Log out");
    },
  },
  "logout-failed": {
    // Without JavaScript, the browser itself reports that the page could not be loaded.
    only: "with JavaScript",
    tell: async (scene) => {
      scene.expectNotes(/ERR_FAILED/);
      await enter(scene);
      await ready(scene.page);
      await scene.page.route("**/logout", (route) => route.abort());
      await press(scene.page, "Log out");
    },
  },
  "log-in-first": { tell: ({ page }) => open(page, "/account") },
  "post-published": {
    tell: async (scene) => {
      await enter(scene);
      await open(scene.page, "/post/new");
      await scene.page.getByLabel("Title", { exact: true }).fill("A title");
      await scene.page.getByLabel("Content", { exact: true }).fill("text");
      await press(scene.page, "Publish");
    },
  },
  "post-updated": {
    tell: async (scene) => {
      await enter(scene);
      await open(scene.page, `/post/update?post=${await published(scene)}`);
      await scene.page.getByLabel("Content", { exact: true }).fill("other text");
      await press(scene.page, "Publish changes");
    },
  },
  "invitation-written": {
    tell: async (scene) => {
      const { page, person } = scene;
      const site = await scene.openSite();
      await person.register(page, site.origin);
      command(site.port, "user", "promote", person.username);
      await person.logIn(page, site.origin);
      await open(page, `${site.origin}/admin/invitations`);
      await page.getByLabel("Email address").fill("grace@example.org");
      await press(page, "Invite");
    },
  },
  "version-restored": {
    tell: async (scene) => {
      await enter(scene);
      await open(scene.page, `/post/history?post=${await changed(scene)}&to=1`);
      await press(scene.page, "Restore version 1");
    },
  },
  "version-erased": {
    tell: async (scene) => {
      await enter(scene);
      await open(scene.page, `/post/history/erase?post=${await changed(scene)}&number=1`);
      await press(scene.page, "Erase version");
    },
  },
  "history-shown": {
    tell: async (scene) => {
      await enter(scene);
      await open(scene.page, `/post/history?post=${await changed(scene)}`);
      await press(scene.page, "Show the history to everybody");
    },
  },
  "history-hidden": {
    tell: async (scene) => {
      await enter(scene);
      const id = await changed(scene);
      await scene.page.request.post("/post/history/show", { form: { post: id } });
      await open(scene.page, `/post/history?post=${id}`);
      await press(scene.page, "Hide the history");
    },
  },
  "draft-saved": {
    // With JavaScript, the editor shows the time of saving below the text instead.
    only: "without JavaScript",
    tell: async (scene) => {
      await enter(scene);
      await saveDraft(scene.page);
    },
  },
  "post-scheduled": {
    tell: async (scene) => {
      await enter(scene);
      await scheduleDraft(scene.page);
    },
  },
  "draft-unscheduled": {
    tell: async (scene) => {
      await enter(scene);
      await scheduleDraft(scene.page);
      await press(scene.page, "Do not publish “A title” by itself");
    },
  },
  "preview-link-created": {
    tell: async (scene) => {
      await enter(scene);
      await shareDraft(scene.page);
    },
  },
  "preview-link-revoked": {
    tell: async (scene) => {
      await enter(scene);
      await shareDraft(scene.page);
      await press(scene.page, "Revoke the link “Link”");
    },
  },
  "draft-discarded": {
    tell: async (scene) => {
      await enter(scene);
      await saveDraft(scene.page);
      await open(scene.page, scene.page.url().replace(/.*\/post\/new/, "/draft/discard"));
      await press(scene.page, "Discard draft");
    },
  },
  "post-deleted": {
    tell: async (scene) => {
      await enter(scene);
      await open(scene.page, `/post/delete?post=${await published(scene)}`);
      await press(scene.page, "Delete post");
    },
  },
  "post-restored": {
    tell: async (scene) => {
      await enter(scene);
      const id = await published(scene);
      await scene.page.request.post("/post/trash", { form: { id } });
      await open(scene.page, "/account/trash");
      await press(scene.page, "Restore “A title”");
    },
  },
  "registered-check-mail": { tell: registerPrivately },
  "account-confirmed": {
    tell: async (scene) => {
      await registerPrivately(scene);
      await confirmRegistration(scene);
    },
  },
  "name-taken": {
    tell: async (scene) => {
      await registerPrivately(scene);
      const first = linkIn(await mailTo(scene.person.email, /registration/i));
      const other = Object.assign(new Person(scene.worker, scene.person.username), { email: `other-${scene.person.email}` });
      await fillNewAccount(scene.page, other, new URL("/register", first).href);
      await confirmRegistration({ ...scene, person: other });
      await expect(scene.page).toHaveURL(/\/login/);
      await confirmRegistration(scene);
    },
  },
  "email-confirmed": {
    tell: async (scene) => {
      await enter(scene);
      await open(scene.page, linkIn(await mailTo(scene.person.email, /Welcome/)));
      await press(scene.page, "Confirm this address");
    },
  },
  "confirmation-sent": {
    tell: async (scene) => {
      await enter(scene);
      await open(scene.page, "/account");
      await press(scene.page, "Send another link");
    },
  },
  "address-kept": {
    tell: async (scene) => {
      await enter(scene);
      await changeAddress(scene);
      await press(scene.page, "Keep the old address");
    },
  },
  "log-out-first": {
    tell: async (scene) => {
      await enter(scene);
      await open(scene.page, "/reset_password");
    },
  },
  "already-confirmed": {
    tell: async (scene) => {
      await enter(scene);
      await open(scene.page, "/account");
      const other = await scene.page.context().newPage();
      await open(other, linkIn(await mailTo(scene.person.email, /Welcome/)));
      await press(other, "Confirm this address");
      await expect(other).toHaveURL("/account");
      await press(scene.page, "Send another link");
    },
  },
  "recovery-sent": { tell: forgetPassword },
  "link-useless": { tell: ({ page }) => open(page, "/reset_password/0000") },
  "password-reset": {
    tell: async (scene) => {
      await forgetPassword(scene);
      await open(scene.page, linkIn(await mailTo(scene.person.email, /new password/)));
      await scene.page.getByLabel("New password").fill(NEW);
      await scene.page.getByLabel("Confirm password").fill(NEW);
      await press(scene.page, "Change password");
    },
  },
  "profile-saved": {
    tell: async (scene) => {
      await enter(scene);
      await open(scene.page, "/account");
      await scene.page.getByLabel("About me").fill("words");
      await press(scene.page, "Save profile");
    },
  },
  "profile-saved-check-mail": {
    tell: async (scene) => {
      await enter(scene);
      await changeAddress(scene);
    },
  },
  "password-changed": {
    tell: async (scene) => {
      await enter(scene);
      await open(scene.page, "/account/password");
      await scene.page.getByLabel("Current password").fill(scene.person.password);
      await scene.page.getByLabel("New password").fill(NEW);
      await scene.page.getByLabel("Confirm password").fill(NEW);
      await press(scene.page, "Change password");
    },
  },
  "picture-saved": {
    tell: async (scene) => {
      await enter(scene);
      await savePicture(scene.page);
    },
  },
  "picture-removed": {
    tell: async (scene) => {
      await enter(scene);
      await savePicture(scene.page);
      await press(scene.page, "Remove picture");
    },
  },
  "session-ended": {
    tell: async (scene) => {
      await withAnotherSession(scene);
      await press(scene.page, /^End the session in/);
    },
  },
  "sessions-ended": {
    tell: async (scene) => {
      await withAnotherSession(scene);
      await press(scene.page, "End all other sessions");
    },
  },
  "account-deleted": {
    tell: async (scene) => {
      await enter(scene);
      await open(scene.page, "/account/delete");
      await scene.page.getByLabel("Current password").fill(scene.person.password);
      await press(scene.page, "Delete my account");
    },
  },
  "post-hidden": {
    tell: async (scene) => {
      await hide(scene);
    },
  },
  "post-shown": {
    tell: async (scene) => {
      await open(scene.page, await hide(scene));
      await press(scene.page, "Show again");
    },
  },
  "settings-saved": {
    tell: async (scene) => {
      await administer(scene);
      await open(scene.page, "/admin/settings");
      await press(scene.page, "Save settings");
    },
  },
  "password-confirmed": {
    tell: async (scene) => {
      await enter(scene);
      await open(scene.page, "/confirm");
      await scene.page.getByLabel("Current password").fill(scene.person.password);
      await press(scene.page, "Confirm");
    },
  },
  "test-mail-sent": {
    tell: async (scene) => {
      await administer(scene);
      await open(scene.page, "/admin/setup?step=mail");
      await press(scene.page, "Send me a test email");
    },
  },
  "invitation-created": {
    tell: async (scene) => {
      await administer(scene);
      await press(scene.page, "Invite");
    },
  },
  "invitation-sent": {
    tell: async (scene) => {
      await administer(scene);
      await scene.page.getByLabel("Email address").fill(`invited-${scene.person.email}`);
      await press(scene.page, "Invite");
    },
  },
  "invitation-revoked": {
    tell: async (scene) => {
      await administer(scene);
      await press(scene.page, "Invite");
      await expect(scene.page.locator(".invitation-link").first()).toBeVisible();
      await press(scene.page, /^Revoke the invitation/);
    },
  },
  "account-suspended": {
    tell: async (scene) => {
      await suspend(scene);
    },
  },
  "account-reinstated": {
    tell: async (scene) => {
      const writer = await suspend(scene);
      await open(scene.page, `/user/${writer.username}`);
      await press(scene.page, "Reinstate");
    },
  },
  "account-frozen": {
    tell: async (scene) => {
      await freeze(scene);
    },
  },
  "account-unfrozen": {
    tell: async (scene) => {
      const writer = await freeze(scene);
      await open(scene.page, `/user/${writer.username}`);
      await press(scene.page, "Unfreeze");
    },
  },
  "page-published": {
    tell: async (scene) => {
      await writePage(scene, "Publish");
    },
  },
  "page-saved": {
    tell: async (scene) => {
      await writePage(scene, "Save draft");
    },
  },
  "page-unpublished": {
    tell: async (scene) => {
      await writePage(scene, "Publish");
      await open(scene.page, "/admin/pages");
      await press(scene.page, `Unpublish “The page of ${scene.person.username}”`);
    },
  },
  "page-deleted": {
    tell: async (scene) => {
      await writePage(scene, "Save draft");
      await open(scene.page, scene.page.url().replace("/update?", "/delete?"));
      await press(scene.page, "Delete page");
    },
  },
  "redirect-added": { tell: addRedirect },
  "redirect-deleted": {
    tell: async (scene) => {
      await addRedirect(scene);
      await expect(scene.page.getByRole("status").first()).toContainText("has been added");
      await press(scene.page, `Delete the redirect from /old/${scene.person.username}`);
    },
  },
};

/** The flash messages in the source of the program: the name of each in the cookie, and its text. */
const MESSAGES = [
  ...readFileSync("../app/src/flash.rs", "utf8").matchAll(/name: "([a-z-]+)",\s+category: [\w:]+,\s+message: "([^"]+)"/g),
].map(([, name, text]) => ({ name: name!, text: text! }));

test("every message has a story, and every story a message", () => {
  expect(Object.keys(STORIES).sort()).toEqual(MESSAGES.map(({ name }) => name).sort());
});

for (const { name, text } of MESSAGES) {
  const story = STORIES[name];
  // Each project excludes the tag of the other mode.
  const tag = story?.only ? [`@only-${story.only.replace(" ", "-")}`] : [];
  test(`the message ${name} is shown, once`, { tag }, async (
    { page, person, openContext, openSite, expectNotes, watch, baseURL },
    info,
  ) => {
    test.slow();
    await story!.tell({ page, person, openContext, openSite, expectNotes, watch, baseURL: baseURL!, worker: info.workerIndex });
    await expect(page.getByRole("status").first()).toHaveText(text);
    await page.getByRole("link", { name: "About", exact: true }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("About Broadsheet");
    await expect(page.getByRole("status").first()).toHaveText("");
  });
}
