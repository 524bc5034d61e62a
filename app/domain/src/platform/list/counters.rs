//! Maintenance of the lengths of lists and of each author's latest post.

use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait},
};
use time::OffsetDateTime;

use super::{Cursor, List, SiteWideList, milestone, taggings};
use crate::platform::{
    db::Transaction,
    entity::{post, total, user},
    topic::Topic,
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
pub(crate) async fn add(transaction: &Transaction, author: i64, key: Cursor) -> Result<(), AppError> {
    transaction.invalidate([Topic::Site, Topic::User(author), Topic::Post(key.id)]);
    let counts = counts(transaction, author).await?;
    let count = counts.post_count + 1;
    let all = change_total(transaction, SiteWideList::Posts, 1).await?;
    milestone::added(transaction, List::Posts, key, all).await?;
    milestone::added(transaction, List::PostsBy(author), key, count).await?;
    let latest = counts.latest().max(Some(key));
    update(transaction, author, &counts, count, latest).await?;
    taggings::add(transaction, key).await
}

/// Updates the lists because the post of `author` at `key` is no longer visible; it must be marked as deleted before.
pub(crate) async fn remove(transaction: &Transaction, author: i64, key: Cursor) -> Result<(), AppError> {
    transaction.invalidate([Topic::Site, Topic::User(author), Topic::Post(key.id)]);
    let counts = counts(transaction, author).await?;
    change_total(transaction, SiteWideList::Posts, -1).await?;
    milestone::removed(transaction, List::Posts, key).await?;
    milestone::removed(transaction, List::PostsBy(author), key).await?;
    let latest = if counts.latest() == Some(key) {
        newest(transaction, author).await?
    } else {
        counts.latest()
    };
    update(transaction, author, &counts, counts.post_count - 1, latest).await?;
    taggings::update(transaction, key, &Tags::default()).await
}

/// Updates the lists before `author` is deleted with all their posts.
pub(crate) async fn remove_author(transaction: &Transaction, author: i64) -> Result<(), AppError> {
    transaction.invalidate([Topic::Everything]);
    let counts = counts(transaction, author).await?;
    // Totals first, the order in which every transaction takes these locks.
    change_total(transaction, SiteWideList::Posts, -counts.post_count).await?;
    milestone::remove_author(transaction, author).await?;
    update(transaction, author, &counts, 0, None).await?;
    taggings::remove_author(transaction, author).await
}

/// Locks all lists until the transaction ends.
pub(crate) async fn lock(transaction: &Transaction) -> Result<(), AppError> {
    change_total(transaction, SiteWideList::Posts, 0).await.map(drop)
}

/// Stores that `author` has `count` posts, of which `latest` is the newest.
async fn update(
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
        milestone::removed(transaction, List::Authors, place(at)).await?;
    }
    let change = i64::from(to.is_some()) - i64::from(from.is_some());
    let authors = change_total(transaction, SiteWideList::Authors, change).await?;
    if let Some(at) = to {
        milestone::added(transaction, List::Authors, place(at), authors).await?;
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
        .filter(post::listed())
        .order_by_desc(post::Column::CreatedAt)
        .order_by_desc(post::Column::Id)
        .into_model()
        .one(transaction)
        .await?;
    Ok(found)
}

/// Adds `change` to the length of `list` and returns the new length.
async fn change_total(transaction: &Transaction, list: SiteWideList, change: i64) -> Result<i64, AppError> {
    let row = total::Column::Name.eq(list.total());
    let total = change_counter::<total::Entity>(transaction, row, total::Column::Number, change).await?;
    Ok(total.number)
}

/// Adds `change` to `counter` in the only row that `row` selects and returns the new row. The row is locked until the
/// transaction ends.
pub(super) async fn change_counter<E: EntityTrait>(
    transaction: &Transaction,
    row: Expr,
    counter: E::Column,
    change: i64,
) -> Result<E::Model, AppError> {
    let rows = E::update_many()
        .col_expr(counter, Expr::col(counter).add(change))
        .filter(row)
        .exec_with_returning(transaction)
        .await?;
    rows.into_iter().next().ok_or(AppError::Internal)
}
