//! The inline script of every page, which runs before hydration or without the client.

/// Converts dates to the local time.
const CLOCK: &str = include_str!("scripts/clock.js");
/// Makes wide content scrollable.
const WIDE: &str = include_str!("scripts/wide.js");
/// Adds buttons that copy code.
const COPY: &str = include_str!("scripts/copy.js");
/// Leads to what has changed since the last visit.
const VISITS: &str = include_str!("scripts/visits.js");
/// Decides when to load the client.
const START: &str = include_str!("scripts/start.js");

/// Returns the script of a page with the client's JavaScript `module`, WebAssembly and the `parts` that are loaded
/// next.
#[must_use]
pub fn of_page(module: &str, wasm: &str, parts: &[String]) -> String {
    let logout = shared::paths::LOGOUT;
    format!(
        "const MODULE = {module:?}, WASM = {wasm:?}, PARTS = {parts:?}, LOGOUT = {logout:?};\n{CLOCK}{WIDE}{COPY}{VISITS}{START}"
    )
}
