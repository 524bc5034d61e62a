import type { Page } from "@playwright/test";

import { keep } from "../support/secrets";
import { expect, ready, test } from "../support/test";

/** Returns the time in so many milliseconds, as a clock in UTC shows it. */
const clock = (milliseconds: number) => new Date(Date.now() + milliseconds).toISOString().slice(0, 16);
const HOUR = 3_600_000;

/** Writes a text and schedules it. */
async function schedule(page: Page, title: string, at: string, zone: string) {
  await page.goto("/post/new");
  await ready(page);
  await page.getByLabel("Title", { exact: true }).fill(title);
  await page.getByLabel("Content", { exact: true }).fill("text");
  await page.getByText("Publish later").click();
  await page.getByLabel("Date and time").fill(at);
  await page.getByLabel("Time zone").fill(zone);
  await page.getByRole("button", { name: "Schedule" }).click();
}

test("a writer schedules a draft, changes the time, and unschedules it", async ({ page, person }) => {
  await person.register(page);
  await person.logIn(page);
  await schedule(page, "Later", clock(2 * HOUR), "UTC");
  await expect(page.getByRole("status").first()).toHaveText("Your draft has been saved, and will be published at that time.");
  const row = page.getByRole("listitem").filter({ hasText: "Later" });
  await expect(row).toContainText("To be published");

  await ready(page);
  await row.getByRole("link", { name: "Later", exact: true }).click();
  await expect(page.getByText("This draft is going to be published on")).toBeVisible();
  await ready(page);
  const next = clock(5 * HOUR);
  await page.getByLabel("Date and time").fill(next);
  await page.getByRole("button", { name: "Schedule" }).click();
  await expect(page).toHaveURL(/\/account\/drafts$/);
  await ready(page);
  await row.getByRole("link", { name: "Later", exact: true }).click();
  await expect(page.getByLabel("Date and time")).toHaveValue(next);

  await page.goto("/account/drafts");
  await ready(page);
  await row.getByRole("button", { name: "Do not publish “Later” by itself" }).click();
  await expect(page.getByRole("status").first()).toHaveText("The draft will not be published by itself any more.");
  await expect(row).not.toContainText("To be published");
});

test("a text with a later time is not published at once by the other button", async ({ page, person, expectNotes }) => {
  expectNotes(/422/);
  await person.register(page);
  await person.logIn(page);
  await page.goto("/post/new");
  await ready(page);
  await page.getByLabel("Title", { exact: true }).fill("Not yet");
  await page.getByLabel("Content", { exact: true }).fill("text");
  await page.getByText("Publish later").click();
  await page.getByLabel("Date and time").fill(clock(2 * HOUR));
  await page.getByLabel("Time zone").fill("UTC");
  await page.getByRole("button", { name: "Publish", exact: true }).click();
  await expect(page.getByRole("alert").filter({ hasText: "There is a problem" })).toContainText("Press “Schedule”");
  await page.getByRole("button", { name: "Schedule" }).click();
  await expect(page).toHaveURL(/\/account\/drafts$/);
  // A scheduled draft can be published at once all the same.
  await ready(page);
  await page.getByRole("link", { name: "Not yet", exact: true }).click();
  await ready(page);
  await page.getByRole("button", { name: "Publish", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Not yet");
});

test("a time that is over is refused, and nothing is lost", async ({ page, person, expectNotes }) => {
  expectNotes(/422/);
  await person.register(page);
  await person.logIn(page);
  await schedule(page, "Too late", clock(-HOUR), "UTC");
  const summary = page.getByRole("alert").filter({ hasText: "There is a problem" });
  await expect(summary).toContainText("Enter a time that is not over yet, or publish now");
  await expect(page.getByLabel("Title", { exact: true })).toHaveValue("Too late");
  await expect(page.getByLabel("Date and time")).toBeVisible();
});

test("the time zone is that of the browser @only-with-JavaScript", async ({ openContext, person }) => {
  const page = await (await openContext({ timezoneId: "America/New_York" })).newPage();
  await person.register(page);
  await person.logIn(page);
  await page.goto("/post/new");
  await ready(page);
  await expect(page.getByLabel("Time zone")).toHaveValue("America/New_York");
});

test("somebody reads a draft with a link until it is published", async ({ page, person, openContext, expectNotes }) => {
  await person.register(page);
  await person.logIn(page);
  await page.request.post("/post/new", { form: { title: "A draft", content: "first words", intent: "save" } });
  await page.goto("/account/drafts");
  await page.getByRole("link", { name: "Share the draft “A draft”" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Share a draft");
  await ready(page);
  await page.getByLabel("Whom it is for").fill("My editor");
  await page.getByRole("button", { name: "Create link" }).click();
  const row = page.getByRole("listitem").filter({ hasText: "My editor" });
  const link = await row.getByRole("code").textContent();
  if (!link) throw new Error("no link");
  keep([{ kind: "token", value: link.slice(link.lastIndexOf("/") + 1) }]);

  const reader = await (await openContext()).newPage();
  const answer = await reader.goto(link);
  expect(answer?.headers()).toMatchObject({ "cache-control": "no-store", "referrer-policy": "no-referrer", "x-robots-tag": "noindex" });
  await expect(reader.getByRole("heading", { level: 1 })).toHaveText("A draft");
  await expect(reader.getByText("This draft is not published.")).toBeVisible();
  await expect(reader.getByText("first words")).toBeVisible();

  await page.goto("/account/drafts");
  await ready(page);
  await page.getByRole("link", { name: "A draft", exact: true }).click();
  await ready(page);
  await page.getByRole("button", { name: "Publish", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("A draft");
  await reader.goto(link);
  expect(new URL(reader.url()).pathname).toBe(new URL(page.url()).pathname);

  // A link that is revoked says so.
  expectNotes(/410/);
  await page.request.post("/post/new", { form: { title: "Another", content: "text", intent: "save" } });
  await page.goto("/account/drafts");
  await page.getByRole("link", { name: "Share the draft “Another”" }).click();
  await ready(page);
  await page.getByRole("button", { name: "Create link" }).click();
  const other = await page.getByRole("listitem").getByRole("code").textContent();
  if (!other) throw new Error("no link");
  await ready(page);
  await page.getByRole("button", { name: /Revoke the link/ }).click();
  await expect(page.getByText("Nobody else can read this draft.")).toBeVisible();
  expect((await reader.goto(other))?.status()).toBe(410);
});
