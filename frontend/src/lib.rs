//! The browser's entry point.

use app::{app::App, pages::chunk};
use leptos::prelude::{document, location};
use wasm_bindgen::{JsError, prelude::wasm_bindgen};

/// Hydrates the page and marks the document with an attribute.
///
/// # Errors
///
/// Returns an error if the chunk of the page cannot be loaded.
#[wasm_bindgen]
pub async fn hydrate() -> Result<(), JsError> {
    console_error_panic_hook::set_once();
    // Without a path, no chunk is loaded.
    chunk::load(&location().pathname().unwrap_or_default()).await?;
    leptos::mount::hydrate_body(App);
    if let Some(root) = document().document_element() {
        // The attribute name is valid.
        let _ = root.set_attribute("data-hydrated", "");
    }
    Ok(())
}
