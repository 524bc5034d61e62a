//! Never lose text: while somebody writes, it is saved on the site at every pause, and at every moment a copy stays in the
//! browser, for the time when the site cannot be reached or nobody is logged in any more.

use leptos::{ev, prelude::*};

use super::{copy, desk::Desk};
use crate::{
    error::AppError,
    model::post::{Manuscript, Target},
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

/// A title and a text.
type Text = (String, String);

/// What is known of the text in the form.
#[derive(Default)]
struct Texts {
    /// What is not to be saved: it is on the site, or it was put back and nobody has touched it.
    saved: Option<Text>,
    /// What is on its way to the site.
    sending: Option<Text>,
    /// What was in the form before something was put back.
    replaced: Option<Text>,
}

/// Who writes where.
#[derive(Default)]
struct Writer {
    /// Whose text it is: a browser may be used by several people.
    username: String,
    /// The tab in which it is written.
    tab: String,
}

/// Saves the text of a [`Desk`].
#[derive(Clone, Copy)]
pub(super) struct Keeper {
    desk: Desk,
    writer: StoredValue<Writer>,
    pub status: RwSignal<Status>,
    /// The browser keeps a copy of what is not saved.
    pub is_kept: RwSignal<bool>,
    /// Text that was left in this browser is back in the form.
    pub is_restored: RwSignal<bool>,
    timer: StoredValue<Option<TimeoutHandle>>,
    texts: StoredValue<Texts>,
    last: StoredValue<f64>,
    is_saving: RwSignal<bool>,
    /// The text is being published.
    is_paused: StoredValue<bool>,
    /// The text has been published.
    is_published: Signal<bool>,
}

impl Keeper {
    /// Begins to keep what is written at `desk` by `username`, and tells in `is_saving` when it is on its way; `manuscript` is
    /// what the site has.
    pub(super) fn start(
        desk: Desk,
        is_saving: RwSignal<bool>,
        is_published: Signal<bool>,
        username: String,
        manuscript: Manuscript,
    ) -> Self {
        let keeper = Self {
            desk,
            writer: StoredValue::new(Writer {
                username,
                tab: String::new(),
            }),
            status: RwSignal::new(Status::Untouched),
            is_kept: RwSignal::new(true),
            is_restored: RwSignal::new(false),
            timer: StoredValue::new(None),
            texts: StoredValue::new(Texts::default()),
            last: StoredValue::new(0.0),
            is_saving,
            is_paused: StoredValue::new(false),
            is_published,
        };
        Effect::new(move |begun: Option<bool>| {
            desk.changes.track();
            let is_there = desk.title.get().is_some() && desk.content.get().is_some();
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
                keeper.copy(0.0);
            });
            let touch =
                set_interval_with_handle(move || copy::touch(&keeper.key(), copy::now()), copy::TOUCHED).ok();
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
    fn begin(self, manuscript: &Manuscript) {
        let Some(form) = self.desk.text() else {
            return;
        };
        self.writer.update_value(|writer| writer.tab = copy::tab());
        let on_site = (manuscript.title.clone(), manuscript.content.clone());
        self.note(|texts| texts.saved = Some(on_site.clone()));
        self.last.set_value(copy::now());
        let target = self.desk.target.get_untracked();
        match copy::read(&self.key()) {
            Some(left) if left.text == form || left.text == on_site => copy::remove(&self.key()),
            Some(left) if left.is_of(target) && form == on_site => {
                self.note(|texts| texts.replaced = Some(on_site.clone()));
                self.note(|texts| texts.saved = Some(left.text.clone()));
                self.desk.replace(&left.text.0, &left.text.1);
                self.is_restored.set(true);
                copy::touch(&self.key(), copy::now());
            }
            Some(left) => {
                copy::remove(&self.key());
                self.set_aside(&left.text);
            }
            None => {}
        }
        self.offer();
        if !self.is_restored.get_untracked() && form != on_site {
            self.changed();
        }
    }

    /// The text has changed.
    fn changed(self) {
        if self.is_over() {
            return;
        }
        if self.desk.text() == self.known(|texts| texts.saved.clone()) {
            return self.changed_back();
        }
        self.is_restored.set(false);
        self.keep();
        let is_waiting_again = matches!(self.status.get_untracked(), Status::Unsaved(_));
        if !is_waiting_again {
            self.status.set(Status::Waiting);
        }
        if is_waiting_again && self.timer.with_value(Option::is_some) {
            return;
        }
        if copy::now() - self.last.get_value() > AT_LEAST {
            self.save();
        } else {
            self.save_after(save::PAUSE);
        }
    }

    /// The text is again what need not be saved.
    fn changed_back(self) {
        if !self.is_restored.get_untracked() {
            copy::remove(&self.key());
        }
        if self.status.get_untracked() == Status::Waiting {
            self.status.set(Status::Untouched);
        }
    }

    /// The text is being published: nothing else is sent meanwhile.
    pub(super) fn pause(self) {
        self.is_paused.set_value(true);
        self.stop_timer();
    }

    /// It has been published, and need not be kept any more.
    pub(super) fn finish(self) {
        self.stop_timer();
        copy::remove(&self.key());
    }

    /// It has not been published.
    pub(super) fn go_on(self) {
        self.is_paused.set_value(false);
        self.changed();
    }

    /// Whether it is being published, or has been, or the page has gone.
    fn is_over(self) -> bool {
        self.is_paused.try_get_value() != Some(false) || self.is_published()
    }

    fn is_published(self) -> bool {
        self.is_published.try_get_untracked() == Some(true)
    }

    /// Whether the text is on this page alone.
    fn would_be_lost(self) -> bool {
        let is_saved = self.desk.text() == self.known(|texts| texts.saved.clone());
        !self.is_over() && !is_saved && self.is_kept.try_get_untracked() == Some(false)
    }

    fn leave(self) {
        self.stop_timer();
        if self.is_published() {
            return copy::remove(&self.key());
        }
        self.copy(0.0);
        self.save();
        let is_on_its_way = self.is_saving.try_get_untracked() == Some(true)
            && self.known(|texts| texts.sending.clone()) == self.desk.text();
        if is_on_its_way {
            // It comes back here if it fails; a new text does not begin with it.
            copy::remove(&self.key());
        }
    }

    fn note(self, change: impl FnOnce(&mut Texts)) {
        self.texts.update_value(change);
    }

    fn known(self, which: impl FnOnce(&Texts) -> Option<Text>) -> Option<Text> {
        self.texts.try_with_value(which).flatten()
    }

    /// Keeps the text in this browser, and notes whether it does.
    fn keep(self) {
        self.is_kept.set(self.copy(copy::now()));
    }

    /// Keeps the text in this browser, as it was at `at`; `false` when the browser does not.
    fn copy(self, at: f64) -> bool {
        let text = self.desk.text();
        if self.is_published() {
            return true;
        }
        if text == self.known(|texts| texts.saved.clone()) {
            // What was put back is in this browser alone.
            copy::touch(&self.key(), at);
            return true;
        }
        match (text, self.desk.target.try_get_untracked()) {
            (Some(text), Some(target)) => copy::write(&self.key(), target, &text, at),
            _ => true,
        }
    }

    /// Keeps `text` in this browser beside the one in the form, and tells what this copy is called.
    fn set_aside(self, text: &Text) -> String {
        // Older than anything that the site has.
        let never = Target {
            post_version: -1,
            draft_version: -1,
            ..Target::default()
        };
        let key = self.shelf() + &copy::name();
        copy::write(&key, never, text, 0.0);
        key
    }

    /// What the names of all copies of this text begin with, but for the one of a text with an address of its own.
    fn shelf(self) -> String {
        let target = self.desk.target.try_get_untracked().unwrap_or_default();
        let username = self.writer.try_with_value(|writer| writer.username.clone());
        format!("broadsheet {} {} ", username.unwrap_or_default(), target.path())
    }

    /// What the copy of the text in the form is called.
    fn key(self) -> String {
        let target = self.desk.target.try_get_untracked().unwrap_or_default();
        let begin = self.shelf();
        if target.post.or(target.draft).is_some() {
            begin.trim_end().to_owned()
        } else {
            let tab = self.writer.try_with_value(|writer| writer.tab.clone());
            begin + &tab.unwrap_or_default()
        }
    }
}
