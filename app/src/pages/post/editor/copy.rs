//! The copy of a text in the browser: its versions, its title and its content, by the address where it is written.

use leptos::prelude::window;
use web_sys::Storage;

use crate::model::post::Target;

/// A copy that was left.
pub(super) struct Left {
    pub text: (String, String),
    post_version: i64,
    draft_version: i64,
}

impl Left {
    /// Whether nothing has been saved since it was made.
    pub(super) fn is_of(&self, target: Target) -> bool {
        (self.post_version, self.draft_version) == (target.post_version, target.draft_version)
    }
}

fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

pub(super) fn read(key: &str) -> Option<Left> {
    let kept = storage()?.get_item(key).ok().flatten()?;
    let (versions, rest) = kept.split_once('\n')?;
    let (post_version, draft_version) = versions.split_once(' ')?;
    let (title, content) = rest.split_once('\n')?;
    Some(Left {
        text: (title.to_owned(), content.to_owned()),
        post_version: post_version.parse().ok()?,
        draft_version: draft_version.parse().ok()?,
    })
}

pub(super) fn write(key: &str, target: Target, (title, content): &(String, String)) {
    let kept = format!(
        "{} {}\n{}\n{content}",
        target.post_version,
        target.draft_version,
        title.replace('\n', " ")
    );
    if let Some(storage) = storage() {
        // A browser that keeps nothing leaves it to the site.
        let _ = storage.set_item(key, &kept);
    }
}

pub(super) fn remove(key: &str) {
    if let Some(storage) = storage() {
        // What cannot be reached is not there.
        let _ = storage.remove_item(key);
    }
}
