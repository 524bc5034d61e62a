import { expect } from "../test";
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
};
