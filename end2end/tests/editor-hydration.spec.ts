import { content, saveStatus, write } from "../support/editor";
import { png } from "../support/png";
import { expect, test } from "../support/test";
import type { Locator } from "@playwright/test";

test("a title that is too long is told at once, and the text stays here", async ({ page, person }) => {
  await write(page, person);
  await page.getByLabel("Title", { exact: true }).fill("x".repeat(151));
  await content(page).fill("Some text");
  await expect(page.locator(".editor-trouble")).toContainText("Enter a title of at most 150 characters");
  await expect(saveStatus(page)).toHaveText("Kept in this browser");
  await expect(page.getByRole("region", { name: "Preview" }).locator(".prose")).toHaveText("Some text");
});

test("Enter in the title saves and publishes nothing", async ({ page, person }) => {
  await write(page, person);
  await content(page).fill("Not yet finished");
  await page.getByLabel("Title", { exact: true }).fill("A title");
  await page.getByLabel("Title", { exact: true }).press("Enter");
  await expect(saveStatus(page)).toHaveText(/^Saved/);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("New post");
  await page.goto(`/user/${person.username}`);
  await expect(page.getByRole("article")).toHaveCount(0);
});

test("buttons and keys mark text, and it can be undone", { tag: "@main" }, async ({ page, person }) => {
  await write(page, person);
  await content(page).fill("one two");
  await content(page).press("ControlOrMeta+A");
  await page.getByRole("button", { name: "Bold" }).click();
  await expect(content(page)).toHaveValue("**one two**");
  await content(page).press("ControlOrMeta+Z");
  await expect(content(page)).toHaveValue("one two");
  await content(page).press("ControlOrMeta+A");
  await content(page).press("ControlOrMeta+I");
  await expect(content(page)).toHaveValue("*one two*");
  for (const [keys, text] of [
    ["ControlOrMeta+Shift+Digit9", "> a"],
    ["ControlOrMeta+Shift+Digit8", "- a"],
    ["ControlOrMeta+Alt+Digit2", "## a"],
    ["ControlOrMeta+E", "`a`"],
    ["ControlOrMeta+K", "[a](https://)"],
  ]) {
    await content(page).fill("a");
    await content(page).press("ControlOrMeta+A");
    await content(page).press(keys);
    await expect(content(page)).toHaveValue(text);
  }
  await page.getByLabel("Title", { exact: true }).fill("By keys alone");
  await page.keyboard.press("ControlOrMeta+S");
  await expect(saveStatus(page)).toHaveText(/^Saved/);
  await page.keyboard.press("ControlOrMeta+NumpadEnter");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("By keys alone");
  await page.getByRole("link", { name: "Update", exact: true }).click();
  await content(page).fill("By the other key");
  await page.keyboard.press("ControlOrMeta+Enter");
  await expect(page.locator(".post .prose")).toHaveText("By the other key");
});

test("the key that begins bold text leaves it", { tag: "@main" }, async ({ page, person }) => {
  await write(page, person);
  await content(page).pressSequentially("A ");
  await content(page).press("ControlOrMeta+B");
  await content(page).pressSequentially("bold");
  await content(page).press("ControlOrMeta+B");
  await content(page).pressSequentially(" word, ");
  await content(page).press("ControlOrMeta+I");
  await content(page).pressSequentially("a slanted one ");
  await content(page).press("ControlOrMeta+I");
  await content(page).pressSequentially("and ");
  await content(page).press("ControlOrMeta+E");
  await content(page).pressSequentially("code");
  await content(page).press("ControlOrMeta+E");
  await content(page).pressSequentially(".");
  await expect(content(page)).toHaveValue("A **bold** word, *a slanted one* and `code`.");
});

test("keys that belong to an input method do nothing else", async ({ page, person }) => {
  await write(page, person);
  /** Sends the Enter key as a browser does during input method composition. In Safari, only the key code shows this. */
  const compose = (label: string, event: KeyboardEventInit) =>
    page.getByLabel(label, { exact: true }).evaluate((field, event) => {
      const key = new KeyboardEvent("keydown", { key: "Enter", code: "Enter", bubbles: true, cancelable: true, ...event });
      return field.dispatchEvent(key);
    }, event);
  await page.getByLabel("Title", { exact: true }).fill("題");
  await content(page).fill("- 文");
  await content(page).press("End");
  for (const event of [{ isComposing: true }, { keyCode: 229 }]) {
    expect(await compose("Content", event)).toBe(true);
    expect(await compose("Content", { ...event, ctrlKey: true })).toBe(true);
  }
  await expect(content(page)).toHaveValue("- 文");
  await content(page).press("Enter");
  await expect(content(page)).toHaveValue("- 文\n- ");

  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Picture" }).click();
  await (await chooser).setFiles({ name: "a.png", mimeType: "image/png", buffer: png(8, 8, [1, 2, 3]) });
  await page.getByLabel("Description").fill("犬");
  for (const event of [{ isComposing: true }, { keyCode: 229 }]) {
    expect(await compose("Description", event)).toBe(true);
  }
  await expect(page.getByRole("dialog", { name: "Add a picture" })).toBeVisible();
  await page.getByLabel("Description").press("Enter");
  await expect(content(page)).toHaveValue(/!\[犬\]/);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("New post");
});

test("what was wrong goes when it is corrected and saved, and takes nobody away from what they write", async ({ page, person }) => {
  await write(page, person);
  await page.getByRole("button", { name: "Publish" }).click();
  const summary = page.locator(".summary");
  await expect(summary).toBeFocused();
  await expect(summary.getByRole("listitem")).toHaveText(["Enter a title", "Enter some content"]);
  await page.getByLabel("Title", { exact: true }).fill("A title");
  await expect(saveStatus(page)).toHaveText(/^Saved/);
  await expect(summary.getByRole("listitem")).toHaveText(["Enter some content"]);
  await expect(page.locator("#title-error")).toHaveCount(0);
  await expect(page.getByLabel("Title", { exact: true })).not.toHaveAttribute("aria-invalid");
  await expect(page.getByLabel("Title", { exact: true })).toBeFocused();
  // Submitting again moves the focus to the remaining error.
  await page.getByRole("button", { name: "Publish" }).click();
  await expect(summary).toBeFocused();
  await content(page).fill("Text");
  await expect(summary).toHaveCount(0);
  await expect(page.locator(".field-error")).toHaveCount(0);
  await expect(page).toHaveTitle("New post · Broadsheet");
  await expect(content(page)).toBeFocused();
});

test("Enter goes on with a list, and ends it in an empty item", async ({ page, person }) => {
  await write(page, person);
  await content(page).pressSequentially("- one");
  await content(page).press("Enter");
  await content(page).pressSequentially("two");
  await content(page).press("Enter");
  await content(page).press("Enter");
  await content(page).pressSequentially("After");
  await expect(content(page)).toHaveValue("- one\n- two\n\nAfter");
  await content(page).fill("1. one");
  await content(page).press("End");
  await content(page).press("Enter");
  await expect(content(page)).toHaveValue("1. one\n2. ");
  await content(page).press("ControlOrMeta+Z");
  await expect(content(page)).toHaveValue("1. one");
  await content(page).fill("a");
  await content(page).press("ControlOrMeta+A");
  for (const text of ["[a](https://)", "a"]) {
    await content(page).press("ControlOrMeta+K");
    await expect(content(page)).toHaveValue(text);
  }
});

test("the preview is the page", async ({ page, person }) => {
  await write(page, person);
  await page.getByLabel("Title", { exact: true }).fill("Twice the same");
  await content(page).fill("# Part\n\n- [x] done\n\na|b\n-|-:\n1|2\n\n```rust\nlet x = 1;\n```\n\nNote[^1].\n\n[^1]: Here.");
  const preview = page.getByRole("region", { name: "Preview" }).locator(".prose");
  await expect(preview.locator(".code-keyword")).toHaveText("let");
  // Ignores the markers of the positions at which the client has rendered something, and the buttons that copy code.
  const html = (prose: Locator) =>
    prose.evaluate((prose) => {
      const copy = prose.cloneNode(true) as Element;
      copy.querySelectorAll(".copy").forEach((button) => button.remove());
      return copy.innerHTML.replaceAll("<!---->", "");
    });
  const before = await html(preview);
  await page.getByRole("button", { name: "Publish" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Twice the same");
  expect(await html(page.locator(".post .prose"))).toBe(before);
});

test("a picture is pasted with its words, sent with a bar, and shown in its size", async ({ page, person }) => {
  await write(page, person);
  await page.getByLabel("Title", { exact: true }).fill("With a picture");
  await content(page).fill("Before");
  const bytes = [...png(60, 40, [9, 99, 9])];
  await content(page).evaluate((area, bytes) => {
    const clipboardData = new DataTransfer();
    clipboardData.items.add(new File([new Uint8Array(bytes)], "me.png", { type: "image/png" }));
    area.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  }, bytes);
  const dialog = page.getByRole("dialog", { name: "Add a picture" });
  await expect(dialog).toContainText("me.png");
  await dialog.getByLabel("Description").fill("A [green] field");
  await dialog.getByLabel("Description").press("Enter");
  await expect(dialog).toBeHidden();
  await expect(content(page)).toHaveValue(/^Before\n\n!\[A \\\[green\\\] field\]\(\/media\/image\/[0-9a-f-]+-60-40\.webp\)/);
  await page.getByRole("button", { name: "Publish" }).click();
  const picture = page.getByRole("img", { name: "A [green] field" });
  await expect(picture).toHaveAttribute("width", "60");
  await expect(picture).toHaveAttribute("height", "40");
  await expect(picture).toHaveAttribute("loading", "lazy");
  await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(60);
});

test("a file that is no picture is refused beside its name, and a lost connection can be tried again", async ({
  page,
  person,
  expectNotes,
}) => {
  expectNotes(/ERR_FAILED/);
  await write(page, person);
  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Picture" }).click();
  await (await chooser).setFiles({ name: "a.txt", mimeType: "text/plain", buffer: Buffer.from("text") });
  const dialog = page.getByRole("dialog", { name: "Add a picture" });
  await expect(dialog.getByRole("alert")).toHaveText("Choose a JPEG, PNG, WebP or GIF file");
  await expect(dialog.getByRole("img")).toHaveCount(0);
  await dialog.getByLabel("Description").fill("Three colours");
  const another = page.waitForEvent("filechooser");
  await dialog.getByRole("button", { name: "Choose another file" }).click();
  await (await another).setFiles({ name: "b.png", mimeType: "image/png", buffer: png(8, 8, [1, 2, 3]) });
  await expect(dialog.getByRole("alert")).toHaveText("");
  await expect(dialog).toContainText("b.png");
  const shown = dialog.getByRole("img", { name: "Chosen picture" });
  await expect.poll(() => shown.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(8);
  await expect(dialog.getByLabel("Description")).toHaveValue("Three colours");
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await expect(content(page)).toBeFocused();
  await page.keyboard.type("Typing goes on. ");
  await expect(content(page)).toHaveValue("Typing goes on. ");

  await page.route("**/post/image", (route) => route.abort());
  const again = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Picture" }).click();
  await (await again).setFiles({ name: "a.png", mimeType: "image/png", buffer: png(8, 8, [1, 2, 3]) });
  await dialog.getByRole("button", { name: "Insert into text" }).click();
  await expect(dialog.getByRole("alert")).toContainText("Nothing was changed");
  await page.unroute("**/post/image");
  await dialog.getByRole("button", { name: "Try again" }).click();
  await expect(content(page)).toHaveValue(/-8-8\.webp/);
});

test("the question before a post is deleted keeps the focus and gives it back", async ({ page, person }) => {
  await person.register(page);
  await person.logIn(page);
  await person.publish(page, "Asked for", "text");
  const link = page.getByRole("link", { name: "Delete", exact: true });
  await link.focus();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "Delete this post?" });
  await expect(dialog).toBeVisible();
  for (let press = 0; press < 6; press += 1) {
    await page.keyboard.press("Tab");
    const inside = await page.evaluate(() => {
      const active = document.activeElement;
      return active === document.body || Boolean(active?.closest("dialog"));
    });
    expect(inside).toBe(true);
  }
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await expect(link).toBeFocused();
  await page.keyboard.press("Enter");
  await dialog.getByRole("button", { name: "Delete post" }).press("Enter");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Trash");
});

test("a link opens its question at every moment while the viewer is asked for again", async ({ page, person }) => {
  await person.register(page);
  await person.logIn(page);
  await person.publish(page, "Asked for twice", "text");
  const link = page.getByRole("link", { name: "Delete", exact: true });
  await expect(link).toBeVisible();
  const { pressed, opened } = await link.evaluate(async (element) => {
    const dialog = element.parentElement?.querySelector("dialog");
    const send = window.fetch;
    const viewer = await send("/_/viewer");
    const body = await viewer.text();
    // Answers without delay, so that several arrive between two tasks of the browser.
    window.fetch = (request, options) =>
      (request instanceof Request ? request.url : String(request)).includes("/_/viewer")
        ? Promise.resolve(new Response(body, { headers: viewer.headers }))
        : send(request, options);
    const nextTask = () =>
      new Promise((resolve) => {
        const channel = new MessageChannel();
        channel.port1.onmessage = resolve;
        channel.port2.postMessage(null);
      });
    let opened = 0;
    const pressed = 2_000;
    for (let press = 0; press < pressed; press += 1) {
      window.dispatchEvent(new Event("focus"));
      (element as HTMLElement).click();
      opened += dialog?.open ? 1 : 0;
      dialog?.close();
      await nextTask();
    }
    return { pressed, opened };
  });
  expect(opened).toBe(pressed);
});
