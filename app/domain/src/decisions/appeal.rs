//! Appealing against a decision.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};

use crate::{Scope, platform::entity::decision};
use shared::{
    error::AppError,
    forms::report::NewAppeal,
    model::{account::Viewer, decision::APPEALABLE},
};

/// Appeals against a decision about `viewer`, once. Another moderator decides about it.
///
/// # Errors
///
/// Returns [`AppError::NotFound`] if there is no such decision about the viewer or it is too old, and [`AppError::Conflict`] if the
/// viewer has appealed against it already.
pub async fn appeal(scope: &Scope, viewer: &Viewer, new: NewAppeal) -> Result<(), AppError> {
    let now = scope.state.clock.now();
    let found: Option<decision::Model> = decision::Entity::find_by_id(new.decision)
        .filter(decision::Column::UserId.eq(viewer.id))
        .filter(decision::Column::CreatedAt.gt(now - APPEALABLE))
        .one(scope.state.db.reader())
        .await?;
    let before = found.ok_or(AppError::NotFound)?;
    if before.appeal.as_deref() == Some(&new.content) {
        // The form was sent twice.
        return Ok(());
    }
    let written = decision::Entity::update_many()
        .col_expr(decision::Column::Appeal, Expr::value(new.content))
        .col_expr(decision::Column::AppealedAt, Expr::value(now))
        .filter(decision::Column::Id.eq(new.decision))
        .filter(decision::Column::AppealedAt.is_null())
        .exec(scope.state.db.writer())
        .await?;
    if written.rows_affected == 1 {
        Ok(())
    } else {
        Err(AppError::Conflict)
    }
}
