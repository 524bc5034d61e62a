//! Saving to the site: at a pause, on request, and again after a failure.

use std::time::Duration;

use leptos::{prelude::*, task::spawn_local};

use super::{Autosave, Status};
use crate::{
    api,
    components::{focus, show_address},
    pages::post::editor::{
        local_draft,
        state::{Other, Text},
    },
};
use shared::{
    error::AppError,
    forms::FieldProblem,
    model::post::{DraftTarget, EditorDocument},
};

/// The pause in typing after which the text is saved.
pub(super) const PAUSE: Duration = Duration::from_millis(1_500);
/// The delay before a failed save is retried.
const AGAIN: Duration = Duration::from_secs(8);

impl Autosave {
    /// Saves the text, unless there is nothing to save.
    pub(super) fn save(self) {
        self.stop_timer();
        if self.is_over() || self.is_saving.try_get_untracked() != Some(false) || self.must_choose() {
            return;
        }
        let (Some(form), Some(text)) = (self.editor.form(), self.editor.text()) else {
            return;
        };
        if Some(&text) == self.known(|known| known.saved.clone()).as_ref() {
            return;
        }
        if let Err(errors) = form.draft() {
            // An empty text is not reported as an error.
            if errors.iter().any(|error| error.problem != FieldProblem::Required) {
                self.status.set(Status::Unsaved(errors.into()));
            }
            return;
        }
        self.is_saving.set(true);
        self.note(|known| known.last = local_draft::now());
        self.note(|known| known.sending = Some(text.clone()));
        let (before, target) = (self.key(), form.target());
        spawn_local(async move {
            let answer = api::post::save_draft(form).await;
            // The page may have been left in the meantime.
            if self.is_saving.try_set(false).is_some() {
                return after_leaving(&before, target, &text, answer.is_ok());
            }
            match answer {
                Ok(saved) => {
                    self.note(|known| known.saved = Some(text.clone()));
                    local_draft::remove(&before);
                    self.is_kept.set(true);
                    self.editor.target.set(saved.target);
                    self.editor.clear_resolved_errors();
                    show_address(&saved.target.path());
                    self.resting.set_value(Status::Saved(time_of_day()));
                    self.status.set(self.resting.get_value());
                    if self.editor.text() != Some(text) {
                        self.changed();
                    }
                }
                Err(AppError::Conflict) => self.fetch_other(),
                Err(error) => {
                    self.keep();
                    let again = error.retry_after().map_or(AGAIN, |seconds| {
                        Duration::from_secs(u64::from(seconds)).max(AGAIN)
                    });
                    if error.is_passing() || error.is_about_account() {
                        self.save_after(again);
                    }
                    self.status.set(Status::Unsaved(error));
                }
            }
        });
    }

    /// Saves on request and shows an error if the text cannot be saved.
    pub(in crate::pages::post::editor) fn save_now(self) {
        if self.is_restored.get_untracked() {
            self.keep_restored();
        } else if let Some(Err(errors)) = self.editor.form().map(|form| form.draft()) {
            self.editor.problem.set(Some(errors.into()));
        } else if self.must_choose() {
            focus("other-text");
        } else {
            self.editor.problem.set(None);
            self.save();
        }
    }

    /// Loads the version on the site and offers it.
    pub(in crate::pages::post::editor) fn fetch_other(self) {
        let target = self.editor.target.get_untracked();
        spawn_local(async move {
            let opened = match (target.post, target.draft) {
                (Some(post), _) => api::post::open_post(post).await,
                (None, Some(draft)) => api::post::open_draft(draft).await,
                (None, None) => return,
            };
            let document = match opened {
                Err(AppError::NotFound) if target.post.is_none() => Ok(EditorDocument::default()),
                opened => opened,
            };
            // The page was left, or the choice was made in the meantime.
            if self.editor.target.try_get_untracked() != Some(target) {
                return;
            }
            match document {
                Ok(document) => {
                    let other = Other::on_site(document);
                    if matches!(self.editor.problem.get_untracked(), Some(AppError::Conflict)) {
                        // Submitting the form again after seeing the other version overwrites it.
                        self.retarget(other.target);
                    }
                    self.editor.other.set(Some(other));
                }
                Err(error) => {
                    if error.is_passing() {
                        self.save_after(AGAIN);
                    }
                    self.status.set(Status::Unsaved(error));
                }
            }
        });
    }

    /// Returns whether a choice between two versions is pending.
    fn must_choose(self) -> bool {
        let is_newer = |other: &Option<Other>| other.as_ref().is_some_and(Other::is_newer);
        self.editor.other.try_with_untracked(is_newer) == Some(true)
    }

    pub(super) fn save_after(self, time: Duration) {
        self.stop_timer();
        let handle = set_timeout_with_handle(move || self.save(), time).ok();
        self.timer.set_value(handle);
    }

    pub(super) fn stop_timer(self) {
        if let Some(timer) = self.timer.try_update_value(Option::take).flatten() {
            timer.clear();
        }
    }
}

/// Updates the local draft `key` when the response to sending `text` arrives after the page was left.
fn after_leaving(key: &str, target: DraftTarget, text: &Text, is_saved: bool) {
    let left = local_draft::read(key);
    let is_newer = left.as_ref().is_some_and(|left| left.text != *text);
    match (is_saved, is_newer, left) {
        (true, false, _) => local_draft::remove(key),
        (false, _, None) => {
            local_draft::write(key, target, text, local_draft::GONE);
        }
        (false, false, Some(_)) => local_draft::touch(key, local_draft::GONE),
        (_, true, _) => {}
    }
}

/// Returns the local time as hours and minutes.
fn time_of_day() -> String {
    let date = js_sys::Date::new_0();
    format!("{:02}:{:02}", date.get_hours(), date.get_minutes())
}
