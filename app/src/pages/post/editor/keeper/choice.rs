//! What somebody chooses between two known. The one that takes the other's place can be given back; thrown away is only
//! what is said to be.

use leptos::prelude::*;

use super::Keeper;
use crate::pages::post::editor::{
    copy,
    desk::{Origin, Other},
};

impl Keeper {
    /// Shows one of the known that were left in this browser, unless there is something to choose already.
    pub(super) fn offer(self) {
        if self.desk.other.with_untracked(Option::is_some) {
            return;
        }
        let (own, form) = (self.key(), self.desk.text());
        let mut others = copy::left(&self.shelf());
        others.retain(|(key, left)| {
            let is_same = Some(&left.text) == form.as_ref();
            if is_same && *key != own {
                copy::remove(key);
            }
            *key != own && !is_same
        });
        if let Some((key, left)) = others.pop() {
            self.desk.other.set(Some(Other::left(Some(key), left.text)));
        }
    }

    /// The text in the form stays.
    pub(in crate::pages::post::editor) fn keep_mine(self) {
        if self.decide().is_some() {
            self.changed();
            self.save();
            self.offer();
        }
        self.desk.go_on();
    }

    /// The other text takes its place, and it the place of the other.
    pub(in crate::pages::post::editor) fn take_other(self) {
        let mine = self.desk.text();
        if let Some((title, content)) = self.decide() {
            self.desk.replace(&title, &content);
            let is_worth_it = |(title, content): &(String, String)| !(title.is_empty() && content.is_empty());
            if let Some(mine) = mine.filter(is_worth_it) {
                let key = self.set_aside(&mine);
                self.desk.other.set(Some(Other::left(key, mine)));
            }
            self.save();
            self.offer();
        }
        self.desk.go_on();
    }

    /// There is nothing to choose any more; gives the text that was offered.
    fn decide(self) -> Option<(String, String)> {
        let other = self.desk.other.try_update(Option::take).flatten()?;
        let text = (other.manuscript.title, other.manuscript.content);
        match other.origin {
            Origin::Browser(Some(key)) => copy::remove(&key),
            Origin::Browser(None) => {}
            Origin::Site | Origin::Gone => {
                copy::remove(&self.key());
                self.desk.target.set(other.manuscript.target);
                self.note(|known| known.saved = Some(text.clone()));
            }
        }
        self.desk.problem.set(None);
        Some(text)
    }

    /// What was put back from this browser stays.
    pub(in crate::pages::post::editor) fn keep_restored(self) {
        self.is_restored.set(false);
        self.desk.go_on();
        let replaced = self.known(|known| known.replaced.clone());
        self.note(|known| known.saved = replaced);
        self.save();
    }

    /// Takes what was put back from this browser out of the form again.
    pub(in crate::pages::post::editor) fn discard_restored(self) {
        if let Some((title, content)) = self.known(|known| known.replaced.clone()) {
            let text = (title.clone(), content.clone());
            self.note(|known| known.saved = Some(text));
            self.desk.replace(&title, &content);
            copy::remove(&self.key());
        }
        self.is_restored.set(false);
        self.desk.go_on();
    }
}
