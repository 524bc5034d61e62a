//! A question that has to be answered before anything else. The browser keeps the focus in it and gives it back.

use crate::type_erasure::ErasedChildren;
use leptos::{
    ev::MouseEvent,
    html::{Button, Dialog as Element},
    prelude::*,
};

/// A link that opens a dialog; without JavaScript it leads to a page that asks the same.
#[component]
pub fn DialogLink(
    /// The page that asks.
    href: String,
    /// What the link says.
    label: &'static str,
    /// The name of the dialog for screen readers, where its own words need those beside it.
    #[prop(optional, into)]
    description: Option<String>,
    /// The question.
    heading: &'static str,
    /// The subject of the question, where several things on a page ask one.
    #[prop(optional, into)]
    subject: Option<String>,
    /// What comes of it.
    explanation: &'static str,
    /// The buttons that do it.
    children: ErasedChildren,
) -> impl IntoView {
    let node = NodeRef::<Element>::new();
    let cancel = NodeRef::<Button>::new();
    let open = move |event: MouseEvent| {
        // With a key, the link is to be opened elsewhere.
        if event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key() {
            return;
        }
        if let Some(dialog) = node.get_untracked() {
            event.prevent_default();
            // It fails only for a dialog that is open.
            let _ = dialog.show_modal();
            // Who presses Enter without reading has changed nothing.
            if let Some(cancel) = cancel.get_untracked() {
                let _ = cancel.focus();
            }
        }
    };
    let close = move || {
        if let Some(dialog) = node.get_untracked() {
            dialog.close();
        }
    };
    view! {
        <a class="button button-quiet" href=href aria-label=description on:click=open>
            {label}
        </a>
        // A page may have several: no number would tell them apart.
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
