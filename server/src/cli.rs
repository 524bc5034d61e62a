//! The command line. Each command has a file, prints what it found or did on standard
//! output, and fails with one line.

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

/// The audit log.
pub mod audit;
/// Back the site up, and bring it back.
pub mod backup;
/// Whether the site can run.
pub mod check;
/// Which settings hold.
pub mod config;
/// Whole databases.
pub mod db;
/// Fill a site with content to try it with.
pub mod demo;
/// See whether mail works.
pub mod mail;
/// Pictures at another place.
pub mod media;
/// The database's schema.
pub mod migrate;
/// Numbers with the right form of a noun.
pub(crate) mod plural;
/// The posts of the site.
pub mod post;
/// How far long work is.
pub(crate) mod progress;
/// Who is signed in.
pub mod session;
/// SQL by hand.
pub mod shell;
/// Sites and people's data, out and in.
pub mod transfer;
/// The people of the site.
pub mod user;

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
    /// The backup is none, or cannot be restored.
    #[error(transparent)]
    Backup(#[from] BackupError),
    /// Nothing can be exported or imported.
    #[error(transparent)]
    Transfer(#[from] TransferError),
    /// A database that was named does not do.
    #[error("{0}")]
    Unusable(String),
    /// The database has not been copied.
    #[error(transparent)]
    Copy(#[from] CopyError),
    /// The pictures have not been moved.
    #[error(transparent)]
    Move(#[from] MoveError),
    /// The mail has not left.
    #[error("the email was not sent: {0}")]
    Mail(String),
    /// The arguments are not valid.
    #[error("{0}")]
    Wrong(String),
    /// It was not meant like that.
    #[error("{0}")]
    Refused(&'static str),
    /// Nobody can be asked.
    #[error("cannot read from or write to the terminal: {0}")]
    Terminal(std::io::Error),
    /// The cause is in the log.
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

/// The site that is there: a folder that is misspelt is not made into another one. A schema that lacks steps is left to the
/// server, which may be running an older version; a new one is made.
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

/// The site that is there, or a new one.
async fn existing_or_new(config: &Config) -> Result<AppState, CommandError> {
    if config.data_dir.exists() {
        existing(config).await
    } else {
        Ok(state(config).await?)
    }
}

/// Asks whoever sits at the terminal to go on; without one, nobody says yes.
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

/// Says whom a command has not found.
fn nobody(name: &str, error: AppError) -> CommandError {
    match error {
        AppError::NotFound => CommandError::Wrong(format!("there is no user called {name}")),
        error => error.into(),
    }
}

/// A moment (RFC 3339).
fn shown(at: OffsetDateTime) -> String {
    at.format(&Rfc3339).unwrap_or_default()
}

impl CommandError {
    /// Whether another setting would help.
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
