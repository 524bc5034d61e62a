//! What a page does in the browser by itself: before its client has come, or without it.

/// Dates on the reader's clock.
const CLOCK: &str = include_str!("scripts/clock.js");
/// Marks content that is wider than the page.
const WIDE: &str = include_str!("scripts/wide.js");
/// When the client comes.
const START: &str = include_str!("scripts/start.js");

/// The script of a page whose client is this JavaScript `module` with this WebAssembly, which loads these `parts` next.
#[must_use]
pub fn of_page(module: &str, wasm: &str, parts: &[String]) -> String {
    let logout = shared::paths::LOGOUT;
    format!(
        "const MODULE = {module:?}, WASM = {wasm:?}, PARTS = {parts:?}, LOGOUT = {logout:?};\n{CLOCK}{WIDE}{START}"
    )
}
