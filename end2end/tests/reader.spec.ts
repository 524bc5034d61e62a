import { HtmlValidate } from "html-validate";

import { expect, ready, test } from "../support/test";

test("a chosen theme holds on the next page and after a reload", { tag: "@main" }, async ({ page }) => {
  await page.emulateMedia({ colorScheme: "light" });
  const background = () => page.locator("body").evaluate((body) => getComputedStyle(body).backgroundColor);
  await page.goto("/about");
  await ready(page);
  const light = await background();
  await page.getByRole("button", { name: "Dark" }).click();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await expect(page).toHaveURL(/\/about$/);
  const dark = await background();
  expect(dark).not.toBe(light);
  await page.getByRole("link", { name: "Explore" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Writers");
  await page.reload();
  expect(await background()).toBe(dark);
  await expect(page.getByRole("button", { name: "Dark" })).toHaveAttribute("aria-pressed", "true");
  await page.getByRole("button", { name: "System" }).click();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "system");
  expect(await background()).toBe(light);
});

test("whoever comes back from a post finds the place where they were", { tag: "@main" }, async ({ page, person, context }) => {
  await person.register(page);
  await person.logIn(page);
  for (let number = 1; number <= 5; number += 1) await person.publish(page, `Post ${number}`, "Many words. ".repeat(60));
  await context.clearCookies();
  await page.setViewportSize({ width: 400, height: 500 });
  await page.goto(`/user/${person.username}`);
  const link = page.getByRole("link", { name: "Post 1" });
  await link.scrollIntoViewIfNeeded();
  const place = () => page.evaluate(() => window.scrollY);
  const before = await place();
  expect(before).toBeGreaterThan(100);
  await link.click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Post 1");
  // The page may be gone before it has answered.
  await page.evaluate(() => history.back()).catch(() => undefined);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(person.username);
  await expect.poll(async () => Math.abs((await place()) - before)).toBeLessThan(3);
});

test("a theme that is chosen before the client has come holds", { tag: "@main" }, async ({ page }) => {
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route("**/*.wasm", async (route) => {
    await held;
    await route.continue().catch(() => {});
  });
  await page.goto("/about");
  await page.getByRole("button", { name: "Dark" }).click();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  release();
  await ready(page);
  await expect(page.getByRole("button", { name: "Dark" })).toHaveAttribute("aria-pressed", "true");
});

test("posts are found by their tags", async ({ page, person }, info) => {
  const tag = `t-${person.username}`.slice(0, 30);
  await person.register(page);
  await person.logIn(page);
  await page.goto("/post/new");
  await ready(page);
  await page.getByLabel("Title", { exact: true }).fill("On engines");
  await page.getByLabel("Tags").fill(`${tag.toUpperCase()}, looms`);
  await page.getByLabel("Content", { exact: true }).fill("They weave.");
  await page.getByRole("button", { name: "Publish" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("On engines");
  await page.getByRole("list", { name: "Tags" }).getByRole("link", { name: tag }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(tag);
  await expect(page.getByRole("heading", { level: 2 })).toHaveText(["On engines"]);
  // Metadata applies only to the page that the server has rendered. A page that the client has rendered has none.
  const links = page.locator("link[rel=canonical]");
  const canonical = await links.evaluateAll((found) => found.map((link) => new URL(link.getAttribute("href")!).pathname));
  expect(canonical).toEqual(info.project.use.javaScriptEnabled === false ? [`/tag/${tag}`] : []);
});

test("every page is valid HTML, and every file that it names is there", async ({ page, person, request, baseURL, expectNotes }) => {
  // A picture in the text does not exist.
  expectNotes(/status of 404/);
  await person.register(page);
  await person.logIn(page);
  await person.publish(page, `${"漢".repeat(75)} ${"W".repeat(74)}`, "## Part\n\n![nowhere](/media/image/0a-1-1.webp)\n\n- [ ] a task[^1]\n\n[^1]: A note.");
  const post = new URL(page.url()).pathname;
  const html = new HtmlValidate({
    extends: ["html-validate:standard"],
    rules: {
      // Style rules that the output of leptos does not follow: no trailing slashes, its own attributes, and no
      // unnecessary quotes.
      "no-trailing-whitespace": "off",
      "attribute-boolean-style": "off",
      "void-style": "off",
      "attribute-empty-style": "off",
      "doctype-style": "off",
      "long-title": "off",
    },
  });
  const cookies = await page.context().cookies();
  const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join("; ");
  const check = async (path: string, headers: Record<string, string>) => {
    const answer = await request.get(path, { headers: { accept: "text/html", ...headers } });
    const text = await answer.text();
    const report = await html.validateString(text);
    const found = report.results.flatMap(({ messages }) => messages.map(({ ruleId, message, line, column }) => `${ruleId}: ${message} (${line}:${column})`));
    expect(found, path).toEqual([]);
    return text;
  };
  const pages = ["/", post, `/user/${person.username}`, "/explore", "/about", "/login", "/register", "/forgot_password", "/nowhere"];
  for (const path of pages) await check(path, { cookie: "" });
  for (const path of [post, "/post/new", "/post/image", "/account", "/account/picture", "/account/sessions", "/account/trash", "/account/delete"]) {
    await check(path, { cookie });
  }
  const home = await check("/", { cookie: "" });
  const manifest = await (await request.get("/manifest.webmanifest")).json();
  const files = [...home.matchAll(/<link [^>]*href="([^"]+)"/g)].map(([, href]) => href!.replaceAll("&amp;", "&"));
  for (const file of [...files, ...manifest.icons.map(({ src }: { src: string }) => src)]) {
    expect((await request.get(new URL(file, baseURL).href)).status(), file).toBe(200);
  }
});

test("the shape of a page is kept whatever somebody writes", async ({ page, person, expectNotes }) => {
  test.setTimeout(120_000);
  expectNotes(/status of 404/);
  await person.register(page);
  await person.logIn(page);
  const texts = [
    [`${"漢".repeat(75)} ${"W".repeat(74)}`, "text"],
    ["مقالة عن الخبز والملح", "هذا نص مكتوب من اليمين إلى اليسار، وفيه *تأكيد* وكلمات كثيرة.\n\n> اقتباس\n\n- واحد\n- اثنان"],
    ["A picture that fails", "![nothing here](/media/image/0a-1-1.webp)"],
    ["Long words", `${"a".repeat(3_000)}\n\n\`${"b".repeat(3_000)}\`\n\n| ${"c".repeat(500)} | d |\n|---|---|\n| e | f |`],
    ["A long text", "Many words, and some more of them.\n\n".repeat(2_000)],
  ] as const;
  for (const [title, content] of texts) {
    await person.publish(page, title, content);
    for (const width of [320, 1280]) {
      await page.setViewportSize({ width, height: 800 });
      const overflow = await page.locator("html").evaluate((root) => root.scrollWidth - root.clientWidth);
      expect(overflow, `${title.slice(0, 20)} at ${width}`).toBe(0);
    }
  }
  // Right-to-left text has its own direction, independent of the text around it.
  await page.goto(`/user/${person.username}`);
  const arabic = page.getByRole("heading", { name: "مقالة" });
  expect(await arabic.evaluate((heading) => getComputedStyle(heading).direction)).toBe("rtl");
  for (const width of [320, 1280]) {
    await page.setViewportSize({ width, height: 800 });
    expect(await page.locator("html").evaluate((root) => root.scrollWidth - root.clientWidth)).toBe(0);
  }
});

test("what is wider than the page is scrolled within itself, by keyboard as well, and shows that there is more", async ({ page, person }) => {
  await person.register(page);
  await person.logIn(page);
  const row = (cell: string) => `|${`${cell}|`.repeat(30)}`;
  const wide = ["```", "a line of code ".repeat(40), "```", "", row(" word "), row("---"), row(" word ")];
  const narrow = ["", "```", "short", "```"];
  await person.publish(page, "Wide", [...wide, ...narrow].join("\n"));
  await page.setViewportSize({ width: 360, height: 800 });
  for (const [index, selector] of [".prose pre", ".prose table"].entries()) {
    const block = page.locator(selector).first();
    expect(await block.evaluate((element) => getComputedStyle(element).backgroundAttachment), selector).toContain("local");
    // Scrolls with the keyboard, as in a browser: from the preceding element to this one.
    if (index === 0) await page.getByRole("heading", { level: 1 }).click();
    for (let step = 0; step < 40; step += 1) {
      await page.keyboard.press("Tab");
      if (await block.evaluate((element) => element === document.activeElement)) break;
    }
    await expect(block).toBeFocused();
    await page.keyboard.press("ArrowRight");
    await expect.poll(() => block.evaluate((element) => element.scrollLeft)).toBeGreaterThan(0);
  }
  expect(await page.locator("html").evaluate((root) => root.scrollWidth - root.clientWidth)).toBe(0);
});

test("emphasis in Arabic and Hebrew is heavier, never slanted", async ({ page, person }) => {
  await person.register(page);
  await person.logIn(page);
  await person.publish(page, "مقالة", "هذا نص وفيه *تأكيد* وكلمات.\n\n> اقتباس من كتاب\n\nטקסט עם *הדגשה* כאן.");
  for (const selector of [".prose em", ".prose blockquote p"]) {
    for (const text of await page.locator(selector).all()) {
      expect(await text.evaluate((element) => getComputedStyle(element).fontStyle), selector).toBe("normal");
    }
  }
  await person.publish(page, "English", "Plain with *emphasis*, *הדגשה* and *تأكيد*, and *both: הדגשה*.");
  const emphases = page.locator(".prose em");
  const styles = await emphases.evaluateAll((found) => found.map((emphasis) => getComputedStyle(emphasis).fontStyle));
  expect(styles).toEqual(["italic", "normal", "normal", "italic"]);
  // If scripts are mixed, the browser must not synthesize slanted letters, and letters of these scripts must come from
  // upright fonts.
  for (const emphasis of await emphases.all()) {
    const style = await emphasis.evaluate((element) => {
      const { fontFamily, fontSynthesisStyle } = getComputedStyle(element) as CSSStyleDeclaration & { fontSynthesisStyle: string };
      return { fontFamily, fontSynthesisStyle };
    });
    expect(style.fontSynthesisStyle).toBe("none");
    expect(style.fontFamily).toMatch(/^"?Upright"?,/);
  }
});

test("what stands beside a title that is read from right to left begins at the right, and beside another at the left", async ({ page, person }) => {
  await person.register(page);
  await person.logIn(page);
  const edges = (selector: string) =>
    page.locator(selector).first().evaluate((element) => {
      const { left, right } = element.getBoundingClientRect();
      return { left: Math.round(left), right: Math.round(right) };
    });
  const look = async (post: string) => {
    const [title, picture, time, first, second] = await Promise.all(
      [`${post} > :is(h1, h2)`, `${post} .avatar`, `${post} .byline time`, `${post} .tags li:first-child`, `${post} .tags li:nth-child(2)`].map(edges),
    );
    return { title: title!, picture: picture!, time: time!, first: first!, second: second! };
  };
  await person.publish(page, "مقالة عن الخبز", "هذا نص.", "خبز, bread");
  for (const path of [page.url(), `/user/${person.username}`]) {
    await page.goto(path);
    const { title, picture, time, first, second } = await look(path.includes("/user/") ? ".card" : ".post");
    expect(picture.right, path).toBe(title.right);
    expect(time.right, path).toBeLessThan(picture.left);
    expect(first.right, path).toBe(title.right);
    expect(second.right, path).toBeLessThan(first.left);
    // A tag has the direction of its own text, including its sign.
    expect(await page.locator(".tag").first().evaluate((tag) => getComputedStyle(tag).unicodeBidi), path).toBe("plaintext");
  }
  await person.publish(page, "On bread", "This is text.", "bread, خبز");
  const { title, picture, time, first, second } = await look(".post");
  expect(picture.left).toBe(title.left);
  expect(time.left).toBeGreaterThan(picture.right);
  expect(first.left).toBe(title.left);
  expect(second.left).toBeGreaterThan(first.right);
});

test("lines that are two stay two, and a file's name keeps its distance from the button", async ({ page, person }) => {
  await person.register(page);
  await person.logIn(page);
  await page.goto("/account/picture");
  // WebKit draws double borders and the margins of file buttons differently, so the styles must not use them.
  const drawn = await page.evaluate(() => {
    const button = getComputedStyle(document.querySelector("input[type=file]")!, "::file-selector-button");
    const bar = getComputedStyle(document.querySelector(".masthead")!, "::after");
    return { gap: parseFloat(button.borderInlineEndWidth), lines: [bar.borderTopStyle, bar.borderBottomStyle, bar.height] };
  });
  expect(drawn.gap).toBeGreaterThan(8);
  expect(drawn.lines).toEqual(["solid", "solid", "4px"]);
  const theme = page.getByRole("group", { name: "Theme" });
  const tops = await theme.locator("> *").evaluateAll((parts) => parts.map((part) => part.getBoundingClientRect()).map(({ top, height }) => top + height / 2));
  expect(Math.max(...tops) - Math.min(...tops)).toBeLessThan(2);
});
