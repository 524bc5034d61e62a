//! Counters in PostgreSQL that servers share: the generic cell rate algorithm in one statement. A row contains the
//! theoretical arrival time in microseconds of the database's clock, because the clocks of the servers may differ.

use std::{num::NonZeroU32, time::Duration};

use sea_orm::{ConnectionTrait, DbErr, Statement, Value};

use crate::platform::db::Db;

/// The current time, the same throughout one statement.
const NOW: &str = "(extract(epoch FROM statement_timestamp()) * 1000000)::bigint";

/// Counts a request of `name` and returns the time to wait if the rate is exceeded.
pub(super) async fn count(
    db: &Db,
    name: &str,
    count: NonZeroU32,
    time: Duration,
) -> Result<Option<Duration>, DbErr> {
    let (step, all) = (micros(time / count.get()), micros(time));
    let sql = format!(
        "INSERT INTO limits AS known (name, until) VALUES ($1, {NOW} + $2) \
         ON CONFLICT (name) DO UPDATE SET until = greatest(known.until, {NOW}) + $2 \
         WHERE greatest(known.until, {NOW}) + $2 <= {NOW} + $3 RETURNING until"
    );
    let values: [Value; _] = [name.into(), step.into(), all.into()];
    if db
        .writer()
        .query_one_raw(statement(db, &sql, values))
        .await?
        .is_some()
    {
        return Ok(None);
    }
    let sql = format!("SELECT greatest(until + $2 - $3 - {NOW}, 0) AS wait FROM limits WHERE name = $1");
    let values: [Value; _] = [name.into(), step.into(), all.into()];
    let wait: i64 = match db.writer().query_one_raw(statement(db, &sql, values)).await? {
        Some(row) => row.try_get("", "wait")?,
        None => 0,
    };
    Ok(Some(Duration::from_micros(wait.unsigned_abs())))
}

/// Deletes the counters that have fully recovered and returns their number.
pub(super) async fn sweep(db: &Db) -> Result<u64, DbErr> {
    let sql = format!("DELETE FROM limits WHERE until < {NOW}");
    Ok(db.writer().execute_unprepared(&sql).await?.rows_affected())
}

fn statement<const N: usize>(db: &Db, sql: &str, values: [Value; N]) -> Statement {
    Statement::from_sql_and_values(db.writer().get_database_backend(), sql, values)
}

fn micros(time: Duration) -> i64 {
    i64::try_from(time.as_micros()).unwrap_or(i64::MAX)
}
