//! Why a site does not start.

use std::net::SocketAddr;

use domain::platform::db::postgres;
use sea_orm::DbErr;
use thiserror::Error;

use crate::ops::{backup::BackupError, database_lock::LockError};

/// Why the application cannot start. What a setting can mend names the setting.
#[derive(Debug, Error)]
pub enum StartError {
    /// The data folder cannot be used.
    #[error("BROADSHEET_DATA_DIR: the folder {0} cannot be created: {1}")]
    DataDir(String, std::io::Error),
    /// The database cannot be reached.
    #[error("BROADSHEET_DATABASE_URL: the database cannot be opened: {0}")]
    Database(DbErr),
    /// Another server has the database.
    #[error("BROADSHEET_DATABASE_URL: {0}")]
    Lock(#[from] LockError),
    /// The database has been written by a newer version.
    #[error(
        "the database has the step {0}, which this version does not know; use the newer version that has written it"
    )]
    Newer(String),
    /// The database is being filled by a copy, or a copy has stopped half-way.
    #[error(
        "BROADSHEET_DATABASE_URL: a copy into this database has begun and not ended; `broadsheet db copy` goes on with it"
    )]
    Copying,
    /// The database cannot be backed up before it is changed.
    #[error(
        "no backup could be made before the schema is changed: {0}; BROADSHEET_BACKUP_BEFORE_UPGRADE=off goes on without"
    )]
    Backup(#[from] BackupError),
    /// The schema cannot be brought up to date.
    #[error("the database's schema cannot be brought up to date: {0}")]
    Schema(DbErr),
    /// The database's user may not change the schema.
    #[error("BROADSHEET_DATABASE_URL: its user may not bring the database's schema up to date: {0}")]
    Rights(DbErr),
    /// The address to listen on is taken or not ours.
    #[error("{0}: {1} cannot be listened on: {2}")]
    Listen(&'static str, SocketAddr, std::io::Error),
    /// The supervisor has opened no socket that can be used.
    #[error("the socket that the supervisor has opened cannot be used: {0}")]
    Socket(std::io::Error),
    /// The configured address of the site is no origin.
    #[error("BROADSHEET_SITE_URL: {0}")]
    SiteUrl(String),
    /// Pictures cannot be kept.
    #[error("BROADSHEET_MEDIA_URL: {0}")]
    Media(String),
    /// The mail server's address is none.
    #[error("BROADSHEET_SMTP_URL: {0}")]
    Mail(String),
    /// Passwords cannot be hashed.
    #[error("passwords cannot be hashed on this machine")]
    Passwords,
}

impl StartError {
    /// What has gone wrong with the schema.
    pub(super) fn schema(error: DbErr) -> Self {
        if postgres::lacks_rights(&error) {
            Self::Rights(error)
        } else {
            Self::Schema(error)
        }
    }

    /// Whether another setting would help.
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
