import { execFileSync } from "node:child_process";
import { join } from "node:path";

import { databaseUrl } from "./database";

/** Runs a command of the program against the data of the site on `port` and returns its output. */
export function command(port: number, ...words: string[]): string {
  const folder = process.env.TEST_FOLDER!;
  const data = join(folder, String(port));
  const env = {
    BROADSHEET_DATA_DIR: data,
    BROADSHEET_DATABASE_URL: databaseUrl(data, port),
  };
  return execFileSync(join(folder, "broadsheet"), words, { cwd: folder, env, encoding: "utf8" });
}
