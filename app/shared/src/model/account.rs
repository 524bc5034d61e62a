//! People, as pages show them.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::{
    media::Picture,
    page::Page,
    post::{PostCard, PostRef},
};

/// Somebody who is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Viewer {
    /// Their number, for ever.
    pub id: i64,
    /// Their name at this moment.
    pub username: String,
    /// Their picture, if they have one.
    pub picture: Option<Picture>,
    /// Whether they look after what others write.
    pub may_moderate: bool,
}

/// Who wrote something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Author {
    /// The name, as its owner writes it.
    pub username: String,
    /// Their picture, if they have one.
    pub picture: Option<Picture>,
}

/// A person's public page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// The name, as its owner writes it.
    pub username: String,
    /// What they say of themselves; may be empty.
    pub about: String,
    /// Their picture, if they have one.
    pub picture: Option<Picture>,
    /// When the account was made.
    #[serde(with = "time::serde::timestamp")]
    pub created_at: OffsetDateTime,
    /// When they were last here, signed in.
    #[serde(with = "time::serde::timestamp::option")]
    pub last_seen_at: Option<OffsetDateTime>,
    /// Why they may not log in, if they may not: moderators alone are told.
    pub suspended_because: Option<String>,
    /// Whether the visitor may suspend them, or reinstate them.
    pub may_suspend: bool,
    /// Their posts, newest first.
    pub posts: Page<PostCard>,
}

/// A search finds at most this many people: it is meant to name them, not to count them.
pub const FOUND_MAX: u64 = 600;

/// Somebody in the list of writers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Writer {
    /// Who.
    pub author: Author,
    /// What they say of themselves; may be empty.
    pub about: String,
    /// How many posts they have.
    pub posts: u64,
    /// Their latest post.
    pub latest: Option<LatestPost>,
}

/// The latest post of a writer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LatestPost {
    /// Where it is.
    pub post: PostRef,
    /// Its title.
    pub title: String,
    /// When it was published.
    #[serde(with = "time::serde::timestamp")]
    pub created_at: OffsetDateTime,
}

/// What somebody may change of their account.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountSettings {
    /// The name.
    pub username: String,
    /// The address that is in use.
    pub email: String,
    /// Whether its owner has shown that it is theirs.
    pub is_confirmed: bool,
    /// The address that waits to be confirmed.
    pub new_email: Option<String>,
    /// What they say of themselves.
    pub about: String,
    /// Their picture, if they have one.
    pub picture: Option<Picture>,
}

/// Somewhere where somebody is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedIn {
    /// By what it is ended.
    pub id: String,
    /// Whether it is this browser.
    pub is_here: bool,
    /// The browser, such as "Firefox on Linux".
    pub browser: String,
    /// The address that it came from when it signed in.
    pub address: String,
    /// Since when.
    #[serde(with = "time::serde::timestamp")]
    pub signed_in_at: OffsetDateTime,
    /// When it was last used, to the minute.
    #[serde(with = "time::serde::timestamp")]
    pub last_seen_at: OffsetDateTime,
}

/// What a link in a mail is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confirmation {
    /// The address.
    pub email: String,
    /// Whether the account is still to be made: then who has chosen its password gives it once more.
    pub is_new: bool,
}

/// When somebody came whose account was made at `created_at`: other systems do not say it of their people, who have the first
/// moment of all.
#[must_use]
pub fn since(created_at: OffsetDateTime) -> Option<OffsetDateTime> {
    (created_at > OffsetDateTime::UNIX_EPOCH).then_some(created_at)
}
