use super::{Effect, Machine, Origin, Phase, Sent, Text};
use crate::pages::post::editor::local_draft::{LEFT, LocalDraft};

impl Machine {
    /// Stores the local draft and tries to save once more.
    pub(super) fn left(&mut self) {
        self.stop_timer();
        if self.phase == Phase::Published {
            return self.remove_draft();
        }
        self.store_draft(LEFT);
        self.save();
        if self.sending.as_ref().is_some_and(|sent| sent.text == self.text) {
            // Keeps other editors from restoring this draft while the request is in flight.
            self.set_draft_open_at(self.now);
        }
    }

    /// Returns whether `text`, which is in the form, or another version would be lost with the page: it is neither on
    /// the site nor in a local draft.
    pub(in crate::pages::post::editor::autosave) fn is_at_risk(&self, text: Option<&Text>) -> bool {
        let origin = self.other.as_ref().map(|other| &other.origin);
        let is_other_at_risk = origin == Some(&Origin::Browser(None));
        let is_saved = text.is_none_or(|text| *text == self.saved);
        self.phase != Phase::Published && (is_other_at_risk || !is_saved && !self.is_stored)
    }
}

/// Returns what to do about the local draft of `sent` when the answer arrives after the page was left. `stored` is the
/// text of this draft.
pub(in crate::pages::post::editor::autosave) fn after_leaving(
    sent: Sent,
    is_saved: bool,
    stored: Option<&Text>,
) -> Option<Effect> {
    let Sent { key, target, text } = sent;
    match stored {
        Some(stored) if *stored != text => None,
        _ if is_saved => Some(Effect::RemoveDraft(key)),
        Some(_) => Some(Effect::SetDraftOpenAt { key, at: LEFT }),
        None => {
            let draft = LocalDraft {
                text,
                base: target.into(),
                open_at: LEFT,
            };
            Some(Effect::StoreDraft { key, draft })
        }
    }
}
