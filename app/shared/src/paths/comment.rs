//! The paths of comments.

use super::{COMMENTS, DELETE_COMMENT, HIDE_COMMENT, NEW_COMMENT, UPDATE_COMMENT, post};
use crate::model::{comment::CommentsPosition, post::PostRef};

/// The query parameter of the comment whose form is open.
pub const REPLY: &str = "reply";
/// The end of the path of the feed of the comments on a post.
pub const COMMENTS_FEED: &str = "/comments.atom";

/// Returns the path of the page of a comment.
#[must_use]
pub fn comment(id: i64) -> String {
    format!("{COMMENTS}{id}")
}

/// Returns the id of the element of a comment.
#[must_use]
pub fn comment_anchor(id: i64) -> String {
    format!("comment-{id}")
}

/// Returns the path of a comment on the page of its post.
#[must_use]
pub fn comment_on_post(on: &PostRef, id: i64) -> String {
    format!("{}#{}", post(on), comment_anchor(id))
}

/// Returns the path of a comment on the page of its own.
#[must_use]
pub fn comment_on_own_page(id: i64) -> String {
    format!("{}#{}", comment(id), comment_anchor(id))
}

/// Returns the path of the comments on a post.
#[must_use]
pub fn comments(on: &PostRef) -> String {
    format!("{}#comments", post(on))
}

/// Returns the path of the page of the comments on a post at `position`.
#[must_use]
pub fn comments_at(on: &PostRef, position: CommentsPosition) -> String {
    let position = position.to_string();
    if position.is_empty() {
        comments(on)
    } else {
        format!("{}?comments={position}#comments", post(on))
    }
}

/// Returns the path of the branch of a comment after the comment with the id `after`.
#[must_use]
pub fn comments_below(id: i64, after: i64) -> String {
    format!("{}?after={after}", comment(id))
}

/// Returns the path of the form that answers a comment, on the page at `path`.
#[must_use]
pub fn reply_at(path: &str, id: i64) -> String {
    let sign = if path.contains('?') { '&' } else { '?' };
    format!("{path}{sign}{REPLY}={id}#{REPLY}")
}

/// Returns the path of the page to write a comment on a post, or to answer the comment `parent`.
#[must_use]
pub fn new_comment(post: i64, parent: Option<i64>) -> String {
    let parent = parent.map(|id| format!("&parent={id}")).unwrap_or_default();
    format!("{NEW_COMMENT}?post={post}{parent}")
}

/// Returns the path of the page to change a comment.
#[must_use]
pub fn update_comment(id: i64) -> String {
    format!("{UPDATE_COMMENT}?comment={id}")
}

/// Returns the path of the page to delete a comment.
#[must_use]
pub fn delete_comment(id: i64) -> String {
    format!("{DELETE_COMMENT}?comment={id}")
}

/// Returns the path of the page to hide a comment.
#[must_use]
pub fn hide_comment(id: i64) -> String {
    format!("{HIDE_COMMENT}?comment={id}")
}

/// Returns the path of the feed of the comments on a post.
#[must_use]
pub fn comments_feed(on: &PostRef) -> String {
    format!("{}{COMMENTS_FEED}", post(on))
}

/// Parses the id in the last segment of a comment's path.
#[must_use]
pub fn comment_id(segment: &str) -> Option<i64> {
    let is_plain = !segment.is_empty() && segment.bytes().all(|byte| byte.is_ascii_digit());
    if is_plain { segment.parse().ok() } else { None }
}
