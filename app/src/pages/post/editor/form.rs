//! The form around an editor: what it says, where it goes, and its buttons.

use std::hash::Hash;

use leptos::{ev::MouseEvent, prelude::*};

use super::{Editor, PlainHtml};
use crate::{
    api::post::{Create, Update},
    components::{form::Form, posted::Posted},
};
use shared::{
    forms::post::{Intent, PostForm},
    model::post::EditorDocument,
};

/// A server function that takes a text.
pub(in crate::pages::post) trait Written: Posted {
    /// The text, and what is to be done with it.
    fn form(&self) -> &PostForm;
}

impl Written for Create {
    fn form(&self) -> &PostForm {
        &self.form
    }
}

impl Written for Update {
    fn form(&self) -> &PostForm {
        &self.form
    }
}

/// The editor for `manuscript` in its form, which is sent to `S`.
#[component]
pub(in crate::pages::post) fn WriteForm<S>(
    /// The server function that takes the form.
    action: ServerAction<S>,
    /// The text to begin with.
    manuscript: EditorDocument,
    /// The preview that came back with the form.
    plain: PlainHtml,
    /// The page's heading and title.
    heading: &'static str,
    /// What the button says that publishes.
    submit: &'static str,
    /// What the page's address has after its path.
    query: String,
) -> impl IntoView
where
    S: Written,
{
    // Only what was sent to be published is published by its answer; whatever else is sent, the text is written on. Both are asked
    // for while the page goes, as well.
    let intent = ArcRwSignal::new(Intent::Publish);
    let (input, answer) = (action.input(), action.value());
    let sent = intent.clone();
    Effect::new(move |_| {
        let intent = input.try_with(|input| input.as_ref().map(|input| input.form().intent));
        if let Some(intent) = intent.flatten() {
            sent.set(intent);
        }
    });
    let is_published = Signal::derive(move || {
        let is_done = answer.try_with(|answer| matches!(answer, Some(Ok(()))));
        intent.get() == Intent::Publish && is_done == Some(true)
    });
    let busy = RwSignal::new(false);
    let save = Trigger::new();
    view! {
        <Form action check=|input: &S| input.form().check() heading submit query busy buttons=move || view! { <EditorButtons save /> }>
            <Editor manuscript plain busy save pending=action.pending() is_published />
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
