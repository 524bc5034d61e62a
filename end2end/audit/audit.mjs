// Checks the pages with independent tools: Lighthouse on a simulated phone, and parsers of feeds and structured data.
// Measurements over their budgets are printed. The exit code depends only on results that the load of the machine does not
// affect.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { launch } from "chrome-launcher";
import lighthouse from "lighthouse";
import { clean, member, run, start } from "../bench/program.mjs";

const PORT = 3_600;
run(PORT, ["demo", "--yes", "--seed", "7"]);
run(PORT, ["setting", "set", "accent", "#1a5f9e"]);
run(PORT, ["setting", "set", "custom_css", ".masthead { letter-spacing: 0.02em }"]);
const program = await start(PORT);
await uploadLogo();
const page = async (path) => (await fetch(`${program.origin}${path}`)).text();
const first = (text, pattern) => text.match(pattern)[0];
const home = await page("/");
const post = first(home, /\/post\/\d+-[a-z0-9-]+/);
const writer = first(home, /\/user\/[a-z0-9-]+/);
const tag = first(await page("/explore"), /\/tag\/[a-z]+/);
await comment();
let holds = true;

const python = process.env.AUDIT_PYTHON;
if (python) {
  const read = spawnSync(python, ["audit/read.py", program.origin, post, writer, tag], { stdio: "inherit" });
  holds &&= read.status === 0;
} else {
  console.log("Feeds and structured data are not read: there is no Python with venv here");
}

const isRoot = process.getuid?.() === 0;
const chrome = await launch({
  chromePath: process.env.CHROMIUM,
  chromeFlags: ["--headless=new", "--disable-gpu", ...(isRoot ? ["--no-sandbox"] : [])],
});
// The load of the machine does not change the first two, so a page that exceeds them fails.
const limits = { CLS: 0, KB: 30 };
const budgets = { ...limits, LCP: 1_200, TBT: 50 };
console.log("Lighthouse, on a simulated phone");
console.log("page     performance accessibility practices SEO   LCP ms  TBT ms  CLS    KB");
const late = [];
/** Publishes twenty comments on the post, every other one an answer to the first. */
async function comment() {
  const cookie = await member(program.origin, "miller");
  // Links of a new member would be text, and such comments would wait for a moderator.
  run(PORT, ["user", "promote", "miller", "--role", "moderator"]);
  const id = post.match(/\d+/)[0];
  let root = "";
  for (let number = 0; number < 20; number += 1) {
    const text = `Thought ${number}: the *mill* by the river has turned ${number * 97} times since somebody counted, says [the museum](https://museum.example/${number}).`;
    const body = new URLSearchParams({ post: id, parent: number % 2 ? root : "", comment_content: text });
    const headers = { accept: "text/html", origin: program.origin, cookie };
    const answer = await fetch(`${program.origin}/comments/new`, { method: "POST", redirect: "manual", headers, body });
    if (answer.status !== 303) throw new Error(`a comment was not accepted: ${answer.status}`);
    root ||= answer.headers.get("location").match(/comment-(\d+)/)[1];
  }
}
/** Makes one of the program's own icons the logo of the site. */
async function uploadLogo() {
  const cookie = await member(program.origin, "keeper");
  run(PORT, ["user", "promote", "keeper"]);
  const body = new FormData();
  body.set("logo", new Blob([readFileSync("../public/icon-192.png")], { type: "image/png" }), "logo.png");
  const headers = { accept: "text/html", origin: program.origin, cookie };
  const answer = await fetch(`${program.origin}/admin/logo`, { method: "POST", redirect: "manual", headers, body });
  if (answer.status !== 303) throw new Error(`the logo was not accepted: ${answer.status}`);
}
/** Returns the bytes transferred for a page, except for uploaded pictures and custom CSS. */
function weight({ audits }) {
  const own = audits["network-requests"].details.items.filter(({ url }) => !new URL(url).pathname.startsWith("/media/"));
  return own.reduce((sum, { transferSize }) => sum + transferSize, 0);
}
/** Returns the Lighthouse result for `url`. Retries twice on runtime errors, such as when nothing was painted. */
async function judged(url) {
  for (let attempt = 1; ; attempt += 1) {
    const { lhr } = await lighthouse(url, { port: chrome.port, output: "json", logLevel: "error" });
    if (!lhr.runtimeError) return lhr;
    if (attempt === 3) throw new Error(`${url}: ${lhr.runtimeError.message}`);
  }
}
for (const [name, path] of Object.entries({ home: "/", post, writer, login: "/login" })) {
  const lhr = await judged(`${program.origin}${path}`);
  const score = (category) => Math.round(lhr.categories[category].score * 100);
  const number = (audit) => lhr.audits[audit].numericValue;
  const scores = ["performance", "accessibility", "best-practices", "seo"].map(score);
  const measured = {
    LCP: Math.round(number("largest-contentful-paint")),
    TBT: Math.round(number("total-blocking-time")),
    CLS: Math.round(number("cumulative-layout-shift") * 1_000) / 1_000,
    KB: Math.round(weight(lhr) / 1_024),
  };
  const [performance, accessibility, practices, seo] = scores;
  console.log(
    `${name.padEnd(9)}${String(performance).padStart(11)}${String(accessibility).padStart(14)}${String(practices).padStart(10)}${String(seo).padStart(4)}` +
      `${String(measured.LCP).padStart(9)}${String(measured.TBT).padStart(8)}${String(measured.CLS).padStart(5)}${String(measured.KB).padStart(6)}`,
  );
  for (const [figure, budget] of Object.entries(budgets)) {
    if (measured[figure] > budget) late.push(`${name}: ${figure} ${measured[figure]}, the budget is ${budget}`);
  }
  const exceeds = Object.entries(limits).some(([figure, limit]) => measured[figure] > limit);
  if (accessibility < 100 || practices < 100 || seo < 100 || exceeds) {
    holds = false;
    const failed = Object.values(lhr.audits).filter((audit) => audit.score !== null && audit.score < 1 && audit.scoreDisplayMode === "binary");
    for (const audit of failed) console.log(`  NO  ${audit.id}: ${audit.title}`);
  }
}
for (const line of late) console.log(`  over its budget: ${line}`);
await chrome.kill();
program.stop();
clean();
process.exitCode = holds ? 0 : 1;
