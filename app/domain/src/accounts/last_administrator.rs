//! The rule that a site which has an administrator keeps one.

use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, sea_query::Expr,
};

use crate::platform::{db::Transaction, entity::user};
use shared::{error::AppError, model::account::Role};

/// Refuses to take the role or the account of the user with this `id` from the site if no other administrator is left.
///
/// Locks the user, and all administrators if the user is one. They are locked in the order of their ids, so that two of
/// them can lose the role one after the other only. Must be called before the transaction locks other users.
///
/// # Errors
///
/// Returns [`AppError::LastAdministrator`] if the user is the only administrator.
pub(super) async fn keep(transaction: &Transaction, id: i64) -> Result<(), AppError> {
    let is_administrator = user::Column::Role.eq(Role::Administrator);
    let is_one = user::Entity::find_by_id(id)
        .select_only()
        .column(user::Column::Id)
        .filter(is_administrator.clone())
        .into_query();
    let administrators = Condition::all().add(is_administrator).add(Expr::exists(is_one));
    let locked: Vec<(i64, Role, Option<String>)> = user::Entity::find()
        .select_only()
        .columns([
            user::Column::Id,
            user::Column::Role,
            user::Column::SuspendedBecause,
        ])
        .filter(Condition::any().add(user::Column::Id.eq(id)).add(administrators))
        .order_by_asc(user::Column::Id)
        .lock_exclusive()
        .into_tuple()
        .all(transaction)
        .await?;
    // The roles are those after the locks were obtained.
    let administers =
        |(_, role, suspended): &&(i64, Role, Option<String>)| role.administers() && suspended.is_none();
    let (theirs, others): (Vec<_>, Vec<_>) = locked
        .iter()
        .filter(administers)
        .partition(|(other, ..)| *other == id);
    if theirs.is_empty() || !others.is_empty() {
        Ok(())
    } else {
        Err(AppError::LastAdministrator)
    }
}
