//! A consistent copy of an SQLite database while others keep writing.

use std::path::{Path, PathBuf};

use sea_orm::{
    ConnectOptions, ConnectionTrait, DatabaseConnection, DbErr, RuntimeErr, Statement,
    sqlx::{
        self, ConnectOptions as _, Connection,
        sqlite::{SqliteConnectOptions, SqliteConnection},
    },
};

/// Returns the file of the SQLite database at `url`, or `None` for an in-memory database or another kind.
#[must_use]
pub fn file(url: &str) -> Option<PathBuf> {
    if !url.starts_with("sqlite:") || url.contains(":memory:") || url.contains("mode=memory") {
        return None;
    }
    let options: SqliteConnectOptions = url.parse().ok()?;
    Some(options.get_filename().to_owned())
}

/// Copies the SQLite database `database` into the new file `copy`, without deleted content
/// (<https://sqlite.org/lang_vacuum.html#vacuuminto>).
///
/// # Errors
///
/// Returns an error if the database cannot be read or the copy cannot be written.
pub async fn take(database: &Path, copy: &Path) -> Result<(), DbErr> {
    let Some(copy) = copy.to_str() else {
        return Err(DbErr::Custom(format!("{} is not UTF-8", copy.display())));
    };
    let copied = async {
        let options = SqliteConnectOptions::new()
            .filename(database)
            .create_if_missing(false)
            .disable_statement_logging();
        let mut connection = SqliteConnection::connect_with(&options).await?;
        sqlx::query("VACUUM INTO ?")
            .bind(copy)
            .execute(&mut connection)
            .await?;
        connection.close().await
    };
    copied
        .await
        .map_err(|error: sqlx::Error| DbErr::Conn(RuntimeErr::SqlxError(error.into())))
}

/// Opens a copy read-only.
///
/// # Errors
///
/// Returns an error if it is not a database.
pub async fn open(copy: &Path) -> Result<DatabaseConnection, DbErr> {
    let copy = copy.to_owned();
    let mut options = ConnectOptions::new("sqlite::memory:");
    options
        .max_connections(1)
        .sqlx_logging(false)
        .map_sqlx_sqlite_opts(move |_| SqliteConnectOptions::new().filename(&copy).read_only(true));
    super::open(options).await
}

/// Returns the faults of a copy, none if it is intact.
///
/// # Errors
///
/// Returns an error if the copy cannot be read.
pub async fn faults(copy: &DatabaseConnection) -> Result<Vec<String>, DbErr> {
    let mut faults = Vec::new();
    for check in ["PRAGMA integrity_check", "PRAGMA foreign_key_check"] {
        let rows = copy
            .query_all_raw(Statement::from_string(copy.get_database_backend(), check))
            .await?;
        for row in rows {
            let fault: String = row.try_get_by_index(0)?;
            if fault != "ok" {
                faults.push(fault);
            }
        }
    }
    Ok(faults)
}
