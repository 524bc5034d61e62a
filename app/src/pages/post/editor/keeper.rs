//! Never lose text: while somebody writes, it is saved on the site at every pause, and at every moment a copy stays in the
//! browser, for the time when the site cannot be reached or nobody is logged in any more.

use std::time::Duration;

use leptos::{ev, prelude::*, task::spawn_local};

use super::{
    copy,
    desk::{Desk, Origin, Other},
};
use crate::{
    api,
    components::show_address,
    error::AppError,
    forms::Problem,
    model::post::{Manuscript, Target},
};

/// A pause this long saves.
const PAUSE: Duration = Duration::from_millis(1_500);
/// Whoever never pauses is saved this often.
const AT_LEAST: f64 = 10_000.0;
/// What could not be saved is tried again after this time.
const AGAIN: Duration = Duration::from_secs(8);

/// Where the text is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Status {
    /// As it was when the page came.
    Untouched,
    /// Not saved yet.
    Waiting,
    /// Saved on the site, at this time of day.
    Saved(String),
    /// Kept in this browser, because of this.
    Kept(AppError),
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

/// Saves the text of a [`Desk`].
#[derive(Clone, Copy)]
pub(super) struct Keeper {
    desk: Desk,
    /// Whose text it is: a browser may be used by several people.
    owner: StoredValue<String>,
    pub status: RwSignal<Status>,
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
    /// Begins to keep what is written at `desk` by `owner`, and tells in `is_saving` when it is on its way; `manuscript` is
    /// what the site has.
    pub(super) fn start(
        desk: Desk,
        is_saving: RwSignal<bool>,
        is_published: Signal<bool>,
        owner: String,
        manuscript: Manuscript,
    ) -> Self {
        let keeper = Self {
            desk,
            owner: StoredValue::new(owner),
            status: RwSignal::new(Status::Untouched),
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
            // The last moment at which a page that is left can do something.
            let hide = window_event_listener_untyped("pagehide", move |_| keeper.copy());
            on_cleanup(move || {
                online.remove();
                hide.remove();
                keeper.leave();
            });
        });
        keeper
    }

    /// Compares what is in the form with what the site has, and with what an earlier page has left in this browser.
    fn begin(self, manuscript: &Manuscript) {
        let Some(form) = self.desk.text() else {
            return;
        };
        let on_site = (manuscript.title.clone(), manuscript.content.clone());
        self.note(|texts| texts.saved = Some(on_site.clone()));
        self.last.set_value(now());
        let target = self.desk.target.get_untracked();
        match copy::read(&self.key()) {
            Some(left) if left.text == form || left.text == on_site => copy::remove(&self.key()),
            Some(left) if left.is_of(target) && form == on_site => {
                self.note(|texts| texts.replaced = Some(on_site.clone()));
                self.note(|texts| texts.saved = Some(left.text.clone()));
                self.desk.replace(&left.text.0, &left.text.1);
                self.is_restored.set(true);
                return;
            }
            Some(left) => self.desk.other.set(Some(Other {
                manuscript: Manuscript {
                    title: left.text.0,
                    content: left.text.1,
                    ..Manuscript::default()
                },
                origin: Origin::Browser,
            })),
            None => {}
        }
        if form != on_site {
            self.changed();
        }
    }

    /// The text has changed.
    fn changed(self) {
        if self.is_over() || self.desk.text() == self.known(|texts| texts.saved.clone()) {
            return;
        }
        self.is_restored.set(false);
        self.copy();
        if !matches!(self.status.get_untracked(), Status::Kept(_)) {
            self.status.set(Status::Waiting);
        }
        let is_waiting_again = matches!(self.status.get_untracked(), Status::Kept(_));
        if is_waiting_again && self.timer.with_value(Option::is_some) {
            return;
        }
        if now() - self.last.get_value() > AT_LEAST {
            self.save();
        } else {
            self.save_after(PAUSE);
        }
    }

    /// Saves now, unless there is nothing to save.
    pub(super) fn save(self) {
        self.stop_timer();
        let is_conflict =
            |other: &Option<Other>| other.as_ref().is_some_and(|other| other.origin == Origin::Site);
        if self.is_over() || self.is_saving.get_untracked() || self.desk.other.with_untracked(is_conflict) {
            return;
        }
        let (Some(form), Some(text)) = (self.desk.form(), self.desk.text()) else {
            return;
        };
        if Some(&text) == self.known(|texts| texts.saved.clone()).as_ref() {
            return;
        }
        if let Err(errors) = form.draft() {
            // A text that is not there yet is no fault.
            if errors.iter().any(|error| error.problem != Problem::Required) {
                self.status.set(Status::Kept(errors.into()));
            }
            return;
        }
        self.is_saving.set(true);
        self.last.set_value(now());
        self.note(|texts| texts.sending = Some(text.clone()));
        let (before, target) = (self.key(), form.target());
        spawn_local(async move {
            let answer = api::post::save_draft(form).await;
            // The page may have gone meanwhile.
            if self.is_saving.try_set(false).is_some() {
                if answer.is_err() && copy::read(&before).is_none() {
                    copy::write(&before, target, &text);
                }
                return;
            }
            match answer {
                Ok(saved) => {
                    self.note(|texts| texts.saved = Some(text.clone()));
                    if self.may_copy() {
                        copy::remove(&before);
                    }
                    self.desk.target.set(saved.target);
                    show_address(&saved.target.path());
                    self.status.set(Status::Saved(time_of_day()));
                    if self.desk.text() != Some(text) {
                        self.changed();
                    }
                }
                Err(AppError::Conflict) => self.fetch_other(),
                Err(error) => {
                    let again = error.retry_after().map_or(AGAIN, |seconds| {
                        Duration::from_secs(u64::from(seconds)).max(AGAIN)
                    });
                    if error.is_passing() || error == AppError::SignInRequired {
                        self.save_after(again);
                    }
                    self.status.set(Status::Kept(error));
                }
            }
        });
    }

    /// Shows what was saved meanwhile beside what is in the form.
    pub(super) fn fetch_other(self) {
        let target = self.desk.target.get_untracked();
        spawn_local(async move {
            let opened = match (target.post, target.draft) {
                (Some(post), _) => api::post::open_post(post).await,
                (None, Some(draft)) => api::post::open_draft(draft).await,
                (None, None) => return,
            };
            match opened {
                Ok(manuscript) => {
                    let other = Other {
                        manuscript,
                        origin: Origin::Site,
                    };
                    let _ = self.desk.other.try_set(Some(other));
                }
                Err(error) => {
                    let _ = self.status.try_set(Status::Kept(error));
                }
            }
        });
    }

    /// The text in the form stays.
    pub(super) fn keep_mine(self) {
        self.decide(|other| (other.manuscript.target, None));
        self.desk.go_on();
    }

    /// The other text takes its place, and it the place of the other: nobody loses a text by one click.
    pub(super) fn take_other(self) {
        let mine = self.desk.text();
        self.decide(|other| {
            let Manuscript {
                target,
                title,
                content,
                ..
            } = other.manuscript;
            (target, Some((title, content)))
        });
        if let Some(mine) = mine {
            // Older than anything that the site has.
            let never = Target {
                post_version: -1,
                draft_version: -1,
                ..Target::default()
            };
            copy::write(&self.key(), never, &mine);
            self.desk.other.set(Some(Other {
                manuscript: Manuscript {
                    title: mine.0,
                    content: mine.1,
                    ..Manuscript::default()
                },
                origin: Origin::Browser,
            }));
        }
        self.desk.go_on();
    }

    fn decide(self, decision: impl FnOnce(Other) -> (Target, Option<(String, String)>)) {
        let Some(other) = self.desk.other.try_update(Option::take).flatten() else {
            return;
        };
        let origin = other.origin;
        let on_site = (other.manuscript.title.clone(), other.manuscript.content.clone());
        let (target, text) = decision(other);
        if origin == Origin::Site {
            self.desk.target.set(target);
            self.note(|texts| texts.saved = Some(on_site));
        } else {
            copy::remove(&self.key());
        }
        self.desk.problem.set(None);
        match text {
            Some((title, content)) => self.desk.replace(&title, &content),
            None => self.changed(),
        }
        self.save();
    }

    /// What was put back from this browser stays.
    pub(super) fn keep_restored(self) {
        self.is_restored.set(false);
        self.desk.go_on();
        let replaced = self.known(|texts| texts.replaced.clone());
        self.note(|texts| texts.saved = replaced);
        self.save();
    }

    /// Takes what was put back from this browser out of the form again.
    pub(super) fn discard_restored(self) {
        if let Some((title, content)) = self.known(|texts| texts.replaced.clone()) {
            let text = (title.clone(), content.clone());
            self.note(|texts| texts.saved = Some(text));
            self.desk.replace(&title, &content);
            copy::remove(&self.key());
        }
        self.is_restored.set(false);
        self.desk.go_on();
    }

    /// Saves because somebody asks for it, and says what is wrong if it cannot be saved.
    pub(super) fn save_now(self) {
        if let Some(Err(errors)) = self.desk.form().map(|form| form.draft()) {
            self.desk.problem.set(Some(errors.into()));
        } else {
            self.desk.problem.set(None);
            self.save();
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

    fn leave(self) {
        self.stop_timer();
        if self.is_published() {
            return copy::remove(&self.key());
        }
        self.copy();
        self.save();
        let is_on_its_way = self.is_saving.try_get_untracked() == Some(true)
            && self.known(|texts| texts.sending.clone()) == self.desk.text();
        if is_on_its_way && self.may_copy() {
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

    fn save_after(self, time: Duration) {
        self.stop_timer();
        let handle = set_timeout_with_handle(move || self.save(), time).ok();
        self.timer.set_value(handle);
    }

    fn stop_timer(self) {
        if let Some(timer) = self.timer.try_update_value(Option::take).flatten() {
            timer.clear();
        }
    }

    /// Keeps the text in this browser.
    fn copy(self) {
        let text = self.desk.text();
        if self.is_published() || !self.may_copy() || text == self.known(|texts| texts.saved.clone()) {
            return;
        }
        if let (Some(text), Some(target)) = (text, self.desk.target.try_get_untracked()) {
            copy::write(&self.key(), target, &text);
        }
    }

    /// Whether the copy in this browser is this text's: not while an older one waits there to be chosen.
    fn may_copy(self) -> bool {
        let is_older = |other: &Option<Other>| {
            other
                .as_ref()
                .is_some_and(|other| other.origin == Origin::Browser)
        };
        self.desk.other.try_with_untracked(is_older) == Some(false)
    }

    fn key(self) -> String {
        let target = self.desk.target.try_get_untracked().unwrap_or_default();
        let owner = self.owner.try_get_value().unwrap_or_default();
        format!("broadsheet {owner} {}", target.path())
    }
}

fn now() -> f64 {
    js_sys::Date::now()
}

/// The hour and the minute where the browser is.
fn time_of_day() -> String {
    let date = js_sys::Date::new_0();
    format!("{:02}:{:02}", date.get_hours(), date.get_minutes())
}
