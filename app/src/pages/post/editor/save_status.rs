//! The length of the text and the save status.

use leptos::prelude::*;
use time::OffsetDateTime;

use super::{
    autosave::{Autosave, Event, Status},
    state::EditorState,
};
use crate::{
    components::{summary::Explanation, timestamp::Timestamp},
    type_erasure::Erase,
};
use shared::{
    error::AppError,
    forms::FieldError,
    model::post::{reading_minutes, words},
};

/// The length of the text, which is initially `content`.
#[component]
pub(super) fn Length(editor: EditorState, content: String) -> impl IntoView {
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
        editor.changes.track();
        if let Some(area) = editor.content.get() {
            shown.set(length(&area.value()));
        }
    });
    // Hidden without JavaScript, where it would not be updated.
    view! { <p class="editor-length scripting">{shown}</p> }
}

/// The save status.
#[component]
pub(super) fn SaveStatus(autosave: Autosave, saved_at: Option<OffsetDateTime>) -> impl IntoView {
    let status = move || match autosave.status.get() {
        Status::Untouched => saved_at
            .map(|at| view! { "Draft saved " <Timestamp at minutes=true /> })
            .erased(),
        Status::Waiting => "Not saved yet".erased(),
        Status::Saved(at) => format!("Saved {}", time_of_day(at)).erased(),
        Status::Unsaved(_) if autosave.is_stored.get() => "Kept in this browser".erased(),
        Status::Unsaved(_) => "Not saved".erased(),
    };
    let trouble = move || match autosave.status.get() {
        Status::Unsaved(error) => {
            let alone = "There is no copy in this browser. Keep this page open, or copy your text. ";
            let alone = (!autosave.is_stored.get()).then_some(alone);
            Some(view! { {alone} <Trouble error is_stored=autosave.is_stored /> })
        }
        _ => None,
    };
    let restored = move || {
        autosave.is_restored.get().then(|| {
            view! {
                "Text that was not saved last time has been restored. "
                <button type="button" class="link" on:click=move |_| autosave.handle(Event::RestoredKept)>
                    "Keep it"
                </button>
                " "
                <button type="button" class="link" on:click=move |_| autosave.handle(Event::RestoredDiscarded)>
                    "Discard it"
                </button>
            }
        })
    };
    view! {
        <p class="editor-save-status">{status}</p>
        <p class="editor-trouble" role="status">
            {trouble} {restored}
        </p>
    }
}

/// The reason why the text is not saved to the site.
#[component]
fn Trouble(error: AppError, is_stored: RwSignal<bool>) -> impl IntoView {
    match error {
        AppError::Unreachable if is_stored.get_untracked() => {
            "The site cannot be reached. Your text is safe here and will be saved when the site is back."
                .erased()
        }
        AppError::Unreachable => {
            "The site cannot be reached. Your text will be saved when the site is back.".erased()
        }
        AppError::Outdated if is_stored.get_untracked() => {
            "The site has been updated. Your text is safe here. Reload the page to continue.".erased()
        }
        AppError::Outdated => {
            "The site has been updated. Copy your text before you reload the page.".erased()
        }
        AppError::Invalid(errors) => {
            let texts: Vec<String> = errors.iter().map(FieldError::message).collect();
            texts.join(". ").erased()
        }
        error => view! { <Explanation error /> }.erased(),
    }
}

/// Returns the local time of `at`, which is in milliseconds since 1970, as hours and minutes.
fn time_of_day(at: f64) -> String {
    let date = js_sys::Date::new(&at.into());
    format!("{:02}:{:02}", date.get_hours(), date.get_minutes())
}
