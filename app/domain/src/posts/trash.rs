//! Posts that their authors have deleted: kept for some time, so that a slip can be mended.

use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::Expr,
};
use time::{Duration, OffsetDateTime};

use super::{
    counters,
    publish::{any, lock},
};
use crate::{
    AppState, Ctx,
    platform::{db::Transaction, entity::post, list::Cursor},
};
use shared::{
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
/// [`AppError::Forbidden`] for somebody else's post, [`AppError::Hidden`] for one that a moderator has hidden,
/// [`AppError::NotFound`] when there is none.
pub async fn delete(state: &AppState, author: &Viewer, id: i64) -> Result<(), AppError> {
    let transaction = state.db.begin().await?;
    lock(&transaction, author).await?;
    let before = any(&transaction, author, id).await?;
    if before.hidden_because.is_some() {
        return Err(AppError::Hidden);
    }
    take_away(&transaction, author.id, id, state.clock.now()).await?;
    state.db.commit(transaction).await?;
    Ok(())
}

/// Brings the post with the number `id` back to where it was.
///
/// # Errors
/// [`AppError::Forbidden`] or [`AppError::Gone`] for somebody else's post, [`AppError::Hidden`] for one that a moderator has
/// put there, [`AppError::NotFound`] when it has gone for ever.
pub async fn restore(state: &AppState, author: &Viewer, id: i64) -> Result<PostRef, AppError> {
    let transaction = state.db.begin().await?;
    lock(&transaction, author).await?;
    let before = any(&transaction, author, id).await?;
    if before.hidden_because.is_some() {
        return Err(AppError::Hidden);
    }
    bring_back(&transaction, author.id, id).await?;
    state.db.commit(transaction).await?;
    Ok(PostRef {
        id,
        slug: before.slug,
    })
}

/// Puts a post of the person with the number `author` into the trash; `false` when it is there.
pub(crate) async fn take_away(
    transaction: &Transaction,
    author: i64,
    id: i64,
    now: OffsetDateTime,
) -> Result<bool, AppError> {
    let Some(key) = mark(transaction, id, Some(now)).await? else {
        return Ok(false);
    };
    counters::leaves(transaction, author, key).await?;
    Ok(true)
}

/// Brings a post of the person with the number `author` back; `false` when it is on the site.
pub(crate) async fn bring_back(transaction: &Transaction, author: i64, id: i64) -> Result<bool, AppError> {
    let Some(key) = mark(transaction, id, None).await? else {
        return Ok(false);
    };
    counters::enters(transaction, author, key).await?;
    Ok(true)
}

/// Notes that a post is in the trash since `at`, or that it is not; nothing when that was so.
async fn mark(
    transaction: &Transaction,
    id: i64,
    at: Option<OffsetDateTime>,
) -> Result<Option<Cursor>, AppError> {
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
        return Ok(None);
    }
    let created_at: Option<OffsetDateTime> = post::Entity::find_by_id(id)
        .select_only()
        .column(post::Column::CreatedAt)
        .into_tuple()
        .one(transaction)
        .await?;
    Ok(created_at.map(|at| Cursor { at, id }))
}

#[derive(FromQueryResult)]
struct Row {
    id: i64,
    title: String,
    deleted_at: OffsetDateTime,
    hidden_because: Option<String>,
}

/// Page `number` of what `author` has deleted, latest first.
///
/// # Errors
/// [`AppError::NoSuchPage`] when there is no such page.
pub async fn list(ctx: &Ctx, author: &Viewer, number: u64) -> Result<Page<TrashedPost>, AppError> {
    let posts = post::Entity::find()
        .filter(post::Column::AuthorId.eq(author.id))
        .filter(post::Column::DeletedAt.is_not_null());
    // One person deletes no more than they have written, at the rate at which they may write.
    let total = posts.clone().count(ctx.state.db.reader()).await?;
    let pages = page::count_with(number, total, PER_PAGE)?;
    let rows: Vec<Row> = posts
        .select_only()
        .columns([
            post::Column::Id,
            post::Column::Title,
            post::Column::DeletedAt,
            post::Column::HiddenBecause,
        ])
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
        hidden_because: row.hidden_because,
    });
    Ok(Page {
        items: items.collect(),
        number,
        pages,
        total,
    })
}

/// Deletes for ever what has been in the trash for long enough, and tells how many. What a moderator has hidden stays: its
/// author has not thrown it away.
///
/// # Errors
/// When the database cannot be reached.
pub async fn sweep(state: &AppState) -> Result<u64, sea_orm::DbErr> {
    let swept = post::Entity::delete_many()
        .filter(post::Column::DeletedAt.lt(state.clock.now() - KEPT))
        .filter(post::Column::HiddenBecause.is_null())
        .exec(state.db.writer())
        .await?;
    Ok(swept.rows_affected)
}
