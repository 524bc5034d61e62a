// Builds the files for the browser into target/site: the client, the styles and the files of `public`, all of them
// also compressed.
import { cp, mkdir, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import browserslist from "browserslist";
import { transform as minifyScript } from "esbuild";
import { browserslistToTargets, transform as minifyStyle } from "lightningcss";
import { compile as compileStyle } from "sass";

import { each, run, runQuietly, step } from "./steps.mjs";

process.chdir(dirname(dirname(fileURLToPath(import.meta.url))));
// Built in a separate folder and then renamed, so that the site is never incomplete.
const finished = "target/site";
const site = "target/site-next";
const folder = join(site, "pkg");
const name = "broadsheet";
// Separate target folders, so that they and the server can be compiled at the same time.
const compiledClient = "target/client";
const compiledBundle = "target/bundle";
const wasmOpt = "frontend/node_modules/binaryen/bin/wasm-opt";

async function compileClient() {
  const args = ["build", "--package", "frontend", "--lib", "--target", "wasm32-unknown-unknown"];
  await run("cargo", [...args, "--profile", "wasm-release", "--target-dir", compiledClient], {
    // Splitting the client requires the relocations.
    env: { RUSTFLAGS: "-Clink-args=--emit-relocs" },
  });
}

/** Compiles the program that splits the client. */
const compileBundle = () =>
  run("cargo", ["build", "--package", "bundle", "--profile", "build-tool", "--target-dir", compiledBundle]);

async function bundle() {
  const client = join(compiledClient, "wasm32-unknown-unknown/wasm-release/frontend.wasm");
  await runQuietly(join(compiledBundle, "build-tool/bundle"), [client, folder]);
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

/** Makes the inline script of every page, whose parts `app/src/scripts.rs` names in this order. */
async function scripts() {
  const source = await readFile("app/src/scripts.rs", "utf8");
  const names = [...source.matchAll(/include_str!\("(scripts\/[^"]+)"\)/g)].map(([, name]) => name);
  if (names.length === 0) throw new Error("app/src/scripts.rs names no script");
  const parts = await Promise.all(names.map((name) => readFile(join("app/src", name), "utf8")));
  const { code } = await minifyScript(parts.join(""), { minify: true, format: "esm" });
  await writeFile(join(folder, "page.js"), code.trimEnd());
}

async function styles() {
  const { css } = compileStyle("style/main.scss");
  // The browsers are listed in `package.json`.
  const targets = browserslistToTargets(browserslist(undefined, { path: "frontend" }));
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
  await step("Compiling the client, and what splits it", () => Promise.all([compileClient(), compileBundle()]));
  await rm(site, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await step("Splitting it into parts", bundle);
  await step("Making the parts smaller", optimise);
  await step("Making the styles and the scripts", () => Promise.all([styles(), scripts()]));
  await cp("public", site, { recursive: true });
  await step("Compressing all of it", compress);
  await rm(finished, { recursive: true, force: true });
  await rename(site, finished);
} catch (error) {
  console.error(error.message);
  // Lets the other steps finish first.
  process.exitCode = 1;
}
