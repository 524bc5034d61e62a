//! A text that is kept in the browser until it is saved, without automatic saving.

use leptos::prelude::*;

use super::{
    local_draft::{self, Base, LEFT, LocalDraft},
    state::EditorState,
    text::Text,
};
use crate::pages::guard::Member;

/// Where the text of an editor is kept in the browser.
#[derive(Clone, Copy)]
pub(in crate::pages) struct KeptText {
    key: StoredValue<String>,
    /// The version of the text that it was written over.
    version: RwSignal<i64>,
}

impl KeptText {
    /// Keeps the text at the address `path`, which is written over `version`.
    pub(in crate::pages) fn at(path: &str, version: RwSignal<i64>) -> Self {
        let author = Member::id().unwrap_or_default();
        Self {
            key: StoredValue::new(format!("broadsheet {author} {path}")),
            version,
        }
    }

    /// Forgets the text, which has been saved.
    pub(in crate::pages) fn forget(self) {
        self.key.with_value(|key| local_draft::remove(key));
    }

    /// Returns the text that was not saved last time, and the version that it was written over.
    fn left(self) -> Option<(Text, i64)> {
        let draft = self.key.with_value(|key| local_draft::read(key))?;
        (!draft.text.is_empty()).then_some((draft.text, draft.base.version()))
    }

    fn keep(self, text: Text) {
        let base = Base::of_version(self.version.get_untracked());
        let draft = LocalDraft {
            text,
            base,
            open_at: LEFT,
        };
        // The text is still in the form if the browser refuses to store it.
        self.key.with_value(|key| local_draft::write(key, &draft));
    }
}

/// Restores a text that was not saved, and keeps what is typed from then on.
#[component]
pub(super) fn Keeping(editor: EditorState, kept: KeptText) -> impl IntoView {
    // The text on the site, once the form is mounted.
    let saved = StoredValue::new(None::<(Text, i64)>);
    let is_restored = RwSignal::new(false);
    Effect::new(move |_| {
        editor.changes.track();
        let is_mounted =
            editor.title.get().is_some() && editor.tags.get().is_some() && editor.content.get().is_some();
        let Some(text) = editor.text().filter(|_| is_mounted) else {
            return;
        };
        match saved.get_value() {
            Some((saved, _)) if saved == text => kept.forget(),
            Some(_) => kept.keep(text),
            None => {
                saved.set_value(Some((text.clone(), kept.version.get_untracked())));
                if let Some((left, version)) = kept.left().filter(|(left, _)| *left != text) {
                    kept.version.set(version);
                    is_restored.set(true);
                    editor.replace(&left);
                }
            }
        }
    });
    let discard = move |_| {
        if let Some((text, version)) = saved.get_value() {
            kept.version.set(version);
            is_restored.set(false);
            editor.replace(&text);
        }
    };
    view! {
        <p class="editor-trouble" role="status">
            {move || {
                is_restored
                    .get()
                    .then(|| {
                        view! {
                            "Text that was not saved last time has been restored. "
                            <button type="button" class="link" on:click=discard>
                                "Discard it"
                            </button>
                        }
                    })
            }}
        </p>
    }
}
