use super::{Effect, Machine, Origin, Other, Phase};
use crate::pages::post::editor::local_draft::{Base, LEFT, LocalDraft, key_prefix};
use shared::model::post::DraftTarget;

impl Machine {
    /// Compares the form with the version on the site and with the local drafts that earlier pages have left.
    pub(super) fn mounted(&mut self, name: String, mut drafts: Vec<(String, LocalDraft)>) {
        self.name = name;
        self.last_sent_at = self.now;
        if self.text == self.saved {
            self.restore(&mut drafts);
        } else {
            self.changed();
        }
        self.offer(drafts);
    }

    /// Restores the latest of `drafts` on whose base nothing has been saved since, and takes it from them.
    fn restore(&mut self, drafts: &mut Vec<(String, LocalDraft)>) {
        let base = Base::from(self.target);
        let is_unsaved = |(_, draft): &(String, LocalDraft)| draft.base == base && draft.text != self.saved;
        let Some(index) = drafts.iter().rposition(is_unsaved) else {
            return;
        };
        let (from, draft) = drafts.remove(index);
        let restored = draft.text.clone();
        self.replaced = Some(std::mem::replace(&mut self.saved, draft.text));
        self.replace_text(restored);
        self.push(Effect::SetRestored(true));
        let (to, draft) = (self.key(), self.draft(self.now));
        self.push(Effect::MoveDraft { from, to, draft });
    }

    /// Offers the latest of `drafts`, unless a choice is pending. Those with the text in the form are removed.
    pub(super) fn offer(&mut self, drafts: Vec<(String, LocalDraft)>) {
        if self.other.is_some() {
            return;
        }
        let own = self.key();
        let mut others = Vec::new();
        for (key, draft) in drafts {
            if key == own {
                continue;
            }
            if draft.text == self.text {
                self.push(Effect::RemoveDraft(key));
            } else {
                others.push(Other::local_draft(key, draft.text));
            }
        }
        if let Some(mut other) = others.pop() {
            other.more = others.len();
            self.set_other(Some(other));
        }
    }

    /// Looks for local drafts to offer, unless a choice is pending.
    pub(super) fn find_drafts(&mut self) {
        if self.other.is_none() {
            self.push(Effect::FindDrafts(self.search_prefix()));
        }
    }

    /// Returns the prefix of the keys of this text's local drafts, of any editor. For a new text, this includes
    /// drafts whose target no longer exists.
    pub(in crate::pages::post::editor::autosave) fn search_prefix(&self) -> String {
        let mut prefix = key_prefix(self.author, self.target);
        if self.target != DraftTarget::default() {
            prefix.push(' ');
        }
        prefix
    }

    /// Returns the storage key of this editor's local draft.
    pub(super) fn key(&self) -> String {
        self.key_named(&self.name)
    }

    fn key_named(&self, name: &str) -> String {
        key_prefix(self.author, self.target) + " " + name
    }

    /// Returns the text in the form as a local draft.
    fn draft(&self, open_at: f64) -> LocalDraft {
        LocalDraft {
            text: self.text.clone(),
            base: self.target.into(),
            open_at,
        }
    }

    /// Stores the text in the form as this editor's local draft, unless it need not be saved.
    pub(super) fn store_draft(&mut self, open_at: f64) {
        if self.phase == Phase::Published {
            self.set_stored(true);
        } else if self.text == self.saved && self.sending.is_none() {
            // A restored draft may exist only in this browser.
            self.set_draft_open_at(open_at);
            self.set_stored(true);
        } else {
            self.write_draft(open_at);
        }
    }

    fn write_draft(&mut self, open_at: f64) {
        let (key, draft) = (self.key(), self.draft(open_at));
        self.push(Effect::StoreDraft { key, draft });
    }

    pub(super) fn set_draft_open_at(&mut self, at: f64) {
        let key = self.key();
        self.push(Effect::SetDraftOpenAt { key, at });
    }

    pub(super) fn remove_draft(&mut self) {
        self.push(Effect::RemoveDraft(self.key()));
    }

    /// Notes whether the browser has stored the local draft `key`.
    pub(super) fn draft_stored(&mut self, key: &str, is_stored: bool) {
        if key == self.key() {
            return self.set_stored(is_stored);
        }
        let is_offered = |other: &&mut Other| matches!(&other.origin, Origin::Browser(Some(it)) if it == key);
        if let Some(other) = self.other.as_mut().filter(is_offered).filter(|_| !is_stored) {
            other.origin = Origin::Browser(None);
            let other = self.other.clone();
            self.push(Effect::SetOther(other));
        }
    }

    /// Stores the text in the form as a separate local draft with this `name` and offers it.
    pub(super) fn set_aside(&mut self, name: &str) {
        let (key, text) = (self.key_named(name), self.text.clone());
        self.set_other(Some(Other::local_draft(key.clone(), text.clone())));
        let draft = LocalDraft {
            text,
            base: Base::OLDEST,
            open_at: LEFT,
        };
        self.push(Effect::StoreDraft { key, draft });
    }

    /// Moves the text in the form to `target`.
    pub(super) fn move_to(&mut self, target: DraftTarget) {
        self.remove_draft();
        self.set_target(target);
        if self.replaced.is_some() {
            // It is nowhere else, although it need not be saved.
            self.write_draft(self.now);
        } else {
            self.store_draft(self.now);
        }
    }
}
