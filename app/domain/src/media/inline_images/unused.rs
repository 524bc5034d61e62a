//! Images that no text uses any more.
//!
//! A periodic sweep searches the texts of a few owners at a time. An image that has been unused for as long as
//! deleted posts are kept is deleted.

use std::collections::HashSet;

use futures::TryStreamExt;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, JoinType, QueryFilter, QuerySelect, RelationTrait,
    StreamTrait, sea_query::Expr,
};
use time::{Duration, OffsetDateTime};

use crate::{
    Scope,
    media::{self, scaled_images},
    platform::{
        db::Transaction,
        entity::{draft, image, post, revision, setting, static_page, user},
    },
};
use shared::{model::post::TRASH_DAYS, paths::IMAGES};

/// The covers of posts.
mod covers;

/// The interval between two checks of an image.
const AGAIN: Duration = Duration::days(7);
/// How long an unused image is kept.
const KEPT: Duration = Duration::days(TRASH_DAYS);
/// The number of owners per sweep.
const OWNERS: u64 = 50;
/// The overlap of the two searches, which allows for clocks that differ between servers.
const READING: Duration = Duration::minutes(5);
/// The number of names per statement, within the limits on bound values.
pub(super) const NAMES: usize = 1_000;

/// Deletes the images that have been unused for as long as deleted posts are kept, and returns their number.
///
/// # Errors
///
/// Returns an error if the database cannot be reached.
pub async fn sweep(scope: &Scope) -> Result<u64, DbErr> {
    let now = scope.state.clock.now();
    let owners: Vec<i64> = image::Entity::find()
        .select_only()
        .column(image::Column::OwnerId)
        .distinct()
        .filter(image::Column::CheckedAt.lt(now - AGAIN))
        .limit(OWNERS)
        .into_tuple()
        .all(scope.state.db.reader())
        .await?;
    let mut swept = 0;
    for owner in owners {
        swept += check(scope, owner, now).await?;
    }
    Ok(swept)
}

/// Checks all images of `owner` and deletes those that have been unused for [`KEPT`].
async fn check(scope: &Scope, owner: i64, now: OffsetDateTime) -> Result<u64, DbErr> {
    let mut used = used_since(scope.state.db.reader(), owner, OffsetDateTime::UNIX_EPOCH).await?;
    let transaction = scope.state.db.begin().await?;
    // With the lock, the owner cannot save anything until the transaction ends; texts saved since the first search
    // are read now.
    lock(&transaction, owner).await?;
    used.extend(used_since(&transaction, owner, now - READING).await?);
    used.extend(in_settings(&transaction).await?);
    let (mut found, mut missed, mut gone) = (Vec::new(), Vec::new(), Vec::new());
    let images = image::Entity::find().filter(image::Column::OwnerId.eq(owner));
    for image in images.all(&transaction).await? {
        match image.unused_since {
            _ if used.contains(&image.name) => found.push(image.name),
            None => missed.push(image.name),
            Some(since) if since <= now - KEPT => gone.push(image.name),
            Some(_) => {}
        }
    }
    note(&transaction, &found, None).await?;
    note(&transaction, &missed, Some(now)).await?;
    delete(&transaction, &gone, now).await?;
    image::Entity::update_many()
        .col_expr(image::Column::CheckedAt, Expr::value(now))
        .filter(image::Column::OwnerId.eq(owner))
        .exec(&transaction)
        .await?;
    scope.state.db.commit(transaction).await?;
    Ok(gone.len() as u64)
}

async fn lock(transaction: &Transaction, owner: i64) -> Result<(), DbErr> {
    user::Entity::find_by_id(owner)
        .select_only()
        .column(user::Column::Id)
        .lock_exclusive()
        .into_tuple::<i64>()
        .one(transaction)
        .await
        .map(drop)
}

/// Returns the names of the images in all posts and drafts of `owner` changed since then, including deleted posts and the
/// texts that posts had before, as covers of these, and in the biography, and in all static pages, which belong to nobody.
async fn used_since(
    db: &(impl ConnectionTrait + StreamTrait),
    owner: i64,
    since: OffsetDateTime,
) -> Result<HashSet<String>, DbErr> {
    let marked = format!("%{IMAGES}%");
    let posts = post::Entity::find()
        .select_only()
        .column(post::Column::Content)
        .filter(post::Column::AuthorId.eq(owner))
        .filter(post::Column::UpdatedAt.gte(since))
        .filter(post::Column::Content.like(marked.as_str()));
    let revisions = revision::Entity::find()
        .select_only()
        .column(revision::Column::Content)
        .join(JoinType::InnerJoin, revision::Relation::Post.def())
        .filter(post::Column::AuthorId.eq(owner))
        .filter(revision::Column::ReplacedAt.gte(since))
        .filter(revision::Column::Content.like(marked.as_str()))
        .into_tuple::<String>();
    let drafts = draft::Entity::find()
        .select_only()
        .column(draft::Column::Content)
        .filter(draft::Column::AuthorId.eq(owner))
        .filter(draft::Column::UpdatedAt.gte(since))
        .filter(draft::Column::Content.like(marked.as_str()));
    let mut names = in_static_pages(db, since).await?;
    // Streamed, because the texts of one user may be large in total.
    let mut texts = posts.into_tuple::<String>().stream(db).await?;
    while let Some(text) = texts.try_next().await? {
        names.extend(names_in(&text));
    }
    drop(texts);
    // After the posts, whose texts may have become revisions meanwhile.
    for texts in [revisions, drafts.into_tuple::<String>()] {
        let mut texts = texts.stream(db).await?;
        while let Some(text) = texts.try_next().await? {
            names.extend(names_in(&text));
        }
    }
    names.extend(covers::of(db, owner, since).await?);
    let biography: Option<String> = user::Entity::find_by_id(owner)
        .select_only()
        .column(user::Column::Biography)
        .into_tuple()
        .one(db)
        .await?;
    names.extend(biography.iter().flat_map(|text| names_in(text)));
    Ok(names)
}

/// Returns the names of the images in all static pages changed since then.
pub(super) async fn in_static_pages(
    db: &(impl ConnectionTrait + StreamTrait),
    since: OffsetDateTime,
) -> Result<HashSet<String>, DbErr> {
    let pages = static_page::Entity::find()
        .select_only()
        .column(static_page::Column::Content)
        .filter(static_page::Column::UpdatedAt.gte(since))
        .filter(static_page::Column::Content.like(format!("%{IMAGES}%")));
    let mut names = HashSet::new();
    let mut texts = pages.into_tuple::<String>().stream(db).await?;
    while let Some(text) = texts.try_next().await? {
        names.extend(names_in(&text));
    }
    Ok(names)
}

/// Returns the names of the images in the settings: in the custom CSS, the notice or the text at the foot of every page.
pub(super) async fn in_settings(db: &impl ConnectionTrait) -> Result<HashSet<String>, DbErr> {
    let values: Vec<String> = setting::Entity::find()
        .select_only()
        .column(setting::Column::Value)
        .filter(setting::Column::Value.like(format!("%{IMAGES}%")))
        .into_tuple()
        .all(db)
        .await?;
    Ok(values.iter().flat_map(|value| names_in(value)).collect())
}

/// Returns the names of the images in `text`.
fn names_in(text: &str) -> impl Iterator<Item = String> {
    text.split(IMAGES).skip(1).map(|rest| {
        let is_of_name =
            |character: char| character.is_ascii_alphanumeric() || matches!(character, '-' | '.');
        rest.chars()
            .take_while(|character| is_of_name(*character))
            .collect()
    })
}

async fn note(
    db: &impl ConnectionTrait,
    names: &[String],
    unused_since: Option<OffsetDateTime>,
) -> Result<(), DbErr> {
    for some in names.chunks(NAMES) {
        image::Entity::update_many()
            .col_expr(image::Column::UnusedSince, Expr::value(unused_since))
            .filter(image::Column::Name.is_in(some))
            .exec(db)
            .await?;
    }
    Ok(())
}

async fn delete(db: &impl ConnectionTrait, names: &[String], now: OffsetDateTime) -> Result<(), DbErr> {
    for some in names.chunks(NAMES) {
        image::Entity::delete_many()
            .filter(image::Column::Name.is_in(some))
            .exec(db)
            .await?;
    }
    let files: Vec<String> = names.iter().flat_map(|name| scaled_images::files(name)).collect();
    media::schedule_deletion(db, &files, now).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_are_found_wherever_they_stand() {
        let text = "![a](/media/image/0a-1-2.webp) and <img src=\"/media/image/0b-3-4.jpg\"> https://x/media/image/c.jpg?x";
        let names: Vec<String> = names_in(text).collect();
        assert_eq!(names, ["0a-1-2.webp", "0b-3-4.jpg", "c.jpg"]);
        assert_eq!(names_in("no picture").count(), 0);
    }
}
