//! What the database's errors mean to a visitor. They are logged here, once.

use sea_orm::{DbErr, SqlErr};
use tower_sessions::{session, session_store};

use super::db::Failure;
use crate::{
    error::AppError,
    forms::{Field, FieldErrors, Problem},
};

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

/// Logs an error of the database. What is wrong with the disk is logged once, by [`WriteHealth`](super::db::WriteHealth), and not for
/// everybody who is refused.
pub(super) fn log(error: &DbErr) {
    match Failure::of(error) {
        Failure::DiskFull | Failure::Storage | Failure::Corrupt => tracing::debug!(%error, "database"),
        _ => tracing::error!(%error, "database"),
    }
}

/// Turns the refusal of a value that must be unique into an error beside the field that holds it.
///
/// `fields` pairs each unique column, as the database names it in its message, with its field.
pub fn on_unique(error: DbErr, fields: &[(&str, Field)]) -> AppError {
    if let Some(SqlErr::UniqueConstraintViolation(message)) = error.sql_err() {
        let taken = fields.iter().find(|(column, _)| message.contains(column));
        if let Some((_, field)) = taken {
            return FieldErrors::one(*field, Problem::Taken).into();
        }
    }
    error.into()
}
