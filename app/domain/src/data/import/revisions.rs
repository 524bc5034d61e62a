//! Import of the texts that posts had before.

use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect};

use super::{Counted, Numbers, advance, moment, note_of, tags};
use crate::{
    Scope,
    data::interchange::Revision,
    platform::{
        db::Transaction,
        entity::{post, revision},
    },
};
use shared::{error::AppError, forms::post::TITLE_MAX};

/// Adds the revisions that do not exist yet to the posts of this import.
///
/// # Errors
///
/// Returns an error if the database cannot be reached. None of the revisions is added then.
pub async fn revisions(
    scope: &Scope,
    numbers: &Numbers,
    revisions: Vec<Revision>,
) -> Result<Counted, AppError> {
    let mut counted = Counted::default();
    let transaction = scope.state.db.begin().await?;
    for incoming in revisions {
        let Some(post) = numbers.posts.get(&incoming.post).copied() else {
            counted.left_out += 1;
            continue;
        };
        let is_there = is_there(&transaction, post, incoming.version).await?;
        counted.count(!is_there);
        if is_there {
            continue;
        }
        let row = revision::ActiveModel {
            post_id: Set(post),
            version: Set(incoming.version.clamp(1, 1 << 40)),
            title: Set(incoming.title.chars().take(TITLE_MAX).collect()),
            tags: Set(tags(&incoming.tags).kept()),
            change_note: Set(note_of(incoming.change_note)),
            saved_at: Set(moment(incoming.saved_at)),
            replaced_at: Set(moment(incoming.replaced_at)),
            content: Set(incoming.content),
            details: Set(incoming.details.kept()),
            ..Default::default()
        };
        revision::Entity::insert(row)
            .exec_without_returning(&transaction)
            .await?;
    }
    advance(&transaction, "revisions").await?;
    scope.state.db.commit(transaction).await?;
    Ok(counted)
}

/// Returns whether the post with the id `post` has this version, or has not come to it yet.
async fn is_there(transaction: &Transaction, post: i64, version: i64) -> Result<bool, AppError> {
    let present: Option<i64> = post::Entity::find_by_id(post)
        .select_only()
        .column(post::Column::Version)
        .into_tuple()
        .one(transaction)
        .await?;
    if present.is_none_or(|present| version >= present) {
        return Ok(true);
    }
    let before = revision::Entity::find()
        .filter(revision::Column::PostId.eq(post))
        .filter(revision::Column::Version.eq(version))
        .count(transaction)
        .await?;
    Ok(before > 0)
}
