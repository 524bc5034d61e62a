//! SQL by hand, on a connection of its own.

use std::str::FromStr;

use futures::StreamExt;
use sea_orm::sqlx::{
    self, Column, ConnectOptions, Connection, Either, Row, SqlSafeStr, TypeInfo, ValueRef,
    postgres::{PgConnectOptions, PgConnection, PgRow},
    sqlite::{SqliteConnectOptions, SqliteConnection, SqliteRow},
};

use super::{PATIENCE, POSTGRES_TABLES, SQLITE_TABLES};

/// So many rows of one answer are kept; whoever wants more asks for less.
pub const ROWS: usize = 1_000;

/// A connection for SQL by hand.
pub enum Console {
    /// To an SQLite file.
    Sqlite(SqliteConnection),
    /// To PostgreSQL.
    Postgres(PgConnection),
}

/// What a statement has given.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Output {
    /// The names of the columns; none for a statement that gives no rows.
    pub columns: Vec<String>,
    /// The rows as text, nothing for NULL.
    pub rows: Vec<Vec<Option<String>>>,
    /// There are more rows.
    pub is_cut: bool,
    /// How many rows were changed.
    pub changed: u64,
}

impl Console {
    /// Opens the database at `url`, which has to be there; unless it `may_write`, it changes nothing.
    ///
    /// # Errors
    /// When it cannot be reached.
    pub async fn open(url: &str, may_write: bool) -> Result<Self, sqlx::Error> {
        if url.starts_with("sqlite:") {
            let options = SqliteConnectOptions::from_str(url)?
                .create_if_missing(false)
                .read_only(!may_write)
                .foreign_keys(true)
                .busy_timeout(PATIENCE)
                .disable_statement_logging();
            return Ok(Self::Sqlite(SqliteConnection::connect_with(&options).await?));
        }
        let read_only = if may_write { "off" } else { "on" };
        let options = PgConnectOptions::from_str(url)?
            .options([("default_transaction_read_only", read_only)])
            .disable_statement_logging();
        Ok(Self::Postgres(PgConnection::connect_with(&options).await?))
    }

    /// Runs `sql`, which may be several statements: the rows are those of the last that gives any.
    ///
    /// # Errors
    /// What the database says against it.
    pub async fn run(&mut self, sql: &str) -> Result<Output, sqlx::Error> {
        let sql = sqlx::AssertSqlSafe(sql.to_owned()).into_sql_str();
        let mut output = Output::default();
        match self {
            Self::Sqlite(connection) => {
                let mut answers = sqlx::raw_sql(sql).fetch_many(connection);
                while let Some(answer) = answers.next().await {
                    match answer? {
                        Either::Left(done) => output.changed += done.rows_affected(),
                        Either::Right(row) => output.add(&row, sqlite_text),
                    }
                }
            }
            Self::Postgres(connection) => {
                let mut answers = sqlx::raw_sql(sql).fetch_many(connection);
                while let Some(answer) = answers.next().await {
                    match answer? {
                        Either::Left(done) => output.changed += done.rows_affected(),
                        Either::Right(row) => output.add(&row, postgres_text),
                    }
                }
            }
        }
        Ok(output)
    }

    /// The names of all tables.
    ///
    /// # Errors
    /// When the database does not tell.
    pub async fn tables(&mut self) -> Result<Output, sqlx::Error> {
        let sql = match self {
            Self::Sqlite(_) => SQLITE_TABLES,
            Self::Postgres(_) => POSTGRES_TABLES,
        };
        self.run(sql).await
    }

    /// The columns of the table called `name`.
    ///
    /// # Errors
    /// When the database does not tell.
    pub async fn columns(&mut self, name: &str) -> Result<Output, sqlx::Error> {
        let name = name.replace('\'', "''");
        let sql = match self {
            Self::Sqlite(_) => {
                format!("SELECT name, type, \"notnull\", dflt_value FROM pragma_table_info('{name}')")
            }
            Self::Postgres(_) => format!(
                "SELECT column_name AS name, data_type AS type, is_nullable, column_default FROM information_schema.columns \
                 WHERE table_schema = 'public' AND table_name = '{name}' ORDER BY ordinal_position"
            ),
        };
        self.run(&sql).await
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

/// SQLite writes numbers as text by itself.
fn sqlite_text(row: &SqliteRow, column: usize) -> Option<String> {
    let value = row.try_get_raw(column).ok().filter(|value| !value.is_null())?;
    if value.type_info().name() == "BLOB" {
        let bytes: Vec<u8> = row.try_get_unchecked(column).unwrap_or_default();
        return Some(format!("({} bytes)", bytes.len()));
    }
    row.try_get_unchecked(column).ok()
}

/// A statement that is sent as it is is answered in text.
fn postgres_text(row: &PgRow, column: usize) -> Option<String> {
    let value = row.try_get_raw(column).ok().filter(|value| !value.is_null())?;
    value.as_str().map(ToOwned::to_owned).ok()
}
