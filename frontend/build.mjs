// Builds what the browser loads, into target/site: the client, the styles and the files of `public`, each compressed as well.
import { spawn } from "node:child_process";
import { cp, mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import browserslist from "browserslist";
import { transform as minifyScript } from "esbuild";
import { browserslistToTargets, transform as minifyStyle } from "lightningcss";
import { compile as compileStyle } from "sass";

process.chdir(dirname(dirname(fileURLToPath(import.meta.url))));
const site = "target/site";
const folder = join(site, "pkg");
const name = "broadsheet";
// The client is compiled beside the server, which has the lock of the other folder.
const compiled = "target/client";

/** Runs a program, and fails when it does. */
function run(program, args, { env = {}, stdio = "inherit" } = {}) {
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
const runQuietly = (program, args) => run(program, args, { stdio: "pipe" });

/** Does `work`, and says what it is and how long it has taken. */
async function step(title, work) {
  console.log(`==> ${title}`);
  const start = performance.now();
  await work();
  console.log(`    ${((performance.now() - start) / 1000).toFixed(0)} s`);
}

/** Does `work` for each of the items, several at a time. */
async function each(items, work) {
  const rest = [...items];
  const worker = async () => {
    for (let item = rest.shift(); item !== undefined; item = rest.shift()) {
      await work(item);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
}

async function compileClient() {
  const flags = "-Clink-args=--emit-relocs";
  const args = ["build", "--package", "frontend", "--lib", "--target", "wasm32-unknown-unknown"];
  await run("cargo", [...args, "--profile", "wasm-release", "--target-dir", compiled], { env: { RUSTFLAGS: flags } });
}

async function bundle() {
  const client = join(compiled, "wasm32-unknown-unknown/wasm-release/frontend.wasm");
  await run("cargo", ["build", "--package", "bundle", "--profile", "build-tool", "--target-dir", compiled]);
  await runQuietly(join(compiled, "build-tool/bundle"), [client, folder]);
}

async function optimise() {
  const files = await readdir(folder);
  await each(
    files.filter((file) => file.endsWith(".wasm")),
    async (file) => {
      const path = join(folder, file);
      const features = ["--enable-bulk-memory", "--enable-nontrapping-float-to-int"];
      await runQuietly(wasmOpt, ["-Oz", ...features, path, "-o", path]);
    },
  );
  const script = join(folder, `${name}.js`);
  const { code } = await minifyScript(await readFile(script, "utf8"), { minify: true, format: "esm" });
  await writeFile(script, code);
}
const wasmOpt = "frontend/node_modules/binaryen/bin/wasm-opt";

async function styles() {
  const { css } = compileStyle("style/main.scss");
  const targets = browserslistToTargets(browserslist("last 2 years"));
  const { code } = minifyStyle({ filename: "main.scss", code: Buffer.from(css), minify: true, targets });
  await writeFile(join(folder, `${name}.css`), code);
}

async function compress() {
  const entries = await readdir(site, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  await each(files, async (file) => {
    const content = await readFile(file);
    const size = { params: { [constants.BROTLI_PARAM_SIZE_HINT]: content.length } };
    await writeFile(`${file}.br`, await promisify(brotliCompress)(content, size));
    await writeFile(`${file}.gz`, await promisify(gzip)(content, { level: 9 }));
  });
}

try {
  await step("Compiling the client", compileClient);
  await rm(site, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await step("Splitting it into parts", bundle);
  await step("Making the parts smaller", optimise);
  await step("Making the styles", styles);
  await cp("public", site, { recursive: true });
  await step("Compressing all of it", compress);
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
