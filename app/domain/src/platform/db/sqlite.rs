//! How SQLite is opened, and the check that it is.

use sea_orm::{
    ConnectOptions, DbErr, RuntimeErr,
    sqlx::{
        self, ConnectOptions as _, Connection, Row,
        sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteSynchronous},
    },
};

use super::{CacheVersion, Suspect, TIMEOUT, pooled};

/// Older releases can corrupt a database in WAL mode (<https://sqlite.org/wal.html#walresetbug>).
const OLDEST: [u32; 3] = [3, 51, 3];

/// Opens `url` once, so that what is wrong with it is told at once; a pool would try again until its time is over.
pub(super) async fn probe(url: &str) -> Result<(), DbErr> {
    let opened = async {
        let options = configured(url.parse()?, false).disable_statement_logging();
        let mut connection = SqliteConnection::connect_with(&options).await?;
        assert_durable(&mut connection).await?;
        connection.close().await
    };
    opened
        .await
        .map_err(|error: sqlx::Error| DbErr::Conn(RuntimeErr::SqlxError(error.into())))
}

/// Returns a pool that reads, each of whose connections is checked.
pub(super) fn reader(url: &str, connections: u32) -> ConnectOptions {
    let mut options = pooled(url, connections);
    options
        .map_sqlx_sqlite_opts(|sqlite| configured(sqlite, true))
        .map_sqlx_sqlite_pool_opts(|pool| {
            let pool = pool.max_lifetime(None).idle_timeout(None);
            pool.after_connect(|connection, _| Box::pin(assert_durable(connection)))
                .after_release(|connection, _| {
                    // One that was left in a transaction would see the database as it was then, for ever.
                    Box::pin(async move { Suspect::default().is_reusable(connection).await })
                })
        });
    options
}

/// Returns a pool of the one connection that writes. One that is `suspect` is replaced before it is used again.
pub(super) fn writer(url: &str, suspect: Suspect, content: CacheVersion) -> ConnectOptions {
    let mut options = pooled(url, 1);
    options
        .map_sqlx_sqlite_opts(|sqlite| configured(sqlite, false))
        .map_sqlx_sqlite_pool_opts(move |pool| {
            let (content, released, acquired) = (content.clone(), suspect.clone(), suspect.clone());
            // What a connection has counted is lost with it (`Db::written_by_others`).
            let pool = pool.max_lifetime(None).idle_timeout(None);
            pool.after_connect(move |connection, _| {
                let content = content.clone();
                Box::pin(async move {
                    assert_durable(connection).await?;
                    // It counts what others write from now on; what they have written while there was none is not known.
                    sqlx::query("PRAGMA data_version")
                        .execute(&mut *connection)
                        .await?;
                    content.changed();
                    Ok(())
                })
            })
            .after_release(move |connection, _| {
                let suspect = released.clone();
                Box::pin(async move { suspect.is_reusable(connection).await })
            })
            .before_acquire(move |connection, _| {
                let suspect = acquired.clone();
                Box::pin(async move { suspect.is_reusable(connection).await })
            })
        });
    options
}

/// What it confirms is on disk: in WAL mode that takes `synchronous=FULL`.
fn configured(sqlite: SqliteConnectOptions, read_only: bool) -> SqliteConnectOptions {
    sqlite
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(TIMEOUT)
        .pragma("query_only", if read_only { "ON" } else { "OFF" })
}

/// Refuses a connection that would not keep what it confirms, whatever the address of the database asked for.
async fn assert_durable(connection: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    let row = sqlx::query(
        "SELECT sqlite_version(), journal_mode, synchronous, foreign_keys, timeout \
         FROM pragma_journal_mode, pragma_synchronous, pragma_foreign_keys, pragma_busy_timeout",
    )
    .fetch_one(connection)
    .await?;
    let version: String = row.try_get(0)?;
    let parts: Vec<u32> = version.split('.').filter_map(|part| part.parse().ok()).collect();
    let (journal, synchronous): (String, i64) = (row.try_get(1)?, row.try_get(2)?);
    let (foreign_keys, timeout): (i64, i64) = (row.try_get(3)?, row.try_get(4)?);

    let durable = journal == "wal" && synchronous == 2 && foreign_keys == 1 && timeout >= 5_000;
    if parts.as_slice() < OLDEST.as_slice() || !durable {
        return Err(sqlx::Error::Configuration(
            format!(
                "SQLite {version} with journal_mode={journal}, synchronous={synchronous}, foreign_keys={foreign_keys}, \
                 busy_timeout={timeout} would not keep everything it confirms"
            )
            .into(),
        ));
    }
    Ok(())
}
