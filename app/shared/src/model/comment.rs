//! Comments, as shown on pages.

use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

use super::{account::Author, post::PostRef, trust::HoldReason};

/// The position of a page of comments.
mod position;

pub use position::CommentsPosition;

/// The number of levels of a thread. A reply to a comment on the last one stands beside it.
pub const LEVELS: usize = 8;
/// The time in which the author of a comment changes it without a mark.
pub const UNMARKED: Duration = Duration::minutes(30);
/// The time in which the author of a comment can change it.
pub const EDITABLE: Duration = Duration::hours(24);

crate::variants! {
    /// The state of a comment.
    #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
    #[cfg_attr(
        feature = "server",
        derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum),
        sea_orm(rs_type = "String", db_type = "String(sea_orm::sea_query::StringLen::N(16))")
    )]
    #[serde(rename_all = "lowercase")]
    pub enum CommentState {
        /// It is on the site.
        #[default]
        #[cfg_attr(feature = "server", sea_orm(string_value = "published"))]
        Published,
        /// It waits for a moderator.
        #[cfg_attr(feature = "server", sea_orm(string_value = "held"))]
        Held,
        /// It was hidden.
        #[cfg_attr(feature = "server", sea_orm(string_value = "hidden"))]
        Hidden,
        /// Its author has deleted it. It is kept without text, because it has replies.
        #[cfg_attr(feature = "server", sea_orm(string_value = "deleted"))]
        Deleted,
    }
}

crate::variants! {
    /// Who has hidden a comment.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
    #[cfg_attr(
        feature = "server",
        derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum),
        sea_orm(rs_type = "String", db_type = "String(sea_orm::sea_query::StringLen::N(16))")
    )]
    #[serde(rename_all = "lowercase")]
    pub enum HiddenBy {
        /// The author of the post.
        #[cfg_attr(feature = "server", sea_orm(string_value = "author"))]
        Author { words: "the author of the post" },
        /// A moderator.
        #[cfg_attr(feature = "server", sea_orm(string_value = "moderator"))]
        Moderator { words: "a moderator" },
    }

    /// Returns the words for a sentence.
    pub const fn words(self) -> &'static str;
}

/// The person who has written a comment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Commenter {
    /// Somebody with an account.
    Member(Author),
    /// Somebody without an account, on the site that the comment was imported from.
    Guest(String),
    /// Somebody whose account, or whose comment, was deleted.
    Nobody,
}

impl Commenter {
    /// Returns the name that is shown.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Member(author) => author.name(),
            Self::Guest(name) => name,
            Self::Nobody => "Deleted",
        }
    }
}

/// A comment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comment {
    /// The id.
    pub id: i64,
    /// The level in the thread, from 0.
    pub depth: usize,
    /// Who has written it.
    pub author: Commenter,
    /// The comment that it answers, unless it begins a thread.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered: Option<Answered>,
    /// The text as sanitised HTML; empty if the viewer may not read it.
    pub html: String,
    /// The state.
    #[serde(default)]
    pub state: CommentState,
    /// Why it waits for a moderator, if it does and the viewer may know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held_because: Option<HoldReason>,
    /// Whether its links are shown as text, although its author, who is the viewer, has written links.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub has_plain_links: bool,
    /// Who has hidden it and why, if it is hidden.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hiding: Option<CommentHiding>,
    /// The time at which it was written.
    #[serde(with = "time::serde::timestamp")]
    pub created_at: OffsetDateTime,
    /// The time of the last change that is marked.
    #[serde(
        default,
        with = "time::serde::timestamp::option",
        skip_serializing_if = "Option::is_none"
    )]
    pub edited_at: Option<OffsetDateTime>,
    /// Whether it is the first one below its post, whatever its date.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_pinned: bool,
    /// The actions of the viewer.
    #[serde(default, skip_serializing_if = "CommentActions::is_empty")]
    pub actions: CommentActions,
}

impl Comment {
    /// Returns whether others may answer it.
    #[must_use]
    pub const fn takes_replies(&self) -> bool {
        matches!(self.state, CommentState::Published)
    }
}

/// The comment that another one answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    /// The id.
    pub id: i64,
    /// The name of its author.
    pub name: String,
    /// Whether it is not the one above in the tree, because the thread has no more levels.
    pub is_beside: bool,
}

/// The hiding of a comment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommentHiding {
    /// Who has hidden it.
    pub by: HiddenBy,
    /// The reason.
    pub reason: String,
}

/// The actions on a comment that are offered to the viewer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CommentActions {
    /// Whether the viewer may change it.
    pub edit: bool,
    /// Whether the viewer may delete it.
    pub delete: bool,
    /// Whether the viewer may hide it, or show it again.
    pub hide: bool,
}

impl CommentActions {
    /// Returns whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// A comment that begins a thread, with the beginning of its branch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Thread {
    /// The comment.
    pub root: Comment,
    /// The replies in the order of the tree.
    pub replies: Vec<Comment>,
    /// The number of further replies.
    pub more: u64,
}

/// Whether the viewer can comment on a post.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Commenting {
    /// They can. A form with this nonce is accepted once.
    Open(String),
    /// They have to log in.
    SignInRequired,
    /// They cannot, because their account is frozen.
    Frozen,
    /// Nobody can.
    Closed,
}

/// A page of the comments on a post.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PostComments {
    /// The post.
    pub post: PostRef,
    /// The number of comments that everybody sees.
    pub count: u64,
    /// The threads of this page.
    pub threads: Vec<Thread>,
    /// The position of this page.
    pub position: CommentsPosition,
    /// The position of the next page, if there is one.
    pub next: Option<CommentsPosition>,
    /// Whether the viewer can comment.
    pub commenting: Commenting,
    /// Whether the author of the post has closed the comments.
    pub is_closed: bool,
    /// Whether the post is older than those on which the site allows comments.
    pub is_too_old: bool,
    /// Whether the viewer may close and pin comments.
    pub may_manage: bool,
}

/// The comments on a post as its page shows them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Discussion {
    /// Nothing, because the site has no comments.
    Off,
    /// Only that members see them.
    MembersOnly,
    /// A page of them.
    Shown(Box<PostComments>),
}

/// A comment on a page of its own, with the comments above and below it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommentPage {
    /// The post.
    pub post: PostRef,
    /// The title of the post.
    pub title: String,
    /// The comments above it, from the beginning of the thread.
    pub above: Vec<Comment>,
    /// The comment.
    pub comment: Comment,
    /// The comments below it, in the order of the tree.
    pub below: Vec<Comment>,
    /// The id of the comment after which the next page begins, if there is one.
    pub next: Option<i64>,
    /// Whether the viewer can comment.
    pub commenting: Commenting,
}

/// The page on which a comment is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewCommentDocument {
    /// The post.
    pub post: PostRef,
    /// The title of the post.
    pub title: String,
    /// The comment that is answered.
    pub answered: Option<Comment>,
    /// The nonce of the form, which is accepted once.
    pub nonce: String,
}

/// A comment of the viewer that is changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommentDocument {
    /// The id.
    pub id: i64,
    /// The post.
    pub post: PostRef,
    /// The Markdown source.
    pub content: String,
    /// The version.
    pub version: i64,
}

/// A comment that is to be hidden or deleted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommentQuestion {
    /// The comment.
    pub comment: Comment,
}

/// A comment in structured data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommentFacts {
    /// The id.
    pub id: i64,
    /// The name of its author.
    pub author: String,
    /// The username of its author, if they have an account.
    pub username: Option<String>,
    /// The text as HTML.
    pub html: String,
    /// The time at which it was written.
    pub created_at: OffsetDateTime,
}
