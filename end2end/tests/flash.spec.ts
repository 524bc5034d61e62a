import { readFileSync } from "node:fs";

import { account } from "../support/flash/account";
import { administration } from "../support/flash/administration";
import { comments } from "../support/flash/comments";
import { moderation } from "../support/flash/moderation";
import { posts } from "../support/flash/posts";
import type { Story } from "../support/flash/scene";
import { trust } from "../support/flash/trust";
import { expect, test } from "../support/test";

const STORIES: Record<string, Story> = { ...account, ...posts, ...comments, ...moderation, ...trust, ...administration };

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
