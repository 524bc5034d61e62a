//! Connections, pools and transactions.

use std::{sync::Arc, time::Duration};

use sea_orm::{
    AccessMode, ConnectOptions, ConnectionTrait, Database, DatabaseBackend, DatabaseConnection,
    DatabaseTransaction, DbErr, IsolationLevel, SqliteTransactionMode, Statement, TransactionOptions,
    TransactionTrait,
};

/// Whether what everybody may read is as it was.
mod cache_version;
/// SQL by hand.
pub mod console;
/// Hears what other servers have changed.
mod listener;
/// A pool of connections, each of whose failures is noticed.
mod observed_pool;
/// How PostgreSQL is opened.
pub mod postgres;
/// A copy of an SQLite database.
pub mod snapshot;
/// How SQLite is opened, and the check that it is.
mod sqlite;
/// Several changes that belong together.
mod transaction;
/// Whether the database can be written to.
mod write_health;

use observed_pool::{Observer, Suspect};

pub use cache_version::CacheVersion;
pub use listener::Listener;
pub use observed_pool::ObservedPool;
pub use shared::error::Failure;
pub use transaction::Transaction;
pub use write_health::{WriteHealth, WriteState};

/// How long a statement waits for another writer, and a request for a free connection.
const TIMEOUT: Duration = Duration::from_secs(5);
/// Connections that read at the same time, unless it is said otherwise.
pub const CONNECTIONS: u32 = 8;

/// The names of all tables of PostgreSQL, of which the site has a schema of its own.
const POSTGRES_TABLES: &str =
    "SELECT tablename AS \"table\" FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename";
/// Those of SQLite.
const SQLITE_TABLES: &str = "SELECT name AS \"table\" FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name";

/// What a pool of connections is bounded by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pool {
    /// How many connections there are at most. SQLite has one more, that writes.
    pub connections: u32,
    /// How long PostgreSQL works on one statement before it gives up. With it, none waits longer than five seconds for a lock.
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

/// The database: a pool that reads and one that writes.
///
/// SQLite has one writer at a time; with a single writing connection requests queue in the program, in order, instead of
/// meeting each other's locks. With PostgreSQL each pool has half of the connections.
#[derive(Debug, Clone)]
pub struct Db {
    reader: ObservedPool,
    writer: ObservedPool,
    content: CacheVersion,
    write_health: WriteHealth,
}

/// Opens a pool of connections. The future is boxed because it has 17 KB.
async fn open(options: ConnectOptions) -> Result<DatabaseConnection, DbErr> {
    Box::pin(Database::connect(options)).await
}

impl Db {
    /// Returns whether the database can be written to, as far as the last statements tell.
    #[must_use]
    pub const fn write_health(&self) -> &WriteHealth {
        &self.write_health
    }

    /// Whether what everybody may read is as it was.
    #[must_use]
    pub const fn content(&self) -> &CacheVersion {
        &self.content
    }

    /// Keeps what `transaction` has changed of what everybody may read, and tells all servers that it is another.
    ///
    /// # Errors
    /// When the database cannot be reached: then nothing has changed, as far as is known.
    pub async fn commit(&self, transaction: Transaction) -> Result<(), DbErr> {
        let db = self.clone();
        // Whoever asked for it may hang up meanwhile, and it is done all the same.
        let committed = tokio::spawn(async move {
            let committed = db.commit_private(transaction).await;
            // Also when it is not known whether it was.
            db.content.changed();
            if db.is_shared() {
                db.content.tell(&db.writer).await;
            }
            committed
        });
        committed
            .await
            .unwrap_or_else(|error| Err(DbErr::Custom(error.to_string())))
    }

    /// Keeps what `transaction` has changed, of which nothing is read by everybody.
    ///
    /// # Errors
    /// When the database cannot be reached: then nothing has changed, as far as is known.
    pub async fn commit_private(&self, transaction: Transaction) -> Result<(), DbErr> {
        transaction.commit().await
    }

    /// Opens the database at `url` (`sqlite:` or `postgres:`); an SQLite file is created where there is none.
    ///
    /// # Errors
    /// When it cannot be reached, or when SQLite would not keep what it confirms.
    pub async fn connect(url: &str) -> Result<Self, DbErr> {
        Self::connect_with(url, &Pool::default()).await
    }

    /// The same with other bounds.
    ///
    /// # Errors
    /// When it cannot be reached, or when SQLite would not keep what it confirms.
    pub async fn connect_with(url: &str, pool: &Pool) -> Result<Self, DbErr> {
        let (content, health) = (CacheVersion::default(), WriteHealth::default());
        let suspect = Suspect::default();
        let (reader, writer) = if url.starts_with("sqlite:") {
            sqlite::probe(url).await?;
            let writer = sqlite::writer(url, suspect.clone(), content.clone());
            let writer = open(writer).await?;
            let reader = open(sqlite::reader(url, pool.connections)).await?;
            (reader, writer)
        } else {
            postgres::probe(url, pool).await?;
            // Writers that wait for each other leave connections to readers.
            let writers = (pool.connections / 2).max(1);
            let readers = (pool.connections - writers).max(1);
            let writer = open(postgres::options(url, pool, writers)).await?;
            let reader = open(postgres::options(url, pool, readers)).await?;
            (reader, writer)
        };
        Ok(Self {
            reader: ObservedPool::new(reader, Observer::new(health.clone(), Suspect::default())),
            writer: ObservedPool::new(writer, Observer::new(health.clone(), suspect)),
            content,
            write_health: health,
        })
    }

    /// Has `observer` told of every statement of this value's, and how long the database took. Others of the same database,
    /// of which this is a clone, are not concerned.
    pub fn on_statement(&mut self, observer: impl Fn(&Statement, Duration) + Send + Sync + 'static) {
        let observer = Arc::new(observer);
        for connection in [&mut self.reader, &mut self.writer] {
            let observer = Arc::clone(&observer);
            connection
                .pool_mut()
                .set_metric_callback(move |info| observer(info.statement, info.elapsed));
        }
    }

    /// For queries.
    #[must_use]
    pub fn reader(&self) -> &ObservedPool {
        &self.reader
    }

    /// For single statements that change something.
    #[must_use]
    pub fn writer(&self) -> &ObservedPool {
        &self.writer
    }

    /// Whether several servers may use it at the same time.
    #[must_use]
    pub fn is_shared(&self) -> bool {
        self.writer.get_database_backend() == DatabaseBackend::Postgres
    }

    /// A number that is another when somebody else has written to an SQLite database since it was asked for the last time.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn written_by_others(&self) -> Result<i64, DbErr> {
        // It counts what was not written by the connection that asks (sqlite.org/pragma.html#pragma_data_version): this one
        // writes all that is written here.
        let statement = Statement::from_string(DatabaseBackend::Sqlite, "PRAGMA data_version");
        let row = self.writer.query_one_raw(statement).await?;
        row.map_or(Ok(0), |row| row.try_get("", "data_version"))
    }

    /// The names of all tables.
    ///
    /// # Errors
    /// When the database cannot be reached.
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

    /// Ends all connections.
    ///
    /// # Errors
    /// When the database does not let go.
    pub async fn close(self) -> Result<(), DbErr> {
        self.reader.close().await?;
        self.writer.close().await
    }

    /// Waits until no other server changes the schema; others wait until the returned transaction ends. An SQLite database has
    /// one server, which the data folder's lock sees to.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn lock_schema(&self) -> Result<Option<Transaction>, DbErr> {
        if !self.is_shared() {
            return Ok(None);
        }
        let transaction = self.begin().await?;
        postgres::lock_schema(&transaction).await?;
        Ok(Some(transaction))
    }

    /// Begins several changes that belong together. Dropped without [`Self::commit`], none of them has happened.
    ///
    /// # Errors
    /// When the database cannot be reached or another program holds its lock for too long.
    pub async fn begin(&self) -> Result<Transaction, DbErr> {
        // A deferred transaction that reads and then writes fails at once when another has written in between.
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        self.writer.begin(options).await
    }

    /// Begins to read the database as it is now, whatever somebody does to it meanwhile.
    ///
    /// # Errors
    /// When the database cannot be reached.
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
