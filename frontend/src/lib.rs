//! The browser's entry point.

use app::app::App;
use leptos::prelude::document;
use wasm_bindgen::prelude::wasm_bindgen;

/// Makes the page that the server rendered interactive, and says so with an attribute on the document.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_body(App);
    if let Some(root) = document().document_element() {
        // Setting an attribute with a valid name cannot fail.
        let _ = root.set_attribute("data-hydrated", "");
    }
}
