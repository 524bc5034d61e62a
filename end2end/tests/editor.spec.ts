import { content, write } from "../support/editor";
import { png } from "../support/png";
import { expect, ready, test } from "../support/test";

test("a text is kept as a draft, found again, and published", { tag: "@main" }, async ({ page, person }) => {
  await person.register(page);
  await person.logIn(page);
  await page.goto("/post/new");
  await ready(page);
  await page.getByLabel("Title", { exact: true }).fill("Half a thought");
  await page.getByLabel("Content", { exact: true }).fill("The *first* half");
  await page.getByRole("button", { name: "Save draft" }).click();
  await expect(page).toHaveURL(/\/post\/new\?draft=\d+/);
  await page.goto("/account/drafts");
  await ready(page);
  await page.getByRole("link", { name: "Half a thought", exact: true }).click();
  await expect(page.getByLabel("Content", { exact: true })).toHaveValue("The *first* half");
  await ready(page);
  await page.getByLabel("Title", { exact: true }).fill("A whole thought");
  await page.getByRole("button", { name: "Publish" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("A whole thought");
  await expect(page.locator(".post .prose em")).toHaveText("first");
  await page.goto("/account/drafts");
  await expect(page.locator("main")).toContainText("You have no drafts.");
});

test("a draft is discarded after a question", { tag: "@main" }, async ({ page, person, javaScriptEnabled }) => {
  await person.register(page);
  await person.logIn(page);
  await page.goto("/post/new");
  await ready(page);
  await page.getByLabel("Title", { exact: true }).fill("A false start");
  await page.getByRole("button", { name: "Save draft" }).click();
  await expect(page).toHaveURL(/\/post\/new\?draft=\d+/);
  await page.goto("/account/drafts");
  await ready(page);
  const discard = page.getByRole("link", { name: "Discard the draft “A false start”" });
  const question = page.getByRole("heading", { name: "Discard this draft?" });
  await discard.click();
  await expect(question).toBeVisible();
  // The confirmation is a dialog with JavaScript, and a page without.
  await expect(page.getByRole("dialog")).toHaveCount(javaScriptEnabled === false ? 0 : 1);
  await page.getByRole("button", { name: "Cancel" }).or(page.getByRole("link", { name: "Keep it" })).click();
  await expect(question).toBeHidden();
  await discard.click();
  await page.getByRole("button", { name: "Discard draft" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Drafts");
  await expect(page.locator("main")).toContainText("You have no drafts.");
  await expect(page.getByRole("status")).toHaveText("The draft has been discarded.");
  await expect(question).toBeHidden();
});

test("without a way to count, nothing is said of how long a text is", async ({ page, person, javaScriptEnabled }) => {
  await write(page, person);
  await content(page).fill("Some words");
  const length = page.locator(".editor-length");
  if (javaScriptEnabled === false) await expect(length).toBeHidden();
  else await expect(length).toHaveText("2 words · 1 min read");
});

test("in a long text, all that one presses stays in sight and hides nothing that has the focus", { tag: "@main" }, async ({ page, person }) => {
  await write(page, person);
  const publish = page.getByRole("button", { name: "Publish" });
  const bold = page.getByRole("button", { name: "Bold" });
  const text = Array.from({ length: 150 }, (_, line) => `Line ${line}`).join("\n\n");
  for (const width of [360, 768, 1280]) {
    await page.setViewportSize({ width, height: 800 });
    await content(page).fill(text);
    await content(page).press("ControlOrMeta+End");
    await content(page).pressSequentially("!");
    await expect(publish).toBeInViewport({ ratio: 1 });
    if (await bold.isVisible()) await expect(bold).toBeInViewport({ ratio: 1 });
    // The cursor is in the last line of the text.
    const hidden = await content(page).evaluate((area) => {
      const foot = document.querySelector(".editor-foot")!.getBoundingClientRect();
      const isScrolled = area.scrollTop > 0;
      return !isScrolled && area.getBoundingClientRect().bottom - 12 > foot.top;
    });
    expect(hidden, `the last line at ${width}`).toBe(false);
    for (const label of ["Title", "Tags"]) {
      const field = page.getByLabel(label, { exact: true });
      await field.focus();
      const at = await field.evaluate((field) => {
        const box = field.getBoundingClientRect();
        return document.elementFromPoint(box.x + 5, box.y + 5) === field;
      });
      expect(at, `${label} at ${width}`).toBe(true);
    }
  }
});

test("a post is changed, and says when", async ({ page, person }) => {
  await person.register(page);
  await person.logIn(page);
  await person.publish(page, "First title", "First text");
  await page.getByRole("link", { name: "Update", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Update post");
  await expect(page.getByLabel("Title", { exact: true })).toHaveValue("First title");
  await ready(page);
  await page.getByLabel("Title", { exact: true }).fill("Second title");
  await page.getByLabel("Content", { exact: true }).fill("Second text");
  await page.getByRole("button", { name: "Publish changes" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Second title");
  await expect(page.getByRole("status")).toHaveText("Your changes have been published.");
  await expect(page).toHaveURL(/\d+-second-title$/);
  await expect(page.locator(".post .prose")).toHaveText("Second text");
});

test("a post is deleted after a question, and brought back", async ({ page, person }) => {
  await person.register(page);
  await person.logIn(page);
  await person.publish(page, "Not for long", "text");
  const address = page.url();
  await page.getByRole("link", { name: "Delete", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Delete this post?" })).toBeVisible();
  await page.getByRole("button", { name: "Delete post" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Trash");
  await expect(page.getByRole("status")).toContainText("in the trash");
  await ready(page);
  await page.getByRole("button", { name: "Restore “Not for long”" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Not for long");
  await expect(page).toHaveURL(address);
});

// DUR-08
test("two windows that change one text: both texts are shown, and one is chosen", async ({
  page,
  person,
  context,
  expectNotes,
}) => {
  expectNotes(/status of 409/);
  await person.register(page);
  await person.logIn(page);
  await person.publish(page, "Shared", "First");
  const address = page.url();
  await page.getByRole("link", { name: "Update", exact: true }).click();
  await expect(page.getByLabel("Content", { exact: true })).toHaveValue("First");
  await ready(page);
  const other = await context.newPage();
  await other.goto(page.url());
  await ready(other);
  await other.getByLabel("Content", { exact: true }).fill("From the other window");
  await other.getByRole("button", { name: "Publish changes" }).click();
  await expect(other.getByRole("heading", { level: 1 })).toHaveText("Shared");

  await page.getByLabel("Content", { exact: true }).fill("From this window");
  await page.getByRole("button", { name: "Publish changes" }).click();
  await expect(page.getByRole("textbox", { name: "The other text" })).toHaveValue("From the other window");
  await expect(page.getByLabel("Content", { exact: true })).toHaveValue("From this window");
  const keep = page.getByRole("button", { name: "Keep the text below" });
  if (await keep.isVisible()) await keep.click();
  await page.getByRole("button", { name: "Publish changes" }).click();
  await expect(page.locator(".post .prose")).toHaveText("From this window");
  await expect(page).toHaveURL(address);
});

// DUR-08
test("a draft that another window has published is not published a second time unseen", async ({
  page,
  person,
  context,
  expectNotes,
}) => {
  expectNotes(/status of 409/, /status of 404/);
  await person.register(page);
  await person.logIn(page);
  await page.goto("/post/new");
  await ready(page);
  await page.getByLabel("Title", { exact: true }).fill("One text");
  await page.getByLabel("Content", { exact: true }).fill("As it was");
  await page.getByRole("button", { name: "Save draft" }).click();
  await expect(page).toHaveURL(/\/post\/new\?draft=\d+/);
  const other = await context.newPage();
  await other.goto(page.url());
  await ready(other);
  await other.getByRole("button", { name: "Publish" }).click();
  await expect(other.getByRole("heading", { level: 1 })).toHaveText("One text");

  await page.getByLabel("Content", { exact: true }).fill("As it became");
  await page.getByRole("button", { name: "Publish" }).click();
  await expect(page.getByRole("heading", { name: "This draft no longer exists" })).toBeVisible();
  await expect(page.getByLabel("Content", { exact: true })).toHaveValue("As it became");
  await other.goto(`/user/${person.username}`);
  await expect(other.getByRole("article")).toHaveCount(1);

  const keep = page.getByRole("button", { name: "Keep the text below as a new draft" });
  if (await keep.isVisible()) await keep.click();
  await page.getByRole("button", { name: "Publish" }).click();
  await expect(page.locator(".post .prose")).toHaveText("As it became");
  await other.reload();
  await expect(other.getByRole("article")).toHaveCount(2);
});

test("a picture can be sent by itself, and says how it comes into a text", async ({ page, person, expectNotes }) => {
  expectNotes(/status of 415/);
  await person.register(page);
  await person.logIn(page);
  await page.goto("/post/image");
  await ready(page);
  await page.getByLabel("Picture").setInputFiles({ name: "a.txt", mimeType: "text/plain", buffer: Buffer.from("text") });
  await page.getByRole("button", { name: "Upload picture" }).click();
  await expect(page.getByRole("alert")).toContainText("Choose a JPEG, PNG, WebP or GIF file");
  await page.getByLabel("Picture").setInputFiles({ name: "a.png", mimeType: "image/png", buffer: png(60, 40, [9, 9, 99]) });
  await page.getByRole("button", { name: "Upload picture" }).click();
  const markdown = page.getByLabel("Markdown");
  await expect(markdown).toHaveValue(/^!\[\]\(\/media\/image\/[0-9a-f-]+-60-40\.webp\)$/);
  const picture = page.getByRole("img", { name: "The picture" });
  await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(60);

  const text = (await markdown.inputValue()).replace("[]", "[A blue field]");
  await person.publish(page, "With a picture", text);
  await expect(page.getByRole("img", { name: "A blue field" })).toBeVisible();
});

// XSS-05
test("a hostile text runs nothing, neither in the preview nor on its page", async ({ page, person, expectNotes }) => {
  expectNotes(/status of 404/, /net::ERR_/);
  let dialogs = 0;
  page.on("dialog", (dialog) => {
    dialogs += 1;
    return dialog.dismiss();
  });
  await person.register(page);
  await person.logIn(page);
  await page.goto("/post/new");
  await ready(page);
  const hostile = [
    "<script>alert(1)</script>",
    "<img src=/x onerror=alert(2)>",
    "[x](javascript:alert(3))",
    "<svg onload=alert(4)><style>*{color:red}</style>",
    "<a href='&#106;avascript:alert(5)'>y</a>",
    "```html\n</code></pre><script>alert(6)</script>\n```",
    "# <img src=/x onerror=alert(7)>",
    "![\" onerror=alert(8) x=\"](/x)",
    "[^1]\n\n[^1]: <iframe src=javascript:alert(9)></iframe>",
  ].join("\n\n");
  await page.getByLabel("Title", { exact: true }).fill("Hostile");
  await page.getByLabel("Content", { exact: true }).fill(`seen ${hostile}`);
  const button = page.getByRole("button", { name: "Preview" });
  // With JavaScript, the preview is beside the text already.
  if (await button.isVisible()) await button.click();
  const prose = page.locator(".prose");
  await expect(prose).toContainText("seen");
  const assertInert = async () => {
    expect(await prose.locator("script, style, iframe, svg, form, [onerror], [onload], [style]").count()).toBe(0);
    const links = await prose.locator("a").evaluateAll((links) => links.map((link) => link.getAttribute("href") ?? ""));
    expect(links.filter((href) => /javascript|data:/i.test(href))).toEqual([]);
  };
  await assertInert();
  await page.getByRole("button", { name: "Publish" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Hostile");
  await expect(prose).toContainText("seen");
  await assertInert();
  expect(dialogs).toBe(0);
});
