//! Comments.

/// Deleting a comment.
pub(super) mod delete;
/// The encoding of comments in the page.
mod encoding;
/// The form of a comment.
mod form;
/// Hiding a comment.
pub(super) mod hide;
/// A text that is kept in the browser until it is sent.
mod kept;
/// Writing a comment on a page of its own.
pub(super) mod new;
/// The form of a new comment on the page of a post or of a comment.
mod new_comment;
/// The comments below a post.
pub(super) mod of_post;
/// The page of a comment.
pub(super) mod read;
/// The section below a post with its comments.
mod section;
/// A comment.
mod shown;
/// A thread of comments.
mod thread;
/// The actions of the viewer on comments.
mod tools;
/// Changing a comment.
pub(super) mod update;
