import type { Page } from "@playwright/test";

import { content, write } from "../support/editor";
import { png } from "../support/png";
import { expect, test } from "../support/test";

const WIDE = { width: 1100, height: 800 };
const NARROW = { width: 1099, height: 800 };

/** The preview beside the text. */
const beside = (page: Page) => page.getByRole("region", { name: "Preview" });

/** Collects the texts of preview requests, and the maximum number of concurrent requests. */
function countPreviews(page: Page) {
  const counted = { sent: [] as string[], atOnce: 0 };
  let open = 0;
  page.on("request", (request) => {
    if (!request.url().endsWith("/_/preview")) return;
    counted.sent.push(new URLSearchParams(request.postData() ?? "").get("form[content]") ?? new URLSearchParams(request.postData() ?? "").get("content") ?? "");
    counted.atOnce = Math.max(counted.atOnce, (open += 1));
  });
  for (const end of ["requestfinished", "requestfailed"] as const) {
    page.on(end, (request) => request.url().endsWith("/_/preview") && (open -= 1));
  }
  return counted;
}

test("where there is room, the preview stands beside the text and follows it", { tag: "@main" }, async ({ page, person }) => {
  await page.setViewportSize(WIDE);
  await write(page, person);
  await expect(beside(page)).toContainText("Nothing to preview yet.");
  await expect(page.getByRole("tab")).toHaveCount(0);
  const counted = countPreviews(page);
  await content(page).pressSequentially("Some *words* that are typed, one after the other, and shown while they are.");
  await expect(beside(page).locator(".prose")).toHaveText("Some words that are typed, one after the other, and shown while they are.");
  await expect(beside(page).locator("em")).toHaveText("words");
  await expect(content(page)).toBeFocused();
  expect(counted.atOnce).toBe(1);
  expect(counted.sent.length).toBeLessThan(10);
  const [text, preview] = [await content(page).boundingBox(), await beside(page).boundingBox()];
  expect(text!.x + text!.width).toBeLessThanOrEqual(preview!.x);
  expect(Math.abs(text!.y + text!.height - preview!.y - preview!.height)).toBeLessThan(2);
  // A screen reader reads the preview when the user moves to it, not while they write.
  await expect(beside(page)).not.toHaveAttribute("aria-live");
  await content(page).fill("");
  await expect(beside(page)).toContainText("Nothing to preview yet.");
});

test("what has not changed stays in the preview as it is", async ({ page, person }) => {
  await page.setViewportSize(WIDE);
  await write(page, person);
  await content(page).fill("First\n\nSecond\n\nThird");
  const paragraphs = beside(page).locator("p:not(.preview-note)");
  await expect(paragraphs).toHaveText(["First", "Second", "Third"]);
  await paragraphs.evaluateAll((all) => all.forEach((paragraph) => Object.assign(paragraph, { seen: true })));
  await content(page).fill("First\n\nSecond, another\n\nAnd one more\n\nThird");
  await expect(paragraphs).toHaveText(["First", "Second, another", "And one more", "Third"]);
  expect(await paragraphs.evaluateAll((all) => all.map((paragraph) => "seen" in paragraph))).toEqual([
    true,
    false,
    false,
    true,
  ]);
});

test("the preview scrolls along with the text", async ({ page, person }) => {
  await page.setViewportSize(WIDE);
  await write(page, person);
  const lines = Array.from({ length: 120 }, (_, line) => `Line ${line} of many.`);
  await content(page).fill(lines.join("\n\n"));
  await expect(beside(page)).toContainText("Line 119");
  const scroll = (part: number) =>
    content(page).evaluate((area, part) => area.scrollTo(0, (area.scrollHeight - area.clientHeight) * part), part);
  const shown = () => beside(page).evaluate((side) => side.scrollTop / (side.scrollHeight - side.clientHeight));
  await scroll(0.5);
  await expect.poll(shown).toBeGreaterThan(0.4);
  expect(await shown()).toBeLessThan(0.6);
  await scroll(1);
  await expect.poll(shown).toBeGreaterThan(0.95);
  await content(page).press("ControlOrMeta+End");
  await content(page).pressSequentially(" The end.");
  await expect(beside(page).getByText("The end.")).toBeInViewport();
});

test("a preview that cannot be had says why, keeps what it shows, and comes when it can be had", async ({
  page,
  person,
  expectNotes,
}) => {
  expectNotes(/ERR_FAILED/, /status of 429/);
  await page.setViewportSize(WIDE);
  await write(page, person);
  await content(page).fill("Seen");
  await expect(beside(page).locator(".prose")).toHaveText("Seen");
  await page.route("**/_/preview", (route) => route.abort());
  await content(page).fill("Not seen yet");
  await expect(beside(page).getByRole("status")).toContainText("The site is temporarily unavailable");
  await expect(beside(page).locator(".prose")).toHaveText("Seen");
  await page.unroute("**/_/preview");
  await expect(beside(page).locator(".prose")).toHaveText("Not seen yet", { timeout: 15_000 });
  await expect(page.locator("#preview [role=status]")).toHaveText("");
});

test("below that, it is behind a tab", { tag: "@main" }, async ({ page, person }) => {
  await page.setViewportSize(NARROW);
  await write(page, person);
  const counted = countPreviews(page);
  await content(page).fill("Some *words*");
  await expect(page.locator("#preview")).toBeHidden();
  await page.getByRole("tab", { name: "Write" }).focus();
  await page.keyboard.press("ArrowRight");
  await expect(page.getByRole("tab", { name: "Preview" })).toBeFocused();
  await expect(page.getByRole("tabpanel", { name: "Preview" }).locator("em")).toHaveText("words");
  await expect(content(page)).toBeHidden();
  expect(counted.sent).toHaveLength(1);
  // If the window becomes wider, both are shown, whichever tab was selected.
  await page.setViewportSize(WIDE);
  await expect(beside(page).locator("em")).toHaveText("words");
  await expect(content(page)).toBeVisible();
  await page.setViewportSize(NARROW);
  await expect(page.getByRole("tabpanel", { name: "Preview" })).toBeVisible();
});

test("a picture in the preview is not loaded anew at every letter", async ({ page, person }) => {
  await page.setViewportSize(WIDE);
  await write(page, person);
  const sent = await page.request.post("/post/image", {
    multipart: { image: { name: "a.png", mimeType: "image/png", buffer: png(60, 40, [9, 99, 9]) } },
    headers: { accept: "application/json" },
  });
  await content(page).fill(`![Green](/media/image/${await sent.json()})\n\nText`);
  const picture = beside(page).getByRole("img", { name: "Green" });
  await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(60);
  await picture.evaluate((image) => Object.assign(image, { seen: true }));
  await content(page).press("ControlOrMeta+End");
  await content(page).pressSequentially(", and more");
  await expect(beside(page)).toContainText("Text, and more");
  expect(await picture.evaluate((image) => "seen" in image)).toBe(true);
});
