//! Maintenance of the lengths of lists and of each author's latest post.

use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait},
};
use time::OffsetDateTime;

use super::tags;
use crate::platform::{
    db::Transaction,
    entity::{post, total, user},
    list::{Cursor, List, SiteWideList, milestone},
};
use shared::{error::AppError, model::tag::Tags};

#[derive(FromQueryResult)]
struct AuthorCounts {
    post_count: i64,
    latest_post_at: Option<OffsetDateTime>,
    latest_post_id: Option<i64>,
}

impl AuthorCounts {
    fn latest(&self) -> Option<Cursor> {
        let (at, id) = (self.latest_post_at?, self.latest_post_id?);
        Some(Cursor { at, id })
    }
}

/// Updates the lists because the post of `author` at `key` became visible.
pub(super) async fn enters(transaction: &Transaction, author: i64, key: Cursor) -> Result<(), AppError> {
    let counts = counts(transaction, author).await?;
    let count = counts.post_count + 1;
    let all = add(transaction, SiteWideList::Posts, 1).await?;
    milestone::entered(transaction, List::Posts, key, all).await?;
    milestone::entered(transaction, List::PostsBy(author), key, count).await?;
    let latest = counts.latest().max(Some(key));
    arrange(transaction, author, &counts, count, latest).await?;
    tags::enters(transaction, key).await
}

/// Updates the lists because the post of `author` at `key` is no longer visible; it must be marked as deleted before.
pub(super) async fn leaves(transaction: &Transaction, author: i64, key: Cursor) -> Result<(), AppError> {
    let counts = counts(transaction, author).await?;
    add(transaction, SiteWideList::Posts, -1).await?;
    milestone::left(transaction, List::Posts, key).await?;
    milestone::left(transaction, List::PostsBy(author), key).await?;
    let latest = if counts.latest() == Some(key) {
        newest(transaction, author).await?
    } else {
        counts.latest()
    };
    arrange(transaction, author, &counts, counts.post_count - 1, latest).await?;
    tags::change(transaction, key, &Tags::default()).await
}

/// Updates the lists before `author` is deleted with all their posts.
pub(crate) async fn author_leaves(transaction: &Transaction, author: i64) -> Result<(), AppError> {
    let counts = counts(transaction, author).await?;
    // Totals first, the order in which every transaction takes these locks.
    add(transaction, SiteWideList::Posts, -counts.post_count).await?;
    milestone::author_leaves(transaction, author).await?;
    arrange(transaction, author, &counts, 0, None).await?;
    tags::author_leaves(transaction, author).await
}

/// Locks all lists until the transaction ends.
pub(super) async fn hold(transaction: &Transaction) -> Result<(), AppError> {
    add(transaction, SiteWideList::Posts, 0).await.map(drop)
}

/// Stores that `author` has `count` posts, of which `latest` is the newest.
async fn arrange(
    transaction: &Transaction,
    author: i64,
    before: &AuthorCounts,
    count: i64,
    latest: Option<Cursor>,
) -> Result<(), AppError> {
    user::Entity::update_many()
        .col_expr(user::Column::PostCount, Expr::value(count))
        .col_expr(user::Column::LatestPostAt, Expr::value(latest.map(|key| key.at)))
        .col_expr(user::Column::LatestPostId, Expr::value(latest.map(|key| key.id)))
        .filter(user::Column::Id.eq(author))
        .exec(transaction)
        .await?;
    let (from, to) = (before.latest_post_at, latest.map(|key| key.at));
    if from == to {
        return Ok(());
    }
    let place = |at| Cursor { at, id: author };
    if let Some(at) = from {
        milestone::left(transaction, List::Writers, place(at)).await?;
    }
    let change = i64::from(to.is_some()) - i64::from(from.is_some());
    let writers = add(transaction, SiteWideList::Writers, change).await?;
    if let Some(at) = to {
        milestone::entered(transaction, List::Writers, place(at), writers).await?;
    }
    Ok(())
}

async fn counts(transaction: &Transaction, author: i64) -> Result<AuthorCounts, AppError> {
    user::Entity::find_by_id(author)
        .lock_exclusive()
        .into_model()
        .one(transaction)
        .await?
        .ok_or(AppError::SignInRequired)
}

async fn newest(transaction: &Transaction, author: i64) -> Result<Option<Cursor>, AppError> {
    let found = post::Entity::find()
        .select_only()
        .column_as(post::Column::CreatedAt, "at")
        .column(post::Column::Id)
        .filter(post::Column::AuthorId.eq(author))
        .filter(post::Column::DeletedAt.is_null())
        .order_by_desc(post::Column::CreatedAt)
        .order_by_desc(post::Column::Id)
        .into_model()
        .one(transaction)
        .await?;
    Ok(found)
}

/// Adds `change` to the length of `list` and returns the new length.
async fn add(transaction: &Transaction, list: SiteWideList, change: i64) -> Result<i64, AppError> {
    let rows = total::Entity::update_many()
        .col_expr(
            total::Column::Number,
            Expr::col(total::Column::Number).add(change),
        )
        .filter(total::Column::Name.eq(list.total()))
        .exec_with_returning(transaction)
        .await?;
    rows.first().map(|row| row.number).ok_or(AppError::Internal)
}
