//! Connections, pools and transactions.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use sea_orm::{
    AccessMode, ConnectOptions, ConnectionTrait, Database, DatabaseBackend, DatabaseConnection,
    DatabaseTransaction, DbErr, IsolationLevel, SqliteTransactionMode, Statement, TransactionOptions,
    TransactionTrait,
};

/// When the topics of cached pages last changed.
mod changes;
/// The SQL console.
pub mod console;
/// Receives notifications of changes by other servers.
mod listener;
/// A connection pool that records failures.
mod observed_pool;
/// PostgreSQL connections.
pub mod postgres;
/// Consistent copies of SQLite databases.
pub mod snapshot;
/// SQLite connections and the check of their durability settings.
mod sqlite;
/// Transactions.
mod transaction;
/// The write state of the database.
mod write_health;

use super::topic::Topic;
use observed_pool::{Observer, Suspect};

pub use changes::Changes;
pub use listener::Listener;
pub use observed_pool::ObservedPool;
pub use shared::error::Failure;
pub use transaction::Transaction;
pub use write_health::{WriteHealth, WriteState};

/// The timeout for locks of other writers and for a free connection of the pool.
const TIMEOUT: Duration = Duration::from_secs(5);
/// The default number of connections for reading.
pub const CONNECTIONS: u32 = 8;

/// Lists the tables in PostgreSQL; the site has a separate schema.
const POSTGRES_TABLES: &str =
    "SELECT tablename AS \"table\" FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename";
/// Lists the tables in SQLite.
const SQLITE_TABLES: &str = "SELECT name AS \"table\" FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name";

/// The limits of a connection pool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pool {
    /// The maximum number of connections. SQLite has one additional connection for writing.
    pub connections: u32,
    /// The `statement_timeout` of PostgreSQL. With it, the `lock_timeout` is five seconds at most.
    pub statement_timeout: Option<Duration>,
}

impl Default for Pool {
    fn default() -> Self {
        Self {
            connections: CONNECTIONS,
            statement_timeout: None,
        }
    }
}

/// The database: a pool for reading and one for writing.
///
/// SQLite allows one writer at a time; with a single writing connection, requests queue in order within the program
/// instead of competing for locks. With PostgreSQL, each pool has half of the connections.
#[derive(Debug, Clone)]
pub struct Db {
    reader: ObservedPool,
    writer: ObservedPool,
    changes: Changes,
    write_health: WriteHealth,
}

/// Opens a connection pool. The future is boxed because it is 17 KB in size.
async fn open(options: ConnectOptions) -> Result<DatabaseConnection, DbErr> {
    Box::pin(Database::connect(options)).await
}

impl Db {
    /// Returns whether the database can be written to, according to the latest statements.
    #[must_use]
    pub const fn write_health(&self) -> &WriteHealth {
        &self.write_health
    }

    /// Returns when the topics of cached pages last changed.
    #[must_use]
    pub const fn changes(&self) -> &Changes {
        &self.changes
    }

    /// Commits `transaction`, and makes the cached pages of all servers outdated that show one of the topics that it
    /// has invalidated.
    ///
    /// # Errors
    ///
    /// Returns an error if the database cannot be reached; whether the transaction was committed is then unknown.
    pub async fn commit(&self, transaction: Transaction) -> Result<(), DbErr> {
        let topics = transaction.invalidated();
        if topics.is_empty() {
            return transaction.commit().await;
        }
        let db = self.clone();
        // Spawned, so that the cache is invalidated even if the request is cancelled.
        let committed = tokio::spawn(async move {
            let committed = transaction.commit().await;
            // Also after an error, because the transaction may have been committed.
            db.invalidate(topics).await;
            committed
        });
        committed
            .await
            .unwrap_or_else(|error| Err(DbErr::Custom(error.to_string())))
    }

    /// Makes the cached pages of all servers outdated that show one of `topics`.
    pub async fn invalidate(&self, topics: BTreeSet<Topic>) {
        self.changes.record(topics.iter().copied());
        if self.is_shared() {
            self.changes.tell(&self.writer, topics).await;
        }
    }

    /// Opens the database at `url` (`sqlite:` or `postgres:`). An SQLite file is created if it does not exist.
    ///
    /// # Errors
    ///
    /// Returns an error if the database cannot be reached, or if SQLite would not make committed transactions
    /// durable.
    pub async fn connect(url: &str) -> Result<Self, DbErr> {
        Self::connect_with(url, &Pool::default()).await
    }

    /// Opens the database at `url` with other pool limits than the defaults.
    ///
    /// # Errors
    ///
    /// Returns an error if the database cannot be reached, or if SQLite would not make committed transactions
    /// durable.
    pub async fn connect_with(url: &str, pool: &Pool) -> Result<Self, DbErr> {
        let (changes, health) = (Changes::default(), WriteHealth::default());
        let suspect = Suspect::default();
        let (reader, writer) = if url.starts_with("sqlite:") {
            sqlite::probe(url).await?;
            let writer = sqlite::writer(url, suspect.clone(), changes.clone());
            let writer = open(writer).await?;
            let reader = open(sqlite::reader(url, pool.connections)).await?;
            (reader, writer)
        } else {
            postgres::probe(url, pool).await?;
            // Reads need free connections even while writers wait for each other.
            let writers = (pool.connections / 2).max(1);
            let readers = (pool.connections - writers).max(1);
            let writer = open(postgres::options(url, pool, writers)).await?;
            let reader = open(postgres::options(url, pool, readers)).await?;
            (reader, writer)
        };
        Ok(Self {
            reader: ObservedPool::new(reader, Observer::new(health.clone(), Suspect::default())),
            writer: ObservedPool::new(writer, Observer::new(health.clone(), suspect)),
            changes,
            write_health: health,
        })
    }

    /// Calls `observer` with every statement of this value and its duration. Other clones of the same database are
    /// not affected.
    pub fn on_statement(&mut self, observer: impl Fn(&Statement, Duration) + Send + Sync + 'static) {
        let observer = Arc::new(observer);
        for connection in [&mut self.reader, &mut self.writer] {
            let observer = Arc::clone(&observer);
            connection
                .pool_mut()
                .set_metric_callback(move |info| observer(info.statement, info.elapsed));
        }
    }

    /// Returns the pool for queries.
    #[must_use]
    pub fn reader(&self) -> &ObservedPool {
        &self.reader
    }

    /// Returns the pool for single statements that write.
    #[must_use]
    pub fn writer(&self) -> &ObservedPool {
        &self.writer
    }

    /// Returns whether several servers may use the database at the same time.
    #[must_use]
    pub fn is_shared(&self) -> bool {
        self.writer.get_database_backend() == DatabaseBackend::Postgres
    }

    /// Returns a number that changes when another process writes to the SQLite database.
    ///
    /// # Errors
    ///
    /// Returns an error if the database cannot be reached.
    pub async fn written_by_others(&self) -> Result<i64, DbErr> {
        // The number ignores writes of the connection that asks (sqlite.org/pragma.html#pragma_data_version), and
        // this connection does all writes of this process.
        let statement = Statement::from_string(DatabaseBackend::Sqlite, "PRAGMA data_version");
        let row = self.writer.query_one_raw(statement).await?;
        row.map_or(Ok(0), |row| row.try_get("", "data_version"))
    }

    /// Returns the names of all tables.
    ///
    /// # Errors
    ///
    /// Returns an error if the database cannot be reached.
    pub async fn tables(&self) -> Result<Vec<String>, DbErr> {
        let sql = if self.is_shared() {
            POSTGRES_TABLES
        } else {
            SQLITE_TABLES
        };
        let statement = Statement::from_string(self.reader.get_database_backend(), sql);
        let rows = self.reader.query_all_raw(statement).await?;
        rows.iter().map(|row| row.try_get("", "table")).collect()
    }

    /// Closes all connections.
    ///
    /// # Errors
    ///
    /// Returns an error if they cannot be closed.
    pub async fn close(self) -> Result<(), DbErr> {
        self.reader.close().await?;
        self.writer.close().await
    }

    /// Locks the schema against changes by other servers until the returned transaction ends. An SQLite database has
    /// a single server, which the lock of the data folder ensures.
    ///
    /// # Errors
    ///
    /// Returns an error if the database cannot be reached.
    pub async fn lock_schema(&self) -> Result<Option<Transaction>, DbErr> {
        if !self.is_shared() {
            return Ok(None);
        }
        let transaction = self.begin().await?;
        postgres::lock_schema(&transaction).await?;
        Ok(Some(transaction))
    }

    /// Begins a transaction for writing. It is rolled back if dropped without [`Self::commit`].
    ///
    /// # Errors
    ///
    /// Returns an error if the database cannot be reached or another program holds its lock for too long.
    pub async fn begin(&self) -> Result<Transaction, DbErr> {
        self.begin_isolated(None).await
    }

    /// Begins a transaction for writing whose statements all see the database as it is now. It fails at the first row
    /// that another transaction has changed in the meantime.
    ///
    /// # Errors
    ///
    /// Returns an error if the database cannot be reached or another program holds its lock for too long.
    pub async fn begin_repeatable(&self) -> Result<Transaction, DbErr> {
        // SQLite has one writer at a time, so nothing changes during a transaction.
        self.begin_isolated(self.is_shared().then_some(IsolationLevel::RepeatableRead))
            .await
    }

    async fn begin_isolated(&self, isolation_level: Option<IsolationLevel>) -> Result<Transaction, DbErr> {
        // A deferred transaction that reads first fails at its first write if another has written in between.
        let options = TransactionOptions {
            isolation_level,
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        self.writer.begin(options).await
    }

    /// Begins a read-only transaction that sees the database as it is now, regardless of later changes.
    ///
    /// # Errors
    ///
    /// Returns an error if the database cannot be reached.
    pub async fn snapshot(&self) -> Result<DatabaseTransaction, DbErr> {
        let options = TransactionOptions {
            isolation_level: self.is_shared().then_some(IsolationLevel::RepeatableRead),
            access_mode: Some(AccessMode::ReadOnly),
            sqlite_transaction_mode: Some(SqliteTransactionMode::Deferred),
        };
        self.reader.pool().begin_with_options(options).await
    }
}

fn pooled(url: &str, connections: u32) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections)
        .acquire_timeout(TIMEOUT)
        .sqlx_logging(false);
    options
}
