//! Keeping the text of a post that is replaced.

use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use time::{Duration, OffsetDateTime};

use super::retention::{Replaced, superfluous};
use crate::{
    platform::{db::Transaction, entity::revision},
    posts::ownership::OwnPost,
};
use shared::{error::AppError, forms::post::NewPost};

/// The time within which small changes are one.
const GRACE: Duration = Duration::minutes(5);
/// The maximum number of characters of a small change.
const SMALL: usize = 100;

/// Keeps the text of `before`, which `new` is about to replace. Small changes shortly after another change are one with
/// it, so that the text between them is not kept. Returns the note about the change.
pub(crate) async fn keep(
    transaction: &Transaction,
    before: &OwnPost,
    new: &NewPost,
    now: OffsetDateTime,
) -> Result<String, AppError> {
    // What was said about the last change may still be true.
    let note = || match new.change_note.as_str() {
        "" => before.change_note.clone(),
        note => note.to_owned(),
    };
    if before.has(new) {
        return Ok(note());
    }
    let last: Option<OffsetDateTime> = revision::Entity::find()
        .select_only()
        .column(revision::Column::ReplacedAt)
        .filter(revision::Column::PostId.eq(before.id))
        .order_by_desc(revision::Column::Version)
        .limit(1)
        .into_tuple()
        .one(transaction)
        .await?;
    let begun_at = last.unwrap_or(before.created_at);
    if now - begun_at < GRACE && is_small(before, new) {
        return Ok(note());
    }
    add(transaction, before, now).await?;
    Ok(new.change_note.clone())
}

/// Adds the text of `before` to the history, and removes versions that are not kept any longer.
pub(crate) async fn add(
    transaction: &Transaction,
    before: &OwnPost,
    now: OffsetDateTime,
) -> Result<(), AppError> {
    let row = revision::ActiveModel {
        post_id: Set(before.id),
        version: Set(before.version),
        title: Set(before.title.clone()),
        tags: Set(before.tags.clone()),
        change_note: Set(before.change_note.clone()),
        saved_at: Set(before.updated_at),
        replaced_at: Set(now),
        content: Set(before.content.clone()),
        details: Set(before.details.clone()),
        ..Default::default()
    };
    revision::Entity::insert(row)
        .exec_without_returning(transaction)
        .await?;
    let versions: Vec<(i64, OffsetDateTime)> = revision::Entity::find()
        .select_only()
        .columns([revision::Column::Version, revision::Column::SavedAt])
        .filter(revision::Column::PostId.eq(before.id))
        .into_tuple()
        .all(transaction)
        .await?;
    let versions = versions
        .into_iter()
        .map(|(version, saved_at)| Replaced { version, saved_at });
    let superfluous = superfluous(versions.collect(), now);
    if !superfluous.is_empty() {
        revision::Entity::delete_many()
            .filter(revision::Column::PostId.eq(before.id))
            .filter(revision::Column::Version.is_in(superfluous))
            .exec(transaction)
            .await?;
    }
    Ok(())
}

/// Returns whether few characters differ between the two texts.
fn is_small(before: &OwnPost, new: &NewPost) -> bool {
    let texts = changed(&before.content, &new.content) + changed(&before.title, &new.title);
    texts <= SMALL && before.details == new.details.kept()
}

/// Returns the number of characters between the first and the last that differ, in the text with more of them.
fn changed(old: &str, new: &str) -> usize {
    let same = old.chars().zip(new.chars()).take_while(|(old, new)| old == new);
    let start: usize = same.map(|(character, _)| character.len_utf8()).sum();
    let (old, new) = (old.get(start..).unwrap_or(old), new.get(start..).unwrap_or(new));
    let (old, new) = (old.chars().rev(), new.chars().rev());
    let same = old
        .clone()
        .zip(new.clone())
        .take_while(|(old, new)| old == new)
        .count();
    old.count().max(new.count()) - same
}

#[cfg(test)]
mod tests {
    use super::changed;

    #[test]
    fn the_characters_that_differ_are_counted() {
        for (old, new, expected) in [
            ("", "", 0),
            ("same", "same", 0),
            ("a mistake here", "a mistäke here", 1),
            ("one two three", "one three", 4),
            ("aaa", "aaaa", 1),
            ("", "é日", 2),
            ("all", "other", 5),
        ] {
            assert_eq!(changed(old, new), expected, "{old:?} {new:?}");
            assert_eq!(changed(new, old), expected, "{new:?} {old:?}");
        }
    }
}
