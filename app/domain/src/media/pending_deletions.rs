//! Files that are to be deleted: those no longer in use, and uploads not in use yet.

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

/// The age at which an unfinished upload is deleted.
const UNFINISHED: Duration = Duration::hours(1);
/// The number of files that are deleted concurrently.
const AT_ONCE: usize = 8;
/// The maximum time for which a request waits for files to be deleted.
const TIMEOUT: std::time::Duration = std::time::Duration::from_secs(3);

/// Marks all files in the store that the database `db` does not refer to for deletion at `due_at`. These include the ones
/// that can be regenerated, because another database may have known until when they are kept.
///
/// # Errors
///
/// Returns an error if the database or the store cannot be reached.
pub async fn schedule_deletion_of_unnamed(
    db: &impl ConnectionTrait,
    store: &Store,
    due_at: OffsetDateTime,
) -> Result<(), AppError> {
    let mut found = store.list(Folder::LASTING).await?;
    found.extend(store.list(Folder::REGENERATED).await?);
    for path in named(db).await? {
        found.remove(&path);
    }
    let mut unnamed: Vec<String> = found.into_keys().collect();
    schedule_deletion(db, &unnamed, due_at).await?;
    // Files of uploads that were finished since the listing are in use and must be kept. Uploads that finish later
    // remove the mark themselves.
    let in_use: HashSet<String> = named(db).await?.into_iter().collect();
    unnamed.retain(|path| in_use.contains(path));
    for some in unnamed.chunks(1_000) {
        cancel_deletion(db, some).await?;
    }
    Ok(())
}

/// Records that the files at `paths` are about to be written. They are deleted after an hour unless that is
/// cancelled with [`cancel_deletion`].
pub(crate) async fn reserve(
    db: &impl ConnectionTrait,
    paths: &[String],
    now: OffsetDateTime,
) -> Result<(), DbErr> {
    schedule_deletion(db, paths, now + UNFINISHED).await
}

/// Removes the deletion marks of `paths`. Returns `false` if some of the files have been deleted already.
pub(crate) async fn cancel_deletion(db: &impl ConnectionTrait, paths: &[String]) -> Result<bool, DbErr> {
    let cancelled = pending_deletion::Entity::delete_many()
        .filter(pending_deletion::Column::Path.is_in(paths))
        .exec(db)
        .await?;
    Ok(cancelled.rows_affected == paths.len() as u64)
}

/// Marks the files at `paths` for deletion by the first [`sweep`] after `due_at`.
///
/// # Errors
///
/// Returns an error if the database cannot be written.
pub async fn schedule_deletion(
    db: &impl ConnectionTrait,
    paths: &[String],
    due_at: OffsetDateTime,
) -> Result<(), DbErr> {
    // A statement has a limited number of bound values.
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

/// Deletes the files that are due, unless a backup is in progress, which may still need them. Files that cannot be
/// deleted stay marked.
pub async fn sweep(state: &AppState) {
    let due = pending_deletion::Entity::find()
        .filter(pending_deletion::Column::DueAt.lte(state.clock.now()))
        .all(state.db.reader())
        .await;
    let due = due.unwrap_or_else(|error| {
        tracing::warn!(%error, "files waiting to be deleted cannot be looked up");
        Vec::new()
    });
    // Checked after the query: a backup that begins later does not contain files that were due by then.
    if due.is_empty() || lease::is_held(state, Work::Backup).await.unwrap_or(true) {
        return;
    }
    for some in due.chunks(AT_ONCE) {
        let gone = join_all(some.iter().map(|file| delete(state, file))).await;
        if !gone.contains(&true) {
            // The failed files stay marked and are retried; the rest would probably fail as well.
            return;
        }
    }
}

/// Runs a [`sweep`] within a request, for [`TIMEOUT`] at most. The rest is left for the next sweep.
pub(crate) async fn sweep_now(state: &AppState) {
    // On a timeout, the remaining files are still marked.
    let _ = timeout(TIMEOUT, sweep(state)).await;
}

async fn delete(state: &AppState, file: &pending_deletion::Model) -> bool {
    if state.media.store.delete(&file.path).await.is_err() {
        return false;
    }
    // A file that was written again in the meantime has a new due time and is kept.
    let forgotten = pending_deletion::Entity::delete_by_id(&file.path)
        .filter(pending_deletion::Column::DueAt.eq(file.due_at))
        .exec(state.db.writer())
        .await;
    if let Err(error) = forgotten {
        tracing::warn!(%error, "a deleted file is still listed for deletion");
    }
    true
}
