import type { Page } from "@playwright/test";

import { command } from "../command";
import { linkIn, mailTo } from "../mail";
import { png } from "../png";
import { expect, Person, ready } from "../test";
import { changed, enter, fillNewAccount, open, press, type Scene, type Story } from "./scene";

const NEW = "an entirely new password";
const buffer = png(64, 64, [9, 99, 9]);

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

/** The stories of the messages about accounts. */
export const account: Record<string, Story> = {
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
  "password-confirmed": {
    tell: async (scene) => {
      await enter(scene);
      await open(scene.page, "/confirm");
      await scene.page.getByLabel("Current password").fill(scene.person.password);
      await press(scene.page, "Confirm");
    },
  },
};
