// Steps of a build: programs that are run, and work that is told of.
import { spawn } from "node:child_process";
import { availableParallelism } from "node:os";

/** Runs a program, and fails when it does. */
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

/** The same for a program whose warnings say nothing about this site: what it says is shown when it fails. */
export const runQuietly = (program, args) => run(program, args, { stdio: "pipe" });

/** Does `work`, and says what it is and how long it has taken. */
export async function step(title, work) {
  console.log(`==> ${title}`);
  const start = performance.now();
  await work();
  console.log(`    ${((performance.now() - start) / 1000).toFixed(0)} s`);
}

/** Does `work` for each of the items, several at a time. */
export async function each(items, work) {
  const rest = [...items];
  const worker = async () => {
    for (let item = rest.shift(); item !== undefined; item = rest.shift()) {
      await work(item);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
}
