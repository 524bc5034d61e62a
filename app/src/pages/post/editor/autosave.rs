//! Never lose text: while somebody writes, it is saved on the site at every pause, and at every moment a copy stays in the
//! browser, for the time when the site cannot be reached or nobody is logged in any more.

use leptos::{ev, prelude::*};

use super::{
    local_draft,
    state::{EditorState, Origin, Other, Text},
};
use shared::{
    error::AppError,
    model::post::{DraftTarget, EditorDocument},
};

/// What somebody chooses between two texts.
mod choice;
/// Sends the text to the site.
mod save;

/// Whoever never pauses is saved this often, in milliseconds.
const AT_LEAST: f64 = 10_000.0;

/// Where the text is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Status {
    /// As it was when the page came.
    Untouched,
    /// Not saved yet.
    Waiting,
    /// Saved on the site, at this time of day.
    Saved(String),
    /// Not saved, because of this.
    Unsaved(AppError),
}

/// What is known of the text in the form.
#[derive(Default)]
struct Known {
    /// What is not to be saved: it is on the site, or it was put back and nobody has touched it.
    saved: Option<Text>,
    /// What is on its way to the site.
    sending: Option<Text>,
    /// What was in the form before something was put back.
    replaced: Option<Text>,
    /// When it was last sent.
    last: f64,
    /// It is being published.
    is_paused: bool,
    /// What its copies in the browser are called; nothing before the editor is on its page.
    name: String,
}

/// Saves the text of a [`EditorState`].
#[derive(Clone, Copy)]
pub(super) struct Autosave {
    desk: EditorState,
    pub status: RwSignal<Status>,
    /// Where the text is when nothing of it waits.
    resting: StoredValue<Status>,
    /// The browser keeps a copy of what is not saved.
    pub is_kept: RwSignal<bool>,
    /// Text that was left in this browser is back in the form.
    pub is_restored: RwSignal<bool>,
    timer: StoredValue<Option<TimeoutHandle>>,
    known: StoredValue<Known>,
    is_saving: RwSignal<bool>,
    /// The text has been published.
    is_published: Signal<bool>,
}

impl Autosave {
    /// Begins to keep what is written at `desk`, and tells in `is_saving` when it is on its way; `manuscript` is
    /// what the site has.
    pub(super) fn start(
        desk: EditorState,
        is_saving: RwSignal<bool>,
        is_published: Signal<bool>,
        manuscript: EditorDocument,
    ) -> Self {
        let keeper = Self {
            desk,
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
            desk.changes.track();
            let is_there =
                desk.title.get().is_some() && desk.tags.get().is_some() && desk.content.get().is_some();
            match (begun, is_there) {
                (Some(true), _) => keeper.changed(),
                (_, true) => keeper.begin(&manuscript),
                (_, false) => return false,
            }
            true
        });
        Effect::new(move |_| {
            let online = window_event_listener(ev::online, move |_| keeper.save());
            let unload = window_event_listener(ev::beforeunload, move |event| {
                if keeper.would_be_lost() {
                    event.prevent_default();
                }
            });
            // The last moment at which a page that is left can do something.
            let hide = window_event_listener_untyped("pagehide", move |_| {
                keeper.copy(local_draft::GONE);
            });
            let touch = set_interval_with_handle(
                move || local_draft::touch(&keeper.key(), local_draft::now()),
                local_draft::TOUCHED,
            )
            .ok();
            on_cleanup(move || {
                online.remove();
                unload.remove();
                hide.remove();
                touch.inspect(IntervalHandle::clear);
                keeper.leave();
            });
        });
        keeper
    }

    /// Compares what is in the form with what the site has, and with what earlier pages have left in this browser.
    fn begin(self, manuscript: &EditorDocument) {
        let Some(form) = self.desk.text() else {
            return;
        };
        self.note(|known| known.name = local_draft::name());
        let on_site = Text::of(manuscript);
        self.note(|known| known.saved = Some(on_site.clone()));
        self.note(|known| known.last = local_draft::now());
        if form == on_site {
            self.put_back(on_site);
        } else {
            self.changed();
        }
        self.offer();
    }

    /// Puts back what was left of the text that the form has, `on_site`, if nothing has been saved since.
    fn put_back(self, on_site: Text) {
        let target = self.desk.target.get_untracked();
        let mut left = local_draft::left(&self.shelf());
        left.retain(|(_, left)| left.is_of(target) && left.text != on_site);
        let Some((key, left)) = left.pop() else {
            return;
        };
        self.note(|known| {
            known.saved = Some(left.text.clone());
            known.replaced = Some(on_site);
        });
        self.desk.replace(&left.text);
        self.is_restored.set(true);
        if local_draft::write(&self.key(), target, &left.text, local_draft::now()) {
            local_draft::remove(&key);
        }
    }

    /// The text has changed.
    fn changed(self) {
        if self.is_over() {
            return;
        }
        if self.desk.text() == self.settled() {
            return self.changed_back();
        }
        if self.is_restored.get_untracked() {
            // Whoever writes on has kept it.
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

    /// What need not be saved: the site has it, or will have.
    fn settled(self) -> Option<Text> {
        if self.is_saving.try_get_untracked() == Some(true) {
            self.known(|known| known.sending.clone())
        } else {
            self.known(|known| known.saved.clone())
        }
    }

    /// The text is again what need not be saved.
    fn changed_back(self) {
        if self.is_restored.get_untracked() || self.is_saving.get_untracked() {
            return;
        }
        local_draft::remove(&self.key());
        self.desk.mend();
        if !matches!(self.status.get_untracked(), Status::Saved(_)) {
            self.status.set(self.resting.get_value());
        }
    }

    /// The text is being published: nothing else is sent meanwhile.
    pub(super) fn pause(self) {
        self.note(|known| known.is_paused = true);
        self.desk.lock(true);
        self.stop_timer();
    }

    /// It has been published, and need not be kept any more.
    pub(super) fn finish(self) {
        self.stop_timer();
        local_draft::remove(&self.key());
    }

    /// It has not been published.
    pub(super) fn go_on(self) {
        self.note(|known| known.is_paused = false);
        self.desk.lock(false);
        self.changed();
    }

    /// Whether it is being published, or has been, or the page has gone.
    fn is_over(self) -> bool {
        self.known.try_with_value(|known| known.is_paused) != Some(false) || self.is_published()
    }

    fn is_published(self) -> bool {
        self.is_published.try_get_untracked() == Some(true)
    }

    /// Whether a text is on this page alone.
    fn would_be_lost(self) -> bool {
        let is_saved = self.desk.text() == self.known(|known| known.saved.clone());
        let is_kept = self.is_kept.try_get_untracked() != Some(false);
        let is_other_here = |other: &Option<Other>| {
            other
                .as_ref()
                .is_some_and(|other| other.origin == Origin::Browser(None))
        };
        let is_other_here = self.desk.other.try_with_untracked(is_other_here) == Some(true);
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
            && self.known(|known| known.sending.clone()) == self.desk.text();
        if is_on_its_way {
            // Another text does not begin with it, unless its answer never comes.
            local_draft::touch(&self.key(), local_draft::now());
        }
    }

    fn note(self, change: impl FnOnce(&mut Known)) {
        self.known.update_value(change);
    }

    fn known(self, which: impl FnOnce(&Known) -> Option<Text>) -> Option<Text> {
        self.known.try_with_value(which).flatten()
    }

    /// The text in the form is another from now on, as the site has it.
    fn retarget(self, target: DraftTarget) {
        local_draft::remove(&self.key());
        self.desk.target.set(target);
        self.keep();
    }

    /// Keeps the text in this browser, and notes whether it does.
    fn keep(self) {
        self.is_kept.set(self.copy(local_draft::now()));
    }

    /// Keeps the text in this browser, touched at `at`; `false` when the browser does not.
    fn copy(self, at: f64) -> bool {
        if self.is_published() {
            return true;
        }
        let text = self.desk.text();
        let is_saving = self.is_saving.try_get_untracked() == Some(true);
        if text == self.known(|known| known.saved.clone()) && !is_saving {
            // What was put back is in this browser alone.
            local_draft::touch(&self.key(), at);
            return true;
        }
        match (text, self.desk.target.try_get_untracked()) {
            (Some(text), Some(target)) => local_draft::write(&self.key(), target, &text, at),
            _ => true,
        }
    }

    /// Keeps `text` in this browser beside the one in the form, and tells what this copy is called, if it does.
    fn set_aside(self, text: &Text) -> Option<String> {
        // Older than anything that the site has.
        let never = DraftTarget {
            post_version: -1,
            draft_version: -1,
            ..DraftTarget::default()
        };
        let key = format!("{} {}", self.place(), local_draft::name());
        local_draft::write(&key, never, text, local_draft::GONE).then_some(key)
    }

    /// What the names of the copies of this text begin with, whichever editor has made them. A new text may be what was to
    /// change a draft that has gone.
    fn shelf(self) -> String {
        let target = self.desk.target.try_get_untracked().unwrap_or_default();
        let place = self.place();
        if target == DraftTarget::default() {
            place
        } else {
            format!("{place} ")
        }
    }

    /// Where the text is written, and by whom: a browser may be used by several people.
    fn place(self) -> String {
        self.place_of(self.desk.target.try_get_untracked().unwrap_or_default())
    }

    fn place_of(self, target: DraftTarget) -> String {
        format!(
            "broadsheet {} {}",
            self.desk.author.get_value().unwrap_or_default(),
            target.path()
        )
    }

    /// What the copy of the text in the form is called.
    fn key(self) -> String {
        let name = self
            .known
            .try_with_value(|known| known.name.clone())
            .unwrap_or_default();
        format!("{} {name}", self.place())
    }
}
