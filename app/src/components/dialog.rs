//! Modal dialogs. The browser traps the focus in them and restores it.

use crate::type_erasure::ErasedChildren;
use leptos::{
    ev::MouseEvent,
    html::{Button, Dialog as Element},
    prelude::*,
};

/// A link that opens a dialog. Without JavaScript it leads to a page with the same question.
#[component]
pub fn DialogLink(
    /// The path of the page with the same question.
    href: String,
    /// The text of the link.
    label: &'static str,
    /// The accessible name of the link, if its text is ambiguous.
    #[prop(optional, into)]
    description: Option<String>,
    /// The question.
    heading: &'static str,
    /// The object of the question, if there are several dialogs on a page.
    #[prop(optional, into)]
    subject: Option<String>,
    /// The consequences.
    #[prop(into)]
    explanation: String,
    /// The buttons that confirm.
    children: ErasedChildren,
) -> impl IntoView {
    let node = NodeRef::<Element>::new();
    let cancel = NodeRef::<Button>::new();
    let open = move |event: MouseEvent| {
        // With a modifier key, the link opens in another tab or window.
        if event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key() {
            return;
        }
        if let Some(dialog) = node.try_get_untracked().flatten() {
            event.prevent_default();
            // Fails only if the dialog is already open.
            let _ = dialog.show_modal();
            // The safe default for somebody who presses Enter without reading.
            if let Some(cancel) = cancel.try_get_untracked().flatten() {
                let _ = cancel.focus();
            }
        }
    };
    let close = move || {
        if let Some(dialog) = node.try_get_untracked().flatten() {
            dialog.close();
        }
    };
    view! {
        <a class="button button-quiet" href=href aria-label=description on:click=open>
            {label}
        </a>
        // A label instead of `aria-labelledby`, whose ids would not be unique on a page with several dialogs.
        <dialog class="dialog" aria-label=heading node_ref=node on:submit=move |_| close()>
            <h2>{heading}</h2>
            {subject.map(|subject| view! { <p class="dialog-subject" dir="auto">{subject}</p> })}
            <p>{explanation}</p>
            <div class="dialog-buttons">
                {children.view()}
                <button type="button" class="button button-quiet" node_ref=cancel on:click=move |_| close()>
                    "Cancel"
                </button>
            </div>
        </dialog>
    }
}
