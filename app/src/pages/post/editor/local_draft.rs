//! Local drafts: copies of texts in the browser's local storage, each with versions, title, tags and content.
//!
//! Every editor has its own copy, so that none overwrites another. Copies of pages that were left are found by the
//! path of the text.

use std::time::Duration;

use leptos::prelude::window;
use web_sys::Storage;

use super::state::Text;
use shared::model::post::DraftTarget;

/// The interval at which the local draft of an open editor is touched.
pub(super) const TOUCHED: Duration = Duration::from_secs(20);
/// The time in milliseconds after which an untouched draft counts as left; browsers throttle background pages.
const OPEN: f64 = 90_000.0;
/// The touch time of the draft of a page that was left.
pub(super) const GONE: f64 = 0.0;

/// A local draft.
pub(super) struct Left {
    pub text: Text,
    post_version: i64,
    draft: i64,
    draft_version: i64,
    /// The time of the last touch.
    at: f64,
}

impl Left {
    /// Returns whether nothing has been saved since it was stored.
    pub(super) fn is_of(&self, target: DraftTarget) -> bool {
        (self.post_version, self.draft, self.draft_version) == versions(target)
    }
}

fn versions(target: DraftTarget) -> (i64, i64, i64) {
    // No draft has the id 0.
    (
        target.post_version,
        target.draft.unwrap_or_default(),
        target.draft_version,
    )
}

/// Returns the current time in milliseconds since 1970.
pub(super) fn now() -> f64 {
    js_sys::Date::now()
}

/// Returns a unique name that sorts by time.
pub(super) fn name() -> String {
    format!("{:.0}-{:.0}", now(), js_sys::Math::random() * 1e9)
}

fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

/// Returns the local draft `key`.
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

/// Returns the local drafts of pages that were left whose keys begin with `prefix`, oldest first.
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

/// Stores a local draft, last touched at `at`. Returns `false` if the browser refuses to.
pub(super) fn write(key: &str, target: DraftTarget, text: &Text, at: f64) -> bool {
    put(key, versions(target), text, at)
}

fn put(key: &str, versions: (i64, i64, i64), text: &Text, at: f64) -> bool {
    let (post_version, draft, draft_version) = versions;
    // The title and the tags are single lines.
    let Text { title, tags, content } = text;
    let kept = format!("{post_version} {draft} {draft_version} {at}\n{title}\n{tags}\n{content}");
    storage().is_some_and(|storage| storage.set_item(key, &kept).is_ok())
}

/// Touches the local draft `key`, if it exists.
pub(super) fn touch(key: &str, at: f64) {
    if let Some(left) = read(key) {
        let versions = (left.post_version, left.draft, left.draft_version);
        // It fitted before, so it fits again.
        put(key, versions, &left.text, at);
    }
}

/// Removes the local draft `key`.
pub(super) fn remove(key: &str) {
    if let Some(storage) = storage() {
        // If the storage is unavailable, there is no draft.
        let _ = storage.remove_item(key);
    }
}
