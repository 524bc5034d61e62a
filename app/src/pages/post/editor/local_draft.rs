//! Copies of texts in the browser: each with its versions, its title, its tags and its content.
//!
//! Every editor keeps a copy of its own, so that no two take each other's place. What a page that has gone has left is
//! found by the address at which it was written.

use std::time::Duration;

use leptos::prelude::window;
use web_sys::Storage;

use super::state::Text;
use shared::model::post::DraftTarget;

/// The copy of a text that is open somewhere is touched this often.
pub(super) const TOUCHED: Duration = Duration::from_secs(20);
/// A copy that has not been touched for so many milliseconds was left: browsers slow down pages that nobody looks at.
const OPEN: f64 = 90_000.0;
/// When a page that has gone has touched its copy.
pub(super) const GONE: f64 = 0.0;

/// A copy that was left.
pub(super) struct Left {
    pub text: Text,
    post_version: i64,
    draft: i64,
    draft_version: i64,
    /// When it was last touched.
    at: f64,
}

impl Left {
    /// Whether nothing has been saved since it was made.
    pub(super) fn is_of(&self, target: DraftTarget) -> bool {
        (self.post_version, self.draft, self.draft_version) == versions(target)
    }
}

fn versions(target: DraftTarget) -> (i64, i64, i64) {
    // No draft has the number 0.
    (
        target.post_version,
        target.draft.unwrap_or_default(),
        target.draft_version,
    )
}

/// Now, in milliseconds since 1970.
pub(super) fn now() -> f64 {
    js_sys::Date::now()
}

/// A name that nothing else has; later ones come after earlier ones.
pub(super) fn name() -> String {
    format!("{:.0}-{:.0}", now(), js_sys::Math::random() * 1e9)
}

fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

/// The copy called `key`.
pub(super) fn read(key: &str) -> Option<Left> {
    let kept = storage()?.get_item(key).ok().flatten()?;
    let (head, rest) = kept.split_once('\n')?;
    let (title, rest) = rest.split_once('\n')?;
    let (tags, content) = rest.split_once('\n')?;
    let mut head = head.split(' ');
    Some(Left {
        post_version: head.next()?.parse().ok()?,
        draft: head.next()?.parse().ok()?,
        draft_version: head.next()?.parse().ok()?,
        at: head.next()?.parse().ok()?,
        text: Text {
            title: title.to_owned(),
            tags: tags.to_owned(),
            content: content.to_owned(),
        },
    })
}

/// The copies that pages which have gone have left, whose names begin with `prefix`, the oldest first.
pub(super) fn left(prefix: &str) -> Vec<(String, Left)> {
    let Some(storage) = storage() else {
        return Vec::new();
    };
    let count = storage.length().unwrap_or_default();
    let keys = (0..count).filter_map(|place| storage.key(place).ok().flatten());
    let mut keys: Vec<String> = keys.filter(|key| key.starts_with(prefix)).collect();
    keys.sort();
    keys.into_iter()
        .filter_map(|key| read(&key).map(|left| (key, left)))
        .filter(|(_, left)| now() - left.at > OPEN)
        .collect()
}

/// Keeps a text as `key`, touched at `at`; `false` when the browser does not.
pub(super) fn write(key: &str, target: DraftTarget, text: &Text, at: f64) -> bool {
    put(key, versions(target), text, at)
}

fn put(key: &str, versions: (i64, i64, i64), text: &Text, at: f64) -> bool {
    let (post_version, draft, draft_version) = versions;
    // A field of one line has no line breaks.
    let Text { title, tags, content } = text;
    let kept = format!("{post_version} {draft} {draft_version} {at}\n{title}\n{tags}\n{content}");
    storage().is_some_and(|storage| storage.set_item(key, &kept).is_ok())
}

/// Touches the copy called `key`, if there is one.
pub(super) fn touch(key: &str, at: f64) {
    if let Some(left) = read(key) {
        let versions = (left.post_version, left.draft, left.draft_version);
        // What was kept a moment ago fits.
        put(key, versions, &left.text, at);
    }
}

/// Forgets the copy called `key`.
pub(super) fn remove(key: &str) {
    if let Some(storage) = storage() {
        // What cannot be reached is not there.
        let _ = storage.remove_item(key);
    }
}
