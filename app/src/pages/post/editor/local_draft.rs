//! Local drafts: copies of texts in the browser's local storage, each with versions, title, tags, note,
//! details and content.
//!
//! Every editor has its own copy, so that none overwrites another. Copies of pages that were left are found by the
//! path of the text.

use std::time::Duration;

use leptos::prelude::window;
use web_sys::Storage;

use super::text::Text;
use shared::{forms::post::DetailsForm, model::post::DraftTarget};

/// The interval at which an open editor says in its local draft that it is open.
pub(super) const OPEN_INTERVAL: Duration = Duration::from_secs(20);
/// The time in milliseconds after which an editor that has not said so counts as left; browsers throttle background
/// pages.
const OPEN_TIMEOUT: f64 = 90_000.0;
/// The word in the first line of a local draft that says that the line before the content is the note about the change.
const NOTED: &str = "noted";
/// The word that says that this line is followed by another one, with what the post carries besides, as JSON.
const DETAILED: &str = "detailed";
/// The value of [`LocalDraft::open_at`] for a page that was left.
pub(super) const LEFT: f64 = 0.0;

/// A local draft.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct LocalDraft {
    pub text: Text,
    /// The versions on which the text is based.
    pub base: Base,
    /// The last time at which its editor was open, in milliseconds since 1970.
    pub open_at: f64,
}

/// The versions on which a text is based.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Base {
    post_version: i64,
    /// The id of the draft; 0 for none.
    draft: i64,
    draft_version: i64,
}

impl Base {
    /// The base of a text that counts as older than any version on the site.
    pub const OLDEST: Self = Self {
        post_version: -1,
        draft: 0,
        draft_version: -1,
    };

    /// Returns the base of a text without drafts that was written over `version`.
    pub(super) fn of_version(version: i64) -> Self {
        Self {
            post_version: version,
            draft: 0,
            draft_version: 0,
        }
    }

    /// Returns the version of the published text.
    pub(super) fn version(self) -> i64 {
        self.post_version
    }
}

impl From<DraftTarget> for Base {
    fn from(target: DraftTarget) -> Self {
        Self {
            post_version: target.post_version,
            draft: target.draft.unwrap_or_default(),
            draft_version: target.draft_version,
        }
    }
}

/// Returns the prefix of the storage keys of all local drafts of `target` by `author`: a browser may be shared by
/// several users.
pub(super) fn key_prefix(author: Option<i64>, target: DraftTarget) -> String {
    format!("broadsheet {} {}", author.unwrap_or_default(), target.path())
}

/// Returns the current time in milliseconds since 1970.
pub(super) fn now() -> f64 {
    js_sys::Date::now()
}

/// Returns a unique name that sorts by time.
pub(super) fn unique_name() -> String {
    format!("{:.0}-{:.0}", now(), js_sys::Math::random() * 1e9)
}

fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

/// Returns the local draft `key`.
pub(super) fn read(key: &str) -> Option<LocalDraft> {
    let stored = storage()?.get_item(key).ok().flatten()?;
    let (head, rest) = stored.split_once('\n')?;
    let (title, rest) = rest.split_once('\n')?;
    let (tags, rest) = rest.split_once('\n')?;
    let mut head = head.split(' ');
    let base = Base {
        post_version: head.next()?.parse().ok()?,
        draft: head.next()?.parse().ok()?,
        draft_version: head.next()?.parse().ok()?,
    };
    let open_at = head.next()?.parse().ok()?;
    // Earlier versions of the client stored less.
    let version = head.next();
    let (change_note, rest) = match version {
        Some(NOTED | DETAILED) => rest.split_once('\n')?,
        _ => ("", rest),
    };
    let (details, content) = match version {
        Some(DETAILED) => rest.split_once('\n')?,
        _ => ("", rest),
    };
    Some(LocalDraft {
        base,
        open_at,
        text: Text {
            title: title.to_owned(),
            tags: tags.to_owned(),
            content: content.to_owned(),
            change_note: change_note.to_owned(),
            details: DetailsForm::read(details),
        },
    })
}

/// Returns the local drafts of pages that were left whose keys begin with `prefix`, oldest first.
pub(super) fn find_left(prefix: &str) -> Vec<(String, LocalDraft)> {
    let Some(storage) = storage() else {
        return Vec::new();
    };
    let count = storage.length().unwrap_or_default();
    let keys = (0..count).filter_map(|index| storage.key(index).ok().flatten());
    let mut keys: Vec<String> = keys.filter(|key| key.starts_with(prefix)).collect();
    keys.sort();
    keys.into_iter()
        .filter_map(|key| read(&key).map(|draft| (key, draft)))
        .filter(|(_, draft)| now() - draft.open_at > OPEN_TIMEOUT)
        .collect()
}

/// Stores the local draft `key`. Returns `false` if the browser refuses to.
pub(super) fn write(key: &str, draft: &LocalDraft) -> bool {
    let LocalDraft { text, base, open_at } = draft;
    let Base {
        post_version,
        draft,
        draft_version,
    } = base;
    // All but the content are single lines.
    let Text {
        title,
        tags,
        content,
        change_note,
        details,
    } = text;
    let details = details.kept();
    let head = format!("{post_version} {draft} {draft_version} {open_at} {DETAILED}");
    let stored = format!("{head}\n{title}\n{tags}\n{change_note}\n{details}\n{content}");
    storage().is_some_and(|storage| storage.set_item(key, &stored).is_ok())
}

/// Sets the last time at which the editor of the local draft `key` was open, if the draft exists.
pub(super) fn set_open_at(key: &str, open_at: f64) {
    if let Some(draft) = read(key) {
        // It fitted before, so it fits again.
        write(key, &LocalDraft { open_at, ..draft });
    }
}

/// Removes the local draft `key`.
pub(super) fn remove(key: &str) {
    if let Some(storage) = storage() {
        // If the storage is unavailable, there is no draft.
        let _ = storage.remove_item(key);
    }
}
