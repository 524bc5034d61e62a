//! Writing, reading, changing and hiding comments.

use super::{Action, Actor, post::may_read};
use shared::{
    error::AppError,
    model::{
        account::Role,
        comment::{CommentState, HiddenBy},
        post::{PostState, PostStatus},
    },
};

/// Returns whether `actor` may comment on the post of `author` with this `status`.
pub(super) fn may_comment(
    actor: Actor,
    author: i64,
    status: PostStatus,
    is_closed: bool,
) -> Result<(), AppError> {
    may_read(actor, author, status)?;
    if is_closed || status.state != PostState::Published {
        return Err(AppError::CommentsClosed);
    }
    match actor {
        Actor::Visitor => Err(AppError::SignInRequired),
        Actor::User { .. } => Ok(()),
        // A comment has an author.
        Actor::Operator => Err(AppError::RoleRequired),
    }
}

/// The fields of [`Target::Comment`].
#[derive(Clone, Copy)]
pub(super) struct CommentTarget {
    pub author: Option<i64>,
    pub role: Option<Role>,
    pub post_author: i64,
    pub state: CommentState,
    pub hidden_by: Option<HiddenBy>,
}

impl CommentTarget {
    pub(super) fn may(self, actor: Actor, action: Action) -> Result<(), AppError> {
        match action {
            Action::ReadComment => self.may_read(actor),
            Action::EditComment | Action::DeleteComment => self.may_change(actor, action),
            Action::HideComment => self.may_hide(actor),
            _ => Err(AppError::RoleRequired),
        }
    }

    fn is_of(self, actor: Actor) -> bool {
        matches!(actor, Actor::User { id, .. } if self.author == Some(id))
    }

    /// Returns whether `actor` may read the text. What is not published is read by its author, by the author of the post and by
    /// moderators.
    fn may_read(self, actor: Actor) -> Result<(), AppError> {
        let sees = match actor {
            Actor::Visitor => false,
            Actor::User { id, role, .. } => {
                self.author == Some(id) || self.post_author == id || role.moderates()
            }
            Actor::Operator => true,
        };
        match self.state {
            CommentState::Published => Ok(()),
            CommentState::Held | CommentState::Hidden if sees => Ok(()),
            CommentState::Held => Err(AppError::NotFound),
            CommentState::Hidden => Err(AppError::CommentHidden),
            CommentState::Deleted => Err(AppError::CommentGone),
        }
    }

    fn may_change(self, actor: Actor, action: Action) -> Result<(), AppError> {
        self.may_read(actor)?;
        if actor == Actor::Visitor {
            return Err(AppError::SignInRequired);
        }
        if !self.is_of(actor) {
            return Err(AppError::Forbidden);
        }
        match self.state {
            // What was hidden stays as it was when somebody decided about it.
            CommentState::Hidden => Err(AppError::CommentHidden),
            // It could otherwise be changed after a moderator has read it, and before they decide.
            CommentState::Held if action == Action::EditComment => Err(AppError::CommentHidden),
            CommentState::Published | CommentState::Held | CommentState::Deleted => Ok(()),
        }
    }

    /// Returns whether `actor` may hide the comment, or show it: the author of the post, or a moderator with a higher role
    /// than the author of the comment. Nobody hides their own, and only moderators show what moderators have hidden. All moderators
    /// decide about comments that wait for one, but only administrators about their own.
    fn may_hide(self, actor: Actor) -> Result<(), AppError> {
        self.may_read(actor)?;
        let Actor::User { id, role, .. } = actor else {
            return match actor {
                Actor::Visitor => Err(AppError::SignInRequired),
                Actor::User { .. } | Actor::Operator => Ok(()),
            };
        };
        if self.state == CommentState::Held && (role.administers() || role.moderates() && !self.is_of(actor))
        {
            // Somebody has to decide about it, whoever has written it.
            return Ok(());
        }
        let outranks = role.moderates() && self.role.is_none_or(|theirs| role > theirs);
        let is_host = id == self.post_author && self.hidden_by != Some(HiddenBy::Moderator);
        if self.is_of(actor) || !(outranks || is_host) {
            return Err(AppError::Forbidden);
        }
        match self.state {
            CommentState::Published | CommentState::Hidden => Ok(()),
            CommentState::Held | CommentState::Deleted => Err(AppError::CommentHidden),
        }
    }
}
