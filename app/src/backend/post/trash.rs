//! Posts that their authors have deleted: kept for some time, so that a slip can be mended.

use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityTrait, FromQueryResult, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, sea_query::Expr,
};
use time::{Duration, OffsetDateTime};

use super::{
    count,
    publish::{any, lock},
};
use crate::{
    backend::{AppState, Ctx, entity::post, list::Key},
    error::AppError,
    model::{
        account::Viewer,
        page::{self, Page},
        post::{PostRef, TrashedPost},
    },
};

/// A deleted post can be brought back for this long.
pub const KEPT: Duration = Duration::days(30);
/// Entries on a page of the trash.
const PER_PAGE: u64 = 20;

/// Puts the post with the number `id` into the trash of its `author`. One that is there already stays.
///
/// # Errors
/// [`AppError::Forbidden`] for somebody else's post, [`AppError::NotFound`] when there is none.
pub async fn delete(state: &AppState, author: &Viewer, id: i64) -> Result<(), AppError> {
    let now = state.clock.now();
    let transaction = state.db.begin().await?;
    lock(&transaction, author).await?;
    let before = any(&transaction, author, id).await?;
    if before.deleted_at.is_none() {
        mark(&transaction, id, Some(now)).await?;
        let key = Key {
            at: before.created_at,
            id,
        };
        count::leaves(&transaction, author.id, key).await?;
        transaction.commit().await?;
    }
    Ok(())
}

/// Brings the post with the number `id` back to where it was.
///
/// # Errors
/// [`AppError::Forbidden`] or [`AppError::Gone`] for somebody else's post, [`AppError::NotFound`] when it has gone for ever.
pub async fn restore(state: &AppState, author: &Viewer, id: i64) -> Result<PostRef, AppError> {
    let transaction = state.db.begin().await?;
    lock(&transaction, author).await?;
    let before = any(&transaction, author, id).await?;
    if before.deleted_at.is_some() {
        mark(&transaction, id, None).await?;
        let key = Key {
            at: before.created_at,
            id,
        };
        count::enters(&transaction, author.id, key).await?;
        transaction.commit().await?;
    }
    Ok(PostRef {
        id,
        slug: before.slug,
    })
}

async fn mark(
    transaction: &DatabaseTransaction,
    id: i64,
    at: Option<OffsetDateTime>,
) -> Result<(), AppError> {
    let before = if at.is_some() {
        post::Column::DeletedAt.is_null()
    } else {
        post::Column::DeletedAt.is_not_null()
    };
    let marked = post::Entity::update_many()
        .col_expr(post::Column::DeletedAt, Expr::value(at))
        .filter(post::Column::Id.eq(id))
        .filter(before)
        .exec(transaction)
        .await?;
    if marked.rows_affected == 0 {
        // It has gone for ever since it was looked up.
        return Err(AppError::NotFound);
    }
    Ok(())
}

#[derive(FromQueryResult)]
struct Row {
    id: i64,
    title: String,
    deleted_at: OffsetDateTime,
}

/// Page `number` of what `author` has deleted, latest first.
///
/// # Errors
/// [`AppError::NotFound`] when there is no such page.
pub async fn list(ctx: &Ctx, author: &Viewer, number: u64) -> Result<Page<TrashedPost>, AppError> {
    let posts = post::Entity::find()
        .filter(post::Column::AuthorId.eq(author.id))
        .filter(post::Column::DeletedAt.is_not_null());
    // One person deletes no more than they have written, at the rate at which they may write.
    let total = posts.clone().count(ctx.state.db.reader()).await?;
    let pages = page::count(total, PER_PAGE);
    if number < 1 || number > pages {
        return Err(AppError::NotFound);
    }
    let rows: Vec<Row> = posts
        .select_only()
        .columns([post::Column::Id, post::Column::Title, post::Column::DeletedAt])
        .order_by_desc(post::Column::DeletedAt)
        .order_by_desc(post::Column::Id)
        .offset((number - 1) * PER_PAGE)
        .limit(PER_PAGE)
        .into_model()
        .all(ctx.state.db.reader())
        .await?;
    let items = rows.into_iter().map(|row| TrashedPost {
        id: row.id,
        title: row.title,
        deleted_at: row.deleted_at,
        goes_at: row.deleted_at + KEPT,
    });
    Ok(Page {
        items: items.collect(),
        number,
        pages,
        total,
    })
}

/// Deletes for ever what has been in the trash for long enough, and tells how many.
///
/// # Errors
/// When the database cannot be reached.
pub async fn sweep(state: &AppState) -> Result<u64, sea_orm::DbErr> {
    let swept = post::Entity::delete_many()
        .filter(post::Column::DeletedAt.lt(state.clock.now() - KEPT))
        .exec(state.db.writer())
        .await?;
    Ok(swept.rows_affected)
}
