//! The toolbar and keyboard shortcuts.

use leptos::{ev::KeyboardEvent, html, prelude::*};

use super::{
    markup::{self, Command},
    state::EditorState,
};
use crate::{components::is_composing, type_erasure::ErasedChildren};
use shared::forms::Field;

/// The toolbar above the text.
#[component]
pub(super) fn Toolbar(
    editor: EditorState,
    /// Whether the text is hidden.
    hidden: Signal<bool>,
    children: ErasedChildren,
) -> impl IntoView {
    // The command, label, sign and shortcut of each button.
    let buttons = [
        (Command::Bold, "Bold", "B", "Ctrl+B"),
        (Command::Italic, "Italic", "I", "Ctrl+I"),
        (Command::Heading, "Heading", "H", "Ctrl+Alt+2"),
        (Command::Link, "Link", "Link", "Ctrl+K"),
        (Command::Quote, "Quote", "“ ”", "Ctrl+Shift+9"),
        (Command::Code, "Code", "</>", "Ctrl+E"),
        (Command::List, "List", "• –", "Ctrl+Shift+8"),
    ]
    .map(|(command, label, sign, keys)| {
        let press = move |_| editor.edit(|text, start, end| markup::edit(text, start, end, command));
        view! {
            <button
                type="button"
                class="tool"
                aria-label=label
                title=format!("{label} ({keys})")
                aria-keyshortcuts=keys.replace("Ctrl", "Control")
                aria-controls=Field::Content.name()
                data-tool=label.to_ascii_lowercase()
                on:click=press
            >
                {sign}
            </button>
        }
    });
    view! {
        <div class="toolbar" role="group" aria-label="Formatting" hidden=hidden>
            {buttons}
            {children.view()}
        </div>
    }
}

/// Handles keyboard shortcuts: formatting in the text, saving by `save` and publishing anywhere in the form.
pub(super) fn on_key(
    event: &KeyboardEvent,
    editor: EditorState,
    form: NodeRef<html::Div>,
    save: impl FnOnce(),
) {
    if is_composing(event) {
        return;
    }
    let active = document().active_element();
    let in_text = active.is_some_and(|active| active.id() == Field::Content.name());
    let is_plain = !(event.shift_key() || event.alt_key());
    // Command on a Mac, Control elsewhere.
    if !(event.ctrl_key() || event.meta_key()) {
        if in_text && is_plain && event.key() == "Enter" && editor.begin_item() {
            event.prevent_default();
        }
        return;
    }
    let command = match (event.shift_key(), event.alt_key(), event.code().as_str()) {
        (false, false, "KeyB") => Command::Bold,
        (false, false, "KeyI") => Command::Italic,
        (false, false, "KeyK") => Command::Link,
        (false, false, "KeyE") => Command::Code,
        (true, false, "Digit9") => Command::Quote,
        (true, false, "Digit8") => Command::List,
        (false, true, "Digit2") => Command::Heading,
        (false, false, "KeyS") => {
            event.prevent_default();
            return save();
        }
        (false, false, "Enter" | "NumpadEnter") => {
            event.prevent_default();
            let form = form
                .get_untracked()
                .and_then(|editor| editor.closest("form").ok().flatten());
            return submit(form);
        }
        _ => return,
    };
    if in_text {
        event.prevent_default();
        editor.edit(|text, start, end| markup::edit(text, start, end, command));
    }
}

/// Submits `form` like its main button.
fn submit(form: Option<web_sys::Element>) {
    use leptos::wasm_bindgen::JsCast;

    if let Some(form) = form.and_then(|form| form.dyn_into::<web_sys::HtmlFormElement>().ok()) {
        // The browser reports problems of the form.
        let _ = form.request_submit();
    }
}
