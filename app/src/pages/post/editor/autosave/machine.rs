//! The state machine of autosave.
//!
//! [`Machine::step`] takes what has happened as an [`Event`] and returns what is to be done about it as [`Effect`]s.
//! The machine is plain data: it reads no clock and neither knows the page, nor the storage, nor the network.

use std::time::Duration;

use crate::pages::post::editor::{
    local_draft::LEFT,
    text::{Origin, Other, Text},
};
use shared::{
    error::AppError,
    model::post::{DraftTarget, EditorDocument},
};

pub(in crate::pages::post::editor) use event::{Effect, Event, Sent};
pub(super) use leave::after_leaving;

/// The choice between two versions of the text.
mod choice;
/// Events and effects.
mod event;
/// Leaving the page.
mod leave;
/// Local drafts.
mod local_drafts;
/// Publishing.
mod publishing;
/// Saving to the site.
mod save;

#[cfg(test)]
mod tests;

/// The save status.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::pages::post::editor) enum Status {
    /// Unchanged since the page was loaded.
    Untouched,
    /// Not saved yet.
    Waiting,
    /// Saved to the site at this time, in milliseconds since 1970.
    Saved(f64),
    /// Not saved because of this error.
    Unsaved(AppError),
}

/// The phase of editing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// The text is edited and saved.
    Editing,
    /// The text is being published; until the answer arrives it is not saved.
    Publishing,
    /// The text was published; it is not saved any more.
    Published,
}

/// The state of autosave.
#[derive(Debug)]
pub(super) struct Machine {
    /// The id of the author, if known.
    author: Option<i64>,
    /// The maximum number of characters of the text; 0 for the default.
    content_max: usize,
    /// The unique name of this editor's local draft.
    name: String,
    phase: Phase,
    /// The time of the current event, in milliseconds since 1970.
    now: f64,
    /// The text in the form.
    text: Text,
    /// The text that need not be saved: it is on the site, or it was restored and is not accepted yet.
    saved: Text,
    /// The text on the site, until the local draft that was restored over it is accepted or discarded.
    replaced: Option<Text>,
    /// The post and draft that the text is saved to.
    target: DraftTarget,
    /// The request in flight.
    sending: Option<Sent>,
    /// The time at which the last request began.
    last_sent_at: f64,
    is_timer_running: bool,
    /// Another version of the text to choose from.
    other: Option<Other>,
    /// Whether the form shows that publishing met a conflict.
    is_conflict_shown: bool,
    status: Status,
    /// The time at which this page last saved the text.
    saved_at: Option<f64>,
    /// Whether the browser has stored the local draft.
    is_stored: bool,
    /// The effects of the current event.
    effects: Vec<Effect>,
}

impl Machine {
    /// Creates the state for `document` before the form is mounted. The text will be saved to `target`. The `other`
    /// version is the one that a rejected form shows after a conflict.
    pub(super) fn new(
        document: &EditorDocument,
        author: Option<i64>,
        target: DraftTarget,
        other: Option<Other>,
    ) -> Self {
        Self {
            author,
            content_max: document.content_max,
            name: String::new(),
            phase: Phase::Editing,
            now: 0.0,
            text: Text::default(),
            saved: Text::from_document(document),
            replaced: None,
            target,
            sending: None,
            last_sent_at: 0.0,
            is_timer_running: false,
            is_conflict_shown: other.is_some(),
            other,
            status: Status::Untouched,
            saved_at: None,
            is_stored: true,
            effects: Vec::new(),
        }
    }

    /// Handles `event`, which happened at the time `now`, and returns the effects to perform in this order. `text` is
    /// the text in the form, once it is mounted.
    pub(super) fn step(&mut self, event: Event, text: Option<Text>, now: f64) -> Vec<Effect> {
        self.now = now;
        if let Some(text) = text {
            self.text = text;
        }
        match event {
            Event::Mounted { name, drafts } => self.mounted(name, drafts),
            Event::Changed => self.changed(),
            Event::TimerElapsed | Event::Online => self.save(),
            Event::SaveRequested => self.save_requested(),
            Event::SaveAnswered(answer) => self.save_answered(answer),
            Event::ProblemChanged { is_conflict } => self.problem_changed(is_conflict),
            Event::OtherLoaded { target, document } => self.other_loaded(target, *document),
            Event::MineKept => self.keep_mine(),
            Event::OtherTaken { name } => self.take_other(&name),
            Event::RestoredKept => self.keep_restored(),
            Event::RestoredDiscarded => self.discard_restored(),
            Event::PublishingBegan => self.publishing_began(),
            Event::PublishingFailed => self.publishing_failed(),
            Event::Published => self.published(),
            Event::DraftStored { key, is_stored } => self.draft_stored(&key, is_stored),
            Event::DraftsFound(drafts) => self.offer(drafts),
            Event::StillOpen => self.set_draft_open_at(now),
            Event::Hidden => self.store_draft(LEFT),
            Event::Left => self.left(),
        }
        std::mem::take(&mut self.effects)
    }

    fn push(&mut self, effect: Effect) {
        self.effects.push(effect);
    }

    fn start_timer(&mut self, delay: Duration) {
        self.is_timer_running = true;
        self.push(Effect::StartTimer(delay));
    }

    fn stop_timer(&mut self) {
        if std::mem::take(&mut self.is_timer_running) {
            self.push(Effect::StopTimer);
        }
    }

    fn replace_text(&mut self, text: Text) {
        self.text = text.clone();
        self.push(Effect::ReplaceText(text));
    }

    fn set_target(&mut self, target: DraftTarget) {
        self.target = target;
        self.push(Effect::SetTarget(target));
    }

    fn set_other(&mut self, other: Option<Other>) {
        self.other.clone_from(&other);
        self.push(Effect::SetOther(other));
    }

    fn set_problem(&mut self, problem: Option<AppError>) {
        self.is_conflict_shown = false;
        self.push(Effect::SetProblem(problem));
    }

    fn set_status(&mut self, status: Status) {
        self.status = status.clone();
        self.push(Effect::SetStatus(status));
    }

    fn set_stored(&mut self, is_stored: bool) {
        self.is_stored = is_stored;
        self.push(Effect::SetStored(is_stored));
    }
}
