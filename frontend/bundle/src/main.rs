//! Generates the client's files from the compiled WebAssembly: one module per chunk and the JavaScript that loads
//! them.

use std::{env, error::Error, fs, path::Path};

use wasm_bindgen_cli_support::Bindgen;
use wasm_split_cli_support::{Options, transform};

/// The name of the files without their extensions.
const NAME: &str = "broadsheet";
/// The module that loads the chunks, under the name that the macros of `wasm_split` refer to.
const LOADER: &str = "./__wasm_split.______________________.js";
/// The manifest of the files that each chunk needs.
const MANIFEST: &str = "__wasm_split_manifest.json";

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().collect();
    let [_, client, folder] = arguments.as_slice() else {
        return Err("usage: bundle CLIENT.wasm FOLDER".into());
    };
    bundle(Path::new(client), Path::new(folder))
}

/// Splits the compiled `client` and writes the files for the browser into `folder`.
fn bundle(client: &Path, folder: &Path) -> Result<(), Box<dyn Error>> {
    let compiled = fs::read(client)?;
    let main = client.with_extension("main.wasm");
    let mut options = Options::new(&compiled);
    options.output_dir = folder;
    options.main_out_path = &main;
    let module = format!("./{NAME}.js");
    options.main_module = &module;
    options.link_name = LOADER;
    let parts = transform(options)?;
    fs::write(
        folder.join(MANIFEST),
        serde_json::to_string_pretty(&parts.prefetch_map)?,
    )?;
    Bindgen::new()
        .input_path(&main)
        .out_name(NAME)
        .web(true)?
        .typescript(false)
        // The chunks import symbols of the first module by their linker names.
        .keep_lld_exports(true)
        .demangle(false)
        .generate(folder)?;
    // leptos expects this name.
    fs::rename(
        folder.join(format!("{NAME}_bg.wasm")),
        folder.join(format!("{NAME}.wasm")),
    )?;
    Ok(())
}
