//! Rebuilds the server when the client or the styles have changed, because every profile except `dev` embeds them.

use std::{env, path::PathBuf};

fn main() {
    // `OUT_DIR` is `target/<profile>/build/<package>/out`, and the profile `dev` has the folder `debug`.
    let out = env::var_os("OUT_DIR").map(PathBuf::from).unwrap_or_default();
    let profile = out.ancestors().nth(3).and_then(|folder| folder.file_name());
    if profile.is_some_and(|profile| profile == "debug") {
        // In this profile, the program reads the files from their folder at run time.
        println!("cargo::rerun-if-changed=build.rs");
    } else {
        println!("cargo::rerun-if-changed=../target/site");
    }
}
