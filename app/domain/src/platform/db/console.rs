//! The SQL console, on a separate connection.

use std::str::FromStr;

use futures::StreamExt;
use sea_orm::sqlx::{
    self, Column, ConnectOptions, Connection as _, Either, Executor, Row, SqlSafeStr, SqlStr, TypeInfo,
    ValueRef,
    postgres::{PgConnectOptions, PgConnection, PgDatabaseError, PgRow},
    sqlite::{SqliteConnectOptions, SqliteConnection, SqliteRow},
};

use super::{POSTGRES_TABLES, SQLITE_TABLES, TIMEOUT};

/// The statements that are permitted in a read-only console.
mod statement;

/// The maximum number of rows that are kept per result.
pub const ROWS: usize = 1_000;

/// The role that a superuser assumes for reading. It may read every table but no files of the server
/// (<https://www.postgresql.org/docs/current/predefined-roles.html>).
const READER: &str = "pg_read_all_data";

/// A connection of the SQL console.
pub struct Console {
    connection: Connection,
    may_write: bool,
}

enum Connection {
    Sqlite(SqliteConnection),
    Postgres {
        connection: PgConnection,
        is_superuser: bool,
    },
}

/// The reason why a statement failed.
#[derive(Debug, thiserror::Error)]
pub enum ConsoleError {
    /// The console is read-only and the statement was not recognized as one that only reads.
    #[error("not a single statement that only reads")]
    NotARead,
    /// The console is read-only and the database refused the statement for that reason.
    #[error(transparent)]
    Denied(sqlx::Error),
    /// Any other error of the database.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// The result of a statement.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Output {
    /// The names of the columns; empty if the statement returns no rows.
    pub columns: Vec<String>,
    /// The rows as text; `None` is NULL.
    pub rows: Vec<Vec<Option<String>>>,
    /// Whether there are more rows than were kept.
    pub is_cut: bool,
    /// The number of changed rows.
    pub changed: u64,
}

impl Console {
    /// Opens the database at `url`, which must exist. Unless it `may_write`, only single statements that read are
    /// permitted. This protects against mistakes, not against attackers: anybody with the URL can use another client.
    ///
    /// # Errors
    ///
    /// Returns an error if the database cannot be reached.
    pub async fn open(url: &str, may_write: bool) -> Result<Self, sqlx::Error> {
        let connection = if url.starts_with("sqlite:") {
            let options = SqliteConnectOptions::from_str(url)?
                .create_if_missing(false)
                .read_only(!may_write)
                .foreign_keys(true)
                .busy_timeout(TIMEOUT)
                .disable_statement_logging();
            Connection::Sqlite(SqliteConnection::connect_with(&options).await?)
        } else {
            let read_only = if may_write { "off" } else { "on" };
            let options = PgConnectOptions::from_str(url)?
                .options([("default_transaction_read_only", read_only)])
                .disable_statement_logging();
            let mut connection = PgConnection::connect_with(&options).await?;
            let is_superuser = sqlx::query_scalar("SELECT current_setting('is_superuser') = 'on'")
                .fetch_one(&mut connection)
                .await?;
            Connection::Postgres {
                connection,
                is_superuser,
            }
        };
        Ok(Self {
            connection,
            may_write,
        })
    }

    /// Runs `sql`. If the console may write, it may consist of several statements; the rows are those of the last
    /// statement that returns any.
    ///
    /// # Errors
    ///
    /// Returns [`ConsoleError::NotARead`] or [`ConsoleError::Denied`] in a read-only console, and the error of the
    /// database otherwise.
    pub async fn run(&mut self, sql: &str) -> Result<Output, ConsoleError> {
        match &mut self.connection {
            Connection::Sqlite(connection) if self.may_write => Ok(sqlite_output(connection, sql).await?),
            Connection::Sqlite(connection) => {
                if !statement::is_sqlite_read(sql) {
                    return Err(ConsoleError::NotARead);
                }
                sqlite_output(connection, sql).await.map_err(denied)
            }
            Connection::Postgres { connection, .. } if self.may_write => {
                Ok(postgres_output(connection, sql).await?)
            }
            Connection::Postgres {
                connection,
                is_superuser,
            } => {
                if !statement::begins_as_postgres_read(sql) {
                    return Err(ConsoleError::NotARead);
                }
                // Preparing fails unless it is a single statement. It is not run as a prepared statement, whose
                // results would be binary.
                Executor::prepare(&mut *connection, safe(sql))
                    .await
                    .map_err(denied)?;
                let output = read(connection, *is_superuser, sql).await;
                sqlx::raw_sql("ROLLBACK").execute(&mut *connection).await?;
                output.map_err(denied)
            }
        }
    }

    /// Lists the names of all tables.
    ///
    /// # Errors
    ///
    /// Returns an error if the database cannot be read.
    pub async fn tables(&mut self) -> Result<Output, ConsoleError> {
        let sql = match self.connection {
            Connection::Sqlite(_) => SQLITE_TABLES,
            Connection::Postgres { .. } => POSTGRES_TABLES,
        };
        self.run(sql).await
    }

    /// Lists the columns of the table `name`.
    ///
    /// # Errors
    ///
    /// Returns an error if the database cannot be read.
    pub async fn columns(&mut self, name: &str) -> Result<Output, ConsoleError> {
        let name = name.replace('\'', "''");
        let sql = match self.connection {
            Connection::Sqlite(_) => {
                format!("SELECT name, type, \"notnull\", dflt_value FROM pragma_table_info('{name}')")
            }
            Connection::Postgres { .. } => format!(
                "SELECT column_name AS name, data_type AS type, is_nullable, column_default FROM information_schema.columns \
                 WHERE table_schema = 'public' AND table_name = '{name}' ORDER BY ordinal_position"
            ),
        };
        self.run(&sql).await
    }
}

fn safe(sql: &str) -> SqlStr {
    sqlx::AssertSqlSafe(sql.to_owned()).into_sql_str()
}

async fn sqlite_output(connection: &mut SqliteConnection, sql: &str) -> Result<Output, sqlx::Error> {
    let mut output = Output::default();
    let mut answers = sqlx::raw_sql(safe(sql)).fetch_many(connection);
    while let Some(answer) = answers.next().await {
        match answer? {
            Either::Left(done) => output.changed += done.rows_affected(),
            Either::Right(row) => output.add(&row, sqlite_text),
        }
    }
    Ok(output)
}

async fn postgres_output(connection: &mut PgConnection, sql: &str) -> Result<Output, sqlx::Error> {
    let mut output = Output::default();
    let mut answers = sqlx::raw_sql(safe(sql)).fetch_many(connection);
    while let Some(answer) = answers.next().await {
        match answer? {
            Either::Left(done) => output.changed += done.rows_affected(),
            Either::Right(row) => output.add(&row, postgres_text),
        }
    }
    Ok(output)
}

/// Runs the single statement `sql` in a read-only transaction, which the caller rolls back.
async fn read(connection: &mut PgConnection, is_superuser: bool, sql: &str) -> Result<Output, sqlx::Error> {
    sqlx::raw_sql("BEGIN READ ONLY").execute(&mut *connection).await?;
    if is_superuser {
        let become_reader = format!("SET LOCAL ROLE {READER}");
        sqlx::raw_sql(safe(&become_reader))
            .execute(&mut *connection)
            .await?;
    }
    postgres_output(connection, sql).await
}

/// Distinguishes a refusal because the console is read-only from other errors.
fn denied(error: sqlx::Error) -> ConsoleError {
    let sqlx::Error::Database(cause) = &error else {
        return error.into();
    };
    if let Some(cause) = cause.try_downcast_ref::<PgDatabaseError>() {
        return match cause.code() {
            // Several statements; a syntax error within one statement has the same code but comes from another
            // routine of PostgreSQL.
            "42601" if cause.routine() == Some("exec_parse_message") => ConsoleError::NotARead,
            // `read_only_sql_transaction`, `insufficient_privilege`.
            "25006" | "42501" => ConsoleError::Denied(error),
            _ => error.into(),
        };
    }
    // SQLITE_READONLY is in the low byte (https://sqlite.org/rescode.html).
    let code = cause.code().and_then(|code| code.parse::<i32>().ok());
    if code.is_some_and(|code| code & 0xff == 8) {
        ConsoleError::Denied(error)
    } else {
        error.into()
    }
}

impl Output {
    fn add<R: Row>(&mut self, row: &R, text: fn(&R, usize) -> Option<String>) {
        let columns: Vec<String> = row
            .columns()
            .iter()
            .map(|column| column.name().to_owned())
            .collect();
        if columns != self.columns {
            *self = Self {
                columns,
                changed: self.changed,
                ..Self::default()
            };
        }
        if self.rows.len() == ROWS {
            self.is_cut = true;
            return;
        }
        self.rows
            .push((0..self.columns.len()).map(|column| text(row, column)).collect());
    }
}

/// Returns a value as text, to which SQLite converts numbers by itself.
fn sqlite_text(row: &SqliteRow, column: usize) -> Option<String> {
    let value = row.try_get_raw(column).ok().filter(|value| !value.is_null())?;
    if value.type_info().name() == "BLOB" {
        let bytes: Vec<u8> = row.try_get_unchecked(column).unwrap_or_default();
        let noun = if bytes.len() == 1 { "byte" } else { "bytes" };
        return Some(format!("({} {noun})", bytes.len()));
    }
    row.try_get_unchecked(column).ok()
}

/// Returns a value as text, the format of results of the simple query protocol.
fn postgres_text(row: &PgRow, column: usize) -> Option<String> {
    let value = row.try_get_raw(column).ok().filter(|value| !value.is_null())?;
    value.as_str().map(ToOwned::to_owned).ok()
}
