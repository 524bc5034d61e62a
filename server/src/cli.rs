//! The command line. Each command has its own module, prints its results on standard output, and reports an error in
//! one line.

use std::io::{IsTerminal, Write, stdin, stdout};

use domain::{
    AppState, data::database_copy::CopyError, media::storage_migration::MoveError, platform::db::Pool,
};
use migration::Migrator;
use sea_orm::DbErr;
use shared::{error::AppError, forms::FieldError};
use thiserror::Error;
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use crate::{
    application::{StartError, open, refuse_half, refuse_newer, state, upgrade},
    config::Config,
    ops::backup::BackupError,
    transfer::TransferError,
};

pub mod audit;
pub mod backup;
pub mod check;
pub mod config;
pub mod db;
pub mod demo;
pub mod invite;
pub mod jobs;
pub mod mail;
pub mod media;
pub mod migrate;
pub(crate) mod plural;
pub mod post;
pub(crate) mod progress;
pub mod session;
pub mod setting;
pub mod shell;
pub mod transfer;
pub mod user;

/// An error of a command.
#[derive(Debug, Error)]
pub enum CommandError {
    /// The site cannot be opened.
    #[error(transparent)]
    Start(#[from] StartError),
    /// There is no site in the data folder.
    #[error("BROADSHEET_DATA_DIR: there is no site in {0}")]
    NoSite(String),
    /// A database operation has failed.
    #[error("the database cannot be read: {0}")]
    Database(#[from] DbErr),
    /// The backup is invalid or cannot be restored.
    #[error(transparent)]
    Backup(#[from] BackupError),
    /// The export or the import has failed.
    #[error(transparent)]
    Transfer(#[from] TransferError),
    /// A database or file that was named cannot be used.
    #[error("{0}")]
    Unusable(String),
    /// The database could not be copied.
    #[error(transparent)]
    Copy(#[from] CopyError),
    /// The pictures could not be moved.
    #[error(transparent)]
    Move(#[from] MoveError),
    /// The mail could not be sent.
    #[error("the email was not sent: {0}")]
    Mail(String),
    /// The arguments are invalid.
    #[error("{0}")]
    Wrong(String),
    /// The command was not confirmed, or refuses to continue.
    #[error("{0}")]
    Refused(&'static str),
    /// The terminal cannot be read or written.
    #[error("cannot read from or write to the terminal: {0}")]
    Terminal(std::io::Error),
    /// An internal error, whose cause is in the log.
    #[error("{}", .0.advice())]
    Other(AppError),
}

impl From<AppError> for CommandError {
    fn from(error: AppError) -> Self {
        match error {
            AppError::Invalid(errors) => {
                let texts: Vec<String> = errors.iter().map(FieldError::message).collect();
                Self::Wrong(texts.join("; "))
            }
            error => Self::Other(error),
        }
    }
}

/// Opens an existing site; a misspelt data folder is not created. A schema that lacks migrations is left to the server,
/// which may be running an older version, but an empty database gets its schema.
async fn existing(config: &Config) -> Result<AppState, CommandError> {
    if !config.data_dir.exists() {
        return Err(CommandError::NoSite(config.data_dir.display().to_string()));
    }
    let state = open(config, &Pool::default()).await?;
    refuse_half(&state.db).await?;
    let applied = Migrator::applied(state.db.reader().pool()).await?;
    refuse_newer(&applied)?;
    if applied.is_empty() {
        upgrade(config).await?;
    } else if Migrator::lacks(&applied) > 0 {
        return Err(CommandError::Refused(
            "the database is missing migrations; the server applies them when it next starts, or run `broadsheet migrate up` now",
        ));
    }
    Ok(state)
}

/// Opens the existing site, or creates a new one.
async fn existing_or_new(config: &Config) -> Result<AppState, CommandError> {
    if config.data_dir.exists() {
        existing(config).await
    } else {
        Ok(state(config).await?)
    }
}

/// Asks the user at the terminal for confirmation. Returns `false` without a terminal.
fn confirmed(question: &str) -> Result<bool, CommandError> {
    if !stdin().is_terminal() {
        return Ok(false);
    }
    print!("{question} Continue? [y/N] ");
    stdout().flush().map_err(CommandError::Terminal)?;
    let mut answer = String::new();
    stdin().read_line(&mut answer).map_err(CommandError::Terminal)?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}

/// Returns the error for a user who was not found.
fn nobody(name: &str, error: AppError) -> CommandError {
    match error {
        AppError::NotFound => CommandError::Wrong(format!("there is no user called {name}")),
        error => error.into(),
    }
}

/// Formats a point in time according to RFC 3339.
fn shown(at: OffsetDateTime) -> String {
    at.format(&Rfc3339).unwrap_or_default()
}

impl CommandError {
    /// Returns whether changing a setting can resolve the error.
    #[must_use]
    pub fn is_setting(&self) -> bool {
        match self {
            Self::Start(error) => error.is_setting(),
            Self::NoSite(_)
            | Self::Unusable(_)
            | Self::Copy(CopyError::NotEmpty(_))
            | Self::Move(MoveError::Old | MoveError::New) => true,
            Self::Backup(error) => error.is_given(),
            Self::Transfer(error) => error.is_given(),
            _ => false,
        }
    }
}
