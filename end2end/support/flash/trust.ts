import { command } from "../command";
import { expect, Person, ready } from "../test";
import { open, press, type Scene, type Story } from "./scene";

const THREE_LINKS = "https://a.example https://b.example https://c.example";

/** Starts a site that is careful with new members, and registers and logs in one of them. Returns the address of the site. */
async function enterAsNew(scene: Scene) {
  const site = await scene.openSite();
  await scene.person.register(scene.page, site.origin);
  await scene.person.logIn(scene.page, site.origin);
  return site;
}

/** Logs in a moderator of a site on which another member is new and has published `content`. Returns the member's address there. */
async function moderateNew(scene: Scene, content: string) {
  const site = await scene.openSite();
  const other = await (await scene.openContext()).newPage();
  const writer = new Person(scene.worker);
  await writer.register(other, site.origin);
  await writer.logIn(other, site.origin);
  await writer.publish(other, "Spam", content, "", site.origin);
  await scene.person.register(scene.page, site.origin);
  command(site.port, "user", "promote", scene.person.username, "--role", "moderator");
  await scene.person.logIn(scene.page, site.origin);
  return { post: other.url(), profile: `${site.origin}/user/${writer.username}` };
}

/** The stories of the messages about new members. */
export const trust: Record<string, Story> = {
  "comment-held": {
    tell: async (scene) => {
      const { page, person } = scene;
      const site = await enterAsNew(scene);
      await person.publish(page, "A title", "text", "", site.origin);
      await ready(page);
      await page.getByLabel("Your comment").fill(THREE_LINKS);
      await press(page, "Publish comment");
    },
  },
  "post-held": {
    tell: async (scene) => {
      const { page } = scene;
      const site = await enterAsNew(scene);
      await open(page, `${site.origin}/post/new`);
      await page.getByLabel("Title", { exact: true }).fill("A title");
      await page.getByLabel("Content", { exact: true }).fill(THREE_LINKS);
      await press(page, "Publish");
      await expect(page.getByRole("heading", { level: 1 })).toHaveText("A title");
    },
  },
  "post-approved": {
    tell: async (scene) => {
      const { post } = await moderateNew(scene, THREE_LINKS);
      await open(scene.page, post);
      await press(scene.page, "Approve");
    },
  },
  "account-trusted": {
    tell: async (scene) => {
      const { profile } = await moderateNew(scene, "text");
      await open(scene.page, profile);
      await press(scene.page, "Trust this member");
    },
  },
};
