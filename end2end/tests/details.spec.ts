import type { Page } from "@playwright/test";

import { png } from "../support/png";
import { expect, ready, test } from "../support/test";

/** Opens the settings of the post in the editor. */
async function openSettings(page: Page) {
  await ready(page);
  await page.getByText("Post settings").click();
}

test("a writer chooses who reads a post", async ({ page, person, openContext }) => {
  await person.register(page);
  await person.logIn(page);
  await page.goto("/post/new");
  await openSettings(page);
  await page.getByLabel("Title", { exact: true }).fill("Among us");
  await page.getByLabel("Content", { exact: true }).fill("For members.");
  await page.getByLabel(/^Members:/).check();
  await page.getByRole("button", { name: "Publish", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Among us");
  await expect(page.getByRole("article").getByText("Members only")).toBeVisible();
  const post = page.url();

  // A visitor is led to the login page and then back, and does not learn the title before.
  const visitor = await (await openContext()).newPage();
  await visitor.goto(post);
  await expect(visitor).toHaveURL(/\/login\?next=/);
  await expect(visitor.getByText("Among us")).toHaveCount(0);
  expect(await visitor.title()).not.toContain("Among us");
  await ready(visitor);
  await person.fillLogin(visitor);
  await expect(visitor.getByRole("heading", { level: 1 })).toHaveText("Among us");

  // It is in no list but the author's own.
  await page.goto(`/user/${person.username}`);
  await expect(page.getByRole("link", { name: "Among us" })).toHaveCount(0);
  await page.goto("/account/unlisted");
  await expect(page.getByRole("listitem").filter({ hasText: "Among us" })).toContainText("Members only");
  await ready(page);
  await page.getByRole("link", { name: "Update “Among us”" }).click();
  await openSettings(page);
  await expect(page.getByLabel(/^Members:/)).toBeChecked();
  await page.getByLabel(/^Public:/).check();
  await page.getByRole("button", { name: "Publish changes" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Among us");
  await page.goto(`/user/${person.username}`);
  await expect(page.getByRole("link", { name: "Among us" })).toBeVisible();
});

test("an unlisted post is there for whoever knows its address, and not for search engines", async ({ page, person, openContext }) => {
  await person.register(page);
  await person.logIn(page);
  await page.request.post("/post/new", { form: { title: "By the way", content: "text", visibility: "unlisted", intent: "publish" } });
  await page.goto("/account/unlisted");
  await page.getByRole("link", { name: "By the way", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("By the way");
  const visitor = await (await openContext()).newPage();
  await visitor.goto(page.url());
  await expect(visitor.getByRole("heading", { level: 1 })).toHaveText("By the way");
  await expect(visitor.locator("meta[name=robots]")).toHaveAttribute("content", "noindex");
});

test("the editor of a post with a cover shows the cover, and publishes @main", async ({ page, person }) => {
  await person.register(page);
  await person.logIn(page);
  const upload = await page.request.post("/post/image", {
    headers: { accept: "application/json" },
    multipart: { image: { name: "lake.png", mimeType: "image/png", buffer: png(160, 90, [40, 90, 160]) } },
  });
  const cover = (await upload.text()).replaceAll('"', "");
  const form = { title: "The lake", content: "text", cover, intent: "publish" };
  const published = await page.request.post("/post/new", { form, headers: { accept: "text/html" } });
  await page.goto(published.url());
  await page.goto(`/post/update?post=${page.url().match(/\/post\/(\d+)/)![1]}`);
  await openSettings(page);
  await expect(page.getByRole("img", { name: "The cover" })).toHaveAttribute("src", `/media/image/${cover}`);
  await page.getByLabel("Content", { exact: true }).fill("Another text");
  await page.getByRole("button", { name: "Publish changes" }).click();
  await expect(page.getByRole("article")).toContainText("Another text");
});

test("a post carries a cover, a subtitle and a table of contents", async ({ page, person, openContext }) => {
  await person.register(page);
  await person.logIn(page);
  const upload = await page.request.post("/post/image", {
    headers: { accept: "application/json" },
    multipart: { image: { name: "lake.png", mimeType: "image/png", buffer: png(1600, 900, [40, 90, 160]) } },
  });
  const name = (await upload.text()).replaceAll('"', "");
  await page.goto("/post/new");
  await openSettings(page);
  await page.getByLabel("Title", { exact: true }).fill("The lake");
  await page.getByLabel("Content", { exact: true }).fill("# Morning\n\ntext\n\n# Evening\n\n```\nlet lake = 1;\n```\n");
  await page.getByLabel("Subtitle").fill("A day at the water");
  await page.getByLabel("Excerpt").fill("What a day it was.");
  await page.getByLabel("Show a table of contents").check();
  await page.getByLabel("Cover", { exact: true }).fill(`/media/image/${name}`);
  await page.getByLabel("What the cover shows").fill("A lake at dawn");
  await page.getByLabel("Caption of the cover").fill("Seen in May");
  await page.getByLabel("Words of the address").fill("A day at the lake");
  await page.getByLabel("First published at").fill("https://elsewhere.example/lake");
  await page.getByLabel("Language").fill("en-GB");
  await page.getByRole("button", { name: "Publish", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("The lake");
  await expect(page).toHaveURL(/\/post\/\d+-a-day-at-the-lake$/);

  const reader = await (await openContext()).newPage();
  await reader.goto(page.url());
  const article = reader.getByRole("article");
  await expect(article.getByRole("heading", { level: 1 })).toHaveAttribute("lang", "en-GB");
  await expect(article.getByText("A day at the water")).toBeVisible();
  await expect(article.getByRole("img", { name: "A lake at dawn" })).toBeVisible();
  await expect(article.getByText("Seen in May")).toBeVisible();
  await article.getByRole("navigation", { name: "Contents" }).getByRole("link", { name: "Evening" }).click();
  await expect(reader).toHaveURL(/#in-evening$/);
  await expect(reader.locator("link[rel=canonical]")).toHaveAttribute("href", "https://elsewhere.example/lake");
  await expect(reader.locator("meta[property='og:image']")).toHaveAttribute("content", new RegExp(name));
  await reader.goto(`/user/${person.username}`);
  const card = reader.getByRole("article").filter({ hasText: "The lake" });
  await expect(card.getByText("What a day it was.")).toBeVisible();
  await expect(card.locator("img.u-photo")).toHaveAttribute("alt", "A lake at dawn");
});

test("a problem in the settings of a post is shown there, and nothing is lost", async ({ page, person, expectNotes }) => {
  expectNotes(/422/);
  await person.register(page);
  await person.logIn(page);
  await page.goto("/post/new");
  await openSettings(page);
  await page.getByLabel("Title", { exact: true }).fill("Wrong");
  await page.getByLabel("Content", { exact: true }).fill("text");
  await page.getByLabel("First published at").fill("not an address");
  await page.getByLabel("Subtitle").fill("Kept");
  await page.getByRole("button", { name: "Publish", exact: true }).click();
  const summary = page.getByRole("alert").filter({ hasText: "There is a problem" });
  await expect(summary).toContainText("Enter a web address like https://example.com");
  await expect(page.getByLabel("First published at")).toBeVisible();
  await expect(page.getByLabel("First published at")).toHaveValue("not an address");
  await expect(page.getByLabel("Subtitle")).toHaveValue("Kept");
});

test("code has a button that copies it @only-with-JavaScript", async ({ page, person, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await person.register(page);
  await person.logIn(page);
  await person.publish(page, "Code", "```\nlet lake = 1;\n```\n");
  await page.getByRole("button", { name: "Copy" }).click();
  await expect(page.getByRole("button", { name: "Copied" })).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe("let lake = 1;\n");
});
