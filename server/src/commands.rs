//! What an administrator does from the command line. Each command has a file, prints what it found or did on standard
//! output, and fails with one line.

use app::error::AppError;
use sea_orm::DbErr;
use thiserror::Error;

use crate::application::StartError;

/// Whether the site can run.
pub mod check;
/// Which settings hold.
pub mod config;
/// Fill a site with content to try it with.
pub mod demo;
/// See whether mail works.
pub mod mail;
/// The database's schema.
pub mod migrate;

/// Why a command has failed.
#[derive(Debug, Error)]
pub enum CommandError {
    /// The site cannot be opened.
    #[error(transparent)]
    Start(#[from] StartError),
    /// There is nothing to look at.
    #[error("BROADSHEET_DATA_DIR: there is no site in {0}")]
    NoSite(String),
    /// The database does not answer.
    #[error("the database cannot be read: {0}")]
    Database(#[from] DbErr),
    /// The mail has not left.
    #[error("the mail has not left: {0}")]
    Mail(String),
    /// It was not meant like that.
    #[error("{0}")]
    Refused(&'static str),
    /// Nobody can be asked.
    #[error("the terminal does not answer: {0}")]
    Terminal(std::io::Error),
    /// What it is is in the log.
    #[error("{}", .0.advice())]
    Other(AppError),
}

impl From<AppError> for CommandError {
    fn from(error: AppError) -> Self {
        Self::Other(error)
    }
}

impl CommandError {
    /// Whether another setting would help.
    #[must_use]
    pub fn is_setting(&self) -> bool {
        match self {
            Self::Start(error) => error.is_setting(),
            Self::NoSite(_) => true,
            _ => false,
        }
    }
}
