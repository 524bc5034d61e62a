import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineConfig, devices } from "@playwright/test";

const folder = mkdtempSync(join(tmpdir(), "broadsheet-test-"));
const port = process.env.TEST_PORT ?? "3100";
const baseURL = `http://localhost:${port}`;
// Chromium refuses its sandbox to root.
const isRoot = process.getuid?.() === 0;
const browser = {
  ...devices["Desktop Chrome"],
  baseURL,
  screenshot: "only-on-failure" as const,
  trace: "retain-on-failure" as const,
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

export default defineConfig({
  testDir: "tests",
  fullyParallel: true,
  forbidOnly: true,
  workers: 2,
  reporter: [["list"], ["./support/summary.ts"]],
  expect: { timeout: 10_000 },
  // Every story is told twice: hydrated, and as plain HTML.
  projects: [
    { name: "with JavaScript", use: browser },
    { name: "without JavaScript", use: { ...browser, javaScriptEnabled: false }, testIgnore: /hydration|looks/ },
  ],
  webServer: {
    command: "../target/release/broadsheet",
    url: `${baseURL}/healthz`,
    stdout: "ignore",
    env: {
      BROADSHEET_LISTEN: `127.0.0.1:${port}`,
      BROADSHEET_SITE_URL: baseURL,
      BROADSHEET_DATA_DIR: folder,
      // Whatever the surroundings say, the tests have their own database.
      BROADSHEET_DATABASE_URL: `sqlite://${join(folder, "test.sqlite3")}`,
      BROADSHEET_LOG: "warn",
    },
  },
});
