//! Automatic saving: the text is saved to the site at every pause in typing, and a local draft is kept in the browser
//! at all times, in case the site is unreachable or the session has ended.

use leptos::{ev, prelude::*};

use super::{
    local_draft,
    state::{EditorState, Origin, Other, Text},
};
use shared::{
    error::AppError,
    model::post::{DraftTarget, EditorDocument},
};

/// The choice between two versions of the text.
mod choice;
/// Saving to the site.
mod save;

/// The maximum interval between two saves while typing continues, in milliseconds.
const AT_LEAST: f64 = 10_000.0;

/// The save status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Status {
    /// Unchanged since the page was loaded.
    Untouched,
    /// Not saved yet.
    Waiting,
    /// Saved to the site at this local time.
    Saved(String),
    /// Not saved because of this error.
    Unsaved(AppError),
}

/// The known states of the text in the form.
#[derive(Default)]
struct Known {
    /// The text that need not be saved: it is on the site, or it was restored and not edited yet.
    saved: Option<Text>,
    /// The text that is being sent to the site.
    sending: Option<Text>,
    /// The text that was in the form before a local draft was restored.
    replaced: Option<Text>,
    /// The time of the last save.
    last: f64,
    /// Whether the text is being published.
    is_paused: bool,
    /// The name of this editor's local drafts; empty before the editor is mounted.
    name: String,
}

/// The automatic saving of the text of an [`EditorState`].
#[derive(Clone, Copy)]
pub(super) struct Autosave {
    editor: EditorState,
    pub status: RwSignal<Status>,
    /// The status when there is nothing to save.
    resting: StoredValue<Status>,
    /// Whether the browser has stored the local draft.
    pub is_kept: RwSignal<bool>,
    /// Whether a local draft was restored into the form.
    pub is_restored: RwSignal<bool>,
    timer: StoredValue<Option<TimeoutHandle>>,
    known: StoredValue<Known>,
    is_saving: RwSignal<bool>,
    /// Whether the text has been published.
    is_published: Signal<bool>,
}

impl Autosave {
    /// Starts saving the text of `editor`. `is_saving` is set while a request is in flight; `document` is the version
    /// on the site.
    pub(super) fn start(
        editor: EditorState,
        is_saving: RwSignal<bool>,
        is_published: Signal<bool>,
        document: EditorDocument,
    ) -> Self {
        let autosave = Self {
            editor,
            status: RwSignal::new(Status::Untouched),
            resting: StoredValue::new(Status::Untouched),
            is_kept: RwSignal::new(true),
            is_restored: RwSignal::new(false),
            timer: StoredValue::new(None),
            known: StoredValue::new(Known::default()),
            is_saving,
            is_published,
        };
        Effect::new(move |begun: Option<bool>| {
            editor.changes.track();
            let is_there =
                editor.title.get().is_some() && editor.tags.get().is_some() && editor.content.get().is_some();
            match (begun, is_there) {
                (Some(true), _) => autosave.changed(),
                (_, true) => autosave.begin(&document),
                (_, false) => return false,
            }
            true
        });
        Effect::new(move |_| {
            let online = window_event_listener(ev::online, move |_| autosave.save());
            let unload = window_event_listener(ev::beforeunload, move |event| {
                if autosave.would_be_lost() {
                    event.prevent_default();
                }
            });
            // The last event at which a page can still store something.
            let hide = window_event_listener_untyped("pagehide", move |_| {
                autosave.copy(local_draft::GONE);
            });
            let touch = set_interval_with_handle(
                move || local_draft::touch(&autosave.key(), local_draft::now()),
                local_draft::TOUCHED,
            )
            .ok();
            on_cleanup(move || {
                online.remove();
                unload.remove();
                hide.remove();
                touch.inspect(IntervalHandle::clear);
                autosave.leave();
            });
        });
        autosave
    }

    /// Compares the form with the version on the site and with the local drafts of earlier pages.
    fn begin(self, document: &EditorDocument) {
        let Some(form) = self.editor.text() else {
            return;
        };
        self.note(|known| known.name = local_draft::name());
        let on_site = Text::from_document(document);
        self.note(|known| known.saved = Some(on_site.clone()));
        self.note(|known| known.last = local_draft::now());
        if form == on_site {
            self.put_back(on_site);
        } else {
            self.changed();
        }
        self.offer();
    }

    /// Restores the local draft of this text if nothing has been saved since.
    fn put_back(self, on_site: Text) {
        let target = self.editor.target.get_untracked();
        let mut left = local_draft::left(&self.shelf());
        left.retain(|(_, left)| left.is_of(target) && left.text != on_site);
        let Some((key, left)) = left.pop() else {
            return;
        };
        self.note(|known| {
            known.saved = Some(left.text.clone());
            known.replaced = Some(on_site);
        });
        self.editor.replace(&left.text);
        self.is_restored.set(true);
        if local_draft::write(&self.key(), target, &left.text, local_draft::now()) {
            local_draft::remove(&key);
        }
    }

    /// Handles a change of the text.
    fn changed(self) {
        if self.is_over() {
            return;
        }
        if self.editor.text() == self.settled() {
            return self.changed_back();
        }
        if self.is_restored.get_untracked() {
            // Editing a restored draft accepts it.
            self.is_restored.set(false);
            let replaced = self.known(|known| known.replaced.clone());
            self.note(|known| known.saved = replaced);
        }
        self.keep();
        let is_waiting_again = matches!(self.status.get_untracked(), Status::Unsaved(_));
        if !is_waiting_again {
            self.status.set(Status::Waiting);
        }
        if is_waiting_again && self.timer.with_value(Option::is_some) {
            return;
        }
        if local_draft::now() - self.known.with_value(|known| known.last) > AT_LEAST {
            self.save();
        } else {
            self.save_after(save::PAUSE);
        }
    }

    /// Returns the text that need not be saved, because the site has it or is about to.
    fn settled(self) -> Option<Text> {
        if self.is_saving.try_get_untracked() == Some(true) {
            self.known(|known| known.sending.clone())
        } else {
            self.known(|known| known.saved.clone())
        }
    }

    /// Handles that the text is again one that need not be saved.
    fn changed_back(self) {
        if self.is_restored.get_untracked() || self.is_saving.get_untracked() {
            return;
        }
        local_draft::remove(&self.key());
        self.editor.clear_resolved_errors();
        if !matches!(self.status.get_untracked(), Status::Saved(_)) {
            self.status.set(self.resting.get_value());
        }
    }

    /// Pauses saving while the text is being published.
    pub(super) fn pause(self) {
        self.note(|known| known.is_paused = true);
        self.editor.lock(true);
        self.stop_timer();
    }

    /// Removes the local draft after the text was published.
    pub(super) fn finish(self) {
        self.stop_timer();
        local_draft::remove(&self.key());
    }

    /// Resumes saving after publishing failed.
    pub(super) fn resume(self) {
        self.note(|known| known.is_paused = false);
        self.editor.lock(false);
        self.changed();
    }

    /// Returns whether the text is being or has been published, or the page has been left.
    fn is_over(self) -> bool {
        self.known.try_with_value(|known| known.is_paused) != Some(false) || self.is_published()
    }

    fn is_published(self) -> bool {
        self.is_published.try_get_untracked() == Some(true)
    }

    /// Returns whether there is text that is neither on the site nor in a local draft.
    fn would_be_lost(self) -> bool {
        let is_saved = self.editor.text() == self.known(|known| known.saved.clone());
        let is_kept = self.is_kept.try_get_untracked() != Some(false);
        let is_other_here = |other: &Option<Other>| {
            other
                .as_ref()
                .is_some_and(|other| other.origin == Origin::Browser(None))
        };
        let is_other_here = self.editor.other.try_with_untracked(is_other_here) == Some(true);
        !self.is_published() && (is_other_here || !is_saved && !is_kept)
    }

    fn leave(self) {
        self.stop_timer();
        if self.is_published() {
            return local_draft::remove(&self.key());
        }
        self.copy(local_draft::GONE);
        self.save();
        let is_on_its_way = self.is_saving.try_get_untracked() == Some(true)
            && self.known(|known| known.sending.clone()) == self.editor.text();
        if is_on_its_way {
            // Keeps other editors from restoring this draft while the request is in flight.
            local_draft::touch(&self.key(), local_draft::now());
        }
    }

    fn note(self, change: impl FnOnce(&mut Known)) {
        self.known.update_value(change);
    }

    fn known(self, which: impl FnOnce(&Known) -> Option<Text>) -> Option<Text> {
        self.known.try_with_value(which).flatten()
    }

    /// Associates the text in the form with `target`.
    fn retarget(self, target: DraftTarget) {
        local_draft::remove(&self.key());
        self.editor.target.set(target);
        self.keep();
    }

    /// Stores the local draft and updates `is_kept`.
    fn keep(self) {
        self.is_kept.set(self.copy(local_draft::now()));
    }

    /// Stores the local draft, last touched at `at`. Returns `false` if the browser refuses to.
    fn copy(self, at: f64) -> bool {
        if self.is_published() {
            return true;
        }
        let text = self.editor.text();
        let is_saving = self.is_saving.try_get_untracked() == Some(true);
        if text == self.known(|known| known.saved.clone()) && !is_saving {
            // A restored draft may exist only in this browser.
            local_draft::touch(&self.key(), at);
            return true;
        }
        match (text, self.editor.target.try_get_untracked()) {
            (Some(text), Some(target)) => local_draft::write(&self.key(), target, &text, at),
            _ => true,
        }
    }

    /// Stores `text` as a separate local draft and returns its key, unless the browser refuses to.
    fn set_aside(self, text: &Text) -> Option<String> {
        // Older than any version on the site.
        let never = DraftTarget {
            post_version: -1,
            draft_version: -1,
            ..DraftTarget::default()
        };
        let key = format!("{} {}", self.place(), local_draft::name());
        local_draft::write(&key, never, text, local_draft::GONE).then_some(key)
    }

    /// Returns the prefix of the keys of this text's local drafts, of any editor. For a new text, this includes
    /// drafts whose target no longer exists.
    fn shelf(self) -> String {
        let target = self.editor.target.try_get_untracked().unwrap_or_default();
        let place = self.place();
        if target == DraftTarget::default() {
            place
        } else {
            format!("{place} ")
        }
    }

    /// Returns the user and the path of the text: a browser may be shared by several users.
    fn place(self) -> String {
        self.place_of(self.editor.target.try_get_untracked().unwrap_or_default())
    }

    fn place_of(self, target: DraftTarget) -> String {
        format!(
            "broadsheet {} {}",
            self.editor.author.get_value().unwrap_or_default(),
            target.path()
        )
    }

    /// Returns the key of this editor's local draft.
    fn key(self) -> String {
        let name = self
            .known
            .try_with_value(|known| known.name.clone())
            .unwrap_or_default();
        format!("{} {name}", self.place())
    }
}
