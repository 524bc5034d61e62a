//! The browser's entry point.

use app::app::App;
use wasm_bindgen::prelude::wasm_bindgen;

/// Makes the page that the server rendered interactive.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_body(App);
}
