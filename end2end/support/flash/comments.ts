import { expect, Person, ready } from "../test";
import { enter, fillNewAccount, hide, open, press, published, type Scene, type Story } from "./scene";

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

/** The stories of the messages about comments. */
export const comments: Record<string, Story> = {
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
};
