//! Deleting comments. One with replies stays in the tree without its text.

use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    UpdateMany,
    sea_query::{Expr, ExprTrait, LockType},
};

use super::{
    change::{has_branch, lock},
    count, path,
    row::{self, CommentRow, Viewing},
};
use crate::{
    Scope,
    comments::host,
    decisions::{self, CaseTarget},
    platform::{
        db::Transaction,
        entity::{comment, post},
        topic::Topic,
    },
    policy::{self, Action, Actor, may},
};
use shared::{
    error::AppError,
    model::{
        account::Viewer,
        comment::{CommentQuestion, CommentState, HiddenBy},
        post::PostRef,
    },
};

/// Returns the comment with this id, for the question whether to delete it.
///
/// # Errors
///
/// Returns the errors of [`may`] if `viewer` may not delete it.
pub async fn question(scope: &Scope, viewer: &Viewer, id: i64) -> Result<CommentQuestion, AppError> {
    ask(scope, viewer, id, Action::DeleteComment).await
}

/// Returns the comment with this id, for the question whether to do `action`.
pub(super) async fn ask(
    scope: &Scope,
    viewer: &Viewer,
    id: i64,
    action: Action,
) -> Result<CommentQuestion, AppError> {
    let site = scope.site().await;
    let db = scope.state.db.reader();
    let row = row::find(db, id).await?;
    let actor = Actor::from(viewer);
    let host = host::find(db, row.post_id).await?;
    if action != Action::DeleteComment || row.author_id != Some(viewer.id) {
        host.require_readable(&site, actor)?;
    }
    may(actor, action, row.target(host.author_id))?;
    Ok(CommentQuestion {
        comment: Viewing::new(&scope.state, &site, actor, &host, std::iter::once(&row)).shown(&row),
    })
}

/// Deletes a comment of `viewer`. Its text is overwritten. Its replies stay. Returns the post, unless the viewer can no longer read
/// its comments.
///
/// # Errors
///
/// Returns the errors of [`may`] if `viewer` may not delete it.
pub async fn delete(scope: &Scope, viewer: &Viewer, id: i64) -> Result<Option<PostRef>, AppError> {
    let site = scope.site().await;
    let transaction = scope.state.db.begin().await?;
    let actor = policy::lock(&transaction, viewer).await?;
    let (host, row) = lock(&transaction, id).await?;
    let readable = host.require_readable(&site, actor);
    if row.author_id != Some(viewer.id) {
        readable.clone()?;
    }
    may(actor, Action::DeleteComment, row.target(host.author_id))?;
    decisions::withdraw(scope, &transaction, CaseTarget::Comment(row.id)).await?;
    if has_branch(&transaction, &row).await? {
        emptied()
            .filter(comment::Column::Id.eq(row.id))
            .exec(&transaction)
            .await?;
    } else {
        remove(&transaction, &row).await?;
    }
    if host.pinned_comment_id == Some(row.id) {
        unpin(&transaction, host.id).await?;
    }
    transaction.invalidate([Topic::Post(host.id)]);
    if row.state == CommentState::Published {
        count::change(&transaction, host.id, row.root_above(), -1).await?;
    }
    scope.state.db.commit(transaction).await?;
    Ok(readable.is_ok().then(|| host.post()))
}

/// Shows the pinned comment on the post with this id in its own place again.
pub(super) async fn unpin(transaction: &Transaction, post: i64) -> Result<(), AppError> {
    post::Entity::update_many()
        .col_expr(post::Column::PinnedCommentId, Expr::value(None::<i64>))
        .filter(post::Column::Id.eq(post))
        .exec(transaction)
        .await?;
    Ok(())
}

/// Updates comments so that nothing of them but their place is left.
fn emptied() -> UpdateMany<comment::Entity> {
    comment::Entity::update_many()
        // So that a text that is being rendered again is not written back.
        .col_expr(
            comment::Column::Version,
            Expr::col(comment::Column::Version).add(1),
        )
        .col_expr(comment::Column::State, Expr::value(CommentState::Deleted))
        .col_expr(comment::Column::Content, Expr::value(""))
        .col_expr(comment::Column::Html, Expr::value(""))
        .col_expr(comment::Column::AuthorId, Expr::value(None::<i64>))
        .col_expr(comment::Column::GuestName, Expr::value(None::<String>))
        .col_expr(comment::Column::HiddenBy, Expr::value(None::<HiddenBy>))
        .col_expr(comment::Column::HiddenBecause, Expr::value(None::<String>))
        .col_expr(comment::Column::Nonce, Expr::value(None::<String>))
}

/// Removes `row`, which has no replies, and the deleted comments above it that were kept for it alone.
async fn remove(transaction: &Transaction, row: &CommentRow) -> Result<(), AppError> {
    comment::Entity::delete_by_id(row.id).exec(transaction).await?;
    // Those that it answers beside it, and then those above it.
    let mut beside = row.answered_id;
    while let Some(id) = beside {
        let found = row::find(transaction, id).await?;
        if !remove_unneeded(transaction, &found).await? {
            return Ok(());
        }
        beside = found.answered_id;
    }
    let mut above = path::ids(&row.path);
    above.pop();
    while let Some(id) = above.pop() {
        let found = row::find(transaction, id).await?;
        if !remove_unneeded(transaction, &found).await? {
            break;
        }
    }
    Ok(())
}

/// Removes `row` if it has been deleted and nothing answers it. Returns whether it was removed.
async fn remove_unneeded(transaction: &Transaction, row: &CommentRow) -> Result<bool, AppError> {
    if row.state != CommentState::Deleted || has_branch(transaction, row).await? {
        return Ok(false);
    }
    comment::Entity::delete_by_id(row.id).exec(transaction).await?;
    Ok(true)
}

/// Deletes all comments of the user with the id `author`, who is being deleted. The cached pages must be made outdated as well.
///
/// # Errors
///
/// Returns an error if the database cannot be reached.
pub(crate) async fn remove_author(transaction: &Transaction, author: i64) -> Result<(), AppError> {
    let of_author = |column: comment::Column| {
        comment::Entity::find()
            .select_only()
            .column(column)
            .distinct()
            .filter(comment::Column::AuthorId.eq(author))
            .into_tuple::<i64>()
    };
    // The posts are locked before their comments, as for every change of comments, and those of the author before they are deleted.
    let commented = comment::Entity::find()
        .select_only()
        .column(comment::Column::PostId)
        .filter(comment::Column::AuthorId.eq(author))
        .into_query();
    post::Entity::find()
        .select_only()
        .column(post::Column::Id)
        .filter(
            Condition::any()
                .add(post::Column::AuthorId.eq(author))
                .add(post::Column::Id.in_subquery(commented)),
        )
        .order_by_asc(post::Column::Id)
        .lock(LockType::NoKeyUpdate)
        .into_tuple::<i64>()
        .all(transaction)
        .await?;
    let threads = of_author(comment::Column::RootId).all(transaction).await?;
    if threads.is_empty() {
        return Ok(());
    }
    let posts = of_author(comment::Column::PostId).all(transaction).await?;
    let own = comment::Entity::find()
        .select_only()
        .column(comment::Column::Id)
        .filter(comment::Column::AuthorId.eq(author))
        .into_query();
    post::Entity::update_many()
        .col_expr(post::Column::PinnedCommentId, Expr::value(None::<i64>))
        .filter(post::Column::PinnedCommentId.in_subquery(own))
        .exec(transaction)
        .await?;
    emptied()
        .filter(comment::Column::AuthorId.eq(author))
        .exec(transaction)
        .await?;
    remove_childless(transaction, &threads).await?;
    count::recount_threads(transaction, &threads).await?;
    count::recount_posts(transaction, &posts).await?;
    Ok(())
}

/// Removes the deleted comments in `threads` that have no replies, or had only such.
async fn remove_childless(transaction: &Transaction, threads: &[i64]) -> Result<(), AppError> {
    /// The number of threads in a statement.
    const BATCH: usize = 1_000;
    for threads in threads.chunks(BATCH) {
        let ids: Vec<String> = threads.iter().map(i64::to_string).collect();
        let childless = format!(
            "DELETE FROM comments WHERE root_id IN ({}) AND state = 'deleted' AND NOT EXISTS (SELECT 1 FROM comments AS \
             reply WHERE reply.root_id = comments.root_id AND reply.path > comments.path AND (reply.path < \
             comments.path || '~' OR reply.answered_id = comments.id))",
            ids.join(",")
        );
        while transaction.execute_unprepared(&childless).await?.rows_affected() > 0 {}
    }
    Ok(())
}
