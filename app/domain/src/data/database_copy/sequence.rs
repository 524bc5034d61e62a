//! How the numbers of new rows go on. A number that was given out never comes back, though its row may have gone: it is part of
//! somebody's old address.

use sea_orm::{ConnectionTrait, DatabaseBackend, DatabaseTransaction, DbErr, Statement, Value};

use super::table;
use crate::platform::db::Transaction;

/// Has new rows of `target` numbered as they would have been in `source`.
pub(super) async fn carry_over(source: &DatabaseTransaction, target: &Transaction) -> Result<(), DbErr> {
    for table in table::all().iter().filter(|table| table.is_numbered()) {
        let last = last(source, table.name()).await?;
        if last > 0 {
            set(target, table.name(), last).await?;
        }
    }
    Ok(())
}

/// The last number that was given out in `table`; 0 when none was.
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
        let values: [Value; 2] = [table.into(), last.into()];
        target
            .execute_raw(Statement::from_sql_and_values(backend, *sql, values))
            .await?;
    }
    Ok(())
}
