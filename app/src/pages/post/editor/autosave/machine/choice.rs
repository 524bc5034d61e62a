//! The version that is replaced can be restored; only what is explicitly discarded is deleted.

use super::{Effect, Machine, Origin, Other, Phase, Status, Text, save::RETRY};
use crate::pages::post::editor::local_draft::key_prefix;
use shared::{
    error::AppError,
    model::post::{DraftTarget, EditorDocument},
    paths,
};

impl Machine {
    /// Handles that the form shows another error. At every conflict the version on the site is loaded again: it may
    /// have changed since the last one.
    pub(super) fn problem_changed(&mut self, is_conflict: bool) {
        self.is_conflict_shown = is_conflict;
        if is_conflict {
            self.load_other();
        }
    }

    /// Loads the version on the site, to offer it.
    pub(super) fn load_other(&mut self) {
        if self.target.post.is_some() || self.target.draft.is_some() {
            self.push(Effect::LoadOther(self.target));
        }
    }

    /// Offers the version on the site, which was requested for `target`.
    pub(super) fn other_loaded(&mut self, target: DraftTarget, document: Result<EditorDocument, AppError>) {
        // The choice was made in the meantime.
        if self.target != target {
            return;
        }
        match document {
            Ok(document) => self.offer_other(Other::on_site(&document)),
            Err(AppError::NotFound) if target.post.is_none() => {
                self.offer_other(Other::on_site(&EditorDocument::default()));
            }
            Err(error) => {
                if error.is_passing() {
                    self.start_timer(RETRY);
                }
                self.set_status(Status::Unsaved(error));
            }
        }
    }

    fn offer_other(&mut self, other: Other) {
        if self.is_conflict_shown {
            // Submitting the form again after seeing the other version overwrites it.
            self.move_to(other.target);
        }
        self.set_other(Some(other));
    }

    /// Keeps the text in the form.
    pub(super) fn keep_mine(&mut self) {
        // The answer to publishing may lead to another choice.
        if self.phase == Phase::Publishing {
            return;
        }
        if self.decide().is_some() {
            self.changed();
            self.save();
            self.find_drafts();
        }
        self.push(Effect::FocusText);
    }

    /// Exchanges the text in the form and the other version. `name` is a unique name for the local draft with the text
    /// in the form.
    pub(super) fn take_other(&mut self, name: &str) {
        if self.phase == Phase::Publishing {
            return;
        }
        let is_new_text = self.is_other_a_new_text();
        self.accept_restored();
        let is_safe = is_new_text && self.text == self.saved;
        if let Some(text) = self.decide() {
            if !self.text.is_empty() && !is_safe {
                self.set_aside(name);
            }
            if is_new_text {
                self.begin_new_draft();
            }
            self.replace_text(text);
            self.save();
            self.find_drafts();
        }
        self.push(Effect::FocusText);
    }

    /// Returns whether the other version is a new text while the form contains a saved draft.
    fn is_other_a_new_text(&self) -> bool {
        let origin = self.other.as_ref().map(|other| &other.origin);
        let Some(Origin::Browser(Some(key))) = origin else {
            return false;
        };
        let new_text = key_prefix(self.author, DraftTarget::default()) + " ";
        self.target != DraftTarget::default() && key.starts_with(&new_text)
    }

    /// Lets the text become a draft of its own. The saved draft is kept as it is.
    fn begin_new_draft(&mut self) {
        self.remove_draft();
        self.set_target(DraftTarget::default());
        self.saved = Text::default();
        self.push(Effect::ShowAddress(paths::NEW_POST.to_owned()));
    }

    /// Ends the choice and returns the other version.
    fn decide(&mut self) -> Option<Text> {
        let other = self.other.take()?;
        match other.origin {
            Origin::Browser(Some(key)) => self.push(Effect::RemoveDraft(key)),
            Origin::Browser(None) => {}
            Origin::Site | Origin::Gone => {
                self.accept_restored();
                self.remove_draft();
                self.set_target(other.target);
                self.saved = other.text.clone();
            }
        }
        self.push(Effect::SetOther(None));
        self.set_problem(None);
        Some(other.text)
    }

    /// Keeps the restored local draft and saves it.
    pub(super) fn keep_restored(&mut self) {
        self.accept_restored();
        self.push(Effect::FocusText);
        self.save();
    }

    /// Discards the restored local draft.
    pub(super) fn discard_restored(&mut self) {
        if let Some(text) = self.replaced.take() {
            self.saved = text.clone();
            self.replace_text(text);
            self.remove_draft();
            self.push(Effect::SetRestored(false));
        }
        self.push(Effect::FocusText);
    }

    /// Accepts the restored local draft, which is to be saved from now on.
    pub(super) fn accept_restored(&mut self) {
        if let Some(text) = self.replaced.take() {
            self.saved = text;
            self.push(Effect::SetRestored(false));
        }
    }
}
