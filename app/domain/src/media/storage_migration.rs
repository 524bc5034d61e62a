//! Moving the images of a site to another store. An interrupted move continues where it stopped. The site may be in
//! use: images that are uploaded in the meantime are copied in further rounds.

use std::collections::HashSet;

use futures::{StreamExt, TryStreamExt, stream};
use sea_orm::DbErr;
use thiserror::Error;

use super::{Folder, Store, named};
use crate::platform::db::Db;
use shared::error::AppError;

/// The number of files that are copied concurrently.
const AT_ONCE: usize = 8;

/// The reason why images could not be moved. Files that were copied stay.
#[derive(Debug, Error)]
pub enum MoveError {
    /// The database cannot be read.
    #[error("the database cannot be read: {0}")]
    Database(#[from] DbErr),
    /// The old store failed; the cause is in the log.
    #[error("the old place has failed; run the same command again to continue")]
    Old,
    /// The new store failed; the cause is in the log.
    #[error("the new place has failed; run the same command again to continue")]
    New,
    /// A copied file does not have the expected size.
    #[error("{0} does not have the same size at the new place")]
    Differs(String),
}

/// The result of a move.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Moved {
    /// The number of files in the new store that the database refers to.
    pub there: usize,
    /// The number of files that were copied.
    pub copied: usize,
    /// The total size of the copied files in bytes.
    pub bytes: u64,
    /// The number of files that were added to the old store during the last round.
    pub late: usize,
    /// The paths of the files that are in neither store.
    pub missing: Vec<String>,
    /// The paths of the files that are in both stores.
    pub doubled: Vec<String>,
}

/// A progress callback: the number of files done and the total.
pub type Report<'a> = &'a (dyn Fn(usize, usize) + Send + Sync);

/// Copies all files that the database `db` refers to from one store to another and compares their sizes.
///
/// # Errors
///
/// Returns an error if a store or the database cannot be reached, or if a copied file does not have the expected
/// size.
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
///
/// Returns [`MoveError::Old`] if they cannot be deleted.
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

/// A comparison of both stores with the database.
struct Round {
    todo: Vec<String>,
    there: usize,
    missing: Vec<String>,
    doubled: Vec<String>,
}

impl Round {
    async fn look(db: &Db, from: &Store, to: &Store) -> Result<Self, MoveError> {
        // The database is read before the stores: a file is written before a row refers to it, so none seems to be
        // missing.
        let named = named(db.reader()).await?;
        let found = from.list(Folder::LASTING).await.map_err(|_| MoveError::Old)?;
        let there = to.list(Folder::LASTING).await.map_err(|_| MoveError::New)?;
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

/// Copies one file and returns its size, or 0 if it has been deleted in the meantime.
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
