//! The inline script of every page, which runs before hydration or without the client.

/// The parts of the script: they convert dates to the local time, make wide content scrollable, add buttons that copy code, lead to
/// what has changed since the last visit, and decide when to load the client.
const SCRIPTS: &str = concat!(
    include_str!("scripts/clock.js"),
    include_str!("scripts/wide.js"),
    include_str!("scripts/copy.js"),
    include_str!("scripts/visits.js"),
    include_str!("scripts/start.js"),
);

/// Returns the script of a page with the client's JavaScript `module`, WebAssembly and the `parts` that are loaded
/// next. `minified` is the script as the build has made it shorter; during development, there is none.
#[must_use]
pub fn of_page(module: &str, wasm: &str, parts: &[String], minified: Option<&str>) -> String {
    let logout = shared::paths::LOGOUT;
    let scripts = minified.unwrap_or(SCRIPTS);
    format!("const MODULE = {module:?}, WASM = {wasm:?}, PARTS = {parts:?}, LOGOUT = {logout:?};\n{scripts}")
}
