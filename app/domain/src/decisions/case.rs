//! Closing cases.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect, sea_query::Expr};
use time::OffsetDateTime;

use crate::{
    Scope,
    mail::{outbox, template::EmailTemplate},
    platform::{
        db::Transaction,
        entity::{case, report},
    },
};
use shared::error::AppError;

/// The target of a case.
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
/// Returns [`AppError::Claimed`] if another moderator than the actor of `scope` has claimed it.
pub(crate) async fn close(
    scope: &Scope,
    transaction: &Transaction,
    target: CaseTarget,
    has_acted: bool,
) -> Result<bool, AppError> {
    let Some(open) = find_open(transaction, target).await? else {
        return Ok(false);
    };
    let viewer = scope.viewer().await?.map(|viewer| viewer.id);
    let is_claimed = open
        .claimed_until
        .is_some_and(|until| until > scope.state.clock.now());
    if is_claimed && viewer.is_some() && open.claimed_by != viewer {
        return Err(AppError::Claimed);
    }
    settle(scope, transaction, open.id, has_acted).await
}

/// Closes the open case about `target`, if there is one, because its author has deleted it, whoever has claimed the case.
///
/// # Errors
///
/// Returns an error if the database cannot be reached.
pub(crate) async fn withdraw(
    scope: &Scope,
    transaction: &Transaction,
    target: CaseTarget,
) -> Result<(), AppError> {
    if let Some(open) = find_open(transaction, target).await? {
        settle(scope, transaction, open.id, true).await?;
    }
    Ok(())
}

async fn find_open(transaction: &Transaction, target: CaseTarget) -> Result<Option<case::Model>, AppError> {
    let open = case::Entity::find()
        .filter(target.is_target())
        .filter(case::Column::ClosedAt.is_null())
        .one(transaction)
        .await?;
    Ok(open)
}

/// Closes the case with this id, and tells those who have reported it without an account.
async fn settle(
    scope: &Scope,
    transaction: &Transaction,
    id: i64,
    has_acted: bool,
) -> Result<bool, AppError> {
    let closed = case::Entity::update_many()
        .col_expr(case::Column::ClosedAt, Expr::value(scope.state.clock.now()))
        .col_expr(case::Column::ClaimedBy, Expr::value(None::<i64>))
        .col_expr(case::Column::ClaimedUntil, Expr::value(None::<OffsetDateTime>))
        .filter(case::Column::Id.eq(id))
        .filter(case::Column::ClosedAt.is_null())
        .exec(transaction)
        .await?;
    let guests: Vec<String> = report::Entity::find()
        .select_only()
        .column(report::Column::Email)
        .filter(report::Column::CaseId.eq(id))
        .filter(report::Column::Email.is_not_null())
        .distinct()
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
        .filter(report::Column::Email.is_not_null())
        .exec(transaction)
        .await?;
    Ok(closed.rows_affected == 1)
}
