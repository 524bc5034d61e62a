//! Copies of texts in the browser: each with its versions, its title and its content, by the address where it is written.
//!
//! Texts that have no address of their own yet are told apart by the tab in which they are written, which knows its name
//! for as long as it is open.

use std::time::Duration;

use leptos::prelude::window;
use web_sys::Storage;

use crate::model::post::Target;

/// The copy of a text that is open somewhere is touched this often.
pub(super) const TOUCHED: Duration = Duration::from_secs(20);
/// A copy that has not been touched for so many milliseconds was left: browsers slow down pages that nobody looks at.
const OPEN: f64 = 90_000.0;
/// Where a tab keeps its name.
const TAB: &str = "broadsheet tab";

/// A copy that was left.
pub(super) struct Left {
    pub text: (String, String),
    post_version: i64,
    draft_version: i64,
    /// When it was last written; never, once the page that did has gone.
    at: f64,
}

impl Left {
    /// Whether nothing has been saved since it was made.
    pub(super) fn is_of(&self, target: Target) -> bool {
        (self.post_version, self.draft_version) == (target.post_version, target.draft_version)
    }

    fn is_open(&self) -> bool {
        now() - self.at < OPEN
    }
}

/// Now, in milliseconds since 1970.
pub(super) fn now() -> f64 {
    js_sys::Date::now()
}

/// A name that nothing else has.
pub(super) fn name() -> String {
    format!("{:.0}-{:.0}", now(), js_sys::Math::random() * 1e9)
}

/// What this tab is called, in this browser alone.
pub(super) fn tab() -> String {
    let storage = window().session_storage().ok().flatten();
    let named = storage.as_ref().and_then(|tab| tab.get_item(TAB).ok().flatten());
    named.unwrap_or_else(|| {
        let name = name();
        if let Some(storage) = storage {
            // A tab that forgets its name finds its text among those that were left.
            let _ = storage.set_item(TAB, &name);
        }
        name
    })
}

fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

/// The copy called `key`.
pub(super) fn read(key: &str) -> Option<Left> {
    let kept = storage()?.get_item(key).ok().flatten()?;
    let (head, rest) = kept.split_once('\n')?;
    let (title, content) = rest.split_once('\n')?;
    let mut head = head.split(' ');
    Some(Left {
        post_version: head.next()?.parse().ok()?,
        draft_version: head.next()?.parse().ok()?,
        at: head.next()?.parse().ok()?,
        text: (title.to_owned(), content.to_owned()),
    })
}

/// The copies that others have left, whose names begin with `prefix`.
pub(super) fn left(prefix: &str) -> Vec<(String, Left)> {
    let Some(storage) = storage() else {
        return Vec::new();
    };
    let count = storage.length().unwrap_or_default();
    let keys = (0..count).filter_map(|place| storage.key(place).ok().flatten());
    keys.filter(|key| key.starts_with(prefix))
        .filter_map(|key| read(&key).map(|left| (key, left)))
        .filter(|(_, left)| !left.is_open())
        .collect()
}

/// Keeps a text as `key`, written now or by a page that has gone; `false` when the browser does not.
pub(super) fn write(key: &str, target: Target, (title, content): &(String, String), at: f64) -> bool {
    let kept = format!(
        "{} {} {at}\n{}\n{content}",
        target.post_version,
        target.draft_version,
        title.replace('\n', " ")
    );
    storage().is_some_and(|storage| storage.set_item(key, &kept).is_ok())
}

/// The text of the copy called `key` is open here now, or was until the page went.
pub(super) fn touch(key: &str, at: f64) {
    if let Some(left) = read(key) {
        let target = Target {
            post_version: left.post_version,
            draft_version: left.draft_version,
            ..Target::default()
        };
        write(key, target, &left.text, at);
    }
}

/// Forgets the copy called `key`.
pub(super) fn remove(key: &str) {
    if let Some(storage) = storage() {
        // What cannot be reached is not there.
        let _ = storage.remove_item(key);
    }
}
