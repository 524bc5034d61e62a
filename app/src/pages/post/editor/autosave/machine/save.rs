use std::time::Duration;

use super::{Effect, Machine, Other, Phase, Sent, Status, Text};
use shared::{error::AppError, forms::FieldProblem, model::post::DraftTarget};

/// The pause in typing after which the text is saved.
pub(super) const PAUSE: Duration = Duration::from_millis(1_500);
/// The delay before a failed request is repeated.
pub(super) const RETRY: Duration = Duration::from_secs(8);
/// The maximum interval between two saves while typing continues, in milliseconds.
pub(super) const MAX_INTERVAL: f64 = 10_000.0;

impl Machine {
    /// Handles a change of the text.
    pub(super) fn changed(&mut self) {
        if self.phase != Phase::Editing {
            return;
        }
        if self.text == *self.settled() {
            return self.changed_back();
        }
        // Editing a restored draft accepts it.
        self.accept_restored();
        self.store_draft(self.now);
        match self.status {
            Status::Unsaved(_) if self.is_timer_running || self.must_reload() => return,
            Status::Unsaved(_) | Status::Waiting => {}
            Status::Untouched | Status::Saved(_) => self.set_status(Status::Waiting),
        }
        if self.now - self.last_sent_at > MAX_INTERVAL {
            self.save();
        } else {
            self.start_timer(PAUSE);
        }
    }

    /// Returns the text that need not be saved, because the site has it or is about to.
    fn settled(&self) -> &Text {
        self.sending.as_ref().map_or(&self.saved, |sent| &sent.text)
    }

    /// Handles that the text is again one that need not be saved.
    fn changed_back(&mut self) {
        if self.replaced.is_some() || self.sending.is_some() {
            return;
        }
        self.remove_draft();
        self.push(Effect::ClearResolvedErrors);
        if !matches!(self.status, Status::Saved(_)) {
            self.set_status(self.saved_at.map_or(Status::Untouched, Status::Saved));
        }
    }

    /// Saves the text, unless there is nothing to save or saving has to wait for an answer, a choice or a reload.
    pub(super) fn save(&mut self) {
        self.stop_timer();
        let must_wait = self.phase != Phase::Editing
            || self.sending.is_some()
            || self.must_choose()
            || self.must_reload();
        if must_wait || self.text == self.saved {
            return;
        }
        let text = self.text.clone();
        let form = text.into_form(self.target, self.author, self.content_max);
        if let Err(errors) = form.draft() {
            // An empty text is not reported as an error.
            if errors.iter().any(|error| error.problem != FieldProblem::Required) {
                self.set_status(Status::Unsaved(errors.into()));
            }
            return;
        }
        let sent = Sent {
            key: self.key(),
            target: self.target,
            text: self.text.clone(),
        };
        self.last_sent_at = self.now;
        self.sending = Some(sent.clone());
        self.push(Effect::Send(sent));
    }

    /// Saves on request and shows an error if the text cannot be saved.
    pub(super) fn save_requested(&mut self) {
        if self.replaced.is_some() {
            return self.keep_restored();
        }
        let text = self.text.clone();
        let form = text.into_form(self.target, self.author, self.content_max);
        if let Err(errors) = form.draft() {
            self.set_problem(Some(errors.into()));
        } else if self.must_choose() {
            self.push(Effect::FocusOther);
        } else {
            self.set_problem(None);
            if self.must_reload() && self.text != self.saved {
                // Somebody who asks gets an answer, which may be another one by now.
                self.set_status(Status::Waiting);
            }
            self.save();
        }
    }

    /// Handles the answer to a request.
    pub(super) fn save_answered(&mut self, answer: Result<DraftTarget, AppError>) {
        let Some(sent) = self.sending.take() else {
            return;
        };
        // A choice that was made in the meantime has changed the target.
        let is_outdated = sent.target != self.target;
        match answer {
            Ok(_) | Err(AppError::Conflict) if is_outdated => self.changed(),
            Ok(target) => self.was_saved(sent, target),
            Err(AppError::Conflict) => self.load_other(),
            Err(error) => self.was_not_saved(error),
        }
    }

    fn was_saved(&mut self, sent: Sent, target: DraftTarget) {
        self.saved = sent.text;
        self.push(Effect::RemoveDraft(sent.key));
        self.set_stored(true);
        self.set_target(target);
        self.push(Effect::ClearResolvedErrors);
        self.push(Effect::ShowAddress(target.path()));
        self.saved_at = Some(self.now);
        self.set_status(Status::Saved(self.now));
        if self.text != self.saved {
            self.changed();
        }
    }

    fn was_not_saved(&mut self, error: AppError) {
        self.store_draft(self.now);
        if error.is_passing() || error.is_about_account() {
            let wait = error
                .retry_after()
                .map(|seconds| Duration::from_secs(seconds.into()));
            self.start_timer(wait.map_or(RETRY, |wait| wait.max(RETRY)));
        }
        self.set_status(Status::Unsaved(error));
    }

    /// Returns whether a choice between two versions is pending.
    fn must_choose(&self) -> bool {
        self.other.as_ref().is_some_and(Other::is_newer)
    }

    /// Returns whether the page is from an earlier version of the site, which saves only after a reload.
    const fn must_reload(&self) -> bool {
        matches!(self.status, Status::Unsaved(AppError::Outdated))
    }
}
