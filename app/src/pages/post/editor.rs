//! The editor: one for a new post and for one that changes.

use leptos::{ev, html, prelude::*};

use crate::components::{form::FormContext, text_area::TextArea, text_field::TextField};
use shared::{
    error::AppError,
    forms::{
        Field, grouped,
        post::{AUTHOR, CONTENT_MAX, CONTENT_MAX_FIELD, Intent, TITLE_MAX},
        tag::TAGS_MAX,
    },
    model::post::EditorDocument,
    paths,
};

/// Saves what is written.
mod autosave;
/// Another text than the one in the form.
mod conflict;
/// The form around an editor.
mod form;
/// Pictures for a text.
mod images;
/// What Enter does in a list.
mod list_item;
/// The copy of a text in the browser.
mod local_draft;
/// Marks of emphasis and code.
mod mark;
/// What buttons and keys do to a text.
mod markup;
/// What the text will look like.
mod preview;
/// How long the text is, and where it is kept.
mod save_status;
/// What the parts of the editor share.
mod state;
/// Buttons and keys that mark text.
mod toolbar;

pub(super) use form::{WriteForm, afresh};
pub(super) use preview::{PlainHtml, load_plain_preview};

use autosave::Autosave;
use conflict::OtherText;
use form::save_here;
use images::{ImageDialog, ImageTool, Images};
use preview::{PlainPreview, Preview, PreviewPanel, Side, Tabs};
use save_status::{Length, Place};
use state::EditorState;
use toolbar::{Toolbar, on_key};

/// The fields of the form, and all that helps to fill them.
#[component]
fn Editor(
    /// The text to begin with.
    manuscript: EditorDocument,
    /// The preview that came back with the form.
    plain: PlainHtml,
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
    let desk = EditorState::new(use_context::<FormContext>(), &manuscript);
    let keeper = Autosave::start(desk, busy, is_published, manuscript.clone());
    let preview = Preview::new(desk);
    let typed = use_context::<FormContext>().and_then(|form| form.typed(Field::Content.name()));
    let content = typed.unwrap_or_else(|| manuscript.content.clone());
    let images = Images::new(desk);
    let hidden = Signal::derive(move || !preview.shows(Side::Write));
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
    Effect::new(move |before: Option<()>| {
        let is_conflict = matches!(*desk.problem.read(), Some(AppError::Conflict));
        // A form that came back with its page has the other text already.
        let is_new = before.is_some() || desk.other.read_untracked().is_none();
        if is_conflict && is_new {
            keeper.fetch_other();
        }
    });
    view! {
        <PlainPreview html=plain />
        <OtherText desk keeper pending />
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
            <TextField
                field=Field::Tags
                hint=format!("What it is about: at most {TAGS_MAX}, separated by commas.")
                value=manuscript.tags.to_string()
                optional=true
                node_ref=desk.tags
            />
            <p class="no-scripting">
                <a href=paths::NEW_IMAGE target="_blank">
                    "Add a picture"
                </a>
                " (in a new tab)"
            </p>
            <div class="editor-bar scripting">
                <Tabs preview />
                <Toolbar desk hidden>
                    <ImageTool images />
                </Toolbar>
            </div>
            <div
                id="write"
                class="write"
                hidden=hidden
                on:scroll:capture=move |_| preview.follow()
                on:paste=move |event: ev::ClipboardEvent| images.pasted(&event)
                on:dragover=move |event: ev::DragEvent| event.prevent_default()
                on:drop=move |event: ev::DragEvent| images.dropped(&event)
            >
                <TextArea
                    field=Field::Content
                    rows=18
                    hint=format!(
                        "In Markdown: *italic*, **bold**, # heading, [link](address). {}",
                        room(manuscript.content_max),
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

/// How long the text may be, in a sentence.
fn room(most: usize) -> String {
    let usual = grouped(CONTENT_MAX);
    if most > CONTENT_MAX {
        let most = grouped(most);
        format!(
            "At most {most} characters. This text was imported with more than {usual}, and may stay that long."
        )
    } else {
        format!("At most {usual} characters.")
    }
}

/// Which text the form is about.
#[component]
fn TargetFields(desk: EditorState) -> impl IntoView {
    let number = |name: &'static str, value: Option<i64>| {
        value.map(|value| view! { <input type="hidden" name=name value=value.to_string() /> })
    };
    let is_longer = desk.content_max > CONTENT_MAX;
    let content_max = i64::try_from(desk.content_max).ok().filter(|_| is_longer);
    move || {
        let target = desk.target.get();
        view! {
            {number(AUTHOR, desk.author.get_value())}
            {number("post", target.post)}
            {number("post_version", target.post.map(|_| target.post_version))}
            {number("draft", target.draft)}
            {number("draft_version", target.draft.map(|_| target.draft_version))}
            {number(CONTENT_MAX_FIELD, content_max)}
        }
    }
}
