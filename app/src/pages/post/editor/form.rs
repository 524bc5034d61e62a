//! The form around the editor with its buttons.

use std::hash::Hash;

use leptos::{ev::MouseEvent, prelude::*};

use super::{Editor, PlainHtml};
use crate::{
    api::post::{Create, Update},
    components::{form::Form, frozen_notice::FrozenNotice, posted::Posted},
    pages::guard::Member,
};
use shared::{
    forms::post::{Intent, PostForm},
    model::post::EditorDocument,
};

/// A server function that receives a text.
pub(in crate::pages::post) trait Written: Posted {
    /// Returns the form.
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

/// The editor for `document` in a form that is posted to `S`.
#[component]
pub(in crate::pages::post) fn WriteForm<S>(
    /// The server function.
    action: ServerAction<S>,
    /// The initial text.
    document: EditorDocument,
    /// The preview of a submission without JavaScript.
    plain: PlainHtml,
    /// The heading and title of the page.
    heading: &'static str,
    /// The label of the button that publishes.
    submit: &'static str,
    /// The query of the page's URL.
    query: String,
) -> impl IntoView
where
    S: Written,
{
    // Only a submission with the intent to publish, now or later, counts as published; after others the text is edited
    // further. The
    // signals are also read while the page is being disposed.
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
        matches!(intent.get(), Intent::Publish | Intent::Schedule) && is_done == Some(true)
    });
    let busy = RwSignal::new(false);
    let save = Trigger::new();
    view! {
        {Member::is_frozen().then(|| view! { <FrozenNotice /> })}
        <Form action check=|input: &S| input.form().submission().map(drop) heading submit query busy buttons=move || view! { <EditorButtons save /> }>
            <Editor document plain busy save pending=action.pending() is_published />
        </Form>
    }
}

/// The additional buttons of the form.
#[component]
fn EditorButtons(
    /// Requests that the draft be saved.
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

/// Recreates `view` for each `key`: reused elements would keep what was typed into them.
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
