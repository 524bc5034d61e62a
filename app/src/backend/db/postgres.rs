//! How PostgreSQL is opened.

use sea_orm::{
    ConnectOptions, ConnectionTrait, DatabaseTransaction, DbErr, RuntimeErr,
    sqlx::{
        self, ConnectOptions as _, Connection,
        postgres::{PgConnectOptions, PgConnection},
    },
};

use super::{Pool, pooled};

/// The name that it shows for our connections (`pg_stat_activity`).
const NAME: &str = "broadsheet";
/// What servers that start together wait for, before one of them changes the schema: a number that no other program is
/// likely to lock.
const SCHEMA_LOCK: i64 = 0x6272_6f61_6473_6865;

/// Opens `url` once, so that what is wrong with it is told at once; a pool would try again until its time is over.
pub(super) async fn probe(url: &str) -> Result<(), DbErr> {
    let opened = async {
        let options = url.parse::<PgConnectOptions>()?.disable_statement_logging();
        PgConnection::connect_with(&options).await?.close().await
    };
    opened
        .await
        .map_err(|error: sqlx::Error| DbErr::Conn(RuntimeErr::SqlxError(error.into())))
}

/// A pool for `url`. Its address says how the connection is encrypted (`sslmode`, `sslrootcert`).
pub(super) fn options(url: &str, pool: &Pool) -> ConnectOptions {
    let mut options = pooled(url, pool.connections);
    let limit = pool.statement_timeout.map(|limit| limit.as_millis().to_string());
    options.map_sqlx_postgres_opts(move |postgres| {
        let postgres = postgres.application_name(NAME);
        match &limit {
            Some(limit) => postgres.options([("statement_timeout", limit)]),
            None => postgres,
        }
    });
    options
}

/// Whether the user of the connection may not do what was tried (`insufficient_privilege`).
#[must_use]
pub fn lacks_rights(error: &DbErr) -> bool {
    let (DbErr::Exec(RuntimeErr::SqlxError(cause)) | DbErr::Query(RuntimeErr::SqlxError(cause))) = error
    else {
        return false;
    };
    matches!(&**cause, sqlx::Error::Database(cause) if cause.code().as_deref() == Some("42501"))
}

/// Waits until no other server changes the schema, and has others wait until this transaction ends.
pub(super) async fn lock_schema(transaction: &DatabaseTransaction) -> Result<(), DbErr> {
    let sql = format!("SELECT pg_advisory_xact_lock({SCHEMA_LOCK})");
    transaction.execute_unprepared(&sql).await?;
    Ok(())
}
