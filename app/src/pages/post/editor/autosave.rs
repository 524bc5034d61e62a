//! Automatic saving: the text is saved to the site at every pause in typing, and a local draft is kept in the browser
//! at all times, in case the site is unreachable or the session has ended.
//!
//! The state machine in [`machine`] decides what is done and when. This module reports events to it and performs
//! its effects.

use leptos::{ev, prelude::*};

use super::{
    local_draft::{self, unique_name},
    state::EditorState,
};
use machine::Machine;
use shared::model::post::EditorDocument;

/// The state machine.
mod machine;
/// The effects of the state machine.
mod perform;

pub(super) use machine::{Event, Status};

/// The automatic saving of the text of an [`EditorState`].
#[derive(Clone, Copy)]
pub(super) struct Autosave {
    editor: EditorState,
    machine: StoredValue<Machine>,
    pub status: RwSignal<Status>,
    /// Whether the browser has stored the local draft.
    pub is_stored: RwSignal<bool>,
    /// Whether a local draft was restored into the form.
    pub is_restored: RwSignal<bool>,
    timer: StoredValue<Option<TimeoutHandle>>,
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
        document: &EditorDocument,
    ) -> Self {
        let author = editor.author.get_value();
        let (target, other) = (editor.target.get_untracked(), editor.other.get_untracked());
        let autosave = Self {
            editor,
            machine: StoredValue::new(Machine::new(document, author, target, other)),
            status: RwSignal::new(Status::Untouched),
            is_stored: RwSignal::new(true),
            is_restored: RwSignal::new(false),
            timer: StoredValue::new(None),
            is_saving,
            is_published,
        };
        autosave.watch_text();
        Effect::new(move |_| autosave.watch_page());
        autosave
    }

    /// Reports when the form is mounted and, from then on, when its text changes.
    fn watch_text(self) {
        let editor = self.editor;
        Effect::new(move |mounted: Option<bool>| {
            editor.changes.track();
            let is_mounted =
                editor.title.get().is_some() && editor.tags.get().is_some() && editor.content.get().is_some();
            match (mounted, is_mounted) {
                (Some(true), _) => self.handle(Event::Changed),
                (_, true) => self.mounted(),
                (_, false) => return false,
            }
            true
        });
    }

    fn mounted(self) {
        let drafts = local_draft::find_left(&self.machine.with_value(Machine::search_prefix));
        let name = unique_name();
        self.handle(Event::Mounted { name, drafts });
    }

    /// Reports what happens to the page.
    fn watch_page(self) {
        let online = window_event_listener(ev::online, move |_| self.handle(Event::Online));
        let unload = window_event_listener(ev::beforeunload, move |event| {
            if self.is_at_risk() {
                event.prevent_default();
            }
        });
        // The last event at which a page can still store something.
        let hide = window_event_listener_untyped("pagehide", move |_| self.handle(Event::Hidden));
        let still_open = move || self.handle(Event::StillOpen);
        let interval = set_interval_with_handle(still_open, local_draft::OPEN_INTERVAL).ok();
        on_cleanup(move || {
            online.remove();
            unload.remove();
            hide.remove();
            interval.inspect(IntervalHandle::clear);
            self.handle(Event::Left);
        });
    }

    /// Reports `event` to the state machine and performs its effects.
    pub(super) fn handle(self, event: Event) {
        // The effect that reports this may still be due.
        if self.is_published.try_get_untracked() == Some(true) {
            self.step(Event::Published);
        }
        self.step(event);
    }

    fn step(self, event: Event) {
        let now = local_draft::now();
        let step = |machine: &mut Machine| machine.step(event, self.editor.text(), now);
        // The page may have been left.
        let effects = self.machine.try_update_value(step).unwrap_or_default();
        for effect in effects {
            self.perform(effect);
        }
    }

    /// Returns whether text would be lost with the page.
    fn is_at_risk(self) -> bool {
        let is_published = self.is_published.try_get_untracked() == Some(true);
        let text = self.editor.text();
        let is_at_risk = |machine: &Machine| machine.is_at_risk(text.as_ref());
        !is_published && self.machine.try_with_value(is_at_risk) == Some(true)
    }

    /// Exchanges the text in the form and the other version.
    pub(super) fn take_other(self) {
        let name = unique_name();
        self.handle(Event::OtherTaken { name });
    }
}
