//! The sequences of row ids. An id is never reused, even after its row was deleted, because it is part of published
//! URLs.

use sea_orm::{ConnectionTrait, DatabaseBackend, DatabaseTransaction, DbErr, Statement, Value};

use crate::{data::tables, platform::db::Transaction};

/// Continues the sequences of `source` in `target`.
pub(super) async fn carry_over(source: &DatabaseTransaction, target: &Transaction) -> Result<(), DbErr> {
    for table in tables::copied().filter(|table| table.is_numbered()) {
        let last = last(source, table.name()).await?;
        if last > 0 {
            set(target, table.name(), last).await?;
        }
    }
    Ok(())
}

/// Returns the last id assigned in `table`, or 0 if there is none.
async fn last(source: &DatabaseTransaction, table: &str) -> Result<i64, DbErr> {
    let backend = source.get_database_backend();
    let sql = match backend {
        DatabaseBackend::Postgres => {
            "SELECT COALESCE(pg_sequence_last_value(pg_get_serial_sequence($1, 'id')::regclass), 0) AS last"
        }
        _ => "SELECT COALESCE((SELECT seq FROM sqlite_sequence WHERE name = $1), 0) AS last",
    };
    let row = source
        .query_one_raw(Statement::from_sql_and_values(backend, sql, [table.into()]))
        .await?;
    row.map_or(Ok(0), |row| row.try_get("", "last"))
}

async fn set(target: &Transaction, table: &str, last: i64) -> Result<(), DbErr> {
    let backend = target.get_database_backend();
    let statements: &[&str] = match backend {
        DatabaseBackend::Postgres => &["SELECT setval(pg_get_serial_sequence($1, 'id'), $2)"],
        _ => &[
            "DELETE FROM sqlite_sequence WHERE name = $1 AND $2 > 0",
            "INSERT INTO sqlite_sequence (name, seq) VALUES ($1, $2)",
        ],
    };
    for sql in statements {
        let values: [Value; _] = [table.into(), last.into()];
        target
            .execute_raw(Statement::from_sql_and_values(backend, *sql, values))
            .await?;
    }
    Ok(())
}
