//! SQLite connections and the check of their durability settings.

use sea_orm::{
    ConnectOptions, DbErr, RuntimeErr,
    sqlx::{
        self, ConnectOptions as _, Connection, Row,
        sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteSynchronous},
    },
};

use super::{Changes, Suspect, TIMEOUT, pooled};
use crate::platform::topic::Topic;

/// The minimum version: older releases can corrupt a database in WAL mode
/// (<https://sqlite.org/wal.html#walresetbug>).
const OLDEST: [u32; 3] = [3, 51, 3];

/// Opens `url` once to report errors immediately; a pool would retry until its timeout.
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

/// Returns the options of the pool for reading, which checks each connection.
pub(super) fn reader(url: &str, connections: u32) -> ConnectOptions {
    let mut options = pooled(url, connections);
    options
        .map_sqlx_sqlite_opts(|sqlite| configured(sqlite, true))
        .map_sqlx_sqlite_pool_opts(|pool| {
            let pool = pool.max_lifetime(None).idle_timeout(None);
            pool.after_connect(|connection, _| Box::pin(assert_durable(connection)))
                .after_release(|connection, _| {
                    // A connection left in a transaction would keep reading an old snapshot.
                    Box::pin(async move { Suspect::default().is_reusable(connection).await })
                })
        });
    options
}

/// Returns the options of the pool with the only writing connection. A `suspect` connection is replaced before it is
/// used again.
pub(super) fn writer(url: &str, suspect: Suspect, changes: Changes) -> ConnectOptions {
    let mut options = pooled(url, 1);
    options
        .map_sqlx_sqlite_opts(|sqlite| configured(sqlite, false))
        .map_sqlx_sqlite_pool_opts(move |pool| {
            let (changes, released, acquired) = (changes.clone(), suspect.clone(), suspect.clone());
            // `Db::written_by_others` depends on state of the connection, which must not be replaced without need.
            let pool = pool.max_lifetime(None).idle_timeout(None);
            pool.after_connect(move |connection, _| {
                let changes = changes.clone();
                Box::pin(async move {
                    assert_durable(connection).await?;
                    // The baseline of `data_version`; writes of other processes before it may have been missed.
                    sqlx::query("PRAGMA data_version")
                        .execute(&mut *connection)
                        .await?;
                    changes.record([Topic::Everything]);
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

/// Sets the options that make commits durable: in WAL mode that requires `synchronous=FULL`. What is deleted is overwritten, so
/// that a text that somebody has erased is not in the file any more.
fn configured(sqlite: SqliteConnectOptions, read_only: bool) -> SqliteConnectOptions {
    sqlite
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(TIMEOUT)
        .pragma("secure_delete", "ON")
        .pragma("query_only", if read_only { "ON" } else { "OFF" })
}

/// Returns an error if commits would not be durable on this connection, whatever the URL requested.
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
