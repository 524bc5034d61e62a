//! PostgreSQL connections.

use sea_orm::{
    ConnectOptions, ConnectionTrait, DatabaseBackend, DbErr, RuntimeErr, Statement,
    sqlx::{
        self, ConnectOptions as _, Connection,
        postgres::{PgConnectOptions, PgConnection},
    },
};
use tokio::time::timeout;

use super::{Db, Pool, Suspect, TIMEOUT, Transaction, pooled};

/// The `application_name` of the connections (`pg_stat_activity`).
const NAME: &str = "broadsheet";
/// The advisory lock that servers take before they change the schema, a key that other programs are unlikely to use.
const SCHEMA_LOCK: i64 = 0x6272_6f61_6473_6865;

/// Opens `url` once to report errors immediately; a pool would retry until its timeout.
pub(super) async fn probe(url: &str, pool: &Pool) -> Result<(), DbErr> {
    let opened = async {
        let options = bounded(url.parse()?, pool).disable_statement_logging();
        PgConnection::connect_with(&options).await?.close().await
    };
    let opened = timeout(TIMEOUT, opened).await;
    opened
        .unwrap_or_else(|_| Err(sqlx::Error::PoolTimedOut))
        .map_err(|error: sqlx::Error| DbErr::Conn(RuntimeErr::SqlxError(error.into())))
}

/// Returns the options of a pool of `connections` to `url`. The URL determines the encryption (`sslmode`,
/// `sslrootcert`).
pub(super) fn options(url: &str, pool: &Pool, connections: u32) -> ConnectOptions {
    let mut options = pooled(url, connections);
    let pool = *pool;
    options
        .map_sqlx_postgres_opts(move |postgres| bounded(postgres, &pool))
        .map_sqlx_postgres_pool_opts(|pool| {
            pool.after_release(|connection, _| {
                // PostgreSQL tracks failed transactions itself, so the connection need not be marked as suspect.
                Box::pin(async move { Suspect::default().is_reusable(connection).await })
            })
        });
    options
}

/// Sets the timeouts for statements and for locks.
fn bounded(options: PgConnectOptions, pool: &Pool) -> PgConnectOptions {
    let options = options.application_name(NAME);
    match pool.statement_timeout {
        Some(limit) => options.options([
            ("statement_timeout", limit.as_millis().to_string()),
            ("lock_timeout", limit.min(TIMEOUT).as_millis().to_string()),
        ]),
        None => options,
    }
}

/// Returns whether the role lacks a privilege (`insufficient_privilege`).
#[must_use]
pub fn lacks_rights(error: &DbErr) -> bool {
    let (DbErr::Exec(RuntimeErr::SqlxError(cause)) | DbErr::Query(RuntimeErr::SqlxError(cause))) = error
    else {
        return false;
    };
    matches!(&**cause, sqlx::Error::Database(cause) if cause.code().as_deref() == Some("42501"))
}

/// Returns whether `db` is on PostgreSQL and its role is a superuser, which has all privileges on the whole server.
///
/// # Errors
///
/// Returns an error if the database cannot be reached.
pub async fn is_superuser(db: &Db) -> Result<bool, DbErr> {
    if !db.is_shared() {
        return Ok(false);
    }
    let sql = "SELECT current_setting('is_superuser') = 'on' AS is_superuser";
    let statement = Statement::from_string(DatabaseBackend::Postgres, sql);
    let row = db.reader().query_one_raw(statement).await?;
    row.map_or(Ok(false), |row| row.try_get("", "is_superuser"))
}

/// Waits for the schema lock and holds it until the transaction ends.
pub(super) async fn lock_schema(transaction: &Transaction) -> Result<(), DbErr> {
    let sql = format!("SELECT pg_advisory_xact_lock({SCHEMA_LOCK})");
    transaction.execute_unprepared(&sql).await?;
    Ok(())
}
