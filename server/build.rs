//! Has a release built again when the client or the styles have changed, which it holds.

fn main() {
    // While it is being developed, the program reads them from their folder.
    if std::env::var("PROFILE").is_ok_and(|profile| profile == "release") {
        println!("cargo::rerun-if-changed=../target/site");
    } else {
        println!("cargo::rerun-if-changed=build.rs");
    }
}
