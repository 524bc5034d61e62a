//! Copying a whole site from one database into another, of the same kind or not.
//!
//! Each batch of rows is written in one transaction together with the progress in the table `copying`, so an
//! interrupted copy continues where it stopped. At the end both databases are read completely and compared. No server
//! starts while `copying` exists.

use sea_orm::{ConnectionTrait, DbErr, Statement};
use thiserror::Error;

use super::tables;
use crate::platform::db::{Db, Transaction};

/// The sequences of row ids.
mod sequence;
/// The operations on a table.
mod table;

pub(super) use table::Table;

/// The table that records the progress of a copy.
const COPYING: &str = "copying";
/// The entry of `copying` that says that the target has been cleared.
const READY: &str = "ready";

/// The reason why a site was not copied.
#[derive(Debug, Error)]
pub enum CopyError {
    /// The target contains a table already.
    #[error("the target is not empty: it has the table {0}; use a database without tables")]
    NotEmpty(String),
    /// The source and the target differ.
    #[error(
        "{0} are not the same in both databases: one was changed in the meantime; start again with an empty one"
    )]
    Differs(&'static str),
    /// A database failed.
    #[error("{0}")]
    Database(#[from] DbErr),
}

/// A progress callback: the step, the number of rows done and the total.
pub type Report<'a> = &'a (dyn Fn(&str, u64, u64) + Send + Sync);

/// Returns whether a copy into `db` has begun and not finished.
///
/// # Errors
///
/// Returns an error if the database cannot be read.
pub async fn is_begun(db: &Db) -> Result<bool, DbErr> {
    Ok(db.tables().await?.iter().any(|table| table == COPYING))
}

/// Begins a copy into `target`, or continues one. The schema can be created afterwards.
///
/// # Errors
///
/// Returns [`CopyError::NotEmpty`] if `target` has tables and no copy has begun.
pub async fn begin(target: &Db) -> Result<(), CopyError> {
    let tables = target.tables().await?;
    if tables.iter().any(|table| table == COPYING) {
        return Ok(());
    }
    if let Some(table) = tables.into_iter().next() {
        return Err(CopyError::NotEmpty(table));
    }
    let sql = format!("CREATE TABLE {COPYING} (name VARCHAR(64) PRIMARY KEY, done BIGINT NOT NULL)");
    target.writer().execute_unprepared(&sql).await?;
    Ok(())
}

/// Copies all tables of `source` into `target`, in which a copy has begun and which has the same schema. Returns the
/// number of rows.
///
/// # Errors
///
/// Returns [`CopyError::Differs`] if the databases differ at the end.
pub async fn run(source: &Db, target: &Db, report: Report<'_>) -> Result<u64, CopyError> {
    clear(target).await?;
    let before = source.snapshot().await?;
    for table in tables::copied() {
        let rows = table.count(&before).await?;
        table.copy(&before, target, rows, report).await?;
    }
    before.rollback().await?;
    // New snapshots, so that rows written during the copy are noticed.
    let (source, copied) = (source.snapshot().await?, target.snapshot().await?);
    let mut rows = 0;
    for table in tables::copied() {
        let count = table.count(&source).await?;
        report(&format!("{} compared", table.name()), 0, count);
        if table.count(&copied).await? != count
            || table.digest(&source).await? != table.digest(&copied).await?
        {
            return Err(CopyError::Differs(table.name()));
        }
        report(&format!("{} compared", table.name()), count, count);
        rows += count;
    }
    copied.rollback().await?;
    let transaction = target.begin().await?;
    sequence::carry_over(&source, &transaction).await?;
    let ended = format!("DROP TABLE {COPYING}");
    transaction.execute_unprepared(&ended).await?;
    target.commit(transaction).await?;
    Ok(rows)
}

/// Deletes the rows that the migrations inserted, before the first row is copied.
async fn clear(target: &Db) -> Result<(), DbErr> {
    let transaction = target.begin().await?;
    if done(&transaction, READY).await?.is_none() {
        for table in tables::copied() {
            transaction
                .execute_unprepared(&format!("DELETE FROM {}", table.name()))
                .await?;
        }
        note(&transaction, READY, 1).await?;
    }
    target.commit(transaction).await
}

/// Returns the recorded progress of `name`.
async fn done(db: &impl ConnectionTrait, name: &str) -> Result<Option<u64>, DbErr> {
    let sql = format!("SELECT done FROM {COPYING} WHERE name = $1");
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, [name.into()]);
    let Some(row) = db.query_one_raw(statement).await? else {
        return Ok(None);
    };
    let done: i64 = row.try_get("", "done")?;
    Ok(u64::try_from(done).ok())
}

/// Records the progress of `name`.
async fn note(transaction: &Transaction, name: &str, done: u64) -> Result<(), DbErr> {
    let sql = format!(
        "INSERT INTO {COPYING} (name, done) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET done = excluded.done"
    );
    let done = i64::try_from(done).unwrap_or(i64::MAX);
    let values = [name.into(), done.into()];
    let statement = Statement::from_sql_and_values(transaction.get_database_backend(), sql, values);
    transaction.execute_raw(statement).await?;
    Ok(())
}
