//! The history of a post, as shown on its page.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::post::PostRef;

/// The history of a post, with the difference between two of its versions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PostHistory {
    /// The post.
    pub post: PostRef,
    /// The present title.
    pub title: String,
    /// The versions, newest first. The first is the present one.
    pub versions: Vec<PostVersion>,
    /// The difference that is shown.
    pub difference: Difference,
    /// Whether everybody who may read the post may see its history.
    pub is_public: bool,
    /// Whether the viewer may restore versions, and choose who sees them.
    pub may_change: bool,
    /// Whether the viewer may erase versions of this post of somebody else.
    pub may_moderate: bool,
}

impl PostHistory {
    /// Returns whether the version with this `number` is on the site.
    #[must_use]
    pub fn is_present(&self, number: i64) -> bool {
        self.versions
            .first()
            .is_none_or(|version| version.number == number)
    }
}

/// A version of the text of a post.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PostVersion {
    /// The number, which increases with every change.
    pub number: i64,
    /// The time at which it was saved.
    #[serde(with = "time::serde::timestamp")]
    pub saved_at: OffsetDateTime,
    /// The note of the author about the change.
    pub note: String,
}

/// The difference between two versions of a post.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// The number of the older version, or `None` if the newer one is shown whole.
    pub from: Option<i64>,
    /// The number of the newer version.
    pub to: i64,
    /// The change of the title, or the title of a version that is shown whole; `None` if it is the same.
    pub title: Option<Vec<Segment>>,
    /// The change of the line below the title; `None` if it is the same.
    #[serde(default)]
    pub subtitle: Option<Vec<Segment>>,
    /// The change of the tags, or those of a version that is shown whole; `None` if they are the same.
    pub tags: Option<Vec<Segment>>,
    /// The Markdown source.
    pub passages: Vec<Passage>,
    /// The whole source of the newer version, if it is not the present one and not in the passages.
    pub content: Option<String>,
}

/// A part of a text that is compared with another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Passage {
    /// This number of lines that are the same in both texts and far from any change.
    Unchanged(usize),
    /// A line.
    Line(Vec<Segment>),
}

/// A part of a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Segment {
    /// Whether it is in both texts.
    pub change: Change,
    /// The text.
    pub text: String,
}

/// Whether something is in both of two texts, or only in the older or newer one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Change {
    /// In both.
    Same,
    /// Only in the newer text.
    Inserted,
    /// Only in the older text.
    Deleted,
}
