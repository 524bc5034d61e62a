//! The kinds of database failures.

use sea_orm::{
    DbErr, RuntimeErr,
    sqlx::{self, postgres::PgDatabaseError, sqlite::SqliteError},
};

/// The prefixes of PostgreSQL's codes for temporary failures: a lost connection, a conflict or a deadlock with
/// another transaction, too many connections, a statement timeout, a server that stops or starts
/// (<https://www.postgresql.org/docs/current/errcodes-appendix.html>).
const POSTGRES_PASSING: &[&str] = &["08", "40001", "40P01", "53", "55P03", "57014", "57P0"];
/// PostgreSQL's code for a full disk.
const POSTGRES_FULL: &[&str] = &["53100"];
/// PostgreSQL's codes for files that cannot be read or written (`io_error`) and for a read-only server.
const POSTGRES_STORAGE: &[&str] = &["58030", "25006"];

/// PostgreSQL's codes for damaged data and indexes.
const POSTGRES_CORRUPT: &[&str] = &["XX001", "XX002"];

/// The kind of a database failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// A violated constraint. The transaction can continue on SQLite but has failed on PostgreSQL.
    Constraint,
    /// A lock is held by another transaction, or a connection was lost or is not available: temporary.
    Passing,
    /// The disk is full. SQLite may have rolled back the transaction by itself.
    DiskFull,
    /// The files of the database cannot be read or written.
    Storage,
    /// The files of the database are damaged.
    Corrupt,
    /// Any other failure, such as a syntax error.
    Other,
}

impl Failure {
    /// Returns the kind of `error`.
    #[must_use]
    pub fn classify(error: &DbErr) -> Self {
        let (DbErr::Conn(RuntimeErr::SqlxError(cause))
        | DbErr::Exec(RuntimeErr::SqlxError(cause))
        | DbErr::Query(RuntimeErr::SqlxError(cause))) = error
        else {
            return match error {
                DbErr::ConnectionAcquire(_) => Self::Passing,
                _ => Self::Other,
            };
        };
        match &**cause {
            sqlx::Error::Io(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed => Self::Passing,
            sqlx::Error::Database(cause) if cause.try_downcast_ref::<PgDatabaseError>().is_some() => {
                cause.code().map_or(Self::Other, |code| Self::of_postgres(&code))
            }
            sqlx::Error::Database(cause) if cause.try_downcast_ref::<SqliteError>().is_some() => {
                let code = cause.code().and_then(|code| code.parse().ok());
                code.map_or(Self::Other, Self::of_sqlite)
            }
            _ => Self::Other,
        }
    }

    /// Returns whether the same request may succeed later.
    #[must_use]
    pub const fn is_passing(self) -> bool {
        matches!(self, Self::Passing | Self::DiskFull | Self::Storage)
    }

    fn of_postgres(code: &str) -> Self {
        let begins_with_one_of = |codes: &[&str]| codes.iter().any(|known| code.starts_with(known));
        if code.starts_with("23") {
            Self::Constraint
        } else if begins_with_one_of(POSTGRES_FULL) {
            Self::DiskFull
        } else if begins_with_one_of(POSTGRES_STORAGE) {
            Self::Storage
        } else if begins_with_one_of(POSTGRES_CORRUPT) {
            Self::Corrupt
        } else if begins_with_one_of(POSTGRES_PASSING) {
            Self::Passing
        } else {
            Self::Other
        }
    }

    /// Classifies an extended result code by its low byte, the primary result code
    /// (<https://sqlite.org/rescode.html>).
    const fn of_sqlite(code: i32) -> Self {
        match code & 0xff {
            // SQLITE_CONSTRAINT
            19 => Self::Constraint,
            // SQLITE_BUSY, SQLITE_LOCKED
            5 | 6 => Self::Passing,
            // SQLITE_FULL
            13 => Self::DiskFull,
            // SQLITE_NOMEM, SQLITE_READONLY, SQLITE_IOERR, SQLITE_CANTOPEN, SQLITE_PROTOCOL
            7 | 8 | 10 | 14 | 15 => Self::Storage,
            // SQLITE_CORRUPT, SQLITE_NOTADB
            11 | 26 => Self::Corrupt,
            _ => Self::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Failure;

    #[test]
    fn extended_codes_of_sqlite_are_of_their_primary_code() {
        // SQLITE_CONSTRAINT_UNIQUE, SQLITE_IOERR_SHMSIZE, SQLITE_BUSY_SNAPSHOT, SQLITE_ERROR
        let kinds = [2067, 4874, 517, 1].map(Failure::of_sqlite);
        let wanted = [
            Failure::Constraint,
            Failure::Storage,
            Failure::Passing,
            Failure::Other,
        ];
        assert_eq!(kinds, wanted);
    }

    #[test]
    fn a_full_disk_of_postgresql_is_told_from_too_many_connections() {
        let kinds = ["53100", "53300", "23505", "42601"].map(Failure::of_postgres);
        let wanted = [
            Failure::DiskFull,
            Failure::Passing,
            Failure::Constraint,
            Failure::Other,
        ];
        assert_eq!(kinds, wanted);
    }
}
