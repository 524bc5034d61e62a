//! The form around an editor: what it says, where it goes, and its buttons.

use std::hash::Hash;

use leptos::{ev::MouseEvent, prelude::*};

use super::Editor;
use crate::{
    components::{form::Form, posted::Posted},
    forms::{FieldErrors, post::Intent},
    model::post::Manuscript,
};

/// The editor for `manuscript` in its form, which is sent to `S`.
#[component]
pub(in crate::pages::post) fn WriteForm<S>(
    /// The text to begin with.
    manuscript: Manuscript,
    /// The same check that the server makes.
    check: fn(&S) -> Result<(), FieldErrors>,
    /// The page's heading and title.
    heading: &'static str,
    /// What the button says that publishes.
    submit: &'static str,
    /// What the page's address has after its path.
    query: String,
) -> impl IntoView
where
    S: Posted,
{
    let action = ServerAction::<S>::new();
    let is_published = Signal::derive(move || matches!(*action.value().read(), Some(Ok(()))));
    let busy = RwSignal::new(false);
    let save = Trigger::new();
    view! {
        <Form action check heading submit query busy buttons=move || view! { <EditorButtons save /> }>
            <Editor manuscript busy save pending=action.pending() is_published />
        </Form>
    }
}

/// The buttons beside the one that publishes.
#[component]
fn EditorButtons(
    /// Saves the draft while the page stays.
    save: Trigger,
) -> impl IntoView {
    view! {
        <button
            type="submit"
            class="button button-quiet"
            name=Intent::FIELD
            value=Intent::Save.name()
            on:click=move |event| save_here(&event, save)
        >
            "Save draft"
        </button>
        <button
            type="submit"
            class="button button-quiet no-scripting"
            name=Intent::FIELD
            value=Intent::Preview.name()
        >
            "Preview"
        </button>
    }
}

/// Saves the draft without leaving the page.
pub(super) fn save_here(event: &MouseEvent, save: Trigger) {
    event.prevent_default();
    save.notify();
}

/// `view` with elements of its own for each `key`: what somebody has typed stays in an element that is used again.
pub(in crate::pages::post) fn afresh<K>(
    key: Memo<K>,
    view: impl Fn() -> AnyView + Clone + Send + 'static,
) -> impl IntoView
where
    K: Clone + Eq + Hash + Send + Sync + 'static,
{
    let each = move || std::iter::once(key.get_untracked());
    view! { <For each key=Clone::clone children=move |_| view() /> }
}
