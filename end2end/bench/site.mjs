// Measures the cost of each page, compared with a minimal server, and how it grows with the number of posts: `make bench`
// (POSTS=100000 DURATION=5 SIZES="1000 100000 1000000"). Also measures PostgreSQL if TEST_DATABASE_URL is set, as by
// .tools/with-postgres.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { budget, reportMissed } from "./budget.mjs";
import { grow } from "./growth.mjs";
import { load } from "./load.mjs";
import { clean, dataOf, launch, member, run, start } from "./program.mjs";

const POSTS = process.env.POSTS ?? "100000";
const SIZES = (process.env.SIZES ?? "1000 100000 1000000").split(" ").map(Number);
const [SITE, BARE, GROWING] = [3390, 3391, 3393];
const AUTHORS = 8;
const LIST = { BROADSHEET_POSTS_PER_PAGE: "10" };

function row(name, { rate, p50, p99, cpu }, bare) {
  const ratio = bare ? `${(cpu / bare).toFixed(1)} ×` : "";
  console.log(`| ${name} | ${rate.toFixed(0)} | ${p50.toFixed(1)} | ${p99.toFixed(1)} | ${cpu.toFixed(3)} | ${ratio} |`);
}

async function pagesOf(origin) {
  const home = await (await fetch(origin, { headers: { accept: "text/html" } })).text();
  const link = (pattern) => home.match(pattern)[1];
  return {
    home: "/",
    post: link(/href="(\/post\/\d+-[^"]*)"/),
    author: link(/href="(\/user\/[^"]*)"/),
    explore: "/explore",
    login: "/login",
    feed: "/atom.xml",
  };
}

/** Measures all pages of a site and prints the results as a table, followed by the budgets. */
async function measure(title, settings, bare) {
  const heading = `\n## ${title}\n\n| page | per second | p50 ms | p99 ms | CPU ms | relative to bare |\n|:--|--:|--:|--:|--:|--:|`;
  console.log(heading);
  const fresh = await start(SITE, { ...LIST, ...settings, BROADSHEET_PAGE_CACHE_MEGABYTES: "0" });
  const pages = await pagesOf(fresh.origin);
  const rest = fresh.memory("VmRSS");
  const result = {};
  for (const [name, path] of Object.entries(pages)) {
    result[name] = load(fresh, `${fresh.origin}${path}`);
    row(`${name}, uncached`, result[name], bare.rows);
  }
  await fresh.stop();
  const site = await start(SITE, { ...LIST, ...settings });
  for (const [name, path] of Object.entries(pages)) {
    const cached = load(site, `${site.origin}${path}`, { headers: ["accept-encoding: br"] });
    row(`${name}, cached`, cached, bare.fixed);
    if (name === "home") result.cached = cached;
  }
  const cookie = await member(site.origin);
  for (const name of ["home", "post", "author"]) {
    const member = load(site, `${site.origin}${pages[name]}`, { headers: [`cookie: ${cookie}`] });
    row(`${name}, logged in`, member, bare.rows);
    result.member = member;
  }
  const half = load(site, `${site.origin}/`, { connections: 1, headers: [`cookie: ${cookie}`] });
  row("home, logged in, 1 connection", half, bare.rows);
  const authors = [];
  for (let count = 0; count < AUTHORS; count += 1) authors.push(await member(site.origin));
  const writes = load(site, site.origin, { connections: AUTHORS, script: ["bench/publish.lua", ...authors] });
  row(`posts published by ${AUTHORS} authors`, writes, bare.rows);
  const whole = writes.cpu + writes.database;
  for (const connections of [1, 16, 256]) {
    const noun = connections === 1 ? "connection" : "connections";
    row(`home, cached, ${connections} ${noun}`, load(site, site.origin, { connections, headers: ["accept-encoding: br"] }), bare.fixed);
  }
  const full = site.memory("VmHWM");
  await site.stop();
  console.log(`\nMemory: ${rest} MB at rest, ${full} MB at its peak.\n`);
  budget("an uncached list", result.home.cpu / bare.rows, 5, "× rows");
  budget("a cached page", result.cached.cpu / bare.fixed, 1.5, "× fixed");
  budget("pages for members", result.member.rate, -3000, "per second");
  budget("p99 at half load", half.p99, 5, "ms");
  budget("posts published", writes.rate, settings.BROADSHEET_DATABASE_URL ? -1000 : -500, "per second");
  budget("CPU of a publication, with the database", whole, 2.2, "ms");
  budget("memory at rest", rest, 60, "MB");
  budget("memory under load", full, 150, "MB");
}

run(SITE, ["demo", "--yes", "--users", "1000", "--posts", POSTS]);
const site = await start(SITE, LIST);
const page = join(dataOf(SITE), "page.html");
writeFileSync(page, await (await fetch(site.origin, { headers: { accept: "text/html" } })).text());
await site.stop();

console.log(`${POSTS} posts, wrk with 16 connections and all servers on the same cores.\n`);
console.log("## Bare\n\n| page | per second | p50 ms | p99 ms | CPU ms | |\n|:--|--:|--:|--:|--:|--:|");
const words = [`127.0.0.1:${BARE}`, join(dataOf(SITE), "broadsheet.sqlite3"), page];
const server = await launch("../target/release/examples/bare", words, {}, `http://127.0.0.1:${BARE}`, "/fixed");
const fixed = load(server, `${server.origin}/fixed`);
const rows = load(server, `${server.origin}/rows`);
row("a file", fixed);
row("ten rows in a page", rows);
await server.stop();

const bare = { fixed: fixed.cpu, rows: rows.cpu };
await measure("SQLite", {}, bare);
const postgres = process.env.TEST_DATABASE_URL;
if (postgres) {
  run(SITE, ["db", "copy", "--to", postgres]);
  await measure("PostgreSQL", { BROADSHEET_DATABASE_URL: postgres }, bare);
}
await grow(SIZES, GROWING, LIST);
clean();
reportMissed();
