//! Changing a comment.

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, sea_query::Expr};
use time::OffsetDateTime;

use super::{
    holding::hold_row,
    host::{self, Host},
    path,
    rendering::rendered,
    row::{self, CommentRow},
};
use crate::{
    Scope,
    markdown::RENDERER,
    platform::{db::Transaction, entity::comment, topic::Topic},
    policy::{self, Action, Actor, may},
    trust::{self, TextId, Written},
};
use shared::{
    error::AppError,
    forms::comment::EditedComment,
    model::{
        account::Viewer,
        comment::{CommentDocument, EDITABLE, LEVELS, UNMARKED},
    },
};

/// Returns the comment with this id, for its author to change it.
///
/// # Errors
///
/// Returns the errors of [`may`] if `viewer` may not change it, and [`AppError::NoLongerEditable`] if it is too old.
pub async fn open(scope: &Scope, viewer: &Viewer, id: i64) -> Result<CommentDocument, AppError> {
    let db = scope.state.db.reader();
    let row = row::find(db, id).await?;
    let host = host::readable(scope, row.post_id).await?;
    require(viewer.into(), &host, &row, scope.state.clock.now())?;
    let content: Option<String> = comment::Entity::find_by_id(id)
        .select_only()
        .column(comment::Column::Content)
        .into_tuple()
        .one(db)
        .await?;
    Ok(CommentDocument {
        id,
        post: host.post(),
        content: content.ok_or(AppError::CommentGone)?,
        version: row.version,
    })
}

/// Changes a comment of `viewer`, and returns whether it waits for a moderator now. The change is marked with its time if the comment
/// is older than [`UNMARKED`] or has been answered.
///
/// # Errors
///
/// Returns the errors of [`open`], [`AppError::Conflict`] if it has another version, and [`AppError::Invalid`] if nothing of the
/// text would be visible or it has too many parts.
pub async fn update(scope: &Scope, viewer: &Viewer, edited: EditedComment) -> Result<IsHeld, AppError> {
    let limit = &scope.state.limits.comment;
    limit.check(&scope.state.db, viewer.id).await?;
    let html = rendered(&edited.content).await?;
    let (site, now) = (scope.site().await, scope.state.clock.now());
    let transaction = scope.state.db.begin().await?;
    let actor = policy::lock(&transaction, viewer).await?;
    let (host, row) = lock(&transaction, edited.comment).await?;
    host.require_readable(&site, actor)?;
    require(actor, &host, &row, now)?;
    let before: Option<String> = comment::Entity::find_by_id(row.id)
        .select_only()
        .column(comment::Column::Content)
        .into_tuple()
        .one(&transaction)
        .await?;
    if before.as_ref() == Some(&edited.content) {
        return Ok(IsHeld(false));
    }
    if row.version != edited.version {
        return Err(AppError::Conflict);
    }
    let is_marked = now - row.created_at >= UNMARKED || has_branch(&transaction, &row).await?;
    comment::Entity::update_many()
        .col_expr(comment::Column::Content, Expr::value(edited.content))
        .col_expr(comment::Column::Html, Expr::value(html.as_str()))
        .col_expr(comment::Column::Renderer, Expr::value(RENDERER))
        .col_expr(comment::Column::Version, Expr::value(row.version + 1))
        .col_expr(
            comment::Column::EditedAt,
            Expr::value(if is_marked { Some(now) } else { row.edited_at }),
        )
        .filter(comment::Column::Id.eq(row.id))
        .exec(&transaction)
        .await?;
    transaction.invalidate([Topic::Post(host.id)]);
    let written = Written {
        author: viewer.id,
        text: TextId::Comment(row.id),
        html: &html,
        is_new: false,
        points: 0,
    };
    let reason = trust::assess(scope, &site, &transaction, written).await?;
    if let Some(reason) = reason {
        hold_row(&transaction, &host, &row, reason).await?;
    }
    scope.state.db.commit(transaction).await?;
    scope.state.jobs.wake();
    Ok(IsHeld(reason.is_some()))
}

/// Whether a text waits for a moderator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IsHeld(pub bool);

/// Returns an error if `actor` may not change `row`, or cannot any longer.
fn require(actor: Actor, host: &Host, row: &CommentRow, now: OffsetDateTime) -> Result<(), AppError> {
    may(actor, Action::EditComment, row.target(host.author_id))?;
    if now - row.created_at < EDITABLE {
        Ok(())
    } else {
        Err(AppError::NoLongerEditable)
    }
}

/// Returns the comment with this id and its post, and locks the row of the post, which serializes the changes of its comments.
///
/// # Errors
///
/// Returns the errors of [`row::find`].
pub(super) async fn lock(transaction: &Transaction, id: i64) -> Result<(Host, CommentRow), AppError> {
    let post = row::find(transaction, id).await?.post_id;
    let host = host::lock(transaction, post).await?;
    // It may have changed before the lock.
    Ok((host, row::find(transaction, id).await?))
}

/// Returns whether there are answers to `row`: below it, or beside it on the last level.
pub(super) async fn has_branch(db: &impl ConnectionTrait, row: &CommentRow) -> Result<bool, AppError> {
    let later = comment::Entity::find()
        .select_only()
        .column(comment::Column::Id)
        .filter(comment::Column::RootId.eq(row.root_id))
        .filter(comment::Column::Path.gt(row.path.as_str()));
    let answers = if path::ids(&row.path).len() < LEVELS {
        later.filter(comment::Column::Path.lt(path::end(&row.path)))
    } else {
        later
            .filter(comment::Column::Path.lt(path::end(path::above(&row.path))))
            .filter(comment::Column::AnsweredId.eq(row.id))
    };
    let answer: Option<i64> = answers.into_tuple().one(db).await?;
    Ok(answer.is_some())
}
