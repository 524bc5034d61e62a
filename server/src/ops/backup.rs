//! Backups: an SQLite database as it was at one moment, and the pictures that it names, in one ZIP file.
//!
//! | entry | |
//! |---|---|
//! | `database.sqlite3` | the database, written by SQLite itself (`VACUUM INTO`) and checked |
//! | `media/…` | the pictures, under the paths that they have in the site |
//! | `manifest.json` | last: what the backup is of, and the size and SHA-256 of all the others |
//!
//! A backup that was made before an upgrade has the database alone: an upgrade changes no picture.

use std::{
    io,
    path::{Path, PathBuf},
};

use sea_orm::DbErr;
use shared::error::AppError;
use thiserror::Error;
use time::{OffsetDateTime, macros::format_description};

use super::database_lock::LockError;
use crate::cli::plural::counted;

/// The ZIP file, while it is being written.
mod archive;
/// Folders that are made on the way, and go again.
mod folders;
/// The manifest of a backup.
mod manifest;
/// The pictures of a backup, on their way into the store of a site.
mod pictures;
/// A backup that was taken.
mod read;
/// Puts a backup in the place of a site.
mod restore;
/// Backups from time to time.
mod schedule;
/// The tables and columns of a database of ours.
mod schema;
/// Takes a backup.
mod take;

use manifest::FILES_MAX;
pub use manifest::Manifest;
pub use restore::{Restored, restore};
pub use schedule::{after_upgrade, before_upgrade, work};
pub use take::{Taken, take};

/// The database in a backup.
const DATABASE: &str = "database.sqlite3";
/// The folder of the pictures in a backup.
const MEDIA: &str = "media/";
/// The manifest of the backup.
const MANIFEST: &str = "manifest.json";

/// Why there is no backup, or why it is not restored.
#[derive(Debug, Error)]
pub enum BackupError {
    /// SQLite alone is backed up.
    #[error(
        "BROADSHEET_DATABASE_URL: backups only work with SQLite; for PostgreSQL, use `pg_dump` and copy the pictures at BROADSHEET_MEDIA_URL"
    )]
    NotSqlite,
    /// One at a time.
    #[error("another backup is being taken, or was stopped less than ten minutes ago")]
    Busy,
    /// The file cannot be written.
    #[error("{0}: {1}")]
    Write(PathBuf, io::Error),
    /// There is such a file.
    #[error("{0} already exists")]
    There(PathBuf),
    /// The file cannot be read.
    #[error("{0} cannot be read: {1}")]
    Read(PathBuf, io::Error),
    /// The database cannot be copied.
    #[error("the database cannot be copied: {0}")]
    Database(#[from] DbErr),
    /// The copy is not whole.
    #[error("the database is damaged: {0}")]
    Damaged(String),
    /// Something of the site cannot be read or written; the log says what.
    #[error("{}", .0.advice())]
    Site(AppError),
    /// It is no backup, not a whole one, or one of another time.
    #[error("{0} cannot be restored: {1}")]
    Unfit(PathBuf, String),
    /// There are more pictures than a backup can name.
    #[error("the site has {}, but a backup can hold at most {FILES_MAX}: copy the folders instead", counted(*.0, "picture file", "picture files"))]
    TooMany(usize),
    /// There is no room for what is in it.
    #[error("{0} has {room} left, but the backup needs {1}; nothing was changed",
        room = counted(*.2, "byte", "bytes"))]
    Full(PathBuf, u64, u64),
    /// Pictures cannot be kept where the settings say.
    #[error("{0}")]
    Media(String),
    /// Pictures that were written cannot be deleted again.
    #[error(
        "the site is unchanged, but {} that had been restored cannot be deleted; no page shows them",
        counted(*.0, "picture file", "picture files")
    )]
    Left(usize),
    /// The new database is there, and may not be after a power failure.
    #[error("the site has been restored, but {0} may not be on the disk yet: {1}")]
    Unsure(PathBuf, io::Error),
    /// A picture was damaged before, and is now.
    #[error(
        "the site has been restored, but the picture {0}, which was already damaged, cannot be written: {1}"
    )]
    Unrepaired(String, Box<BackupError>),
    /// There is a site already.
    #[error(
        "{0} already contains a site; use --force to replace it with the backup and keep the old database beside it"
    )]
    Taken(PathBuf),
    /// A command is running.
    #[error("{0} is still open in another program; stop that program first")]
    InUse(PathBuf),
    /// A server is running.
    #[error(transparent)]
    Lock(#[from] LockError),
}

impl From<AppError> for BackupError {
    fn from(error: AppError) -> Self {
        Self::Site(error)
    }
}

impl BackupError {
    /// Whether something else has to be given, a file or a setting.
    #[must_use]
    pub fn is_given(&self) -> bool {
        matches!(
            self,
            Self::NotSqlite
                | Self::There(_)
                | Self::Read(..)
                | Self::Unfit(..)
                | Self::Taken(_)
                | Self::Full(..)
                | Self::Media(_)
                | Self::Lock(_)
        )
    }
}

/// The file in `folder` for a backup that somebody takes at this moment.
#[must_use]
pub fn file(folder: &Path, at: OffsetDateTime) -> PathBuf {
    folder.join(format!("broadsheet-{}.zip", stamp(at)))
}

/// A moment as part of a file's name.
fn stamp(at: OffsetDateTime) -> String {
    let format = format_description!("[year]-[month]-[day]T[hour]-[minute]-[second]Z");
    at.format(format).unwrap_or_default()
}
