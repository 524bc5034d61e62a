//! A site's pictures at another place. It goes on where it was when it has been stopped, and may run while people use the
//! site: what is uploaded meanwhile follows in a few rounds.

use std::collections::HashSet;

use futures::{StreamExt, TryStreamExt, stream};
use sea_orm::DbErr;
use thiserror::Error;

use super::{Folder, Store, named};
use crate::platform::db::Db;
use shared::error::AppError;

/// So many files are on their way at the same time.
const AT_ONCE: usize = 8;

/// Why pictures cannot be moved. What has been copied stays.
#[derive(Debug, Error)]
pub enum MoveError {
    /// The database cannot be read.
    #[error("the database cannot be read: {0}")]
    Database(#[from] DbErr),
    /// The old place does not do what it is asked for, which is in the log.
    #[error("the old place has failed; run the same command again to continue")]
    Old,
    /// Nor does the new one.
    #[error("the new place has failed; run the same command again to continue")]
    New,
    /// A file that was written is not there as it was written.
    #[error("{0} does not have the same size at the new place")]
    Differs(String),
}

/// What has been moved.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Moved {
    /// Files that are at the new place now, of those that the database names.
    pub there: usize,
    /// Those that were not there before.
    pub copied: usize,
    /// How many bytes these have.
    pub bytes: u64,
    /// Those that have come to the old place while all others were copied, again and again.
    pub late: usize,
    /// Those that are at neither place.
    pub missing: Vec<String>,
    /// Those that are at both places.
    pub doubled: Vec<String>,
}

/// Is told how many of how many files have been copied.
pub type Report<'a> = &'a (dyn Fn(usize, usize) + Send + Sync);

/// Copies all files that the database `db` names from one store to another, and compares.
///
/// # Errors
/// When a place or the database cannot be reached, or a file is not there as it was written.
pub async fn copy(db: &Db, from: &Store, to: &Store, report: Report<'_>) -> Result<Moved, MoveError> {
    let mut moved = Moved::default();
    let mut copied = HashSet::new();
    for last in [false, false, true] {
        let round = Round::look(db, from, to).await?;
        if let Some(path) = round.todo.iter().find(|path| copied.contains(*path)) {
            return Err(MoveError::Differs(path.clone()));
        }
        (moved.there, moved.missing, moved.doubled) = (round.there, round.missing, round.doubled);
        moved.late = round.todo.len();
        if round.todo.is_empty() || last {
            break;
        }
        let (done, all) = (copied.len(), copied.len() + round.todo.len());
        report(done, all);
        let mut files = stream::iter(&round.todo)
            .map(|path| one(from, to, path))
            .buffer_unordered(AT_ONCE)
            .enumerate();
        while let Some((number, bytes)) = files.next().await {
            moved.bytes += bytes?;
            report(done + number + 1, all);
        }
        drop(files);
        moved.copied += round.todo.len();
        copied.extend(round.todo);
    }
    Ok(moved)
}

/// Deletes the files at `paths`.
///
/// # Errors
/// [`MoveError::Old`] when they cannot be deleted.
pub async fn remove(from: &Store, paths: &[String], report: Report<'_>) -> Result<(), MoveError> {
    let deleted: Result<(), AppError> = stream::iter(paths)
        .map(|path| from.delete(path))
        .buffer_unordered(AT_ONCE)
        .enumerate()
        .map(|(number, deleted)| deleted.map(|()| report(number + 1, paths.len())))
        .try_collect()
        .await;
    deleted.map_err(|_| MoveError::Old)
}

/// What there is to do.
struct Round {
    todo: Vec<String>,
    there: usize,
    missing: Vec<String>,
    doubled: Vec<String>,
}

impl Round {
    async fn look(db: &Db, from: &Store, to: &Store) -> Result<Self, MoveError> {
        // A name is in the database after its file is in the store, so that none is listed too early.
        let named = named(db.reader()).await?;
        let found = from.list(&Folder::LASTING).await.map_err(|_| MoveError::Old)?;
        let there = to.list(&Folder::LASTING).await.map_err(|_| MoveError::New)?;
        let mut round = Self {
            todo: Vec::new(),
            there: 0,
            missing: Vec::new(),
            doubled: Vec::new(),
        };
        for path in named {
            match (found.get(&path), there.get(&path)) {
                (Some(size), other) if other != Some(size) => round.todo.push(path),
                (Some(_), _) => {
                    round.there += 1;
                    round.doubled.push(path);
                }
                (None, Some(_)) => round.there += 1,
                (None, None) => round.missing.push(path),
            }
        }
        Ok(round)
    }
}

/// Copies one file, and tells its size; one that has gone meanwhile has none.
async fn one(from: &Store, to: &Store, path: &str) -> Result<u64, MoveError> {
    match from.read_at(path).await {
        Ok(content) => {
            let bytes = content.len() as u64;
            let written = to.write(path, content).await;
            written.map(|()| bytes).map_err(|_| MoveError::New)
        }
        Err(AppError::NotFound) => Ok(0),
        Err(_) => Err(MoveError::Old),
    }
}
