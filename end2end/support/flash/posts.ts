import type { Page } from "@playwright/test";

import { expect, ready } from "../test";
import { changed, enter, open, press, published, type Story } from "./scene";

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

/** The stories of the messages about posts and drafts. */
export const posts: Record<string, Story> = {
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
};
