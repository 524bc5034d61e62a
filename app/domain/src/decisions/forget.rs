//! Forgetting the persons whose accounts are deleted.

use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, sea_query::Expr};

use crate::platform::{db::Transaction, entity::decision};

/// Erases what the decisions about the user with this id say. The acts still count, with their dates and outcomes.
///
/// # Errors
///
/// Returns an error if the database cannot be reached.
pub(crate) async fn forget(transaction: &Transaction, person: i64) -> Result<(), DbErr> {
    decision::Entity::update_many()
        .col_expr(decision::Column::UserId, Expr::value(None::<i64>))
        .col_expr(decision::Column::Subject, Expr::value(""))
        .col_expr(decision::Column::Facts, Expr::value(""))
        .col_expr(decision::Column::Appeal, Expr::value(None::<String>))
        .col_expr(decision::Column::Answer, Expr::value(None::<String>))
        .filter(decision::Column::UserId.eq(person))
        .exec(transaction)
        .await?;
    Ok(())
}
