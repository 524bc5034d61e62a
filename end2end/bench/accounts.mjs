// Measures the cost of accounts with the built program: `make bench-accounts`.
//
// Times for known and unknown accounts are comparable only within one run, not between runs or machines.
import { chromium } from "@playwright/test";
import { clean, median, member, p99, start } from "./program.mjs";

const PAIRS = Number(process.env.PAIRS ?? "300");

async function post(site, path, fields, cookie = "") {
  const started = performance.now();
  const answer = await fetch(site.origin + path, {
    method: "POST",
    redirect: "manual",
    headers: { origin: site.origin, accept: "text/html", cookie },
    body: fields instanceof FormData ? fields : new URLSearchParams(fields),
  });
  const text = await answer.text();
  return { ms: performance.now() - started, status: answer.status, text, cookies: answer.headers.getSetCookie() };
}

/** Compares requests for known and unknown accounts in pairs. Each kind comes first in half of the pairs. */
async function compare(name, known, unknown) {
  const times = [[], []];
  const answers = [new Set(), new Set()];
  for (let pair = 0; pair < PAIRS; pair += 1) {
    const order = pair % 2 ? [0, 1] : [1, 0];
    for (const which of order) {
      const answer = await [known, unknown][which](pair);
      times[which].push(answer.ms);
      answers[which].add(answer.status);
    }
  }
  const [one, other] = times.map(median);
  const difference = ((one / other - 1) * 100).toFixed(1);
  const statuses = answers.map((set) => [...set].join("/"));
  console.log(
    `${name.padEnd(22)} known ${one.toFixed(2)} ms (${statuses[0]})   unknown ${other.toFixed(2)} ms (${statuses[1]})   difference ${difference} %`,
  );
}

const site = await start(3400);
const hidden = await start(3401, { BROADSHEET_REGISTRATION: "private" });
const session = await member(site.origin, "ada");
const grace = await member(site.origin, "grace");
console.log(`Medians of ${PAIRS} interleaved pairs`);
await compare(
  "login",
  () => post(site, "/login", { login: "ada", password: "wrong password" }),
  () => post(site, "/login", { login: "nobody", password: "wrong password" }),
);
await compare(
  "password recovery",
  () => post(site, "/forgot_password", { email: "ada@example.org" }),
  () => post(site, "/forgot_password", { email: "nob@example.org" }),
);
const move = (email) =>
  post(site, "/account", { username: "grace", email, about: "", current_password: "grace-secret!" }, grace);
await compare("change of email", () => move("ada@example.org"), () => move("nob@example.org"));
const register = (username, email) =>
  post(hidden, "/register", { username, email, password: "a long password", confirm_password: "a long password" });
await register("taken", "ada@example.org");
await compare(
  "private registration",
  (pair) => register(`k${pair}`, "ada@example.org"),
  (pair) => register(`u${pair}`, "nob@example.org"),
);
hidden.stop();

const health = [];
let busy = true;
const watching = (async () => {
  while (busy) {
    const started = performance.now();
    await fetch(`${site.origin}/healthz`);
    health.push(performance.now() - started);
  }
})();
const logins = [];
for (let round = 0; round < 5; round += 1) {
  const parallel = Array.from({ length: 64 }, () => post(site, "/login", { login: "ada", password: "ada-secret!" }));
  logins.push(...(await Promise.all(parallel)));
}
busy = false;
await watching;
const statuses = [...new Set(logins.map(({ status }) => status))].map(
  (status) => `${logins.filter((login) => login.status === status).length} × ${status}`,
);
console.log(`64 parallel logins, 5 times: ${statuses.join(", ")}; health check p99 ${p99(health).toFixed(1)} ms of ${health.length}`);
console.log(`memory ${site.memory("VmRSS")} MB, peak ${site.memory("VmHWM")} MB`);
site.stop();

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ["--no-sandbox"] });
const page = await browser.newPage();
const photograph = await page.evaluate(async () => {
  const canvas = new OffscreenCanvas(4000, 3000);
  const context = canvas.getContext("2d");
  for (let shape = 0; shape < 40_000; shape += 1) {
    context.fillStyle = `hsl(${Math.random() * 360} 60% ${Math.random() * 100}%)`;
    context.fillRect(Math.random() * 4000, Math.random() * 3000, Math.random() * 60, Math.random() * 60);
  }
  const blob = await canvas.convertToBlob({ type: "image/jpeg", quality: 0.9 });
  return [...new Uint8Array(await blob.arrayBuffer())];
});
await browser.close();

async function upload(site, bytes, cookie) {
  const form = new FormData();
  form.append("picture", new Blob([new Uint8Array(bytes)]), "me.jpg");
  return post(site, "/account/picture", form, cookie);
}

const fresh = await start(3402);
const painter = await member(fresh.origin, "ada");
const before = fresh.memory("VmRSS");
const first = await upload(fresh, photograph, painter);
const peak = fresh.memory("VmHWM");
const again = [];
for (let round = 0; round < 9; round += 1) again.push((await upload(fresh, photograph, painter)).ms);
const last = fresh.memory("VmHWM");
await new Promise((resolve) => setTimeout(resolve, 5_000));
console.log(
  `12-megapixel JPEG (${(photograph.length / 1e6).toFixed(1)} MB): ${first.status}, first ${first.ms.toFixed(0)} ms, ` +
    `median ${median(again).toFixed(0)} ms; memory ${before} MB before, peak ${peak} MB, ` +
    `after ten of them ${last} MB, 5 s later ${fresh.memory("VmRSS")} MB`,
);
fresh.stop();

/** Returns a PNG without image data whose header claims a size of `width` × `height`. */
function bomb(width, height) {
  const bytes = Buffer.from("89504e470d0a1a0a0000000d49484452000000000000000008060000000000000000000000", "hex");
  bytes.writeUInt32BE(width, 16);
  bytes.writeUInt32BE(height, 20);
  return bytes;
}
const target = await start(3403);
// A user can upload only one picture at a time, so this takes twenty users.
const people = [];
for (let number = 0; number < 20; number += 1) people.push(await member(target.origin, `eve${number}`));
const calm = target.memory("VmHWM");
const bombs = await Promise.all(people.map((person) => upload(target, bomb(50_000, 50_000), person)));
console.log(
  `20 PNG bombs at once: ${[...new Set(bombs.map(({ status }) => status))].join("/")}, slowest ` +
    `${Math.max(...bombs.map(({ ms }) => ms)).toFixed(0)} ms; peak memory ${calm} MB before, ${target.memory("VmHWM")} MB after`,
);
target.stop();
clean();
