// Puts load on a page with wrk (Debian: apt install wrk) and measures the cost for the server.
import { spawnSync } from "node:child_process";
import { postgresCpu } from "./program.mjs";

const DURATION = process.env.DURATION ?? "5";

/**
 * Loads `url` for some seconds. Returns the pages per second, the latencies in ms and the CPU time per page in ms, of the
 * server and of PostgreSQL.
 */
export function load(server, url, { connections = 16, headers = [], script = [] } = {}) {
  const fields = headers.flatMap((header) => ["-H", header]);
  const [lua, ...rest] = script;
  const wrk = (seconds) => {
    const told = ["--latency", "-H", "accept: text/html", ...fields, ...(lua ? ["-s", lua] : []), url];
    const words = ["-t1", `-c${connections}`, `-d${seconds}s`, ...told, ...(lua ? ["--", ...rest] : [])];
    const { status, stdout, stderr, error } = spawnSync("wrk", words, { encoding: "utf8" });
    if (error?.code === "ENOENT") throw new Error("wrk is missing (Debian: apt install wrk)");
    if (status !== 0) throw new Error(`wrk: ${error ?? `${stdout}${stderr}`}`);
    return stdout;
  };
  wrk(1);
  const [before, databaseBefore] = [server.cpu(), postgresCpu()];
  const told = wrk(DURATION);
  const spent = server.cpu() - before;
  const spentByDatabase = postgresCpu() - databaseBefore;
  if (/Non-2xx/.test(told)) throw new Error(`${url}: ${told}`);
  const time = (part) => {
    const [, number, unit] = told.match(new RegExp(`${part}%\\s+([\\d.]+)(us|ms|s)`));
    return Number(number) * { us: 0.001, ms: 1, s: 1000 }[unit];
  };
  const requests = Number(told.match(/(\d+) requests in/)[1]);
  return { rate: Number(told.match(/Requests\/sec:\s+([\d.]+)/)[1]), p50: time(50), p99: time(99), cpu: spent / requests, database: spentByDatabase / requests };
}
