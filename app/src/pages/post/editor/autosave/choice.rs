//! The choice between two versions of the text. The version that is replaced can be restored; only what is explicitly
//! discarded is deleted.

use leptos::prelude::*;

use super::Autosave;
use crate::{
    components::show_address,
    pages::post::editor::{
        local_draft,
        state::{Origin, Other, Text},
    },
};
use shared::{model::post::DraftTarget, paths};

impl Autosave {
    /// Offers one of the local drafts of earlier pages, unless a choice is pending.
    pub(super) fn offer(self) {
        if self.editor.other.with_untracked(Option::is_some) {
            return;
        }
        let (own, form) = (self.key(), self.editor.text());
        let mut others = local_draft::left(&self.shelf());
        others.retain(|(key, left)| {
            let is_same = Some(&left.text) == form.as_ref();
            if is_same && *key != own {
                local_draft::remove(key);
            }
            *key != own && !is_same
        });
        if let Some((key, left)) = others.pop() {
            let mut other = Other::left(Some(key), left.text);
            other.more = others.len();
            self.editor.other.set(Some(other));
        }
    }

    /// Keeps the text in the form.
    pub(in crate::pages::post::editor) fn keep_mine(self) {
        if self.decide().is_some() {
            self.changed();
            self.save();
            self.offer();
        }
        self.editor.focus_text();
    }

    /// Exchanges the text in the form and the other version.
    pub(in crate::pages::post::editor) fn take_other(self) {
        let mine = self.editor.text();
        let is_of_its_own = self.is_of_its_own();
        let on_site = self.known(|known| known.saved.clone());
        if let Some(text) = self.decide() {
            let is_safe = is_of_its_own && mine == on_site;
            if let Some(mine) = mine.filter(|mine| !mine.is_empty() && !is_safe) {
                let key = self.set_aside(&mine);
                self.editor.other.set(Some(Other::left(key, mine)));
            }
            if is_of_its_own {
                // The saved draft is kept as it is.
                local_draft::remove(&self.key());
                self.editor.target.set(DraftTarget::default());
                self.note(|known| known.saved = Some(Text::default()));
                show_address(paths::NEW_POST);
            }
            self.editor.replace(&text);
            self.save();
            self.offer();
        }
        self.editor.focus_text();
    }

    /// Returns whether the offered text is a new one while the form contains a saved draft.
    fn is_of_its_own(self) -> bool {
        let is_draft = self.editor.target.get_untracked() != DraftTarget::default();
        let new = format!("{} ", self.place_of(DraftTarget::default()));
        self.editor
            .other
            .with_untracked(|other| match other.as_ref().map(|other| &other.origin) {
                Some(Origin::Browser(Some(key))) => is_draft && key.starts_with(&new),
                _ => false,
            })
    }

    /// Ends the choice and returns the offered text.
    fn decide(self) -> Option<Text> {
        let other = self.editor.other.try_update(Option::take).flatten()?;
        let text = other.text;
        match other.origin {
            Origin::Browser(Some(key)) => local_draft::remove(&key),
            Origin::Browser(None) => {}
            Origin::Site | Origin::Gone => {
                local_draft::remove(&self.key());
                self.editor.target.set(other.target);
                self.note(|known| known.saved = Some(text.clone()));
            }
        }
        self.editor.problem.set(None);
        Some(text)
    }

    /// Keeps the restored local draft.
    pub(in crate::pages::post::editor) fn keep_restored(self) {
        self.is_restored.set(false);
        self.editor.focus_text();
        let replaced = self.known(|known| known.replaced.clone());
        self.note(|known| known.saved = replaced);
        self.save();
    }

    /// Discards the restored local draft.
    pub(in crate::pages::post::editor) fn discard_restored(self) {
        if let Some(text) = self.known(|known| known.replaced.clone()) {
            self.editor.replace(&text);
            self.note(|known| known.saved = Some(text));
            local_draft::remove(&self.key());
        }
        self.is_restored.set(false);
        self.editor.focus_text();
    }
}
