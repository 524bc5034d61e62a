//! To whom, or to what, it is done.

use shared::model::{
    account::Role,
    comment::{CommentState, HiddenBy},
    post::PostStatus,
};

/// The target of an [`Action`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// The site.
    Site,
    /// A post.
    Post {
        /// The id of the author.
        author: i64,
        /// The visibility and the state.
        status: PostStatus,
    },
    /// A user.
    User {
        /// The role.
        role: Role,
    },
    /// The comments on a post.
    Discussion {
        /// The id of the author of the post.
        author: i64,
        /// The role of the author of the post.
        role: Role,
        /// The visibility and the state of the post.
        status: PostStatus,
        /// Whether nobody can comment.
        is_closed: bool,
    },
    /// A comment on a post that the actor may read.
    Comment {
        /// The id of the author, if they have an account.
        author: Option<i64>,
        /// The role of the author, if they have an account.
        role: Option<Role>,
        /// The id of the author of the post.
        post_author: i64,
        /// The state.
        state: CommentState,
        /// Who has hidden it, if it is hidden.
        hidden_by: Option<HiddenBy>,
    },
}
