// Measures how the start time, the memory, and the cost of pages at 1, 16 and 256 connections grow with the number of
// posts, on SQLite.
import { budget } from "./budget.mjs";
import { load } from "./load.mjs";
import { coldStart, dataOf, median, run, start } from "./program.mjs";

const CONNECTIONS = [1, 16, 256];
const STARTS = 5;

/** Measures a site with this number of posts, prints the results as a row of the table and returns them. */
async function measure(posts, port, list) {
  const data = { BROADSHEET_DATA_DIR: `${dataOf(port)}-${posts}` };
  run(port, ["demo", "--yes", "--users", String(Math.max(20, Math.min(Math.ceil(posts / 100), 10_000))), "--posts", String(posts)], data);
  const starts = [];
  for (let time = 0; time < STARTS; time += 1) starts.push(await coldStart(port, data));
  const site = await start(port, { ...list, ...data, BROADSHEET_PAGE_CACHE_MEGABYTES: "0", BROADSHEET_READ_CACHE_MEGABYTES: "0" });
  const middle = `${site.origin}/?page=${Math.ceil(posts / Number(list.BROADSHEET_POSTS_PER_PAGE) / 2)}`;
  const rest = site.memory("VmRSS");
  const at = (url) => CONNECTIONS.map((connections) => load(site, url, { connections }));
  const [home, inside] = [at(site.origin), at(middle)];
  const full = site.memory("VmHWM");
  await site.stop();
  const told = [...home, ...inside].map(({ rate, cpu }) => `${rate.toFixed(0)} (${cpu.toFixed(3)})`);
  console.log(`| ${posts} | ${median(starts).toFixed(0)} | ${rest} | ${full} | ${told.join(" | ")} |`);
  return { start: median(starts), rest, full, cpu: [home, inside].map((page) => page.map(({ cpu }) => cpu)) };
}

/** Measures sites of these `sizes`, one after another, on `port`. `list` contains the settings of lists. */
export async function grow(sizes, port, list) {
  const rise = sizes.every((size, place) => size >= 2 && size > (sizes[place - 1] ?? 0));
  if (sizes.length < 2 || !rise) throw new Error("SIZES are two or more numbers, each larger than the one before");
  const pages = ["home", "middle"].flatMap((page) => CONNECTIONS.map((count) => `${page}, ${count}`));
  console.log("\n## By number of posts\n\nUncached pages per second, with the CPU time of a page in ms, by number of connections. “middle” is the page halfway through the list.\n");
  console.log(`| posts | start ms | memory MB | peak MB | ${pages.join(" | ")} |\n|--:|--:|--:|--:|${pages.map(() => "--:|").join("")}`);
  const measured = [];
  for (const posts of sizes) measured.push(await measure(posts, port, list));
  const [first, last] = [measured[0], measured[measured.length - 1]];
  // The depth of an index grows logarithmically with the number of posts, and nothing may grow faster.
  const logarithm = Math.log(sizes[sizes.length - 1]) / Math.log(sizes[0]);
  const growth = (value) => value(last) / value(first);
  const cpu = [0, 1].flatMap((page) => CONNECTIONS.map((_, count) => growth(({ cpu }) => cpu[page][count])));
  console.log();
  budget("the slowest start", Math.max(...measured.map(({ start }) => start)), 100, "ms");
  for (const [name, times] of Object.entries({
    "a start": growth(({ start }) => start),
    "memory at rest": growth(({ rest }) => rest),
    "memory under load": growth(({ full }) => full),
    "a page": Math.max(...cpu),
  })) {
    budget(`${name}, from ${sizes[0]} posts to ${sizes[sizes.length - 1]}`, times, Number(logarithm.toFixed(2)), "times");
  }
}
