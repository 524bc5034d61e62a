//! People, as pages show them.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::{page::Page, post::PostCard};

/// Somebody who is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Viewer {
    /// Their number, for ever.
    pub id: i64,
    /// Their name at this moment.
    pub username: String,
}

/// A person's public page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// The name, as its owner writes it.
    pub username: String,
    /// When the account was made.
    #[serde(with = "time::serde::timestamp")]
    pub created_at: OffsetDateTime,
    /// Their posts, newest first.
    pub posts: Page<PostCard>,
}
