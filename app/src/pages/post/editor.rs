//! The editor: one for a new post and for one that changes.

use std::hash::Hash;

use leptos::{ev, html, prelude::*};

use crate::{
    components::{
        form::FormContext, summary::Explanation, text_area::TextArea, text_field::TextField,
        timestamp::Timestamp,
    },
    error::AppError,
    forms::{
        Field, FieldError,
        post::{CONTENT_MAX, Intent, TITLE_MAX},
    },
    model::post::{Manuscript, reading_minutes, words},
    pages::guard::Member,
};

/// The copy of a text in the browser.
mod copy;
/// What the parts of the editor share.
mod desk;
/// Pictures for a text.
mod images;
/// Saves what is written.
mod keeper;
/// What buttons and keys do to a text.
mod markup;
/// Another text than the one in the form.
mod other;
/// What the text will look like.
mod preview;
/// Buttons and keys that mark text.
mod toolbar;

use desk::Desk;
use images::{ImageDialog, ImageTool, Images};
use keeper::{Keeper, Status};
use other::OtherText;
use preview::{PlainPreview, Preview, PreviewPanel, Side, Tabs};
use toolbar::{Toolbar, on_key};

/// The fields of the form, and all that helps to fill them.
#[component]
pub(super) fn Editor(
    /// The text to begin with.
    manuscript: Manuscript,
    /// A draft is being saved.
    busy: RwSignal<bool>,
    /// Asks for a draft to be saved.
    save: Trigger,
    /// The text is being published.
    #[prop(into)]
    pending: Signal<bool>,
    /// The text has been published.
    is_published: Signal<bool>,
) -> impl IntoView {
    let desk = Desk::new(use_context::<FormContext>(), &manuscript);
    let keeper = Keeper::start(desk, busy, is_published, Member::username(), manuscript.clone());
    let preview = Preview::new(desk);
    let typed = use_context::<FormContext>().and_then(|form| form.typed(Field::Content.name()));
    let content = typed.unwrap_or_else(|| manuscript.content.clone());
    let images = Images::new(desk);
    let node = NodeRef::<html::Div>::new();
    Effect::new(move |before: Option<bool>| {
        let is_pending = pending.get();
        match (before, is_pending) {
            (_, true) => keeper.pause(),
            (Some(true), false) if is_published.get_untracked() => keeper.finish(),
            (Some(true), false) => keeper.go_on(),
            _ => {}
        }
        is_pending
    });
    Effect::new(move |before: Option<()>| {
        save.track();
        if before.is_some() {
            keeper.save_now();
        }
    });
    Effect::new(move |_| {
        if matches!(*desk.problem.read(), Some(AppError::Conflict)) && desk.other.read_untracked().is_none() {
            keeper.fetch_other();
        }
    });
    view! {
        <PlainPreview />
        <OtherText desk keeper />
        <div
            class="editor"
            node_ref=node
            on:input=move |_| desk.changes.update(|changes| *changes += 1)
            on:keydown=move |event| on_key(&event, desk, keeper, node)
        >
            // Enter in a line of text presses a form's first button: this one, which only saves.
            <button
                type="submit"
                class="visually-hidden"
                tabindex="-1"
                aria-hidden="true"
                name=Intent::FIELD
                value=Intent::Save.name()
                on:click=move |event| save_here(&event, save)
            >
                "Save draft"
            </button>
            <TargetFields desk />
            <TextField
                field=Field::Title
                hint=format!("At most {TITLE_MAX} characters.")
                value=manuscript.title
                node_ref=desk.title
            />
            <div class="editor-bar scripting">
                <Tabs preview />
                <Toolbar desk>
                    <ImageTool images />
                </Toolbar>
            </div>
            <div
                id="write"
                class="write"
                hidden=move || preview.side.get() == Side::Preview
                on:paste=move |event: ev::ClipboardEvent| images.pasted(&event)
                on:dragover=move |event: ev::DragEvent| event.prevent_default()
                on:drop=move |event: ev::DragEvent| images.dropped(&event)
            >
                <TextArea
                    field=Field::Content
                    rows=18
                    hint=format!(
                        "In Markdown: *italic*, **bold**, # heading, [link](address). At most {},000 characters.",
                        CONTENT_MAX / 1_000,
                    )
                    value=manuscript.content
                    node_ref=desk.content
                />
            </div>
            <PreviewPanel preview />
            <div class="editor-foot">
                <Length desk content />
                <Place keeper saved_at=manuscript.saved_at />
            </div>
        </div>
        <ImageDialog images />
    }
}

/// `view` with elements of its own for each `key`: what somebody has typed stays in an element that is used again.
pub(super) fn afresh<K>(key: Memo<K>, view: impl Fn() -> AnyView + Clone + Send + 'static) -> impl IntoView
where
    K: Clone + Eq + Hash + Send + Sync + 'static,
{
    let each = move || std::iter::once(key.get_untracked());
    view! { <For each key=Clone::clone children=move |_| view() /> }
}

/// The buttons beside the one that publishes.
#[component]
pub(super) fn EditorButtons(
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
fn save_here(event: &ev::MouseEvent, save: Trigger) {
    event.prevent_default();
    save.notify();
}

/// Which text the form is about.
#[component]
fn TargetFields(desk: Desk) -> impl IntoView {
    let number = |name: &'static str, value: Option<i64>| {
        value.map(|value| view! { <input type="hidden" name=name value=value.to_string() /> })
    };
    move || {
        let target = desk.target.get();
        view! {
            {number("post", target.post)}
            {number("post_version", target.post.map(|_| target.post_version))}
            {number("draft", target.draft)}
            {number("draft_version", target.draft.map(|_| target.draft_version))}
        }
    }
}

/// How long the text is, which begins with `content`.
#[component]
fn Length(desk: Desk, content: String) -> impl IntoView {
    let length = |text: &str| {
        let count = words(text);
        let noun = if count == 1 { "word" } else { "words" };
        match count {
            0 => "0 words".to_owned(),
            _ => format!("{count} {noun} · {} min read", reading_minutes(count)),
        }
    };
    let shown = RwSignal::new(length(&content));
    Effect::new(move |_| {
        desk.changes.track();
        if let Some(area) = desk.content.get() {
            shown.set(length(&area.value()));
        }
    });
    view! { <p class="editor-length">{shown}</p> }
}

/// Where the text is kept.
#[component]
fn Place(keeper: Keeper, saved_at: Option<time::OffsetDateTime>) -> impl IntoView {
    let place = move || match keeper.status.get() {
        Status::Untouched => saved_at
            .map(|at| view! { "Draft saved " <Timestamp at minutes=true /> })
            .into_any(),
        Status::Waiting => "Not saved yet".into_any(),
        Status::Saved(at) => format!("Saved {at}").into_any(),
        Status::Kept(_) => "Kept in this browser".into_any(),
    };
    let trouble = move || match keeper.status.get() {
        Status::Kept(error @ (AppError::SignInRequired | AppError::Throttled(_))) => {
            Some(view! { <Explanation error /> }.into_any())
        }
        Status::Kept(AppError::Unreachable) => {
            Some("The site cannot be reached. Your text is safe here, and is saved when it can.".into_any())
        }
        Status::Kept(AppError::Invalid(errors)) => {
            let texts: Vec<String> = errors.iter().map(FieldError::text).collect();
            Some(texts.join(". ").into_any())
        }
        Status::Kept(error) => Some(view! { <Explanation error /> }.into_any()),
        _ => None,
    };
    let restored = move || {
        keeper.is_restored.get().then(|| {
            view! {
                "Text that was not saved last time is back. "
                <button type="button" class="link" on:click=move |_| keeper.keep_restored()>
                    "Keep it"
                </button>
                " "
                <button type="button" class="link" on:click=move |_| keeper.discard_restored()>
                    "Discard it"
                </button>
            }
        })
    };
    view! {
        <p class="editor-place">{place}</p>
        <p class="editor-trouble" role="status">
            {trouble} {restored}
        </p>
    }
}
