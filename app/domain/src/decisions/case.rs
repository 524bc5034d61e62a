//! Closing cases.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect, sea_query::Expr};

use crate::{
    Scope,
    mail::{outbox, template::EmailTemplate},
    platform::{
        db::Transaction,
        entity::{case, report},
    },
};
use shared::error::AppError;

/// What a case is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CaseTarget {
    /// The post with this id.
    Post(i64),
    /// The comment with this id.
    Comment(i64),
    /// The user with this id.
    User(i64),
}

impl CaseTarget {
    /// Returns the condition of the case.
    pub(crate) fn is_target(self) -> Expr {
        match self {
            Self::Post(id) => case::Column::PostId.eq(id),
            Self::Comment(id) => case::Column::CommentId.eq(id),
            Self::User(id) => case::Column::UserId.eq(id),
        }
    }
}

/// Closes the open case about `target`, if there is one, because a moderator has acted, or will not, and returns whether there was
/// one. Those who have reported it without an account are told by mail, and their addresses are forgotten.
///
/// # Errors
///
/// Returns an error if the database cannot be reached.
pub(crate) async fn close(
    scope: &Scope,
    transaction: &Transaction,
    target: CaseTarget,
    has_acted: bool,
) -> Result<bool, AppError> {
    let open: Option<i64> = case::Entity::find()
        .select_only()
        .column(case::Column::Id)
        .filter(target.is_target())
        .filter(case::Column::ClosedAt.is_null())
        .into_tuple()
        .one(transaction)
        .await?;
    let Some(id) = open else {
        return Ok(false);
    };
    let closed = case::Entity::update_many()
        .col_expr(case::Column::ClosedAt, Expr::value(scope.state.clock.now()))
        .col_expr(case::Column::ClaimedBy, Expr::value(None::<i64>))
        .col_expr(
            case::Column::ClaimedUntil,
            Expr::value(None::<time::OffsetDateTime>),
        )
        .filter(case::Column::Id.eq(id))
        .filter(case::Column::ClosedAt.is_null())
        .exec(transaction)
        .await?;
    let guests: Vec<String> = report::Entity::find()
        .select_only()
        .column(report::Column::Email)
        .filter(report::Column::CaseId.eq(id))
        .filter(report::Column::Email.is_not_null())
        .into_tuple()
        .all(transaction)
        .await?;
    for email in &guests {
        let template = EmailTemplate::ReportDecided { has_acted };
        outbox::queue(scope, transaction, email, None, &template).await?;
    }
    report::Entity::update_many()
        .col_expr(report::Column::Email, Expr::value(None::<String>))
        .filter(report::Column::CaseId.eq(id))
        .exec(transaction)
        .await?;
    Ok(closed.rows_affected == 1)
}
