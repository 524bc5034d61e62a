import type { Page } from "@playwright/test";

import { command } from "../command";
import { expect, type Fixtures, Person, ready } from "../test";

/** The fixtures of a story. */
export type Scene = Fixtures & { page: Page; baseURL: string; worker: number };

/** The steps that lead to a page with a flash message. Some messages are only shown with JavaScript, or only without. */
export type Story = { tell: (scene: Scene) => Promise<void>; only?: "with JavaScript" | "without JavaScript" };

/** Opens `path` and waits until the page is ready. */
export async function open(page: Page, path: string) {
  await page.goto(path);
  await ready(page);
}

export const press = (page: Page, name: string | RegExp) => page.getByRole("button", { name, exact: true }).first().click();

export async function enter({ page, person }: Scene) {
  await person.register(page);
  await person.logIn(page);
}

/** Publishes a post as the logged-in user and returns its id. */
export async function published({ page, person }: Scene) {
  await person.publish(page, "A title", "text");
  return page.url().match(/\/post\/(\d+)/)![1]!;
}

/** Publishes a post and then another text of it, and returns its id. */
export async function changed(scene: Scene) {
  const id = await published(scene);
  const form = { post: id, post_version: "1", title: "Another title", content: "Other words than before. ".repeat(10) };
  await scene.page.request.post("/post/update", { form });
  return id;
}

export async function fillNewAccount(page: Page, person: Person, path: string, submit = "Create account") {
  await open(page, path);
  await page.getByLabel("Username").fill(person.username);
  await page.getByLabel("Email address").fill(person.email);
  await page.getByLabel("Password", { exact: true }).fill(person.password);
  await page.getByLabel("Confirm password").fill(person.password);
  await press(page, submit);
}

/** Publishes a post as another user, and logs the person in as a moderator. Returns the other user and the post. */
export async function moderate(scene: Scene) {
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

export async function hide(scene: Scene) {
  const { post } = await moderate(scene);
  await open(scene.page, `/moderation/hide?post=${post.match(/\d+/)![0]}`);
  await scene.page.getByLabel("Reason").fill("An advertisement");
  await press(scene.page, "Hide post");
  await expect(scene.page).toHaveURL("/moderation");
  return post;
}
