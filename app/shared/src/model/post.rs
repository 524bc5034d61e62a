//! Posts, as pages show them.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::{account::Author, tag::Tags};
use crate::paths;

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
    /// What it is about.
    pub tags: Tags,
    /// Its beginning, as plain text.
    pub excerpt: String,
    /// Who wrote it.
    pub author: Author,
    /// When it was published.
    #[serde(with = "time::serde::timestamp")]
    pub created_at: OffsetDateTime,
    /// When it was last changed; the same, if never.
    #[serde(with = "time::serde::timestamp")]
    pub updated_at: OffsetDateTime,
    /// How many words it has.
    pub words: usize,
}

/// A post on its own page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Post {
    /// What its card in a list says.
    pub card: PostCard,
    /// Its text as sanitised HTML.
    pub html: String,
    /// Why nobody but its author and moderators sees it, if that is so.
    pub hidden_because: Option<String>,
    /// Whether the visitor may hide it, or show it again.
    pub may_hide: bool,
}

/// Which text is being written, as the form that holds it knows it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DraftTarget {
    /// The post that it changes; none for a new one.
    pub post: Option<i64>,
    /// The version of that post with which it began.
    pub post_version: i64,
    /// Where it is kept meanwhile; none before it is first saved.
    pub draft: Option<i64>,
    /// The version of that draft with which it goes on.
    pub draft_version: i64,
}

/// A text that is being written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EditorDocument {
    /// Which one.
    pub target: DraftTarget,
    /// Its title so far.
    pub title: String,
    /// Its tags so far.
    pub tags: Tags,
    /// Its text so far, in Markdown.
    pub content: String,
    /// How many characters its text may have; 0 for as many as any other.
    pub content_max: usize,
    /// The post that it changes.
    pub post: Option<PostRef>,
    /// The title that this post has on the site.
    pub post_title: Option<String>,
    /// When it was saved as a draft; none for what is not a draft.
    #[serde(with = "time::serde::timestamp::option")]
    pub saved_at: Option<OffsetDateTime>,
}

/// A draft that was saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Saved {
    /// How to go on.
    pub target: DraftTarget,
    /// When.
    #[serde(with = "time::serde::timestamp")]
    pub at: OffsetDateTime,
}

/// What has been done with a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Submitted {
    /// It is a new post.
    Published(PostRef),
    /// It is what the post says from now on.
    Updated(PostRef),
    /// It is kept as a draft.
    Saved(DraftTarget),
    /// It is as it was.
    Previewed,
}

impl DraftTarget {
    /// Where it is written on.
    #[must_use]
    pub fn path(self) -> String {
        match (self.post, self.draft) {
            (Some(post), _) => paths::update_post(post),
            (None, Some(draft)) => paths::draft(draft),
            (None, None) => paths::NEW_POST.to_owned(),
        }
    }
}

/// A draft in its author's list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftCard {
    /// Its number.
    pub id: i64,
    /// The post that it changes; none for a new one.
    pub post: Option<i64>,
    /// Its title so far; may be empty.
    pub title: String,
    /// When it was last saved.
    #[serde(with = "time::serde::timestamp")]
    pub saved_at: OffsetDateTime,
}

/// A post in its author's trash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrashedPost {
    /// Its number.
    pub id: i64,
    /// Its title.
    pub title: String,
    /// When it was deleted.
    #[serde(with = "time::serde::timestamp")]
    pub deleted_at: OffsetDateTime,
    /// When it goes for ever.
    #[serde(with = "time::serde::timestamp")]
    pub goes_at: OffsetDateTime,
    /// Why a moderator has put it there, if one has: then it stays.
    pub hidden_because: Option<String>,
}

/// Words that somebody reads in a minute, about.
const PACE: usize = 230;

/// How many words `text` has: what stands between white space and has a letter or digit, and each Chinese or Japanese
/// character.
#[must_use]
pub fn words(text: &str) -> usize {
    let is_word = |character: &char| matches!(character, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}');
    text.split_whitespace()
        .map(|part| match part.chars().filter(is_word).count() {
            0 => usize::from(part.contains(char::is_alphanumeric)),
            several => several,
        })
        .sum()
}

/// How many minutes it takes to read so many `words`.
#[must_use]
pub const fn reading_minutes(words: usize) -> usize {
    let minutes = words.div_ceil(PACE);
    if minutes == 0 { 1 } else { minutes }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_counted_without_markup() {
        assert_eq!(words(""), 0);
        assert_eq!(words("# One *two*, three -- 4"), 4);
        assert_eq!(words("日本語 and more"), 5);
    }

    #[test]
    fn reading_takes_a_minute_at_least() {
        assert_eq!([0, 1, 230, 231, 2300].map(reading_minutes), [1, 1, 1, 2, 10]);
    }
}
