//! Maintenance of the lengths of lists and of each author's latest post.

use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr,
};
use time::OffsetDateTime;

use super::{
    Cursor, List, SiteWideList,
    change::{self, ListChange},
    taggings,
};
use crate::platform::{
    db::Transaction,
    entity::{post, user},
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

/// Updates the lists because the post of `author` at `key` with these `tags` became visible.
pub(crate) async fn add(
    transaction: &Transaction,
    author: i64,
    key: Cursor,
    tags: &Tags,
) -> Result<(), AppError> {
    transaction.invalidate([Topic::Site, Topic::User(author), Topic::Post(key.id)]);
    let counts = counts(transaction, author).await?;
    let latest = counts.latest().max(Some(key));
    let mut changes = update(transaction, author, &counts, counts.post_count + 1, latest).await?;
    SiteWideList::Posts.change_length(transaction, 1).await?;
    changes.push(ListChange::added(List::Posts, key));
    changes.push(ListChange::added(List::PostsBy(author), key));
    changes.extend(taggings::add(transaction, key, tags).await?);
    change::record(transaction, changes).await?;
    Ok(())
}

/// Updates the lists because the post of `author` at `key` is no longer visible; it must be marked as deleted before.
pub(crate) async fn remove(transaction: &Transaction, author: i64, key: Cursor) -> Result<(), AppError> {
    transaction.invalidate([Topic::Site, Topic::User(author), Topic::Post(key.id)]);
    let counts = counts(transaction, author).await?;
    let latest = if counts.latest() == Some(key) {
        newest(transaction, author).await?
    } else {
        counts.latest()
    };
    let mut changes = update(transaction, author, &counts, counts.post_count - 1, latest).await?;
    SiteWideList::Posts.change_length(transaction, -1).await?;
    changes.push(ListChange::removed(List::Posts, key));
    changes.push(ListChange::removed(List::PostsBy(author), key));
    changes.extend(taggings::remove(transaction, key).await?);
    change::record(transaction, changes).await?;
    Ok(())
}

/// Updates the lists before `author` is deleted with all their posts.
pub(crate) async fn remove_author(transaction: &Transaction, author: i64) -> Result<(), AppError> {
    transaction.invalidate([Topic::Everything]);
    let counts = counts(transaction, author).await?;
    let changes = update(transaction, author, &counts, 0, None).await?;
    SiteWideList::Posts
        .change_length(transaction, -counts.post_count)
        .await?;
    change::record(transaction, changes).await?;
    change::record_removal_of_all(transaction, author).await?;
    taggings::remove_author(transaction, author).await
}

/// Stores that `author` has `count` posts, of which `latest` is the newest. Returns the changes of the list of authors.
async fn update(
    transaction: &Transaction,
    author: i64,
    before: &AuthorCounts,
    count: i64,
    latest: Option<Cursor>,
) -> Result<Vec<ListChange>, AppError> {
    user::Entity::update_many()
        .col_expr(user::Column::PostCount, Expr::value(count))
        .col_expr(user::Column::LatestPostAt, Expr::value(latest.map(|key| key.at)))
        .col_expr(user::Column::LatestPostId, Expr::value(latest.map(|key| key.id)))
        .filter(user::Column::Id.eq(author))
        .exec(transaction)
        .await?;
    let (from, to) = (before.latest_post_at, latest.map(|key| key.at));
    if from == to {
        return Ok(Vec::new());
    }
    let change = i64::from(to.is_some()) - i64::from(from.is_some());
    SiteWideList::Authors.change_length(transaction, change).await?;
    let place = |at| Cursor { at, id: author };
    let removed = from.map(|at| ListChange::removed(List::Authors, place(at)));
    let added = to.map(|at| ListChange::added(List::Authors, place(at)));
    Ok(removed.into_iter().chain(added).collect())
}

/// Returns the counts of `author` and locks their row, which serializes the changes of their posts.
async fn counts(transaction: &Transaction, author: i64) -> Result<AuthorCounts, AppError> {
    user::Entity::find_by_id(author)
        .select_only()
        .columns([
            user::Column::PostCount,
            user::Column::LatestPostAt,
            user::Column::LatestPostId,
        ])
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
