// Utilities of the build: running programs and timing steps.
import { spawn } from "node:child_process";
import { availableParallelism } from "node:os";

/** Runs a program and rejects if it fails. */
export function run(program, args, { env = {}, stdio = "inherit" } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio, env: { ...process.env, ...env } });
    const said = [];
    for (const stream of [child.stdout, child.stderr]) stream?.on("data", (part) => said.push(part));
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) return resolve();
      process.stderr.write(Buffer.concat(said));
      reject(new Error(`${program} has failed (${code}): ${args.join(" ")}`));
    });
  });
}

/** Runs a program whose output is only shown if it fails, because its warnings are irrelevant. */
export const runQuietly = (program, args) => run(program, args, { stdio: "pipe" });

/** Runs `work` and prints its title and duration. */
export async function step(title, work) {
  console.log(`==> ${title}`);
  const start = performance.now();
  await work();
  console.log(`    ${((performance.now() - start) / 1000).toFixed(0)} s`);
}

/** Runs `work` for each item, with as many at a time as there are processors. */
export async function each(items, work) {
  const rest = [...items];
  const worker = async () => {
    for (let item = rest.shift(); item !== undefined; item = rest.shift()) {
      await work(item);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
}
