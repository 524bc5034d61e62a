//! Parts that pages are made of. They show what they are given and never call the server.

/// The way around one's own account.
pub mod account_nav;
/// A person's picture, or what is drawn in its place.
pub mod avatar;
/// A question that has to be answered before anything else.
pub mod dialog;
/// A button that takes a message away.
mod dismiss;
/// Messages that are shown once.
pub mod flash_message;
/// The line below every page.
pub mod footer;
/// Forms with their errors.
pub mod form;
/// The bar on top of every page.
pub mod nav;
/// Links to the other pages of a list.
pub mod pager;
/// A button that changes something by itself.
pub mod post_button;
/// Posts in a list.
pub mod post_list;
/// What a form or a button may send.
pub mod posted;
/// What stands where text is going to be.
pub mod skeleton;
/// What went wrong with a form, on top of it.
pub mod summary;
/// Tags.
pub mod tag_list;
/// Several lines of text to edit.
pub mod text_area;
/// One line of text to edit.
pub mod text_field;
/// Light or dark.
pub mod theme_choice;
/// A date.
pub mod timestamp;
/// The document's title.
pub mod title;
/// A file that is sent, with a bar that shows how far it is.
pub mod upload;

/// Takes the focus to the element called `id`, if it is there.
pub fn focus(id: &str) {
    use leptos::wasm_bindgen::JsCast as _;

    let element = leptos::prelude::document().get_element_by_id(id);
    if let Some(element) = element.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok()) {
        // Only an element that has left the page refuses the focus.
        let _ = element.focus();
    }
}

/// Whether a key belongs to an input method that is composing text, such as the Enter that chooses its suggestion. Safari
/// says so by the key's code alone: to it, the composition has ended before the key comes.
#[must_use]
pub fn is_composing(event: &leptos::ev::KeyboardEvent) -> bool {
    const PROCESSED: u32 = 229;

    event.is_composing() || event.key_code() == PROCESSED
}

/// Shows the address at `path` as this page's, without leaving it; the router does not learn of it.
pub fn show_address(path: &str) {
    use leptos::wasm_bindgen::JsValue;

    if let Ok(history) = leptos::prelude::window().history() {
        // At worst, the old address stays.
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(path));
    }
}
