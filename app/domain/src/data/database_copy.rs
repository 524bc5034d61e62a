//! A whole site, from one database into another, of the same kind or not.
//!
//! Each part of a table is written in one transaction with how far it is, into the table `copying`: so a copy that has stopped
//! goes on where it was. In the end both databases are read as a whole and compared. No server starts while `copying` is there.

use sea_orm::{ConnectionTrait, DbErr, Statement};
use thiserror::Error;

use crate::platform::db::{Db, Transaction};

/// How the numbers of new rows go on.
mod sequence;
/// What is done with every table.
mod table;

pub use table::names;

/// What holds how far a copy is.
const COPYING: &str = "copying";
/// Its entry that says that the target is ready to be filled.
const READY: &str = "ready";

/// Why a site has not been copied.
#[derive(Debug, Error)]
pub enum CopyError {
    /// There is something already.
    #[error("the target is not empty: it has the table {0}; use a database without tables")]
    NotEmpty(String),
    /// What has come is not what was sent.
    #[error(
        "{0} are not the same in both databases: one was changed in the meantime; start again with an empty one"
    )]
    Differs(&'static str),
    /// A database does not answer.
    #[error("{0}")]
    Database(#[from] DbErr),
}

/// Is told what is being done, and how much of all is done.
pub type Report<'a> = &'a (dyn Fn(&str, u64, u64) + Send + Sync);

/// Whether a copy into `db` has begun and not ended.
///
/// # Errors
/// When the database cannot be read.
pub async fn is_begun(db: &Db) -> Result<bool, DbErr> {
    Ok(db.tables().await?.iter().any(|table| table == COPYING))
}

/// Begins a copy into `target`, or goes on with one. Its schema can be made then.
///
/// # Errors
/// [`CopyError::NotEmpty`] when there is anything else.
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

/// Copies all tables of `source` into `target`, which has been begun and has the same schema; tells how many rows there are.
///
/// # Errors
/// [`CopyError::Differs`] when both are not the same in the end.
pub async fn run(source: &Db, target: &Db, report: Report<'_>) -> Result<u64, CopyError> {
    clear(target).await?;
    let before = source.snapshot().await?;
    for table in table::all() {
        let rows = table.count(&before).await?;
        table.copy(&before, target, rows, report).await?;
    }
    before.rollback().await?;
    // Whatever was written meanwhile is seen now.
    let (source, copied) = (source.snapshot().await?, target.snapshot().await?);
    let mut rows = 0;
    for table in table::all() {
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

/// Takes away, before the first row comes, what the schema has by itself.
async fn clear(target: &Db) -> Result<(), DbErr> {
    let transaction = target.begin().await?;
    if done(&transaction, READY).await?.is_none() {
        for table in table::names() {
            transaction
                .execute_unprepared(&format!("DELETE FROM {table}"))
                .await?;
        }
        note(&transaction, READY, 1).await?;
    }
    target.commit(transaction).await
}

/// How much of what is called `name` has been done.
async fn done(db: &impl ConnectionTrait, name: &str) -> Result<Option<u64>, DbErr> {
    let sql = format!("SELECT done FROM {COPYING} WHERE name = $1");
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, [name.into()]);
    let Some(row) = db.query_one_raw(statement).await? else {
        return Ok(None);
    };
    let done: i64 = row.try_get("", "done")?;
    Ok(u64::try_from(done).ok())
}

/// Notes that so much of what is called `name` has been done.
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
