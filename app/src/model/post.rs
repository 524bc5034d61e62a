//! Posts, as pages show them.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::account::Author;

/// What a post's address is made of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PostRef {
    /// The post's number, for ever.
    pub id: i64,
    /// The title, as an address can hold it; it changes with the title.
    pub slug: String,
}

/// A post in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PostCard {
    /// Where it is.
    pub post: PostRef,
    /// Its title.
    pub title: String,
    /// Its beginning, as plain text.
    pub excerpt: String,
    /// Who wrote it.
    pub author: Author,
    /// When it was published.
    #[serde(with = "time::serde::timestamp")]
    pub created_at: OffsetDateTime,
}

/// A post on its own page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Post {
    /// What its card in a list says.
    pub card: PostCard,
    /// Its text as sanitised HTML.
    pub html: String,
}
