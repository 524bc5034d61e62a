import { command } from "../command";
import { expect, Person, ready } from "../test";
import { hide, moderate, open, press, type Scene, type Story } from "./scene";

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

/** Reports a post as the logged-in person, who is not its author. */
async function report(scene: Scene) {
  const { post } = await moderate(scene);
  await open(scene.page, `/report?post=${post.match(/\d+/)![0]}`);
  await scene.page.getByLabel("Spam").check();
  await scene.page.getByLabel("What we should know").fill("An advertisement");
  await press(scene.page, "Send report");
  await expect(scene.page).toHaveURL("/");
  return post;
}

/** Reports a post and opens its case. */
async function openCase(scene: Scene) {
  const { page } = scene;
  const post = await report(scene);
  await open(page, "/moderation");
  const cases = page.locator("section", { has: page.getByRole("heading", { name: "Reports" }) });
  const links = await cases.locator("a").evaluateAll((all) => all.map((link) => link.getAttribute("href")!));
  for (const path of links.reverse()) {
    await page.goto(path);
    if (await page.locator(`a[href^="/post/${post.match(/\d+/)![0]}"]`).count()) break;
  }
  await ready(page);
}

/** Warns the logged-in person as a moderator, and opens the form of an appeal. */
async function appeal(scene: Scene) {
  const { page, person } = scene;
  const moderating = await (await scene.openContext()).newPage();
  const moderator = new Person(scene.worker);
  await moderator.register(moderating);
  command(Number(new URL(scene.baseURL).port), "user", "promote", moderator.username, "--role", "moderator");
  await moderator.logIn(moderating);
  await person.register(page);
  await person.logIn(page);
  const form = { username: person.username, ground: "spam", reason: "Advertising" };
  await moderating.request.post("/moderation/warn", { form });
  await open(page, "/account/appeals");
  await page.getByRole("link", { name: /^Appeal:/ }).click();
  await ready(page);
  await page.getByLabel("Why this is wrong").fill("It was none");
  await press(page, "Send appeal");
  await expect(page).toHaveURL("/account/appeals");
}

/** The stories of the messages about moderation. */
export const moderation: Record<string, Story> = {
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
  "report-sent": {
    tell: async (scene) => {
      await report(scene);
    },
  },
  "case-claimed": {
    tell: async (scene) => {
      await openCase(scene);
      await press(scene.page, "Claim for 15 minutes");
    },
  },
  "case-closed": {
    tell: async (scene) => {
      await openCase(scene);
      await press(scene.page, "Close without acting");
    },
  },
  "account-warned": {
    tell: async (scene) => {
      const { writer } = await moderate(scene);
      await open(scene.page, `/moderation/warn?user=${writer.username}`);
      await scene.page.getByLabel("Reason").fill("Quarrels");
      await press(scene.page, "Send warning");
      await expect(scene.page).toHaveURL("/moderation");
    },
  },
  "appeal-sent": {
    tell: async (scene) => {
      await appeal(scene);
    },
  },
  "appeal-decided": {
    tell: async (scene) => {
      const { page } = scene;
      await appeal(scene);
      const moderating = await (await scene.openContext()).newPage();
      const other = new Person(scene.worker);
      await other.register(moderating);
      command(Number(new URL(scene.baseURL).port), "user", "promote", other.username, "--role", "moderator");
      await other.logIn(moderating);
      await moderating.goto("/moderation");
      const link = moderating.getByRole("link", { name: `Decide about the appeal of ${scene.person.username}` });
      const path = (await link.getAttribute("href"))!;
      await other.logIn(page);
      await open(page, path);
      await page.getByLabel("Refuse the appeal").check();
      await page.getByLabel("Reason").fill("It was one");
      await press(page, "Save decision");
      await expect(page).toHaveURL("/moderation");
    },
  },
};
