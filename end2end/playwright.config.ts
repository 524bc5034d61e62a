import { copyFileSync, existsSync, mkdirSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineConfig, devices } from "@playwright/test";

import { databaseUrl } from "./support/database";

// The workers read this file again: they find the folder that the first reading has made.
const folder = (process.env.TEST_FOLDER ??= mkdtempSync(join(tmpdir(), "broadsheet-test-")));
const mailFolder = join(folder, "mail");
mkdirSync(mailFolder, { recursive: true });
// The program alone, in a folder of its own: it has all that it serves.
const program = join(folder, "broadsheet");
if (!existsSync(program)) copyFileSync("../target/checked/broadsheet", program);
const port = Number(process.env.TEST_PORT ?? "3100");
const mailPort = port + 25;
const bucketPort = port + 26;
const baseURL = `http://localhost:${port}`;

/** A site on `port` with these settings. Whatever the surroundings say, it has its own database. */
function site(port: number, settings: Record<string, string>) {
  const data = join(folder, String(port));
  return {
    command: program,
    url: `http://localhost:${port}/healthz`,
    stdout: "ignore" as const,
    env: {
      BROADSHEET_LISTEN: `127.0.0.1:${port}`,
      BROADSHEET_SITE_URL: `http://localhost:${port}`,
      BROADSHEET_DATA_DIR: data,
      BROADSHEET_DATABASE_URL: databaseUrl(data, port),
      // What the program itself tells at its most talkative, and what happens to each request.
      BROADSHEET_LOG: "info,server=trace,app=trace,domain=trace,shared=trace,tower_http=debug",
      BROADSHEET_LOG_FILE: join(folder, `${port}.log`),
      ...settings,
    },
  };
}

const anyBrowser = {
  baseURL,
  // Times are shown by the reader's clock.
  timezoneId: "UTC",
  screenshot: "only-on-failure" as const,
  trace: "retain-on-failure" as const,
};
// Chromium refuses its sandbox to root.
const isRoot = process.getuid?.() === 0;
const browser = {
  ...devices["Desktop Chrome"],
  ...anyBrowser,
  launchOptions: {
    executablePath: process.env.CHROMIUM,
    args: [
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      ...(isRoot ? ["--no-sandbox", "--disable-gpu"] : []),
    ],
  },
};
// As its makers ship it: by WebDriver BiDi.
const firefox = {
  ...devices["Desktop Firefox"],
  ...anyBrowser,
  launchOptions: {
    channel: "moz-firefox",
    executablePath: process.env.FIREFOX,
    // Playwright waits for ever for a page that is shown again as it was left.
    firefoxUserPrefs: { "browser.sessionhistory.max_total_viewers": 0 } as Record<string, boolean | number>,
  },
};

const inFirefox = [
  { name: "Firefox", use: firefox, grep: /@main/ },
  {
    name: "Firefox without JavaScript",
    use: {
      ...firefox,
      javaScriptEnabled: false,
      launchOptions: {
        ...firefox.launchOptions,
        firefoxUserPrefs: { ...firefox.launchOptions.firefoxUserPrefs, "javascript.enabled": false },
      },
    },
    testMatch: /plain-firefox/,
  },
];

export default defineConfig({
  testDir: "tests",
  globalTeardown: "./support/teardown.ts",
  fullyParallel: true,
  forbidOnly: true,
  workers: 2,
  reporter: [["list"], ["./support/summary.ts"]],
  expect: { timeout: 10_000 },
  // P12: every story is told twice, hydrated and as plain HTML.
  projects: [
    { name: "with JavaScript", use: browser, testIgnore: /firefox/, grepInvert: /@only-without-JavaScript/ },
    {
      name: "without JavaScript",
      use: { ...browser, javaScriptEnabled: false },
      testIgnore: /accessibility|firefox|hydration|looks/,
      grepInvert: /@only-with-JavaScript/,
    },
    // The main ones are told once more.
    ...(process.env.FIREFOX ? inFirefox : []),
  ],
  webServer: [
    { command: `node support/mailbox.mjs ${mailPort} ${mailFolder}`, port: mailPort, stdout: "ignore" },
    { command: `../target/checked/examples/bucket 127.0.0.1:${bucketPort} ${join(folder, "bucket")}`, port: bucketPort },
    site(port, { BROADSHEET_SMTP_URL: `smtp://127.0.0.1:${mailPort}`, BROADSHEET_LIMITS: "off" }),
    // All browsers here have one address: it may try a few logins for each of the two projects.
    site(port + 1, { BROADSHEET_LIMIT_LOGIN_ADDRESS: "3/1h" }),
    // What `app/domain/tests/use_cases/bucket.rs` opens.
    site(port + 2, {
      BROADSHEET_LIMITS: "off",
      BROADSHEET_MEDIA_URL: `s3://pictures/site?endpoint=http://127.0.0.1:${bucketPort}`,
      BROADSHEET_MEDIA_ACCESS_KEY: "broadsheet",
      BROADSHEET_MEDIA_SECRET_KEY: "hunter2-hunter2",
      BROADSHEET_MEDIA_SERVED: "signed",
    }),
  ],
});
