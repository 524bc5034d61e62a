//! Closing, opening and pinning comments: what the author of a post does with the comments on it.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, UpdateMany, sea_query::Expr};

use super::{
    change,
    host::{self, Host},
    row,
};
use crate::{
    Scope, audit_log,
    platform::{db::Transaction, entity::post, topic::Topic},
    policy::{self, Action, may},
};
use shared::{
    error::AppError,
    model::{
        account::Viewer,
        comment::CommentState,
        moderation::{AuditAction, describe_comment, describe_post},
        post::PostRef,
    },
};

/// Closes the comments on the post with this id, and returns the post. Those that were written stay.
///
/// # Errors
///
/// Returns the errors of [`may`] if `viewer` may not close them.
pub async fn close(scope: &Scope, viewer: &Viewer, post: i64) -> Result<PostRef, AppError> {
    set_closed(scope, viewer, post, true).await
}

/// Opens the comments on the post with this id again, and returns the post.
///
/// # Errors
///
/// Returns the errors of [`may`] if `viewer` may not open them.
pub async fn reopen(scope: &Scope, viewer: &Viewer, post: i64) -> Result<PostRef, AppError> {
    set_closed(scope, viewer, post, false).await
}

async fn set_closed(scope: &Scope, viewer: &Viewer, id: i64, is_closed: bool) -> Result<PostRef, AppError> {
    let (transaction, host) = begin(scope, viewer, id).await?;
    if host.has_closed_comments == is_closed {
        return Ok(host.post());
    }
    let update =
        post::Entity::update_many().col_expr(post::Column::HasClosedComments, Expr::value(is_closed));
    let action = if is_closed {
        AuditAction::CloseComments
    } else {
        AuditAction::OpenComments
    };
    let subject = describe_post(host.id, &host.title, &host.author);
    note(scope, &transaction, viewer, &host, action, &subject).await?;
    finish(scope, transaction, host, update).await
}

/// Shows the comment with this id, which begins a thread, before all others, and returns its post.
///
/// # Errors
///
/// Returns the errors of [`may`] if `viewer` may not pin it, [`AppError::CommentHidden`] if it is not on the site, and
/// [`AppError::Malformed`] if it is a reply.
pub async fn pin(scope: &Scope, viewer: &Viewer, id: i64) -> Result<PostRef, AppError> {
    let site = scope.site().await;
    let transaction = scope.state.db.begin().await?;
    let actor = policy::lock(&transaction, viewer).await?;
    let (host, row) = change::lock(&transaction, id).await?;
    host.require_readable(&site, actor)?;
    may(
        actor,
        Action::ManageComments,
        host.discussion(&site, scope.state.clock.now()),
    )?;
    may(actor, Action::ReadComment, row.target(host.author_id))?;
    if row.parent_id.is_some() {
        // No page offers it.
        return Err(AppError::Malformed);
    }
    if row.state != CommentState::Published {
        return Err(AppError::CommentHidden);
    }
    if host.pinned_comment_id == Some(row.id) {
        return Ok(host.post());
    }
    let update = post::Entity::update_many().col_expr(post::Column::PinnedCommentId, Expr::value(row.id));
    let subject = describe_comment(row.id, row.commenter().name(), &host.title);
    note(
        scope,
        &transaction,
        viewer,
        &host,
        AuditAction::PinComment,
        &subject,
    )
    .await?;
    finish(scope, transaction, host, update).await
}

/// Shows the pinned comment on the post with this id in its own place again, and returns the post.
///
/// # Errors
///
/// Returns the errors of [`may`] if `viewer` may not do that.
pub async fn unpin(scope: &Scope, viewer: &Viewer, post: i64) -> Result<PostRef, AppError> {
    let (transaction, host) = begin(scope, viewer, post).await?;
    let Some(id) = host.pinned_comment_id else {
        return Ok(host.post());
    };
    let update =
        post::Entity::update_many().col_expr(post::Column::PinnedCommentId, Expr::value(None::<i64>));
    let pinned = row::find(&transaction, id).await?;
    let subject = describe_comment(id, pinned.commenter().name(), &host.title);
    note(
        scope,
        &transaction,
        viewer,
        &host,
        AuditAction::UnpinComment,
        &subject,
    )
    .await?;
    finish(scope, transaction, host, update).await
}

/// Begins a change of the comments on the post with this id.
async fn begin(scope: &Scope, viewer: &Viewer, id: i64) -> Result<(Transaction, Host), AppError> {
    let site = scope.site().await;
    let transaction = scope.state.db.begin().await?;
    let actor = policy::lock(&transaction, viewer).await?;
    let host = host::lock(&transaction, id).await?;
    host.require_readable(&site, actor)?;
    let target = host.discussion(&site, scope.state.clock.now());
    may(actor, Action::ManageComments, target)?;
    Ok((transaction, host))
}

/// Records in the audit log that `viewer` did `action` to `subject`, unless it is on their own post.
async fn note(
    scope: &Scope,
    transaction: &Transaction,
    viewer: &Viewer,
    host: &Host,
    action: AuditAction,
    subject: &str,
) -> Result<(), AppError> {
    if viewer.id == host.author_id {
        return Ok(());
    }
    audit_log::record(scope, transaction, action, subject, "").await
}

/// Changes the row of the post `host`, and commits.
async fn finish(
    scope: &Scope,
    transaction: Transaction,
    host: Host,
    update: UpdateMany<post::Entity>,
) -> Result<PostRef, AppError> {
    update
        .filter(post::Column::Id.eq(host.id))
        .exec(&transaction)
        .await?;
    transaction.invalidate([Topic::Post(host.id)]);
    scope.state.db.commit(transaction).await?;
    Ok(host.post())
}
