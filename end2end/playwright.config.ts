import { copyFileSync, existsSync, mkdirSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineConfig, devices } from "@playwright/test";

import { databaseUrl } from "./support/database";

// Playwright's workers read this file again and use the folder that the first process has created.
const folder = (process.env.TEST_FOLDER ??= mkdtempSync(join(tmpdir(), "broadsheet-test-")));
const mailFolder = join(folder, "mail");
mkdirSync(mailFolder, { recursive: true });
// The program is copied into a separate folder, because it must not depend on other files.
const program = join(folder, "broadsheet");
if (!existsSync(program)) copyFileSync("../target/checked/broadsheet", program);
const port = Number(process.env.TEST_PORT ?? "3100");
const mailPort = port + 25;
const bucketPort = port + 26;
const baseURL = `http://localhost:${port}`;

/** Returns the configuration of a site on `port` with these settings. It always has a database of its own. */
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
      // Everything that the program itself logs at the most verbose level, and each request.
      BROADSHEET_LOG: "info,server=trace,app=trace,domain=trace,shared=trace,tower_http=debug",
      BROADSHEET_LOG_FILE: join(folder, `${port}.log`),
      // The people of all stories write the same texts on one site.
      BROADSHEET_TRUST: "off",
      ...settings,
    },
  };
}

const anyBrowser = {
  baseURL,
  // Times are shown in the time zone of the browser.
  timezoneId: "UTC",
  screenshot: "only-on-failure" as const,
  // Recording takes a third of the time of a story: `TRACE=1` keeps the traces of those that fail.
  trace: process.env.TRACE ? ("retain-on-failure" as const) : ("off" as const),
};
// Chromium's sandbox does not work for the root user.
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
// The release of Mozilla without Playwright's patches, controlled over WebDriver BiDi.
const firefox = {
  ...devices["Desktop Firefox"],
  ...anyBrowser,
  // Playwright takes one of each context that is closed, in case the story fails, and its inline style breaks the policy.
  screenshot: "off" as const,
  launchOptions: {
    channel: "moz-firefox",
    executablePath: process.env.FIREFOX,
    // Playwright waits for ever for a page from the back/forward cache.
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
  // P12: every story is tested twice, hydrated and as plain HTML.
  projects: [
    { name: "with JavaScript", use: browser, testIgnore: /firefox/, grepInvert: /@only-without-JavaScript/ },
    {
      name: "without JavaScript",
      use: { ...browser, javaScriptEnabled: false },
      testIgnore: /accessibility|firefox|hydration|looks/,
      grepInvert: /@only-with-JavaScript/,
    },
    // The most important stories are also tested in Firefox.
    ...(process.env.FIREFOX ? inFirefox : []),
  ],
  webServer: [
    { command: `node support/mailbox.mjs ${mailPort} ${mailFolder}`, port: mailPort, stdout: "ignore" },
    { command: `../target/checked/examples/bucket 127.0.0.1:${bucketPort} ${join(folder, "bucket")}`, port: bucketPort },
    site(port, { BROADSHEET_SMTP_URL: `smtp://127.0.0.1:${mailPort}`, BROADSHEET_LIMITS: "off" }),
    // All browsers here have the same address, so the limit must allow a few logins for each of the two projects.
    site(port + 1, { BROADSHEET_LIMIT_LOGIN_ADDRESS: "3/1h" }),
    // The keys of the bucket in `app/domain/tests/use_cases/bucket.rs`.
    site(port + 2, {
      BROADSHEET_LIMITS: "off",
      BROADSHEET_MEDIA_URL: `s3://pictures/site?endpoint=http://127.0.0.1:${bucketPort}`,
      BROADSHEET_MEDIA_ACCESS_KEY: "broadsheet",
      BROADSHEET_MEDIA_SECRET_KEY: "hunter2-hunter2",
      BROADSHEET_MEDIA_SERVED: "signed",
    }),
  ],
});
