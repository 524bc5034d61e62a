import { command } from "../command";
import { expect } from "../test";
import { fillNewAccount, open, press, published, type Scene, type Story } from "./scene";

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

/** Logs the person in as an administrator and opens the page of invitations. */
async function administer(scene: Scene) {
  await scene.person.register(scene.page);
  command(Number(new URL(scene.baseURL).port), "user", "promote", scene.person.username);
  await scene.person.logIn(scene.page);
  await open(scene.page, "/admin/invitations");
}

/** The stories of the messages about administration. */
export const administration: Record<string, Story> = {
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
  "settings-saved": {
    tell: async (scene) => {
      await administer(scene);
      await open(scene.page, "/admin/settings");
      await press(scene.page, "Save settings");
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
