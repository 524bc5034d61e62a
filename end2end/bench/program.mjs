// The built program, and what it takes.
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const folder = mkdtempSync(join(tmpdir(), "broadsheet-bench-"));

const PROGRAM = "../target/release/broadsheet";
const originAt = (port) => `http://127.0.0.1:${port}`;
const settingsAt = (port) => ({
  BROADSHEET_LISTEN: `127.0.0.1:${port}`,
  BROADSHEET_SITE_URL: originAt(port),
  BROADSHEET_DATA_DIR: join(folder, String(port)),
  BROADSHEET_LIMITS: "off",
  BROADSHEET_LOG: "error",
});

/** Runs a command on the site that is to be on `port`. */
export function run(port, ...command) {
  const { status, stderr } = spawnSync(PROGRAM, command, { env: settingsAt(port), encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
}

/** The program on `port`; its own process tells its memory. */
export async function start(port, settings = {}) {
  const origin = originAt(port);
  const program = spawn(PROGRAM, { env: { ...settingsAt(port), ...settings }, stdio: "ignore" });
  const memory = (name) => {
    const line = readFileSync(`/proc/${program.pid}/status`, "utf8").split("\n").find((it) => it.startsWith(name));
    return Math.round(Number(line.match(/\d+/)[0]) / 1024);
  };
  for (;;) {
    if (await fetch(`${origin}/healthz`).then((answer) => answer.ok, () => false)) break;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return { origin, memory, stop: () => program.kill() };
}

/** Deletes what the programs have written. */
export const clean = () => rmSync(folder, { recursive: true, force: true });

export const sorted = (numbers) => [...numbers].sort((one, other) => one - other);
export const median = (numbers) => sorted(numbers)[Math.floor(numbers.length / 2)];
export const p99 = (numbers) => sorted(numbers)[Math.ceil(numbers.length * 0.99) - 1];
