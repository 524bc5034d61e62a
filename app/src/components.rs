//! Components of pages. They display their properties and never call the server.

/// A preview of the accent colour.
pub mod accent_preview;
/// Avatars and initials.
pub mod avatar;
/// Checkboxes.
pub mod checkbox;
/// Radio buttons.
pub mod choices;
/// A decision of a moderator.
pub mod decision;
/// Modal dialogs.
pub mod dialog;
/// The button that dismisses a message.
mod dismiss;
/// The placeholder for an empty list.
pub mod empty_list;
/// Flash messages.
pub mod flash_message;
/// The footer.
pub mod footer;
/// Forms and their errors.
pub mod form;
/// Groups of fields.
pub mod form_section;
/// The notice to users whose account is frozen.
pub mod frozen_notice;
/// The choice of a ground.
pub mod ground_choice;
/// The words about texts that wait for a moderator.
pub mod hold;
/// The pager of a list without numbers.
pub mod keyset_pager;
/// The navigation bar.
pub mod nav;
/// Links of the navigation that administrators arrange.
mod nav_link;
/// The pager of a list.
pub mod pager;
/// The note to new members that links are shown as text.
pub mod plain_links;
/// Buttons that submit a form.
pub mod post_button;
/// Lists of posts.
pub mod post_list;
/// Server functions that forms can post to.
pub mod posted;
/// Names that can be confused with others.
pub mod resembled;
/// The navigation between the pages of a section.
pub mod section_nav;
/// The notice of the site.
pub mod site_notice;
/// Placeholders for loading content.
pub mod skeleton;
/// The error summary of a form.
pub mod summary;
/// Lists of tags.
pub mod tag_list;
/// Multi-line text fields.
pub mod text_area;
/// Single-line text fields.
pub mod text_field;
/// The choice of the theme.
pub mod theme_choice;
/// Dates.
pub mod timestamp;
/// The title of the document.
pub mod title;
/// File uploads with progress.
pub mod upload;

/// Focuses the element with this id, if it exists.
pub fn focus(id: &str) {
    use leptos::wasm_bindgen::JsCast as _;

    let element = leptos::prelude::document().get_element_by_id(id);
    if let Some(element) = element.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok()) {
        // It cannot have the focus while it is folded away.
        if let Ok(Some(fold)) = element.closest("details") {
            let _ = fold.set_attribute("open", "");
        }
        // Fails only if the element has left the document.
        let _ = element.focus();
    }
}

/// Presses the button with this id, if it exists.
pub fn press(id: &str) {
    use leptos::wasm_bindgen::JsCast as _;

    let element = leptos::prelude::document().get_element_by_id(id);
    if let Some(button) = element.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok()) {
        button.click();
    }
}

/// Returns whether a key event belongs to an input method editor, such as the Enter that accepts a suggestion. Safari
/// ends the composition before the key event and indicates it only by the key code.
#[must_use]
pub fn is_composing(event: &leptos::ev::KeyboardEvent) -> bool {
    const PROCESSED: u32 = 229;

    event.is_composing() || event.key_code() == PROCESSED
}

/// Replaces the URL in the address bar without a navigation or notifying the router.
pub fn show_address(path: &str) {
    use leptos::wasm_bindgen::JsValue;

    if let Ok(history) = leptos::prelude::window().history() {
        // On failure the old URL stays.
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(path));
    }
}
