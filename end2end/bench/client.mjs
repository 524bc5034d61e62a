// Measures the cost of the client in a browser: `make bench-client`. During hydration, the processor is slowed down to a
// quarter of its speed to simulate a phone.
import { chromium } from "@playwright/test";
import { get } from "node:http";
import { budget, reportMissed } from "./budget.mjs";
import { clean, median, member, run, start } from "./program.mjs";

const PORT = 3392;
const SLOWER = 4;
const TIMES = 15;

/** Returns a browser context in which the owner of `cookie` is logged in. */
async function memberContext(browser, origin, cookie) {
  const context = await browser.newContext();
  const [name, value] = cookie.split("=");
  await context.addCookies([{ name, value, url: origin }]);
  return context;
}

/** Returns the compressed size of the file at `path` in units of 1000 bytes. */
const kilobytes = (origin, path) =>
  new Promise((resolve, reject) => {
    const headers = { "accept-encoding": "br" };
    get(`${origin}${path}`, { headers }, (answer) => {
      let bytes = 0;
      answer.on("data", (part) => (bytes += part.length));
      answer.on("end", () => resolve(bytes / 1000));
    }).on("error", reject);
  });

/** Prints the compressed sizes of the chunks of the client that different pages load. */
async function sizes(origin, cookie) {
  const named = async (path, cookie = "") => {
    const page = await (await fetch(`${origin}${path}`, { headers: { accept: "text/html", cookie } })).text();
    const [, wasm, parts] = page.match(/WASM = ("[^"]*"), PARTS = (\[[^\]]*\])/);
    const files = await Promise.all(JSON.parse(parts).map((part) => kilobytes(origin, part)));
    return { first: await kilobytes(origin, JSON.parse(wasm)), more: files.reduce((sum, file) => sum + file, 0), files: files.length };
  };
  const { first } = await named("/");
  console.log(`\n| chunk of the client | KB (brotli) | files |\n|:--|--:|--:|\n| first: pages for reading | ${first.toFixed(0)} | 1 |`);
  for (const [name, path] of Object.entries({ authentication: "/login", "a member's own pages": "/account", "the editor": "/post/new" })) {
    const { more, files } = await named(path, path === "/login" ? "" : cookie);
    console.log(`| ${name}, in addition | ${more.toFixed(0)} | ${files} |`);
  }
  console.log();
  budget("the first chunk of the client", first, 180, "KB");
}

/** Measures how much a reader's first visit to `path` transfers, without uploaded pictures. */
async function firstVisit(browser, origin, path) {
  const page = await (await browser.newContext()).newPage();
  const session = await page.context().newCDPSession(page);
  let bytes = 0;
  await session.send("Network.enable");
  session.on("Network.loadingFinished", ({ encodedDataLength }) => (bytes += encodedDataLength));
  await page.route("**/media/**", (route) => route.abort());
  await page.goto(`${origin}${path}`, { waitUntil: "networkidle" });
  await page.context().close();
  budget(`a reader's first visit to ${path}`, bytes / 1000, 30, "KB");
}

/** Measures how long the main thread is busy while the client loads and hydrates the page, and its longest task. */
async function hydration(browser, origin, cookie, path) {
  const busy = [];
  const longest = [];
  for (let time = 0; time < TIMES; time += 1) {
    const context = await memberContext(browser, origin, cookie);
    const page = await context.newPage();
    // Keeps the page from loading the client when idle, until the measurement starts.
    await page.addInitScript(() => {
      window.requestIdleCallback = (start) => (window.bringClient = start);
      window.tasks = [];
      new PerformanceObserver((list) => window.tasks.push(...list.getEntries().map((task) => task.duration))).observe({ type: "longtask" });
    });
    await page.goto(`${origin}${path}`, { waitUntil: "networkidle" });
    const session = await context.newCDPSession(page);
    await session.send("Performance.enable");
    await session.send("Emulation.setCPUThrottlingRate", { rate: SLOWER });
    const spent = async () => {
      const { metrics } = await session.send("Performance.getMetrics");
      return metrics.find(({ name }) => name === "TaskDuration").value * 1000;
    };
    const before = await spent();
    await page.evaluate(() => {
      window.tasks.length = 0;
      return new Promise((done) => {
        new MutationObserver(() => requestAnimationFrame(() => setTimeout(done))).observe(document.documentElement, { attributes: true });
        window.bringClient();
      });
    });
    busy.push((await spent()) - before);
    longest.push(Math.max(0, ...(await page.evaluate(() => window.tasks))));
    await context.close();
  }
  budget(`${path}: main thread busy with hydration (median of ${TIMES}, processor ${SLOWER} times slower)`, median(busy), 50, "ms");
  budget(`${path}: longest task during hydration`, median(longest), 50, "ms");
}

/** Measures the time from a click on the link to a post until its heading is shown. */
async function navigation(browser, origin, cookie) {
  const page = await (await memberContext(browser, origin, cookie)).newPage();
  await page.goto(origin);
  await page.locator("html[data-hydrated]").waitFor();
  const times = [];
  for (let time = 0; time < TIMES; time += 1) {
    const took = await page.evaluate(
      (number) =>
        new Promise((done) => {
          const link = document.querySelectorAll(".card-title a")[number % 5];
          const title = link.textContent;
          const begun = performance.now();
          const shown = new MutationObserver(() => {
            if (document.querySelector(".post h1")?.textContent === title) {
              shown.disconnect();
              done(performance.now() - begun);
            }
          });
          shown.observe(document.body, { childList: true, subtree: true, characterData: true });
          link.click();
        }),
      time,
    );
    times.push(took);
    await page.goBack();
    await page.locator(".card-title").first().waitFor();
  }
  budget(`from a click on a link to the post (median of ${TIMES})`, median(times), 100, "ms");
}

run(PORT, ["demo", "--yes", "--users", "20", "--posts", "100"]);
const site = await start(PORT);
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM });
try {
  const cookie = await member(site.origin);
  const home = await (await fetch(site.origin, { headers: { accept: "text/html" } })).text();
  const post = home.match(/href="(\/post\/\d+-[^"]*)"/)[1];
  await sizes(site.origin, cookie);
  for (const path of ["/", post, "/login"]) await firstVisit(browser, site.origin, path);
  for (const path of ["/", post]) await hydration(browser, site.origin, cookie, path);
  await navigation(browser, site.origin, cookie);
  reportMissed();
} finally {
  await browser.close();
  await site.stop();
  clean();
}
