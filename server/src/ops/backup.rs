//! Backups: a snapshot of an SQLite database and the pictures that it references, in one ZIP file.
//!
//! | entry | |
//! |---|---|
//! | `database.sqlite3` | the database, written by SQLite itself (`VACUUM INTO`) and checked |
//! | `media/…` | the pictures, with the same paths as in the site |
//! | `manifest.json` | the last entry: a description of the site, and the size and SHA-256 of all other entries |
//!
//! A backup before an upgrade contains only the database, because an upgrade does not change pictures.

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

mod archive;
mod folders;
mod manifest;
mod pictures;
mod read;
mod restore;
mod schedule;
mod schema;
mod take;

use manifest::FILES_MAX;
pub use manifest::Manifest;
pub use restore::{Restored, restore};
pub use schedule::{after_upgrade, before_upgrade, work};
pub use take::{Taken, take};

/// The name of the database in a backup.
const DATABASE: &str = "database.sqlite3";
/// The folder of the pictures in a backup.
const MEDIA: &str = "media/";
/// The name of the manifest in a backup.
const MANIFEST: &str = "manifest.json";

/// An error of taking or restoring a backup.
#[derive(Debug, Error)]
pub enum BackupError {
    /// The database is not SQLite.
    #[error(
        "BROADSHEET_DATABASE_URL: backups only work with SQLite; for PostgreSQL, use `pg_dump` and copy the pictures at BROADSHEET_MEDIA_URL"
    )]
    NotSqlite,
    /// Another backup is in progress.
    #[error("another backup is being taken, or was stopped less than ten minutes ago")]
    Busy,
    /// The file cannot be written.
    #[error("{0}: {1}")]
    Write(PathBuf, io::Error),
    /// The file already exists.
    #[error("{0} already exists")]
    There(PathBuf),
    /// The file cannot be read.
    #[error("{0} cannot be read: {1}")]
    Read(PathBuf, io::Error),
    /// The database cannot be copied.
    #[error("the database cannot be copied: {0}")]
    Database(#[from] DbErr),
    /// The copy of the database is damaged.
    #[error("the database is damaged: {0}")]
    Damaged(String),
    /// The site cannot be read or written; the cause is in the log.
    #[error("{}", .0.advice())]
    Site(AppError),
    /// The file is not a valid, complete backup in a supported format.
    #[error("{0} cannot be restored: {1}")]
    Unfit(PathBuf, String),
    /// There are more pictures than a backup can contain.
    #[error("the site has {}, but a backup can hold at most {FILES_MAX}: copy the folders instead", counted(*.0, "picture file", "picture files"))]
    TooMany(usize),
    /// There is not enough disk space for the contents.
    #[error("{0} has {room} left, but the backup needs {1}; nothing was changed",
        room = counted(*.2, "byte", "bytes"))]
    Full(PathBuf, u64, u64),
    /// Pictures cannot be stored in the configured place.
    #[error("{0}")]
    Media(String),
    /// Pictures that were written cannot be deleted again.
    #[error(
        "the site is unchanged, but {} that had been restored cannot be deleted; no page shows them",
        counted(*.0, "picture file", "picture files")
    )]
    Left(usize),
    /// The new database is in place, but may be lost after a power failure.
    #[error("the site has been restored, but {0} may not be on the disk yet: {1}")]
    Unsure(PathBuf, io::Error),
    /// A picture that was damaged before could not be repaired.
    #[error(
        "the site has been restored, but the picture {0}, which was already damaged, cannot be written: {1}"
    )]
    Unrepaired(String, Box<BackupError>),
    /// There is already a site.
    #[error(
        "{0} already contains a site; use --force to replace it with the backup and keep the old database beside it"
    )]
    SiteExists(PathBuf),
    /// A command uses the database.
    #[error("{0} is still open in another program; stop that program first")]
    InUse(PathBuf),
    /// A server uses the database.
    #[error(transparent)]
    Lock(#[from] LockError),
}

impl From<AppError> for BackupError {
    fn from(error: AppError) -> Self {
        Self::Site(error)
    }
}

impl BackupError {
    /// Returns whether another file or setting can resolve the error.
    #[must_use]
    pub fn is_given(&self) -> bool {
        matches!(
            self,
            Self::NotSqlite
                | Self::There(_)
                | Self::Read(..)
                | Self::Unfit(..)
                | Self::SiteExists(_)
                | Self::Full(..)
                | Self::Media(_)
                | Self::Lock(_)
        )
    }
}

/// Returns the path in `folder` for a backup that a person takes at the time `at`.
#[must_use]
pub fn file(folder: &Path, at: OffsetDateTime) -> PathBuf {
    folder.join(format!("broadsheet-{}.zip", stamp(at)))
}

/// Formats a point in time for use in a file name.
fn stamp(at: OffsetDateTime) -> String {
    let format = format_description!("[year]-[month]-[day]T[hour]-[minute]-[second]Z");
    at.format(format).unwrap_or_default()
}
