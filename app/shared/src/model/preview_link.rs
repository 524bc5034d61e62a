//! Links with which others can read a draft, as shown to its author.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

/// The number of days for which a link works.
pub const LINK_DAYS: i64 = 14;
/// The maximum number of links to a draft.
pub const LINKS_MAX: u64 = 5;

/// The links to a draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreviewLinks {
    /// The id of the draft.
    pub draft: i64,
    /// The title of the draft, which may be empty.
    pub title: String,
    /// The links, newest first.
    pub links: Vec<PreviewLink>,
}

/// A link to a draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreviewLink {
    /// The id.
    pub id: i64,
    /// Whom it is for, which may be empty.
    pub note: String,
    /// The time at which it ends.
    #[serde(with = "time::serde::timestamp")]
    pub expires_at: OffsetDateTime,
    /// The URL, if it was created a moment ago in this browser. It cannot be shown later.
    pub link: Option<String>,
}
