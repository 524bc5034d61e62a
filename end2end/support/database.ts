import { spawnSync } from "node:child_process";
import { basename, join } from "node:path";

/** Returns the database URL of the site on `port`: a file in `data`, or a database on the server in `TEST_DATABASE_URL`. */
export function databaseUrl(data: string, port: number): string {
  const server = process.env.TEST_DATABASE_URL;
  if (!server) return `sqlite://${join(data, "test.sqlite3")}`;
  const run = basename(process.env.TEST_FOLDER!).replace(/\W/g, "");
  const name = `${run}${port}`;
  const made = spawnSync("psql", [server, "-qc", `CREATE DATABASE "${name}"`], { encoding: "utf8" });
  if (made.status !== 0 && !made.stderr.includes("already exists")) throw new Error(made.stderr);
  return server.replace("/postgres?", `/${name}?`);
}
