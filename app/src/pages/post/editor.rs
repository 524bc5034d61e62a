//! The editor for new and for published posts.

use leptos::{ev, html, prelude::*};

use crate::{
    components::{form::FormContext, text_area::TextArea, text_field::TextField},
    type_erasure::{Erase, ErasedChildren},
};
use shared::{
    error::AppError,
    forms::{
        Field, grouped,
        post::{AUTHOR, CHANGE_NOTE_MAX, CONTENT_MAX, CONTENT_MAX_FIELD, Intent, TITLE_MAX},
        tag::TAGS_MAX,
    },
    model::post::EditorDocument,
    paths,
};

/// Automatic saving.
mod autosave;
/// The choice between two versions of the text.
mod conflict;
/// Uploading a cover.
mod cover;
/// The form around the editor.
mod form;
/// Inline images.
mod images;
/// A text that is kept in the browser until it is saved.
mod kept_text;
/// Continuation of lists with the Enter key.
mod list_item;
/// Local drafts in the browser.
mod local_draft;
/// Emphasis and code marks.
mod mark;
/// Formatting commands.
mod markup;
/// The settings of a post: its readers, details and more.
mod options;
/// The preview.
mod preview;
/// The length of the text and the save status.
mod save_status;
/// Publishing a text later.
mod schedule;
/// The state shared by the parts of the editor.
mod state;
/// The text and other versions of it.
mod text;
/// The toolbar and keyboard shortcuts.
mod toolbar;

pub(super) use form::{WriteForm, afresh};
pub(in crate::pages) use kept_text::KeptText;
pub(in crate::pages) use preview::{PlainHtml, PlainPreview, load_plain_preview};

use autosave::{Autosave, Event};
use conflict::OtherText;
use form::save_here;
use images::{ImageDialog, ImageTool, Images};
use kept_text::Keeping;
use options::{Options, shown_details};
use preview::{Preview, PreviewPanel, Side, Tabs};
use save_status::{Length, SaveStatus};
use schedule::ScheduleFields;
use state::EditorState;
use toolbar::{Toolbar, on_key};

/// The fields of the form and the tools around them.
#[component]
fn Editor(
    /// The initial text.
    document: EditorDocument,
    /// The preview of a submission without JavaScript.
    plain: PlainHtml,
    /// Whether a draft is being saved.
    busy: RwSignal<bool>,
    /// Requests that the draft be saved.
    save: Trigger,
    /// Whether the text is being published.
    #[prop(into)]
    pending: Signal<bool>,
    /// Whether the text has been published.
    is_published: Signal<bool>,
) -> impl IntoView {
    let editor = EditorState::new(use_context::<FormContext>(), &document);
    let autosave = Autosave::start(editor, busy, is_published, &document);
    let preview = Preview::new(editor);
    let typed = use_context::<FormContext>().and_then(|form| form.typed(Field::Content.name()));
    let content = typed.unwrap_or_else(|| document.content.clone());
    let images = Images::new(editor);
    let is_update = editor.target.get_untracked().post.is_some();
    let details = shown_details(&document);
    let node = NodeRef::<html::Div>::new();
    Effect::new(move |before: Option<bool>| {
        let is_pending = pending.get();
        match (before, is_pending) {
            (_, true) => autosave.handle(Event::PublishingBegan),
            (Some(true), false) if is_published.get_untracked() => autosave.handle(Event::Published),
            (Some(true), false) => autosave.handle(Event::PublishingFailed),
            _ => {}
        }
        is_pending
    });
    Effect::new(move |before: Option<()>| {
        save.track();
        if before.is_some() {
            autosave.handle(Event::SaveRequested);
        }
    });
    Effect::new(move |before: Option<()>| {
        let is_conflict = matches!(*editor.problem.read(), Some(AppError::Conflict));
        // A form that was rejected with its page already contains the other version.
        if before.is_some() {
            autosave.handle(Event::ProblemChanged { is_conflict });
        }
    });
    view! {
        <PlainPreview html=plain />
        <OtherText editor autosave pending />
        <div
            class="editor"
            node_ref=node
            on:input=move |_| editor.changes.update(|changes| *changes += 1)
            on:keydown=move |event| on_key(&event, editor, node, || autosave.handle(Event::SaveRequested))
        >
            // Enter in a text field activates the first submit button of a form: this one, which only saves.
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
            <TargetFields editor />
            <TextField
                field=Field::Title
                hint=format!("At most {TITLE_MAX} characters.")
                value=document.title
                node_ref=editor.title
            />
            <TextField
                field=Field::Tags
                hint=format!("What it is about: at most {TAGS_MAX}, separated by commas.")
                value=document.tags.to_string()
                optional=true
                node_ref=editor.tags
            />
            <TextTools editor preview images content=document.content content_max=document.content_max />
            {is_update
                .then(|| {
                    view! {
                        <TextField
                            field=Field::ChangeNote
                            hint=format!("Shown with the post: one line of at most {CHANGE_NOTE_MAX} characters.")
                            value=document.change_note
                            optional=true
                            node_ref=editor.change_note
                        />
                    }
                })}
            <Options editor details />
            <ScheduleFields editor schedule=document.schedule />
            <div class="editor-foot">
                <Length editor content />
                <SaveStatus autosave saved_at=document.saved_at />
            </div>
        </div>
        <ImageDialog images />
    }
}

/// The editor for a text that is not a post, without automatic saving.
#[component]
pub(in crate::pages) fn TextEditor(
    /// The initial text.
    document: EditorDocument,
    /// Saves the text.
    save: Callback<()>,
    /// Where the text is kept until it is saved.
    kept: KeptText,
    /// The single-line fields among those above the text, which are kept with it.
    lines: [NodeRef<html::Input>; 2],
    /// The fields above the text.
    children: ErasedChildren,
) -> impl IntoView {
    let mut editor = EditorState::new(use_context::<FormContext>(), &document);
    [editor.title, editor.tags] = lines;
    let (preview, images) = (Preview::new(editor), Images::new(editor));
    let node = NodeRef::<html::Div>::new();
    let (content, content_max) = (document.content.clone(), document.content_max);
    let tools = view! { <TextTools editor preview images content content_max /> }.erased();
    view! {
        <div
            class="editor"
            node_ref=node
            on:input=move |_| editor.changes.update(|changes| *changes += 1)
            on:keydown=move |event| on_key(&event, editor, node, || save.run(()))
        >
            {children.view()}
            {tools}
            <div class="editor-foot">
                <Length editor content=document.content />
                <Keeping editor kept />
            </div>
        </div>
        <ImageDialog images />
    }
    .erased()
}

/// The text with its toolbar and preview.
#[component]
fn TextTools(
    editor: EditorState,
    preview: Preview,
    images: Images,
    /// The initial text.
    content: String,
    /// The maximum number of characters of the text; 0 for the default.
    content_max: usize,
) -> impl IntoView {
    let hidden = Signal::derive(move || !preview.shows(Side::Write));
    view! {
        <p class="no-scripting">
            <a href=paths::NEW_IMAGE target="_blank">
                "Add a picture"
            </a>
            " (in a new tab)"
        </p>
        <div class="editor-bar scripting">
            <Tabs preview />
            <Toolbar editor hidden>
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
                    room(content_max),
                )
                value=content
                node_ref=editor.content
            />
        </div>
        <PreviewPanel preview />
    }
}

/// Returns the sentence about the maximum length of the text.
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

/// The hidden fields that identify the post and the draft.
#[component]
fn TargetFields(editor: EditorState) -> impl IntoView {
    let number = |name: &'static str, value: Option<i64>| {
        value.map(|value| view! { <input type="hidden" name=name value=value.to_string() /> })
    };
    let is_longer = editor.content_max > CONTENT_MAX;
    let content_max = i64::try_from(editor.content_max).ok().filter(|_| is_longer);
    move || {
        let target = editor.target.get();
        view! {
            {number(AUTHOR, editor.author.get_value())}
            {number("post", target.post)}
            {number("post_version", target.post.map(|_| target.post_version))}
            {number("draft", target.draft)}
            {number("draft_version", target.draft.map(|_| target.draft_version))}
            {number(CONTENT_MAX_FIELD, content_max)}
        }
    }
}
