import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { secrets } from "./secrets";

/** OPS-08: checks after all tests that no log of the sites contains a secret. */
export default function lookThroughLogs() {
  const folder = process.env.TEST_FOLDER!;
  const logs = readdirSync(folder).filter((file) => file.endsWith(".log"));
  if (logs.length === 0) throw new Error("there is no log to look through");
  const told = secrets();
  for (const kind of ["password", "token", "session"]) {
    if (!told.some((secret) => secret.kind === kind)) throw new Error(`no ${kind} was used: nothing was looked for`);
  }
  for (const file of logs) {
    const log = readFileSync(join(folder, file), "utf8");
    for (const { kind, value } of told) {
      if (log.includes(value)) throw new Error(`${file} holds a ${kind}`);
    }
  }
  console.log(`logs: ${logs.length} hold none of ${told.length} secrets`);
}
