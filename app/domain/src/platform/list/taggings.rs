//! Maintenance of the lists of tags. A post stores its tags; while it is public, it is also in the list of each tag.

use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect,
    sea_query::OnConflict,
};

use super::{Cursor, List, counters::change_counter, milestone};
use crate::platform::{
    db::Transaction,
    entity::{post, tag, tagging},
    topic::Topic,
};
use shared::{error::AppError, model::tag::Tags};

/// Adds the post at `key` to the lists of its tags, because it became visible.
pub(super) async fn add(transaction: &Transaction, key: Cursor) -> Result<(), AppError> {
    let kept: Option<String> = post::Entity::find_by_id(key.id)
        .select_only()
        .column(post::Column::Tags)
        .into_tuple()
        .one(transaction)
        .await?;
    update(transaction, key, &Tags::read(&kept.unwrap_or_default())).await
}

/// Puts the post at `key` into the lists of `tags` and removes it from all others.
pub(crate) async fn update(transaction: &Transaction, key: Cursor, tags: &Tags) -> Result<(), AppError> {
    let before: Vec<i64> = tagging::Entity::find()
        .select_only()
        .column(tagging::Column::TagId)
        .filter(tagging::Column::PostId.eq(key.id))
        .into_tuple()
        .all(transaction)
        .await?;
    let after = numbers(transaction, tags).await?;
    // Also the lists that the post stays in, because they show what else has changed.
    transaction.invalidate(before.iter().chain(&after).copied().map(Topic::Tag));
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
            let total = count(transaction, id, 1).await?;
            milestone::added(transaction, List::Tagged(id), key, total).await?;
        } else {
            tagging::Entity::delete_by_id((id, key.at, key.id))
                .exec(transaction)
                .await?;
            count(transaction, id, -1).await?;
            milestone::removed(transaction, List::Tagged(id), key).await?;
        }
    }
    Ok(())
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

/// Adds `change` to the number of posts of a tag and returns the new number.
async fn count(transaction: &Transaction, id: i64, change: i64) -> Result<i64, AppError> {
    let row = tag::Column::Id.eq(id);
    let tag = change_counter::<tag::Entity>(transaction, row, tag::Column::PostCount, change).await?;
    Ok(tag.post_count)
}

/// Removes all posts of `author` from the lists of tags.
pub(super) async fn remove_author(transaction: &Transaction, author: i64) -> Result<(), AppError> {
    // Milestones after the removed posts are updated first.
    let statements = [
        format!(
            "UPDATE milestones SET rank = rank - (SELECT count(*) FROM taggings JOIN posts ON posts.id = post_id \
             WHERE tag_id = -1 - list AND author_id = {author} \
             AND (taggings.created_at, post_id) < (milestones.at, milestones.entry)) \
             WHERE list IN (SELECT -1 - tag_id FROM taggings JOIN posts ON posts.id = post_id WHERE author_id = {author})"
        ),
        format!(
            "UPDATE tags SET post_count = post_count - (SELECT count(*) FROM taggings JOIN posts ON posts.id = post_id \
             WHERE tag_id = tags.id AND author_id = {author}) \
             WHERE id IN (SELECT tag_id FROM taggings JOIN posts ON posts.id = post_id WHERE author_id = {author})"
        ),
        format!("DELETE FROM taggings WHERE post_id IN (SELECT id FROM posts WHERE author_id = {author})"),
    ];
    for statement in statements {
        transaction.execute_unprepared(&statement).await?;
    }
    Ok(())
}
