import { test as base, expect, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from "@playwright/test";

import { passOverUnknown } from "./firefox";
import { keep, PASSWORD } from "./secrets";
import { OwnSite } from "./site";

export { expect };

/** The fixtures of the tests. `expectNotes` permits console messages, such as those about responses with an error status. */
export type Fixtures = {
  person: Person;
  expectNotes: (...notes: RegExp[]) => void;
  openContext: (options?: BrowserContextOptions) => Promise<BrowserContext>;
  openSite: (settings?: Record<string, string>) => Promise<OwnSite>;
  watch: Watch;
};

/** The console messages of the browser: those that are watched and those that are expected. */
type Watch = { context: (context: BrowserContext) => void; expected: RegExp[] };

let count = 0;

/** A new user with a unique username. */
export class Person {
  readonly username: string;
  readonly email: string;
  readonly password = PASSWORD;

  constructor(worker: number, username?: string) {
    count += 1;
    this.username = username ?? `ada-${worker}-${Date.now().toString(36)}-${count}`;
    this.email = `${this.username}@example.org`;
  }

  /** Registers without the form, which would take several times as long. */
  async register(page: Page, site = "") {
    const { username, email, password } = this;
    const next = await send(page, `${site}/register`, { username, email, password, confirm_password: password });
    expect(new URL(next).pathname).toBe("/login");
  }

  /** Logs in without the form and opens the home page. */
  async logIn(page: Page, site = "") {
    const next = await send(page, `${site}/login`, { login: this.username, password: this.password });
    expect(new URL(next).pathname).toBe("/");
    await page.goto(`${site}/`);
  }

  async registerByForm(page: Page) {
    await page.goto("/register");
    await ready(page);
    await page.getByLabel("Username").fill(this.username);
    await page.getByLabel("Email address").fill(this.email);
    await page.getByLabel("Password", { exact: true }).fill(this.password);
    await page.getByLabel("Confirm password").fill(this.password);
    await page.getByRole("button", { name: "Create account" }).click();
    await expect(page.getByRole("status")).toContainText("Your account has been created. You can log in now.");
  }

  async logInByForm(page: Page) {
    await page.goto("/login");
    await ready(page);
    await this.fillLogin(page);
    await expect(page.getByRole("status")).toHaveText("You are logged in.");
  }

  async fillLogin(page: Page) {
    await page.getByLabel("Email address or username").fill(this.username);
    await page.getByLabel("Password").fill(this.password);
    await page.getByRole("button", { name: "Log in" }).click();
  }

  /** Publishes a post without the form and opens its page. */
  async publish(page: Page, title: string, content: string, tags = "", site = "") {
    const post = await send(page, `${site}/post/new`, { title, tags, content, intent: "publish" });
    await page.goto(post);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(title);
  }

  /** Saves the profile without the form. */
  async saveProfile(page: Page, fields: Record<string, string>) {
    const { username, email } = this;
    const next = await send(page, "/account", { username, email, ...fields });
    expect(new URL(next).pathname).toBe("/account");
  }

  async publishByForm(page: Page, title: string, content: string, tags = "") {
    await page.goto("/post/new");
    await ready(page);
    await page.getByLabel("Title", { exact: true }).fill(title);
    await page.getByLabel("Tags").fill(tags);
    await page.getByLabel("Content", { exact: true }).fill(content);
    await page.getByRole("button", { name: "Publish" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(title);
  }
}

/** Submits a form with the page's cookies like a browser without JavaScript and returns the URL after redirects. */
async function send(page: Page, path: string, form: Record<string, string>) {
  const answer = await page.request.post(path, { form, headers: { accept: "text/html" } });
  expect(answer.ok(), await answer.text()).toBe(true);
  return answer.url();
}

/** Triggers hydration by focusing a form and waits for it. Returns at once without JavaScript. */
export async function ready(page: Page) {
  if (test.info().project.use.javaScriptEnabled === false) return;
  const hydrated = page.locator("html[data-hydrated]");
  await expect(async () => {
    await page.locator("footer form").dispatchEvent("pointerdown");
    await expect(hydrated).toBeAttached({ timeout: 1_000 });
  }).toPass({ timeout: 20_000 });
}

/** A test that fails on unexpected messages in the browser console. */
export const test = base.extend<Fixtures, { browser: Browser }>({
  browser: [
    async ({ browser, playwright }, use) => {
      if (browser.browserType().name() === "firefox") passOverUnknown(playwright, browser);
      await use(browser);
    },
    { scope: "worker" },
  ],
  person: async ({}, use, info) => {
    await use(new Person(info.workerIndex));
  },
  watch: [
    async ({ context }, use) => {
      const messages: string[] = [];
      const watch: Watch = {
        expected: [],
        context: (watched) => {
          watched.on("console", (message) => {
            messages.push(`${message.type()}: ${message.text()} (${message.location().url})`);
          });
          watched.on("weberror", (error) => messages.push(`error: ${error.error()}`));
        },
      };
      watch.context(context);
      await use(watch);
      const cookies = (await context.cookies()).filter((cookie) => cookie.name.endsWith("session"));
      keep(cookies.map((cookie) => ({ kind: "session", value: cookie.value })));
      const unexpected = messages.filter((message) => !watch.expected.some((note) => note.test(message)));
      expect(unexpected, "messages in the browser's console").toEqual([]);
    },
    { auto: true },
  ],
  expectNotes: async ({ watch }, use) => {
    await use((...notes) => watch.expected.push(...notes));
  },
  // Another browser context, whose console is watched as well.
  openContext: async ({ browser, baseURL, watch }, use) => {
    const opened: BrowserContext[] = [];
    await use(async (options) => {
      const context = await browser.newContext({ baseURL, ...options });
      watch.context(context);
      opened.push(context);
      return context;
    });
    await Promise.all(opened.map((context) => context.close()));
  },
  // A separate site for one test.
  openSite: async ({}, use) => {
    const opened: OwnSite[] = [];
    await use(async (settings) => {
      const site = await OwnSite.start(settings);
      opened.push(site);
      return site;
    });
    await Promise.all(opened.map((site) => site.stop()));
  },
});
