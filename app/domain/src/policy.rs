//! The permissions: who may do what to whom.
//!
//! Use-cases ask [`may`] before they read, change, hide or restore what belongs to somebody, with an [`Actor`] that was
//! read in the transaction of a change: the role of a session may have been taken away since the session began. What
//! people do to their own account and drafts, which the database finds by their id alone, needs no permission.

use shared::{error::AppError, model::account::Role};

/// What is done.
mod action;
/// Who acts.
mod actor;
/// Writing, reading, changing and hiding comments.
mod comment;
/// Reading and changing posts.
mod post;
/// To whom, or to what, it is done.
mod target;

pub(crate) use self::actor::{actor, lock, lock_user, lock_with};
pub use self::{action::Action, actor::Actor, target::Target};
use self::{
    comment::{CommentTarget, may_comment},
    post::{may_change, may_read},
};

/// Returns whether `actor` may do `action` to `target`.
///
/// # Errors
///
/// Returns why not: [`AppError::SignInRequired`] for a visitor; [`AppError::NotFound`] for a post that the actor is not
/// to know of; [`AppError::Forbidden`] for a post of another user; [`AppError::RoleRequired`] for moderation without a
/// higher role than the other user's; [`AppError::Frozen`] if only the freeze of the account forbids it; for a post that
/// has been deleted [`AppError::Gone`], or [`AppError::Hidden`] (to its author and the operator) or
/// [`AppError::Removed`] (to others) if it was a moderator who hid it; [`AppError::CommentsClosed`] for a post that takes
/// no comments; and [`AppError::CommentGone`] or [`AppError::CommentHidden`] for a comment that has been deleted or
/// hidden.
pub fn may(actor: Actor, action: Action, target: Target) -> Result<(), AppError> {
    decide(actor, action, target)?;
    match actor {
        Actor::User { is_frozen: true, .. } if !action.is_open_to_frozen() => Err(AppError::Frozen),
        _ => Ok(()),
    }
}

/// Returns whether `actor` may do `action` to `target`, whether or not their account is frozen.
fn decide(actor: Actor, action: Action, target: Target) -> Result<(), AppError> {
    match (action, target) {
        (Action::Read, Target::Post { author, status }) => may_read(actor, author, status),
        (Action::ReadHistory, Target::Post { author, status }) => {
            may_read(actor, author, status)?;
            match actor {
                Actor::Visitor => Err(AppError::SignInRequired),
                Actor::User { id, role, .. } if id != author && !role.moderates() => Err(AppError::Forbidden),
                Actor::User { .. } | Actor::Operator => Ok(()),
            }
        }
        (Action::Edit | Action::Trash, Target::Post { author, status }) => {
            may_change(actor, action, author, status)
        }
        (Action::Hide | Action::Suspend | Action::Freeze | Action::Trust, Target::User { role: theirs }) => {
            match actor {
                Actor::Visitor => Err(AppError::SignInRequired),
                Actor::User { role, .. } if role.moderates() && role > theirs => Ok(()),
                Actor::User { .. } => Err(AppError::RoleRequired),
                Actor::Operator => Ok(()),
            }
        }
        (Action::Invite, Target::User { role: theirs }) => match actor {
            Actor::User { role, .. } if role < theirs => Err(AppError::RoleRequired),
            actor => requires(actor, Role::administers),
        },
        (
            Action::Comment,
            Target::Discussion {
                author,
                status,
                is_closed,
                ..
            },
        ) => may_comment(actor, author, status, is_closed),
        (
            Action::ManageComments,
            Target::Discussion {
                author, role, status, ..
            },
        ) => {
            may_read(actor, author, status)?;
            match actor {
                Actor::Visitor => Err(AppError::SignInRequired),
                Actor::User { id, role: own, .. } if id == author || own.moderates() && own > role => Ok(()),
                Actor::User { .. } => Err(AppError::Forbidden),
                Actor::Operator => Ok(()),
            }
        }
        (
            action,
            Target::Comment {
                author,
                role,
                post_author,
                state,
                hidden_by,
            },
        ) => {
            let comment = CommentTarget {
                author,
                role,
                post_author,
                state,
                hidden_by,
            };
            comment.may(actor, action)
        }
        (Action::Publish | Action::ChangeProfile | Action::UploadImage, Target::Site) => match actor {
            Actor::Visitor => Err(AppError::SignInRequired),
            Actor::User { .. } | Actor::Operator => Ok(()),
        },
        // Whoever can read something can report it.
        (Action::Report, Target::Site) => Ok(()),
        (Action::Moderate, Target::Site) => requires(actor, Role::moderates),
        (Action::Administer, Target::Site) => requires(actor, Role::administers),
        _ => Err(AppError::RoleRequired),
    }
}

/// Returns whether `actor` is the operator or has a role for which `has` is true.
fn requires(actor: Actor, has: fn(Role) -> bool) -> Result<(), AppError> {
    match actor {
        Actor::Visitor => Err(AppError::SignInRequired),
        Actor::User { role, .. } if has(role) => Ok(()),
        Actor::User { .. } => Err(AppError::RoleRequired),
        Actor::Operator => Ok(()),
    }
}

#[cfg(test)]
mod tests;
