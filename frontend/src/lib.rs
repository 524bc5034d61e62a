//! The browser's entry point.

use app::{app::App, pages::chunk};
use leptos::prelude::{document, location};
use wasm_bindgen::{JsError, prelude::wasm_bindgen};

/// Makes the page that the server rendered interactive, and says so with an attribute on the document.
///
/// # Errors
/// When the part of the client that the page is in does not come.
#[wasm_bindgen]
pub async fn hydrate() -> Result<(), JsError> {
    console_error_panic_hook::set_once();
    // Without a path, it is no page of this site.
    chunk::load(&location().pathname().unwrap_or_default()).await?;
    leptos::mount::hydrate_body(App);
    if let Some(root) = document().document_element() {
        // Setting an attribute with a valid name cannot fail.
        let _ = root.set_attribute("data-hydrated", "");
    }
    Ok(())
}
