//! Errors that prevent a site from starting.

use std::net::SocketAddr;

use domain::platform::db::postgres;
use sea_orm::DbErr;
use thiserror::Error;

use crate::ops::{backup::BackupError, database_lock::LockError};

/// An error that prevents the application from starting. The message names the setting, if changing one can help.
#[derive(Debug, Error)]
pub enum StartError {
    /// The data folder cannot be used.
    #[error("BROADSHEET_DATA_DIR: the folder {0} cannot be created: {1}")]
    DataDir(String, std::io::Error),
    /// The database cannot be reached.
    #[error("BROADSHEET_DATABASE_URL: the database cannot be opened: {0}")]
    Database(DbErr),
    /// Another server uses the database.
    #[error("BROADSHEET_DATABASE_URL: {0}")]
    Lock(#[from] LockError),
    /// The database was written by a newer version.
    #[error(
        "the database has the migration {0}, which this version does not know; use the newer version that applied it"
    )]
    Newer(String),
    /// A copy into the database is in progress or was interrupted.
    #[error(
        "BROADSHEET_DATABASE_URL: a copy into this database was started but not finished; run `broadsheet db copy` to continue"
    )]
    Copying,
    /// The database cannot be backed up before its schema is changed.
    #[error(
        "the database could not be backed up before changing its schema: {0}; to continue without a backup, set BROADSHEET_BACKUP_BEFORE_UPGRADE=off"
    )]
    Backup(#[from] BackupError),
    /// The schema cannot be brought up to date.
    #[error("the database schema cannot be updated: {0}")]
    Schema(DbErr),
    /// The database user lacks the rights to change the schema.
    #[error("BROADSHEET_DATABASE_URL: this database user is not allowed to update the schema: {0}")]
    Rights(DbErr),
    /// The address to listen on is in use or does not belong to this machine.
    #[error("{0}: cannot listen on {1}: {2}")]
    Listen(&'static str, SocketAddr, std::io::Error),
    /// The supervisor has passed no usable socket.
    #[error("the socket opened by the supervisor cannot be used: {0}")]
    Socket(std::io::Error),
    /// The configured address of the site is not a valid origin.
    #[error("BROADSHEET_SITE_URL: {0}")]
    SiteUrl(String),
    /// Pictures cannot be stored.
    #[error("BROADSHEET_MEDIA_URL: {0}")]
    Media(String),
    /// The address of the mail server is invalid.
    #[error("BROADSHEET_SMTP_URL: {0}")]
    Mail(String),
    /// Passwords cannot be hashed.
    #[error("passwords cannot be hashed on this machine")]
    Passwords,
}

impl StartError {
    /// Returns the error for a schema that could not be migrated.
    pub(super) fn schema(error: DbErr) -> Self {
        if postgres::lacks_rights(&error) {
            Self::Rights(error)
        } else {
            Self::Schema(error)
        }
    }

    /// Returns whether changing a setting can resolve the error.
    #[must_use]
    pub fn is_setting(&self) -> bool {
        matches!(
            self,
            Self::DataDir(..)
                | Self::Database(_)
                | Self::Rights(_)
                | Self::Copying
                | Self::Listen(..)
                | Self::SiteUrl(_)
                | Self::Media(..)
                | Self::Mail(_)
                | Self::Lock(_)
                | Self::Newer(_)
                | Self::Backup(_)
        )
    }
}
