//! Conversion of database errors, which are logged here.

use sea_orm::DbErr;
use tower_sessions::{session, session_store};

use super::{AppError, Failure};

impl From<DbErr> for AppError {
    fn from(error: DbErr) -> Self {
        log(&error);
        if Failure::classify(&error).is_passing() {
            Self::Unreachable
        } else {
            Self::Internal
        }
    }
}

impl From<session::Error> for AppError {
    fn from(error: session::Error) -> Self {
        // The session store has logged it already.
        if let session::Error::Store(session_store::Error::Backend(_)) = error {
            return Self::Unreachable;
        }
        tracing::error!(%error, "session");
        Self::Internal
    }
}

/// Logs a database error. Disk failures are logged once by the domain, not for every failed request.
pub fn log(error: &DbErr) {
    match Failure::classify(error) {
        Failure::DiskFull | Failure::Storage | Failure::Corrupt => tracing::debug!(%error, "database"),
        _ => tracing::error!(%error, "database"),
    }
}
