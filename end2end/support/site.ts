import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";

import { databaseUrl } from "./database";

/** A separate site for one test, started on a terminal. */
export class OwnSite {
  private output = "";

  private constructor(
    readonly port: number,
    private readonly program: ChildProcess,
  ) {
    program.stdout!.on("data", (text: Buffer) => (this.output += text.toString()));
  }

  /** Starts a site with these settings and waits until it is ready. */
  static async start(settings: Record<string, string> = {}): Promise<OwnSite> {
    const folder = process.env.TEST_FOLDER!;
    const port = await freePort();
    const data = join(folder, String(port));
    mkdirSync(data, { recursive: true });
    const env = {
      PATH: process.env.PATH,
      TERM: "dumb",
      BROADSHEET_LISTEN: `127.0.0.1:${port}`,
      BROADSHEET_SITE_URL: `http://localhost:${port}`,
      BROADSHEET_DATA_DIR: data,
      BROADSHEET_DATABASE_URL: databaseUrl(data, port),
      BROADSHEET_LOG_FILE: join(folder, `${port}.log`),
      BROADSHEET_LIMITS: "off",
      ...settings,
    };
    // The program prints some messages only to a terminal.
    const program = spawn("script", ["-qefc", `exec ${join(folder, "broadsheet")}`, "/dev/null"], { env, cwd: data });
    const site = new OwnSite(port, program);
    for (let attempt = 0; attempt < 200; attempt += 1) {
      const answer = await fetch(`${site.origin}/readyz`).catch(() => undefined);
      if (answer?.ok) return site;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`the site did not start: ${site.output}`);
  }

  get origin() {
    return `http://localhost:${this.port}`;
  }

  /** Waits for the link to create the first administrator, which is printed after the start. */
  async invitation(): Promise<string> {
    for (let attempt = 0; attempt < 100; attempt += 1) {
      const link = this.output.match(/http:\S+\/first_administrator\/[0-9a-f]{64}/);
      if (link) return link[0];
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`there is no link: ${this.output}`);
  }

  /** Stops the site. */
  async stop() {
    const stopped = new Promise((resolve) => this.program.on("exit", resolve));
    this.program.stdin!.end("\u0003");
    this.program.kill("SIGTERM");
    await stopped;
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
