//! Comments on posts: threads, and what their authors, the authors of posts and moderators do with them.

/// Changing a comment.
mod change;
/// The numbers of comments.
mod count;
/// Deleting comments.
mod deletion;
/// The feed of the comments on a post.
mod feed;
/// The page on which a comment is written.
mod form;
/// The comments that wait for a moderator.
mod held;
/// Hiding comments.
mod hiding;
/// Holding comments until a moderator has decided about them.
mod holding;
/// The post to which comments belong.
mod host;
/// Closing, opening and pinning comments.
mod management;
/// The comments on a post.
mod of_post;
/// The places of comments in the tree.
mod path;
/// Rendering of comments.
mod rendering;
/// The rows of comments.
mod row;
/// The page of a comment.
mod thread;
/// Writing a comment.
mod write;

pub use self::{
    change::{IsHeld, open, update},
    count::{Drift, drift, recount},
    deletion::{delete, question as question_of_deletion},
    feed::{CommentFeed, FeedEntry, latest},
    form::form,
    hiding::{hide, question as question_of_hiding, show},
    management::{close, pin, reopen, unpin},
    of_post::of_post,
    rendering::{preview, render_old},
    thread::read,
    write::{CommentLink, create},
};
pub(crate) use self::{
    deletion::remove_author, held::held, hiding::reveal, holding::hold, of_post::StoredPage, path::below,
};
