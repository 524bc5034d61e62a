//! The errors of the database, as those of a visitor. They are logged here, once.

use sea_orm::DbErr;
use tower_sessions::{session, session_store};

use super::{AppError, Failure};

impl From<DbErr> for AppError {
    fn from(error: DbErr) -> Self {
        log(&error);
        if Failure::of(&error).is_passing() {
            Self::Unreachable
        } else {
            Self::Internal
        }
    }
}

impl From<session::Error> for AppError {
    fn from(error: session::Error) -> Self {
        // The store has logged its own.
        if let session::Error::Store(session_store::Error::Backend(_)) = error {
            return Self::Unreachable;
        }
        tracing::error!(%error, "session");
        Self::Internal
    }
}

/// Logs an error of the database. Trouble with its disk is not logged for everybody who is refused: the domain does so once.
pub fn log(error: &DbErr) {
    match Failure::of(error) {
        Failure::DiskFull | Failure::Storage | Failure::Corrupt => tracing::debug!(%error, "database"),
        _ => tracing::error!(%error, "database"),
    }
}
