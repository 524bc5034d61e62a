//! Reading and changing posts.

use super::{Action, Actor};
use shared::{
    error::AppError,
    model::post::{PostState, PostStatus, Visibility},
};

/// Returns whether `actor` may read the post of `author` with this `status`. A post in the trash is gone for everybody.
pub(super) fn may_read(actor: Actor, author: i64, status: PostStatus) -> Result<(), AppError> {
    let (is_own, moderates) = match actor {
        Actor::Visitor => (false, false),
        Actor::User { id, role, .. } => (id == author, role.moderates()),
        Actor::Operator => (true, true),
    };
    let sees = is_own || moderates;
    // The author's choice comes first: somebody who could never read the post does not learn what became of it.
    match status.visibility {
        // Moderators see of private posts only those that they have hidden or are to decide about.
        Visibility::Private if !is_own => {
            let concerns = matches!(status.state, PostState::Hidden | PostState::Held);
            if !(moderates && concerns) {
                return Err(AppError::NotFound);
            }
        }
        Visibility::Members if actor == Actor::Visitor => return Err(AppError::SignInRequired),
        _ => {}
    }
    match status.state {
        PostState::Published => Ok(()),
        PostState::Held | PostState::Hidden if sees => Ok(()),
        PostState::Held => Err(AppError::NotFound),
        PostState::Hidden => Err(AppError::Removed),
        PostState::Deleted => Err(AppError::Gone),
    }
}

/// Returns whether `actor` may do `action`, which changes it, to the post of `author` with this `status`.
pub(super) fn may_change(
    actor: Actor,
    action: Action,
    author: i64,
    status: PostStatus,
) -> Result<(), AppError> {
    let is_own = match actor {
        Actor::Visitor => return Err(AppError::SignInRequired),
        Actor::User { id, .. } => id == author,
        Actor::Operator => true,
    };
    if !is_own {
        // The same as when the post is read, and what can be read is refused.
        return may_read(actor, author, status).and(Err(AppError::Forbidden));
    }
    match status.state {
        PostState::Hidden => Err(AppError::Hidden),
        PostState::Held if action == Action::Trash => Err(AppError::Hidden),
        PostState::Deleted if action == Action::Edit => Err(AppError::Gone),
        PostState::Published | PostState::Held | PostState::Deleted => Ok(()),
    }
}
