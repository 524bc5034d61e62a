//! Hiding comments: by the author of the post below it, and by moderators. A hidden comment keeps its place, and says by whom it was
//! hidden and why.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect, sea_query::Expr};

use super::{
    change::lock,
    count,
    deletion::{ask, unpin},
    host::Host,
    row::{self, CommentRow},
};
use crate::{
    Scope, audit_log,
    decisions::{self, CaseTarget, NewDecision},
    mail::{outbox, template::EmailTemplate},
    platform::{
        db::Transaction,
        entity::{comment, user},
        topic::Topic,
    },
    policy::{self, Action, Target, may},
    trust,
};
use shared::{
    error::AppError,
    forms::comment::HiddenComment,
    model::{
        account::Viewer,
        comment::{CommentQuestion, CommentState, HiddenBy},
        decision::{Act, Ground},
        moderation::{AuditAction, describe_comment},
        post::PostRef,
        trust::HoldReason,
    },
};

/// Returns the comment with this id, for the question whether to hide it.
///
/// # Errors
///
/// Returns the errors of [`may`] if `viewer` may not hide it.
pub async fn question(scope: &Scope, viewer: &Viewer, id: i64) -> Result<CommentQuestion, AppError> {
    ask(scope, viewer, id, Action::HideComment).await
}

/// Hides a comment, and returns its post.
///
/// # Errors
///
/// Returns the errors of [`may`] if `viewer` may not hide it.
pub async fn hide(scope: &Scope, viewer: &Viewer, hidden: HiddenComment) -> Result<PostRef, AppError> {
    let HiddenComment {
        comment,
        ground,
        reason,
    } = hidden;
    change(scope, viewer, comment, Some((ground, reason))).await
}

/// Shows a hidden comment again, or one that waits for a moderator, and returns its post.
///
/// # Errors
///
/// Returns the errors of [`may`] if `viewer` may not show it.
pub async fn show(scope: &Scope, viewer: &Viewer, id: i64) -> Result<PostRef, AppError> {
    change(scope, viewer, id, None).await
}

/// Hides the comment with this id `because` of something, or shows it again without a reason.
async fn change(
    scope: &Scope,
    viewer: &Viewer,
    id: i64,
    because: Option<(Ground, String)>,
) -> Result<PostRef, AppError> {
    let (ground, reason) = because.unzip();
    let site = scope.site().await;
    let transaction = scope.state.db.begin().await?;
    let author = row::find(&transaction, id).await?.author_id;
    let actor = policy::lock_with(&transaction, viewer, author).await?;
    let (host, row) = lock(&transaction, id).await?;
    host.require_readable(&site, actor)?;
    let moderates = may(actor, Action::Moderate, Target::Site).is_ok();
    if moderates && reason.is_none() && row.state == CommentState::Published {
        // Somebody else has approved it meanwhile.
        return Ok(host.post());
    }
    may(actor, Action::HideComment, row.target(host.author_id))?;
    let (state, hidden_by) = match reason {
        Some(_) if viewer.id == host.author_id && !row.is_below(actor) => {
            (CommentState::Hidden, Some(HiddenBy::Author))
        }
        Some(_) => (CommentState::Hidden, Some(HiddenBy::Moderator)),
        None => (CommentState::Published, None),
    };
    let is_taken_over = row.hidden_by == Some(HiddenBy::Author) && hidden_by == Some(HiddenBy::Moderator);
    if row.state == state && !is_taken_over {
        // The form was sent twice, or somebody else was faster.
        return Ok(host.post());
    }
    comment::Entity::update_many()
        .col_expr(comment::Column::State, Expr::value(state))
        .col_expr(comment::Column::HiddenBy, Expr::value(hidden_by))
        .col_expr(comment::Column::HiddenBecause, Expr::value(reason.as_deref()))
        .col_expr(comment::Column::HeldBecause, Expr::value(None::<HoldReason>))
        .filter(comment::Column::Id.eq(row.id))
        .exec(&transaction)
        .await?;
    if state == CommentState::Hidden && host.pinned_comment_id == Some(row.id) {
        unpin(&transaction, host.id).await?;
    }
    if let (CommentState::Held, CommentState::Published, Some(author)) = (row.state, state, row.author_id) {
        trust::approve(&transaction, author).await?;
        decisions::close(scope, &transaction, CaseTarget::Comment(row.id), false).await?;
    }
    note(scope, &transaction, &host, &row, reason.as_deref()).await?;
    if let (Some(HiddenBy::Moderator), Some(ground), Some(reason)) = (hidden_by, ground, &reason) {
        decide(scope, &transaction, &host, &row, (ground, reason)).await?;
    }
    transaction.invalidate([Topic::Post(host.id)]);
    let by = i64::from(state == CommentState::Published) - i64::from(row.state == CommentState::Published);
    if by != 0 {
        count::change(&transaction, host.id, row.root_above(), by).await?;
    }
    scope.state.db.commit(transaction).await?;
    scope.state.jobs.wake();
    Ok(host.post())
}

/// Records the decision of a moderator to hide `row`, and tells its author by mail.
async fn decide(
    scope: &Scope,
    transaction: &Transaction,
    host: &Host,
    row: &CommentRow,
    (ground, reason): (Ground, &str),
) -> Result<(), AppError> {
    let Some(person) = row.author_id else {
        // Nobody can be told, but the reports about it are dealt with.
        decisions::close(scope, transaction, CaseTarget::Comment(row.id), true).await?;
        return Ok(());
    };
    let decision = NewDecision {
        person,
        act: Act::HideComment,
        target: CaseTarget::Comment(row.id),
        subject: &host.title,
        ground,
        facts: reason,
        until: None,
    };
    decisions::record(scope, transaction, decision).await?;
    let email: Option<String> = user::Entity::find_by_id(person)
        .select_only()
        .column(user::Column::Email)
        .into_tuple()
        .one(transaction)
        .await?;
    let template = EmailTemplate::CommentHidden {
        comment: row.id,
        title: host.title.clone(),
        reason: reason.to_owned(),
    };
    match email {
        Some(email) => outbox::queue(scope, transaction, &email, Some(person), &template).await,
        None => Ok(()),
    }
}

/// Shows the comment with this id again if a moderator has hidden it, because that was wrong.
///
/// # Errors
///
/// Returns [`AppError::CommentGone`] if it has been deleted.
pub(crate) async fn reveal(transaction: &Transaction, id: i64) -> Result<(), AppError> {
    let (host, row) = lock(transaction, id).await?;
    if row.hidden_by != Some(HiddenBy::Moderator) {
        return Ok(());
    }
    comment::Entity::update_many()
        .col_expr(comment::Column::State, Expr::value(CommentState::Published))
        .col_expr(comment::Column::HiddenBy, Expr::value(None::<HiddenBy>))
        .col_expr(comment::Column::HiddenBecause, Expr::value(None::<String>))
        .filter(comment::Column::Id.eq(row.id))
        .exec(transaction)
        .await?;
    transaction.invalidate([Topic::Post(host.id)]);
    count::change(transaction, host.id, row.root_above(), 1).await?;
    Ok(())
}

/// Records in the audit log that `row` was hidden for a `reason`, or shown without one.
async fn note(
    scope: &Scope,
    transaction: &Transaction,
    host: &Host,
    row: &CommentRow,
    reason: Option<&str>,
) -> Result<(), AppError> {
    let action = match (reason, row.state) {
        (Some(_), _) => AuditAction::HideComment,
        (None, CommentState::Held) => AuditAction::ApproveComment,
        (None, _) => AuditAction::ShowComment,
    };
    let subject = describe_comment(row.id, row.commenter().name(), &host.title);
    audit_log::record(scope, transaction, action, &subject, reason.unwrap_or_default()).await
}
