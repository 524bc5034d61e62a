//! The permissions: who may do what to whom.
//!
//! Use-cases ask [`may`] before they read, change, hide or restore what belongs to somebody, with an [`Actor`] that was
//! read in the transaction of a change: the role of a session may have been taken away since the session began. What
//! people do to their own account and drafts, which the database finds by their id alone, needs no permission.

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QuerySelect, Select};

use crate::platform::{db::Transaction, entity::user};
use shared::{
    error::AppError,
    model::account::{Role, Viewer},
};

/// A user who acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromQueryResult)]
pub struct Actor {
    /// The id.
    pub id: i64,
    /// The role.
    pub role: Role,
}

/// An action on a [`Target`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Read a post.
    Read,
    /// Change a post, or open it for that.
    Edit,
    /// Move a post to the trash, or restore it.
    Trash,
    /// Hide a post of a user, or make it visible again.
    Hide,
    /// Suspend a user, or lift a suspension.
    Suspend,
    /// See the moderation pages and what they say about people.
    Moderate,
}

/// The target of an [`Action`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// The site.
    Site,
    /// A post.
    Post {
        /// The id of the author.
        author: i64,
        /// Whether the post is in the trash or hidden.
        is_deleted: bool,
        /// Whether a moderator has hidden the post.
        is_hidden: bool,
    },
    /// A user.
    User(Actor),
}

/// Returns whether `actor`, or an anonymous visitor, may do `action` to `target`.
///
/// # Errors
///
/// Returns why not: [`AppError::SignInRequired`] for an anonymous visitor; [`AppError::Forbidden`] for a post of
/// another user; [`AppError::RoleRequired`] for moderation without a higher role than the other user's; and for a post
/// that has been deleted [`AppError::Gone`], or [`AppError::Hidden`] (to its author) or [`AppError::Removed`] (to
/// others) if it was a moderator who hid it.
pub fn may(actor: Option<Actor>, action: Action, target: Target) -> Result<(), AppError> {
    if let (Action::Read, Target::Post { .. }) = (action, target) {
        return may_read(actor, target);
    }
    let actor = actor.ok_or(AppError::SignInRequired)?;
    match (action, target) {
        (
            Action::Edit | Action::Trash,
            Target::Post {
                author,
                is_deleted,
                is_hidden,
            },
        ) => match (author == actor.id, is_hidden, is_deleted) {
            (true, true, _) => Err(AppError::Hidden),
            (true, false, true) if action == Action::Edit => Err(AppError::Gone),
            (true, false, _) => Ok(()),
            (false, _, true) => Err(AppError::Gone),
            (false, _, false) => Err(AppError::Forbidden),
        },
        (Action::Hide | Action::Suspend, Target::User(other))
            if actor.role.moderates() && actor.role > other.role =>
        {
            Ok(())
        }
        (Action::Moderate, Target::Site) if actor.role.moderates() => Ok(()),
        _ => Err(AppError::RoleRequired),
    }
}

/// Returns whether `actor` may read the post `target`: a post in the trash is gone for everybody, and a hidden one is
/// still there for its author and for moderators.
fn may_read(actor: Option<Actor>, target: Target) -> Result<(), AppError> {
    match target {
        Target::Post {
            author,
            is_hidden: true,
            ..
        } => match actor {
            Some(actor) if actor.id == author || actor.role.moderates() => Ok(()),
            _ => Err(AppError::Removed),
        },
        Target::Post { is_deleted: true, .. } => Err(AppError::Gone),
        Target::Post { .. } => Ok(()),
        Target::Site | Target::User(_) => Err(AppError::RoleRequired),
    }
}

impl From<&Viewer> for Actor {
    /// For pages and for decisions that change nothing, where the role of the request is recent enough.
    fn from(viewer: &Viewer) -> Self {
        Self {
            id: viewer.id,
            role: viewer.role,
        }
    }
}

/// Returns the current role of `viewer`.
///
/// # Errors
///
/// Returns [`AppError::SignInRequired`] if the user has been suspended or deleted since the request began.
pub(crate) async fn actor(db: &impl ConnectionTrait, viewer: &Viewer) -> Result<Actor, AppError> {
    read(db, active(viewer.id)).await
}

/// Locks the row of `viewer`, which serializes their requests, and returns their current role. SQLite transactions are
/// serialized anyway.
///
/// # Errors
///
/// Returns [`AppError::SignInRequired`] if the user has been suspended or deleted since the request began.
pub(crate) async fn lock(transaction: &Transaction, viewer: &Viewer) -> Result<Actor, AppError> {
    read(transaction, active(viewer.id).lock_exclusive()).await
}

fn active(id: i64) -> Select<user::Entity> {
    user::Entity::find_by_id(id)
        .select_only()
        .columns([user::Column::Id, user::Column::Role])
        .filter(user::Column::SuspendedBecause.is_null())
}

async fn read(db: &impl ConnectionTrait, user: Select<user::Entity>) -> Result<Actor, AppError> {
    user.into_model().one(db).await?.ok_or(AppError::SignInRequired)
}

#[cfg(test)]
mod tests {
    use super::*;

    const AUTHOR: Actor = Actor {
        id: 1,
        role: Role::Member,
    };

    fn post(author: Actor, is_deleted: bool, is_hidden: bool) -> Target {
        Target::Post {
            author: author.id,
            is_deleted,
            is_hidden,
        }
    }

    fn other(role: Role) -> Actor {
        Actor { id: 2, role }
    }

    #[test]
    fn only_the_author_changes_a_post() {
        for action in [Action::Edit, Action::Trash] {
            assert_eq!(may(Some(AUTHOR), action, post(AUTHOR, false, false)), Ok(()));
            assert_eq!(
                may(None, action, post(AUTHOR, false, false)),
                Err(AppError::SignInRequired)
            );
            for role in Role::ALL.iter().copied() {
                let actor = Some(other(role));
                assert_eq!(
                    may(actor, action, post(AUTHOR, false, false)),
                    Err(AppError::Forbidden)
                );
                assert_eq!(may(actor, action, post(AUTHOR, true, false)), Err(AppError::Gone));
            }
        }
    }

    #[test]
    fn a_post_in_the_trash_can_be_restored_but_not_edited() {
        let trashed = post(AUTHOR, true, false);
        assert_eq!(may(Some(AUTHOR), Action::Trash, trashed), Ok(()));
        assert_eq!(may(Some(AUTHOR), Action::Edit, trashed), Err(AppError::Gone));
    }

    #[test]
    fn an_author_cannot_change_a_hidden_post() {
        for action in [Action::Edit, Action::Trash] {
            let hidden = post(AUTHOR, true, true);
            assert_eq!(may(Some(AUTHOR), action, hidden), Err(AppError::Hidden));
        }
    }

    #[test]
    fn a_hidden_post_is_read_by_its_author_and_by_moderators() {
        let hidden = post(AUTHOR, true, true);
        for (actor, allowed) in [
            (None, Err(AppError::Removed)),
            (Some(AUTHOR), Ok(())),
            (Some(other(Role::Member)), Err(AppError::Removed)),
            (Some(other(Role::Moderator)), Ok(())),
            (Some(other(Role::Administrator)), Ok(())),
        ] {
            assert_eq!(may(actor, Action::Read, hidden), allowed, "{actor:?}");
            let deleted = post(AUTHOR, true, false);
            assert_eq!(
                may(actor, Action::Read, deleted),
                Err(AppError::Gone),
                "{actor:?}"
            );
            assert_eq!(may(actor, Action::Read, post(AUTHOR, false, false)), Ok(()));
        }
    }

    #[test]
    fn moderation_requires_a_higher_role_than_the_other_users() {
        for (own, theirs, allowed) in [
            (Role::Member, Role::Member, false),
            (Role::Member, Role::Administrator, false),
            (Role::Moderator, Role::Member, true),
            (Role::Moderator, Role::Moderator, false),
            (Role::Moderator, Role::Administrator, false),
            (Role::Administrator, Role::Member, true),
            (Role::Administrator, Role::Moderator, true),
            (Role::Administrator, Role::Administrator, false),
        ] {
            let author = Actor { id: 1, role: theirs };
            let expected = if allowed {
                Ok(())
            } else {
                Err(AppError::RoleRequired)
            };
            for action in [Action::Hide, Action::Suspend] {
                let target = Target::User(author);
                assert_eq!(
                    may(Some(other(own)), action, target),
                    expected,
                    "{own:?} {action:?} {theirs:?}"
                );
                assert_eq!(may(None, action, target), Err(AppError::SignInRequired));
            }
        }
    }

    #[test]
    fn only_moderators_see_the_moderation_pages() {
        for (role, allowed) in [
            (Role::Member, Err(AppError::RoleRequired)),
            (Role::Moderator, Ok(())),
            (Role::Administrator, Ok(())),
        ] {
            assert_eq!(may(Some(other(role)), Action::Moderate, Target::Site), allowed);
        }
        let anonymous = may(None, Action::Moderate, Target::Site);
        assert_eq!(anonymous, Err(AppError::SignInRequired));
    }

    #[test]
    fn an_action_on_a_target_of_another_kind_is_refused() {
        let administrator = Some(other(Role::Administrator));
        for (action, target) in [
            (Action::Edit, Target::Site),
            (Action::Trash, Target::User(AUTHOR)),
            (Action::Hide, post(AUTHOR, false, false)),
            (Action::Suspend, post(AUTHOR, false, false)),
            (Action::Moderate, Target::User(AUTHOR)),
        ] {
            assert_eq!(may(administrator, action, target), Err(AppError::RoleRequired));
        }
    }
}
