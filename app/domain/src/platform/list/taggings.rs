//! Maintenance of the lists of tags. A post stores its tags; while it is public, it is also in the list of each tag.

use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, DatabaseBackend, EntityTrait, QueryFilter, QuerySelect,
    sea_query::{Expr, ExprTrait, OnConflict},
};

use super::{
    Cursor, List,
    change::{self, ListChange},
};
use crate::platform::{
    db::Transaction,
    entity::{tag, tagging},
    topic::Topic,
};
use shared::{error::AppError, model::tag::Tags};

/// Puts the post at `key`, which became visible, into the lists of its `tags`. Returns the changes of the lists.
pub(super) async fn add(
    transaction: &Transaction,
    key: Cursor,
    tags: &Tags,
) -> Result<Vec<ListChange>, AppError> {
    let after = numbers(transaction, tags).await?;
    replace(transaction, key, &[], &after).await
}

/// Removes the post at `key`, which is no longer visible, from all lists of tags. Returns the changes of the lists.
pub(super) async fn remove(transaction: &Transaction, key: Cursor) -> Result<Vec<ListChange>, AppError> {
    let before = tagged(transaction, key.id).await?;
    replace(transaction, key, &before, &[]).await
}

/// Puts the post at `key` into the lists of `tags` and removes it from all others.
pub(crate) async fn update(transaction: &Transaction, key: Cursor, tags: &Tags) -> Result<(), AppError> {
    let before = tagged(transaction, key.id).await?;
    let after = numbers(transaction, tags).await?;
    let changes = replace(transaction, key, &before, &after).await?;
    change::record(transaction, changes).await?;
    Ok(())
}

/// Returns the ids of the tags in whose lists the post is.
async fn tagged(transaction: &Transaction, post: i64) -> Result<Vec<i64>, AppError> {
    let tags = tagging::Entity::find()
        .select_only()
        .column(tagging::Column::TagId)
        .filter(tagging::Column::PostId.eq(post))
        .into_tuple()
        .all(transaction)
        .await?;
    Ok(tags)
}

/// Moves the post at `key` from the lists of the tags `before` to those of the tags `after`. Returns the changes of the
/// lists.
async fn replace(
    transaction: &Transaction,
    key: Cursor,
    before: &[i64],
    after: &[i64],
) -> Result<Vec<ListChange>, AppError> {
    // Also the lists that the post stays in, because they show what else has changed.
    transaction.invalidate(before.iter().chain(after).copied().map(Topic::Tag));
    let mut changed: Vec<(i64, bool)> = Vec::new();
    changed.extend(
        before
            .iter()
            .filter(|id| !after.contains(id))
            .map(|id| (*id, false)),
    );
    changed.extend(
        after
            .iter()
            .filter(|id| !before.contains(id))
            .map(|id| (*id, true)),
    );
    // In ascending order, so that concurrent changes take their locks in the same order.
    changed.sort_unstable();
    let mut entries = Vec::new();
    for (id, is_new) in changed {
        if is_new {
            let row = tagging::ActiveModel {
                tag_id: Set(id),
                created_at: Set(key.at),
                post_id: Set(key.id),
            };
            tagging::Entity::insert(row)
                .exec_without_returning(transaction)
                .await?;
            count(transaction, id, 1).await?;
            entries.push(ListChange::added(List::Tagged(id), key));
        } else {
            tagging::Entity::delete_by_id((id, key.at, key.id))
                .exec(transaction)
                .await?;
            count(transaction, id, -1).await?;
            entries.push(ListChange::removed(List::Tagged(id), key));
        }
    }
    Ok(entries)
}

/// Returns the ids of `tags`, creating those that do not exist.
async fn numbers(transaction: &Transaction, tags: &Tags) -> Result<Vec<i64>, AppError> {
    if tags.names().is_empty() {
        return Ok(Vec::new());
    }
    let mut numbers = known(transaction, tags.names()).await?;
    if numbers.len() < tags.names().len() {
        let mut names = tags.names().to_vec();
        names.sort_unstable();
        let rows = names.into_iter().map(|name| tag::ActiveModel {
            name: Set(name),
            ..Default::default()
        });
        let is_known = OnConflict::column(tag::Column::Name).do_nothing().to_owned();
        tag::Entity::insert_many(rows)
            .on_conflict(is_known)
            .exec_without_returning(transaction)
            .await?;
        numbers = known(transaction, tags.names()).await?;
    }
    Ok(numbers)
}

/// Returns the ids of the existing ones of these tags.
async fn known(transaction: &Transaction, names: &[String]) -> Result<Vec<i64>, AppError> {
    let found = tag::Entity::find()
        .select_only()
        .column(tag::Column::Id)
        .filter(tag::Column::Name.is_in(names))
        .into_tuple()
        .all(transaction)
        .await?;
    Ok(found)
}

/// Adds `change` to the number of posts of a tag.
async fn count(transaction: &Transaction, id: i64, change: i64) -> Result<(), AppError> {
    tag::Entity::update_many()
        .col_expr(
            tag::Column::PostCount,
            Expr::col(tag::Column::PostCount).add(change),
        )
        .filter(tag::Column::Id.eq(id))
        .exec(transaction)
        .await?;
    Ok(())
}

/// Removes all posts of `author` from the lists of tags.
pub(super) async fn remove_author(transaction: &Transaction, author: i64) -> Result<(), AppError> {
    let tags =
        format!("SELECT tag_id FROM taggings JOIN posts ON posts.id = post_id WHERE author_id = {author}");
    if transaction.get_database_backend() == DatabaseBackend::Postgres {
        // In ascending order like `update`, because the statements below lock the tags in any order.
        let lock = format!("SELECT id FROM tags WHERE id IN ({tags}) ORDER BY id FOR NO KEY UPDATE");
        transaction.execute_unprepared(&lock).await?;
    }
    let statements = [
        format!(
            "UPDATE tags SET post_count = post_count - (SELECT count(*) FROM taggings JOIN posts ON posts.id = post_id \
             WHERE tag_id = tags.id AND author_id = {author}) \
             WHERE id IN ({tags})"
        ),
        format!("DELETE FROM taggings WHERE post_id IN (SELECT id FROM posts WHERE author_id = {author})"),
    ];
    for statement in statements {
        transaction.execute_unprepared(&statement).await?;
    }
    Ok(())
}
