// Measures how slow and abusive clients affect other visitors, with the built program: `make bench-edge` (AVL-01, AVL-03).
import { connect } from "node:net";
import { clean, coldStart, median, p99, start } from "./program.mjs";

const SOCKETS = Number(process.env.SOCKETS ?? "1000");
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Sends one byte every ten seconds. Resolves to the time in ms until the connection is closed. */
function slow(port) {
  return new Promise((resolve) => {
    const begun = performance.now();
    const socket = connect(port, "127.0.0.1");
    const head = "GET / HTTP/1.1\r\nhost: localhost\r\n";
    let sent = 0;
    const drip = () => socket.write(head[sent++ % head.length]);
    socket.on("connect", drip);
    const timer = setInterval(drip, 10_000);
    socket.on("error", () => {});
    socket.on("close", () => {
      clearInterval(timer);
      resolve(performance.now() - begun);
    });
  });
}

/** Requests the home page repeatedly until `over` is set. Resolves to the response times in ms. */
async function pages(site, over) {
  const times = [];
  while (!over.value) {
    const begun = performance.now();
    const answer = await fetch(site.origin);
    await answer.text();
    times.push(performance.now() - begun);
    await pause(5);
  }
  return times;
}

/** Sends a request that exceeds a limit. Resolves to the status of the response. */
function greedy(port, request) {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => socket.write(request));
    let answer = "";
    socket.on("data", (part) => (answer += part.toString("latin1")));
    socket.on("error", () => {});
    socket.on("close", () => resolve(answer.slice(9, 12)));
  });
}

console.log(`cold start to the first page: ${(await coldStart(3290)).toFixed(0)} ms (a new site)`);
console.log(`                              ${(await coldStart(3290)).toFixed(0)} ms (an existing site)`);

// The clients share an address, which may open only 512 connections unless it is a trusted proxy.
const port = 3291;
const site = await start(port, { BROADSHEET_TRUSTED_PROXIES: "127.0.0.0/8" });
const over = { value: false };
const reading = pages(site, over);
const suffered = await Promise.all(Array.from({ length: SOCKETS }, () => slow(port)));
over.value = true;
const times = await reading;
console.log(`${SOCKETS} slow clients: connections closed after at most ${(Math.max(...suffered) / 1000).toFixed(1)} s;`);
console.log(`${times.length} pages meanwhile: median ${median(times).toFixed(1)} ms, p99 ${p99(times).toFixed(1)} ms`);

const long = "a".repeat(64 * 1024);
const body = "a".repeat(3 * 1024 * 1024);
const form = "host: localhost\r\norigin: http://127.0.0.1:3291\r\ncontent-type: application/x-www-form-urlencoded\r\nconnection: close";
const requests = {
  "a long address": `GET /${long.slice(0, 20_000)} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n`,
  "a long header field": `GET / HTTP/1.1\r\nhost: localhost\r\nx: ${long}\r\n\r\n`,
  "a long form": `POST /login HTTP/1.1\r\n${form}\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  "deep JSON": `POST /login HTTP/1.1\r\n${form.replace("x-www-form-urlencoded", "json")}\r\ncontent-length: ${long.length}\r\n\r\n${"[".repeat(long.length)}`,
};
const before = site.memory("VmRSS");
for (const [name, request] of Object.entries(requests)) {
  const statuses = new Set();
  for (let time = 0; time < 50; time += 1) statuses.add(await greedy(port, request));
  console.log(`50 requests with ${name}: ${[...statuses].join(", ")}`);
}
console.log(`memory: ${before} MB before, ${site.memory("VmRSS")} MB after, peak ${site.memory("VmHWM")} MB`);
await site.stop();

/**
 * Sends a form of 2 MiB without its last 64 bytes. Resolves to the status of the response and the time in ms until the
 * connection is closed.
 */
function half(port, path) {
  return new Promise((resolve) => {
    const begun = performance.now();
    const length = 2 * 1024 * 1024;
    const head = `POST ${path} HTTP/1.1\r\nhost: localhost\r\norigin: http://127.0.0.1:${port}\r\ncontent-type: application/x-www-form-urlencoded\r\n`;
    const socket = connect(port, "127.0.0.1", () => socket.write(`${head}content-length: ${length}\r\n\r\n${"a".repeat(length - 64)}`));
    let answer = "";
    socket.on("data", (part) => (answer += part.toString("latin1")));
    socket.on("error", () => {});
    socket.on("close", () => resolve([answer.slice(9, 12), performance.now() - begun]));
  });
}

for (const [path, clients] of [["/login", 400], ["/post/new", 400], ["/post/new", 2000]]) {
  const port = 3292;
  const site = await start(port, { BROADSHEET_TRUSTED_PROXIES: "127.0.0.0/8" });
  await (await fetch(site.origin)).text();
  const before = site.memory("VmRSS");
  const over = { value: false };
  const reading = pages(site, over);
  const answers = await Promise.all(Array.from({ length: clients }, () => half(port, path)));
  over.value = true;
  const times = await reading;
  const statuses = [...new Set(answers.map(([status]) => status || "none"))].join(", ");
  const longest = Math.max(...answers.map(([, took]) => took)) / 1000;
  console.log(`${clients} incomplete forms to ${path}: ${statuses} after at most ${longest.toFixed(1)} s; pages meanwhile: p99 ${p99(times).toFixed(1)} ms`);
  console.log(`  memory: ${before} MB before, peak ${site.memory("VmHWM")} MB, ${site.memory("VmRSS")} MB after`);
  await site.stop();
}
clean();
