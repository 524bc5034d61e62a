//! Who acts.

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};
use time::OffsetDateTime;

use crate::platform::{db::Transaction, entity::user};
use shared::{
    error::AppError,
    model::account::{Role, Viewer},
};

/// Somebody who acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Actor {
    /// A visitor who is not logged in.
    Visitor,
    /// A user.
    User {
        /// The id.
        id: i64,
        /// The role.
        role: Role,
        /// Whether a moderator has frozen the account.
        is_frozen: bool,
    },
    /// A command or a job. Whoever runs commands has access to the database anyway, but a command does not undo what
    /// moderators have done by accident either.
    Operator,
}

impl From<&Viewer> for Actor {
    /// For pages and for decisions that change nothing, where the role of the request is recent enough.
    fn from(viewer: &Viewer) -> Self {
        Self::User {
            id: viewer.id,
            role: viewer.role,
            is_frozen: viewer.is_frozen,
        }
    }
}

/// Returns `viewer` with their current role.
///
/// # Errors
///
/// Returns [`AppError::SignInRequired`] if the user has been suspended or deleted since the request began.
pub(crate) async fn actor(db: &impl ConnectionTrait, viewer: &Viewer) -> Result<Actor, AppError> {
    read(db, active(viewer.id)).await
}

/// Locks the row of `viewer`, which serializes their requests, and returns them with their current role. SQLite transactions are
/// serialized anyway.
///
/// # Errors
///
/// Returns [`AppError::SignInRequired`] if the user has been suspended or deleted since the request began.
pub(crate) async fn lock(transaction: &Transaction, viewer: &Viewer) -> Result<Actor, AppError> {
    read(transaction, active(viewer.id).lock_exclusive()).await
}

/// Locks the row of the user with the id `other` as well, if there is one, in an order in which two requests never wait for each
/// other, and returns `viewer` with their current role.
///
/// # Errors
///
/// Returns [`AppError::SignInRequired`] if the viewer has been suspended or deleted since the request began.
pub(crate) async fn lock_with(
    transaction: &Transaction,
    viewer: &Viewer,
    other: Option<i64>,
) -> Result<Actor, AppError> {
    let ids = [Some(viewer.id), other].into_iter().flatten();
    user::Entity::find()
        .select_only()
        .column(user::Column::Id)
        .filter(user::Column::Id.is_in(ids))
        .order_by_asc(user::Column::Id)
        .lock_exclusive()
        .into_tuple::<i64>()
        .all(transaction)
        .await?;
    actor(transaction, viewer).await
}

/// Locks the row of the user with this id, which every transaction locks before those of posts and comments.
///
/// # Errors
///
/// Returns an error if the database cannot be reached.
pub(crate) async fn lock_user(transaction: &Transaction, id: i64) -> Result<(), AppError> {
    user::Entity::find_by_id(id)
        .select_only()
        .column(user::Column::Id)
        .lock_exclusive()
        .into_tuple::<i64>()
        .one(transaction)
        .await?;
    Ok(())
}

fn active(id: i64) -> Select<user::Entity> {
    user::Entity::find_by_id(id)
        .select_only()
        .columns([user::Column::Id, user::Column::Role, user::Column::FrozenUntil])
        .filter(user::Column::SuspendedBecause.is_null())
}

async fn read(db: &impl ConnectionTrait, user: Select<user::Entity>) -> Result<Actor, AppError> {
    let found: Option<(i64, Role, Option<OffsetDateTime>)> = user.into_tuple().one(db).await?;
    let (id, role, frozen_until) = found.ok_or(AppError::SignInRequired)?;
    Ok(Actor::User {
        id,
        role,
        // A job removes the time when it has come.
        is_frozen: frozen_until.is_some(),
    })
}
