//! Holding comments until a moderator has decided about them.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};

use super::{change::lock, count, deletion::unpin, host::Host, row::CommentRow};
use crate::platform::{db::Transaction, entity::comment, topic::Topic};
use shared::{
    error::AppError,
    model::{comment::CommentState, trust::HoldReason},
};

/// Holds the comment with this id for `reason` if it is on the site.
///
/// # Errors
///
/// Returns [`AppError::CommentGone`] if it has been deleted.
pub(crate) async fn hold(transaction: &Transaction, id: i64, reason: HoldReason) -> Result<(), AppError> {
    let (host, row) = lock(transaction, id).await?;
    if row.state == CommentState::Published {
        hold_row(transaction, &host, &row, reason).await?;
    }
    Ok(())
}

/// Holds `row`, which is on the site, for `reason`. The row of its post is locked.
pub(super) async fn hold_row(
    transaction: &Transaction,
    host: &Host,
    row: &CommentRow,
    reason: HoldReason,
) -> Result<(), AppError> {
    comment::Entity::update_many()
        .col_expr(comment::Column::State, Expr::value(CommentState::Held))
        .col_expr(comment::Column::HeldBecause, Expr::value(reason))
        .filter(comment::Column::Id.eq(row.id))
        .exec(transaction)
        .await?;
    if host.pinned_comment_id == Some(row.id) {
        unpin(transaction, host.id).await?;
    }
    transaction.invalidate([Topic::Post(host.id)]);
    count::change(transaction, host.id, row.root_above(), -1).await?;
    Ok(())
}
