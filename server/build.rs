//! Has the server built again when the client or the styles have changed, which all profiles but `dev` embed.

use std::{env, path::PathBuf};

fn main() {
    // `target/<profile>/build/<package>/out`, where `dev` is called `debug`.
    let out = env::var_os("OUT_DIR").map(PathBuf::from).unwrap_or_default();
    let profile = out.ancestors().nth(3).and_then(|folder| folder.file_name());
    if profile.is_some_and(|profile| profile == "debug") {
        // The program reads them from their folder.
        println!("cargo::rerun-if-changed=build.rs");
    } else {
        println!("cargo::rerun-if-changed=../target/site");
    }
}
