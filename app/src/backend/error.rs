//! What the database's errors mean to a visitor. They are logged here, once.

use sea_orm::{DbErr, RuntimeErr, SqlErr, sqlx};

use tower_sessions::{session, session_store};

use crate::{
    error::AppError,
    forms::{Field, FieldErrors, Problem},
};

impl From<DbErr> for AppError {
    fn from(error: DbErr) -> Self {
        tracing::error!(%error, "database");
        if is_passing(&error) {
            Self::Unreachable
        } else {
            Self::Internal
        }
    }
}

impl From<session::Error> for AppError {
    fn from(error: session::Error) -> Self {
        tracing::error!(%error, "session");
        match error {
            session::Error::Store(session_store::Error::Backend(_)) => Self::Unreachable,
            _ => Self::Internal,
        }
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

/// How PostgreSQL's codes for what passes begin: a lost connection, a conflict or a deadlock with another transaction, a full
/// disk or too many connections, a statement that took too long, a server that stops, starts or only reads
/// (<https://www.postgresql.org/docs/current/errcodes-appendix.html>).
const PASSING: [&str; 8] = ["08", "40001", "40P01", "53", "55P03", "57014", "57P0", "25006"];

/// SQLite's: `SQLITE_BUSY`, `SQLITE_IOERR` and `SQLITE_FULL`. A disk that is full will not be for ever
/// (<https://sqlite.org/rescode.html>).
const SQLITE_PASSING: [i32; 3] = [5, 10, 13];

/// Whether the same request may succeed in a moment: no free connection, a busy database, a lost server.
fn is_passing(error: &DbErr) -> bool {
    let (DbErr::Conn(RuntimeErr::SqlxError(cause))
    | DbErr::Exec(RuntimeErr::SqlxError(cause))
    | DbErr::Query(RuntimeErr::SqlxError(cause))) = error
    else {
        return matches!(error, DbErr::ConnectionAcquire(_));
    };
    match &**cause {
        sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed => true,
        sqlx::Error::Database(cause)
            if cause
                .try_downcast_ref::<sqlx::postgres::PgDatabaseError>()
                .is_some() =>
        {
            cause
                .code()
                .is_some_and(|code| PASSING.iter().any(|passing| code.starts_with(passing)))
        }
        // The primary result code is in the low byte of each extended one.
        sqlx::Error::Database(cause) => {
            cause
                .code()
                .and_then(|code| code.parse::<i32>().ok())
                .is_some_and(|code| SQLITE_PASSING.contains(&(code & 0xff)))
                && cause.try_downcast_ref::<sqlx::sqlite::SqliteError>().is_some()
        }
        _ => false,
    }
}
