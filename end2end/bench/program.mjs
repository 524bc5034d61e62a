// Starts the built program and measures its start time, memory and CPU time.
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const folder = mkdtempSync(join(tmpdir(), "broadsheet-bench-"));

const PROGRAM = process.env.PROGRAM ?? "../target/release/broadsheet";
const originAt = (port) => `http://127.0.0.1:${port}`;
const settingsAt = (port) => ({
  BROADSHEET_LISTEN: `127.0.0.1:${port}`,
  BROADSHEET_SITE_URL: originAt(port),
  BROADSHEET_DATA_DIR: join(folder, String(port)),
  BROADSHEET_LIMITS: "off",
  BROADSHEET_LOG: "error",
});

/** Runs a command of the program with the settings of the site on `port`. */
export function run(port, command, settings = {}) {
  const { status, stderr } = spawnSync(PROGRAM, command, { env: { ...settingsAt(port), ...settings }, encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
}

/** Returns the CPU time of a process in ms: the user time and the system time, in clock ticks of 10 ms (proc_pid_stat(5)). */
function cpuOf(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** Returns the CPU time in ms of all processes of PostgreSQL that are running. */
export function postgresCpu() {
  const nameOf = (pid) => readFileSync(`/proc/${pid}/comm`, "utf8").trim();
  const processes = readdirSync("/proc").filter((pid) => /^\d+$/.test(pid));
  let sum = 0;
  for (const pid of processes) {
    try {
      if (nameOf(pid) === "postgres") sum += cpuOf(pid);
    } catch {
      // The process has ended since.
    }
  }
  return sum;
}

/** Returns the data folder of the site on `port`. */
export const dataOf = (port) => settingsAt(port).BROADSHEET_DATA_DIR;

/** Starts the program on `port`. */
export const start = (port, settings = {}) => launch(PROGRAM, [], { ...settingsAt(port), ...settings }, originAt(port), "/healthz");

/** Returns the time in ms from starting the program to its first page. */
export async function coldStart(port, settings = {}) {
  const begun = performance.now();
  const site = await start(port, settings);
  await fetch(site.origin);
  const took = performance.now() - begun;
  await site.stop();
  return took;
}

/** Starts a server and waits until it responds at `path` of `origin`. */
export async function launch(command, words, env, origin, path) {
  const program = spawn(command, words, { env, stdio: "ignore" });
  const memory = (name) => {
    const line = readFileSync(`/proc/${program.pid}/status`, "utf8").split("\n").find((it) => it.startsWith(name));
    return Math.round(Number(line.match(/\d+/)[0]) / 1024);
  };
  const cpu = () => cpuOf(program.pid);
  for (;;) {
    if (await fetch(`${origin}${path}`).then((answer) => answer.ok, () => false)) break;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const ended = new Promise((resolve) => program.on("exit", resolve));
  const stop = () => {
    program.kill();
    return ended;
  };
  return { origin, memory, cpu, stop };
}

let members = 0;

/** Registers and logs in a user at `origin` and returns the cookie. The password is the name followed by `-secret!`. */
export async function member(origin, name = `m${Date.now().toString(36)}-${(members += 1)}`) {
  const password = `${name}-secret!`;
  const post = (path, fields) =>
    fetch(`${origin}${path}`, {
      method: "POST",
      redirect: "manual",
      headers: { accept: "text/html", origin },
      body: new URLSearchParams(fields),
    });
  await post("/register", { username: name, email: `${name}@example.org`, password, confirm_password: password });
  const answer = await post("/login", { login: name, password });
  return answer.headers.getSetCookie().find((cookie) => cookie.startsWith("session=")).split(";")[0];
}

/** Deletes the data of the started programs. */
export const clean = () => rmSync(folder, { recursive: true, force: true });

export const sorted = (numbers) => [...numbers].sort((one, other) => one - other);
export const median = (numbers) => sorted(numbers)[Math.floor(numbers.length / 2)];
export const p99 = (numbers) => sorted(numbers)[Math.ceil(numbers.length * 0.99) - 1];
