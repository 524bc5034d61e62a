//! Posts, as shown on pages.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::{account::Author, tag::Tags, trust::HoldReason};
use crate::{forms::post::DetailsForm, paths};

/// The details of a post: subtitle, cover and so on.
mod details;
/// The publication of a draft at a later time.
mod schedule;
/// The status of a post.
mod status;

pub use details::{Cover, PostDetails};
pub use schedule::{Schedule, ScheduleProblem};
pub use status::{PostState, PostStatus, Visibility};

/// The number of days for which a deleted post can be restored.
pub const TRASH_DAYS: i64 = 30;

/// The parts of a post's URL.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PostRef {
    /// The id, which never changes.
    pub id: i64,
    /// The slug, which changes with the title.
    pub slug: String,
}

/// A post in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PostCard {
    /// The id and slug.
    pub post: PostRef,
    /// The title.
    pub title: String,
    /// The tags.
    pub tags: Tags,
    /// The line below the title, which may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub subtitle: String,
    /// The excerpt as plain text.
    pub excerpt: String,
    /// The language (BCP 47), if it is not that of the site.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub language: String,
    /// The cover.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cover: Option<Cover>,
    /// The author.
    pub author: Author,
    /// The time of publication.
    #[serde(with = "time::serde::timestamp")]
    pub created_at: OffsetDateTime,
    /// The time of the last change; equal to `created_at` if there was none.
    #[serde(with = "time::serde::timestamp")]
    pub updated_at: OffsetDateTime,
    /// The number of words.
    pub words: usize,
    /// The number of comments, if everybody sees them.
    #[serde(default, skip_serializing_if = "is_default")]
    pub comments: u64,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// A post with its text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Post {
    /// The card of the post.
    pub card: PostCard,
    /// The text as sanitised HTML.
    pub html: String,
    /// The reason why a moderator has hidden the post, if one has.
    pub hidden_because: Option<String>,
    /// Whether the post waits for a moderator, and why if that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hold: Option<Hold>,
    /// Whether links are shown as text, because the author, who is the visitor, is new.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub has_plain_links: bool,
    /// Whether the visitor may hide the post or make it visible again.
    pub may_hide: bool,
    /// The note about its last change.
    pub change_note: String,
    /// Whether everybody who may read it may see its history.
    pub is_history_public: bool,
    /// Its readers, as the author has chosen.
    pub visibility: Visibility,
    /// The address at which the text was published first; empty if that is this site.
    pub canonical: String,
    /// The table of contents, if one is shown.
    pub contents: Vec<ContentsEntry>,
}

/// The state of a post that waits for a moderator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hold {
    /// The version that is shown.
    pub version: i64,
    /// The reason; `None` if another site has not exported it.
    pub reason: Option<HoldReason>,
}

/// An entry of a table of contents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContentsEntry {
    /// The level of the heading, from 1.
    pub level: u8,
    /// The id of the heading on the page.
    pub id: String,
    /// The text of the heading.
    pub text: String,
}

/// The post and draft that an editor is about.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DraftTarget {
    /// The id of the post that is changed; `None` for a new one.
    pub post: Option<i64>,
    /// The version of the post on which the text is based.
    pub post_version: i64,
    /// The id of the draft; `None` before it is first saved.
    pub draft: Option<i64>,
    /// The version of the draft on which the text is based.
    pub draft_version: i64,
}

/// A text in the editor.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EditorDocument {
    /// The post and draft.
    pub target: DraftTarget,
    /// The title.
    pub title: String,
    /// The tags.
    pub tags: Tags,
    /// The Markdown source.
    pub content: String,
    /// The note about the change that the draft makes to the published post.
    pub change_note: String,
    /// The details, as they were typed.
    pub details: DetailsForm,
    /// The later time at which the draft is to be published.
    pub schedule: Option<Schedule>,
    /// The maximum number of characters of the text; 0 for the default.
    pub content_max: usize,
    /// The post that is changed.
    pub post: Option<PostRef>,
    /// The published title of this post.
    pub post_title: Option<String>,
    /// The time at which the draft was saved; `None` if it is not a draft.
    #[serde(with = "time::serde::timestamp::option")]
    pub saved_at: Option<OffsetDateTime>,
}

/// The result of saving a draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Saved {
    /// The post and draft with their new versions.
    pub target: DraftTarget,
    /// The time at which it was saved.
    #[serde(with = "time::serde::timestamp")]
    pub at: OffsetDateTime,
}

/// The outcome of a submitted editor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Submitted {
    /// A new post was published.
    Published(PostRef),
    /// A post was updated.
    Updated(PostRef),
    /// A post waits for a moderator.
    Held(PostRef),
    /// A draft was saved.
    Saved(DraftTarget),
    /// A draft was saved, to be published later.
    Scheduled,
    /// Nothing was stored; a preview was requested.
    Previewed,
}

impl DraftTarget {
    /// Returns the path of the editor.
    #[must_use]
    pub fn path(self) -> String {
        match (self.post, self.draft) {
            (Some(post), _) => paths::update_post(post),
            (None, Some(draft)) => paths::draft(draft),
            (None, None) => paths::NEW_POST.to_owned(),
        }
    }
}

/// A draft in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftCard {
    /// The id.
    pub id: i64,
    /// The id of the post that it changes; `None` for a new one.
    pub post: Option<i64>,
    /// The title, which may be empty.
    pub title: String,
    /// The time at which it was last saved.
    #[serde(with = "time::serde::timestamp")]
    pub saved_at: OffsetDateTime,
    /// The later time at which it is to be published.
    pub schedule: Option<Schedule>,
}

/// A post of its author that is not in lists.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnlistedPost {
    /// The id and slug.
    pub post: PostRef,
    /// The title.
    pub title: String,
    /// Its readers.
    pub visibility: Visibility,
    /// Whether it waits for a moderator.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_held: bool,
    /// The time of publication.
    #[serde(with = "time::serde::timestamp")]
    pub created_at: OffsetDateTime,
}

/// The text or address that the holder of a link to a draft gets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Previewed {
    /// The draft.
    Draft(DraftPreview),
    /// The id of the post that the draft has become.
    Published(i64),
}

/// The saved text of a draft, as others can read it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftPreview {
    /// The title, which may be empty.
    pub title: String,
    /// The line below the title, which may be empty.
    pub subtitle: String,
    /// The text as sanitised HTML.
    pub html: String,
    /// The author.
    pub author: Author,
    /// The time at which it was saved.
    #[serde(with = "time::serde::timestamp")]
    pub saved_at: OffsetDateTime,
    /// The time at which the link ends.
    #[serde(with = "time::serde::timestamp")]
    pub expires_at: OffsetDateTime,
}

/// A post in the trash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrashedPost {
    /// The id.
    pub id: i64,
    /// The title.
    pub title: String,
    /// The time of deletion.
    #[serde(with = "time::serde::timestamp")]
    pub deleted_at: OffsetDateTime,
    /// The time at which it is deleted permanently.
    #[serde(with = "time::serde::timestamp")]
    pub goes_at: OffsetDateTime,
    /// The reason why a moderator has hidden it, if one has; it is not deleted then.
    pub hidden_because: Option<String>,
}

/// The average reading speed in words per minute.
const PACE: usize = 230;

/// Counts the words of `text`: the parts between white space that contain a letter or digit, and each Chinese or
/// Japanese character.
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

/// Returns the reading time in minutes, at least one.
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
