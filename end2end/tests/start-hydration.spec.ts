import type { Page } from "@playwright/test";

import { expect, ready, test } from "../support/test";

/** Returns a list that collects the WebAssembly files that a page requests. */
function countClients(page: Page) {
  const clients: string[] = [];
  page.on("request", (request) => {
    if (request.url().endsWith(".wasm")) clients.push(request.url());
  });
  return clients;
}

test("a mere reader loads no client until they turn to a form", async ({ page, person, openContext }) => {
  await person.register(page);
  await person.logIn(page);
  await person.publish(page, "For readers", "text");
  const post = page.url();

  const reader = await (await openContext({ viewport: { width: 360, height: 800 } })).newPage();
  const clients = countClients(reader);
  await reader.goto(post);
  await reader.getByText("Menu").click();
  await reader.getByRole("link", { name: "Explore" }).click();
  await expect(reader.getByRole("heading", { level: 1 })).toHaveText("Writers");
  await reader.goto(`/user/${person.username}`);
  await reader.getByRole("link", { name: "For readers" }).click();
  await expect(reader.getByRole("heading", { level: 1 })).toHaveText("For readers");
  await reader.waitForLoadState("networkidle");
  expect(clients).toEqual([]);
  expect(await reader.locator("html[data-hydrated]").count()).toBe(0);

  await reader.goto("/explore");
  await reader.getByRole("searchbox").focus();
  await expect(reader.locator("html[data-hydrated]")).toBeAttached();
  expect(clients.filter((client) => client.endsWith("/broadsheet.wasm"))).toHaveLength(1);
});

test("whoever is signed in has the client without asking for it", async ({ page, person }) => {
  await person.register(page);
  await person.logIn(page);
  for (const path of ["/", "/post/new"]) {
    await page.goto(path);
    await expect(page.locator("html[data-hydrated]")).toBeAttached();
  }
});

test("what was typed before the client has come stays, and is then checked by it", { tag: "@main" }, async ({ page, expectNotes }) => {
  expectNotes(/status of 422/);
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route("**/*.wasm", async (route) => {
    await held;
    await route.continue();
  });
  await page.goto("/register");
  await page.getByLabel("Username").fill("ada");
  await page.getByLabel("Password", { exact: true }).fill("a long password");
  release();
  await ready(page);
  await expect(page.getByLabel("Username")).toHaveValue("ada");
  await expect(page.getByLabel("Password", { exact: true })).toHaveValue("a long password");
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(page.getByRole("alert").getByRole("listitem")).toHaveText([/email address/, /password/]);
});

test("the client takes nobody away from what they are doing when it comes", async ({ page, person, expectNotes }) => {
  expectNotes(/status of 422/);
  let release = () => {};
  let held = new Promise<void>((resolve) => (release = resolve));
  await page.route("**/*.wasm", async (route) => {
    await held;
    await route.continue().catch(() => {});
  });
  await page.goto("/register");
  await page.getByLabel("Username").fill("a");
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(page.getByRole("alert")).toBeFocused();
  await page.getByLabel("Username").focus();
  await page.keyboard.press("End");
  await page.keyboard.type("da");
  release();
  await ready(page);
  await page.keyboard.type("-lovelace");
  await expect(page.getByLabel("Username")).toHaveValue("ada-lovelace");

  await page.setViewportSize({ width: 360, height: 800 });
  await person.register(page);
  await person.logIn(page);
  held = new Promise<void>((resolve) => (release = resolve));
  await page.goto("/");
  await page.getByText("Menu").click();
  release();
  await ready(page);
  await expect(page.getByRole("link", { name: "New post" })).toBeVisible();
});

test("a client that could not be loaded is tried again", async ({ page, expectNotes }) => {
  expectNotes(/ERR_FAILED/);
  await page.route("**/*.wasm", (route) => route.abort());
  await page.goto("/login");
  const field = page.getByLabel("Email address or username");
  const failed = page.waitForEvent("requestfailed");
  await field.focus();
  await failed;
  await page.unroute("**/*.wasm");
  await page.getByLabel("Password").focus();
  await expect(page.locator("html[data-hydrated]")).toBeAttached();
});

test("a theme chosen before the client has come is chosen, and nothing is left that fails", async ({ page }) => {
  let errors = 0;
  page.on("pageerror", () => (errors += 1));
  // Leaving the page cancels the loading of the client.
  await page.route("**/broadsheet.js", () => {});
  await page.goto("/about");
  await page.getByRole("button", { name: "Dark" }).click();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await page.unroute("**/broadsheet.js");
  await ready(page);
  expect(errors).toBe(0);
});

test("a message that is dismissed before the client has come stays away", async ({ page, person }) => {
  await person.register(page);
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route("**/broadsheet.js", async (route) => {
    await held;
    await route.continue();
  });
  await page.goto("/account");
  const status = page.getByRole("status").first();
  await expect(status).toHaveText("Log in to see that page.");
  await page.getByRole("button", { name: "Dismiss" }).click();
  await expect(status).toBeHidden();
  release();
  await ready(page);
  await expect(status).toHaveText("");
  await page.getByRole("button", { name: "Log in" }).click();
  await expect(page.getByRole("alert")).toContainText("There is a problem");
  await page.getByRole("button", { name: "Dismiss" }).click();
  await expect(page.getByRole("alert")).toHaveCount(0);
  await expect(page.locator("#login-error")).toBeVisible();
  await person.fillLogin(page);
  await expect(status).toHaveText("You are logged in.");
  await page.getByRole("button", { name: "Dismiss" }).click();
  await expect(status).toHaveText("");
});

test("the document behind a link on which a reader rests is fetched ahead", async ({ page }) => {
  const session = await page.context().newCDPSession(page);
  const fetched: string[] = [];
  session.on("Preload.prefetchStatusUpdated", ({ prefetchUrl, status }) => {
    if (status === "Ready") fetched.push(new URL(prefetchUrl).pathname);
  });
  await session.send("Preload.enable");
  await page.goto("/");
  await page.getByRole("link", { name: "About", exact: true }).hover();
  await expect.poll(() => fetched).toEqual(["/about"]);
});

test("a page whose data takes long shows where it is going to be after a while", async ({ page }) => {
  await page.goto("/");
  await ready(page);
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route("**/_/**", async (route) => {
    await held;
    await route.continue();
  });
  await page.getByRole("link", { name: "Explore" }).click();
  const line = page.locator(".skeleton-line").first();
  await expect(line).toBeAttached();
  const delay = await page.locator(".skeleton").evaluate((skeleton) => getComputedStyle(skeleton).animationDelay);
  expect(delay).toBe("0.3s");
  await expect(line).toBeVisible();
  release();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Writers");
  await expect(line).not.toBeAttached();
});

test("a reader in UTC sees dates in UTC, whatever the time zone of the site", async ({ page, person, openSite }) => {
  const site = await openSite({ BROADSHEET_TIME_ZONE: "Asia/Kolkata" });
  await person.register(page, site.origin);
  await person.logIn(page, site.origin);
  await page.goto(`${site.origin}/account/sessions`);
  const time = page.locator(".session-facts time").last();
  const at = new Date((await time.getAttribute("datetime"))!);
  await expect(time).toContainText(at.toLocaleTimeString("en-GB", { timeZone: "UTC", hour: "2-digit", minute: "2-digit" }));
});

test("dates are those of the reader's clock, in documents and in what the client brings", async ({ person, openContext }) => {
  const page = await (await openContext({ timezoneId: "Asia/Kolkata" })).newPage();
  await person.register(page);
  await person.logIn(page);
  await page.goto("/post/new");
  await ready(page);
  await page.getByLabel("Title", { exact: true }).fill("At what time");
  await page.getByLabel("Content", { exact: true }).fill("text");
  await page.getByRole("button", { name: "Save draft" }).click();
  await expect(page).toHaveURL(/\/post\/new\?draft=\d+/);
  await page.goto("/account/drafts");
  const time = page.locator(".row-facts time");
  const inDocument = await time.textContent();
  expect(inDocument).toMatch(/^\d+ \w+ \d{4}, \d\d:\d\d$/);
  const at = new Date((await time.getAttribute("datetime"))!);
  const clock = at.toLocaleTimeString("en-GB", { timeZone: "Asia/Kolkata", hour: "2-digit", minute: "2-digit" });
  expect(inDocument).toContain(clock);
  await ready(page);
  await expect(time).toHaveText(inDocument!);
  await page.getByRole("link", { name: "Trash" }).click();
  await page.getByRole("link", { name: "Drafts" }).click();
  await expect(time).toHaveText(inDocument!);
});
