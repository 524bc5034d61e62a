//! Files that go: those that nobody uses any more, and those that nobody uses yet.

use std::collections::HashSet;

use futures::future::join_all;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, sea_query::OnConflict,
};
use time::{Duration, OffsetDateTime};
use tokio::time::timeout;

use super::{Folder, Store, named};
use crate::{
    AppState,
    platform::{
        entity::pending_deletion,
        lease::{self, Work},
    },
};
use shared::error::AppError;

/// An upload that is not in use after this never will be.
const UNFINISHED: Duration = Duration::hours(1);
/// So many files are deleted at the same time.
const AT_ONCE: usize = 8;
/// How long somebody waits for files to go.
const TIMEOUT: std::time::Duration = std::time::Duration::from_secs(3);

/// The files at `paths` are kept until `due_at`, and then deleted.
///
/// # Errors
/// When it cannot be noted.
pub async fn retire(
    db: &impl ConnectionTrait,
    paths: &[String],
    due_at: OffsetDateTime,
) -> Result<(), DbErr> {
    note(db, paths, due_at).await
}

/// All files in the store that the database `db` does not name are kept until `due_at`, and then deleted.
///
/// # Errors
/// When the database or the store cannot be reached.
pub async fn retire_unnamed(
    db: &impl ConnectionTrait,
    store: &Store,
    due_at: OffsetDateTime,
) -> Result<(), AppError> {
    let mut found = store.list(&Folder::LASTING).await?;
    for path in named(db).await? {
        found.remove(&path);
    }
    let mut unnamed: Vec<String> = found.into_keys().collect();
    retire(db, &unnamed, due_at).await?;
    // An upload that was under way has been finished meanwhile, and its files are in use; one that is finished from here on
    // sees to that itself.
    let in_use: HashSet<String> = named(db).await?.into_iter().collect();
    unnamed.retain(|path| in_use.contains(path));
    for some in unnamed.chunks(1_000) {
        spare(db, some).await?;
    }
    Ok(())
}

/// Notes that the files at `paths` are about to be written, and are to be deleted unless they are [`spare`]d in time.
pub(crate) async fn begin(
    db: &impl ConnectionTrait,
    paths: &[String],
    now: OffsetDateTime,
) -> Result<(), DbErr> {
    note(db, paths, now + UNFINISHED).await
}

/// The files at `paths` are in use; `false` if they have been deleted already.
pub(crate) async fn spare(db: &impl ConnectionTrait, paths: &[String]) -> Result<bool, DbErr> {
    let spared = pending_deletion::Entity::delete_many()
        .filter(pending_deletion::Column::Path.is_in(paths))
        .exec(db)
        .await?;
    Ok(spared.rows_affected == paths.len() as u64)
}

/// The files at `paths` are no longer in use: they go at the next [`sweep`].
pub(crate) async fn doom(
    db: &impl ConnectionTrait,
    paths: &[String],
    now: OffsetDateTime,
) -> Result<(), DbErr> {
    note(db, paths, now).await
}

async fn note(db: &impl ConnectionTrait, paths: &[String], due_at: OffsetDateTime) -> Result<(), DbErr> {
    // A statement has a limited number of values.
    for some in paths.chunks(1_000) {
        let rows = some.iter().map(|path| pending_deletion::ActiveModel {
            path: Set(path.clone()),
            due_at: Set(due_at),
        });
        let sooner = OnConflict::column(pending_deletion::Column::Path)
            .update_column(pending_deletion::Column::DueAt)
            .to_owned();
        pending_deletion::Entity::insert_many(rows)
            .on_conflict(sooner)
            .exec_without_returning(db)
            .await?;
    }
    Ok(())
}

/// Deletes the files that are due, unless a backup is being taken that may still want them. What cannot be deleted now
/// stays noted.
pub async fn sweep(state: &AppState) {
    let due = pending_deletion::Entity::find()
        .filter(pending_deletion::Column::DueAt.lte(state.clock.now()))
        .all(state.db.reader())
        .await;
    let due = due.unwrap_or_else(|error| {
        tracing::warn!(%error, "files waiting to be deleted cannot be looked up");
        Vec::new()
    });
    // Asked after the files were looked up: what was due by then is in no backup that has begun since.
    if due.is_empty() || lease::is_held(state, Work::Backup).await.unwrap_or(true) {
        return;
    }
    for some in due.chunks(AT_ONCE) {
        let gone = join_all(some.iter().map(|file| delete(state, file))).await;
        if !gone.contains(&true) {
            // They are noted, and tried again; so are the others, which would fare no better.
            return;
        }
    }
}

/// The same for somebody who waits: what takes too long goes later.
pub(crate) async fn sweep_now(state: &AppState) {
    // Whatever has not been forgotten by then is still noted.
    let _ = timeout(TIMEOUT, sweep(state)).await;
}

async fn delete(state: &AppState, file: &pending_deletion::Model) -> bool {
    if state.media.store.delete(&file.path).await.is_err() {
        return false;
    }
    // One that was written again meanwhile goes later.
    let forgotten = pending_deletion::Entity::delete_by_id(&file.path)
        .filter(pending_deletion::Column::DueAt.eq(file.due_at))
        .exec(state.db.writer())
        .await;
    if let Err(error) = forgotten {
        tracing::warn!(%error, "a deleted file is still listed for deletion");
    }
    true
}
