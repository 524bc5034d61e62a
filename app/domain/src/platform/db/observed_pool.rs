//! A connection pool that records failures.

use std::{
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use async_trait::async_trait;
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DbBackend, DbErr, ExecResult, QueryResult, Statement, StreamTrait,
    TransactionOptions, TransactionTrait, sqlx,
};

use super::{Failure, Transaction, WriteHealth};

/// A connection pool whose failures are recorded.
#[derive(Debug, Clone)]
pub struct ObservedPool {
    pool: DatabaseConnection,
    observer: Observer,
}

/// Records failures.
#[derive(Debug, Clone, Default)]
pub(super) struct Observer {
    health: WriteHealth,
    suspect: Suspect,
}

/// Whether the connection that was used last may be in an unknown state.
#[derive(Debug, Clone, Default)]
pub(super) struct Suspect(Arc<AtomicBool>);

impl Suspect {
    /// Returns whether the pool may reuse `connection`: it is not in a transaction and has had no errors other than
    /// constraint violations.
    ///
    /// sqlx tracks the nesting depth of transactions. When SQLite rolls one back by itself, for example because the
    /// disk is full (<https://sqlite.org/lang_transaction.html>), sqlx's `ROLLBACK` fails and the depth stays too
    /// high: the next transaction would become a savepoint, and its commit would not persist anything.
    pub async fn is_reusable<C: sqlx::Connection>(&self, connection: &mut C) -> Result<bool, sqlx::Error> {
        if self.0.swap(false, Ordering::AcqRel) {
            return Ok(false);
        }
        if connection.is_in_transaction() {
            // Waits for a pending rollback to complete.
            connection.ping().await?;
        }
        Ok(!connection.is_in_transaction())
    }
}

impl Observer {
    pub fn new(health: WriteHealth, suspect: Suspect) -> Self {
        Self { health, suspect }
    }

    /// Records the result of a statement.
    pub fn observe<T>(&self, answer: Result<T, DbErr>) -> Result<T, DbErr> {
        if let Err(error) = &answer {
            self.health.refused(error);
            // If acquiring timed out, no connection was used.
            let was_used = !matches!(error, DbErr::ConnectionAcquire(_));
            if was_used && Failure::classify(error) != Failure::Constraint {
                self.suspect.0.store(true, Ordering::Release);
            }
        }
        answer
    }

    /// Records that the given number of rows were changed and committed.
    pub fn written(&self, rows: u64) {
        if rows > 0 {
            self.health.written();
        }
    }
}

impl ObservedPool {
    pub(super) const fn new(pool: DatabaseConnection, observer: Observer) -> Self {
        Self { pool, observer }
    }

    /// Returns the underlying pool, for migrations, which begin their own transactions.
    #[must_use]
    pub const fn pool(&self) -> &DatabaseConnection {
        &self.pool
    }

    pub(super) const fn pool_mut(&mut self) -> &mut DatabaseConnection {
        &mut self.pool
    }

    pub(super) async fn begin(&self, options: TransactionOptions) -> Result<Transaction, DbErr> {
        let begun = self.pool.begin_with_options(options).await;
        let transaction = self.observer.observe(begun)?;
        Ok(Transaction::new(transaction, self.observer.clone()))
    }

    pub(super) async fn close(self) -> Result<(), DbErr> {
        self.pool.close().await
    }
}

impl StreamTrait for ObservedPool {
    type Stream<'a> = <DatabaseConnection as StreamTrait>::Stream<'a>;

    fn get_database_backend(&self) -> DbBackend {
        ConnectionTrait::get_database_backend(&self.pool)
    }

    fn stream_raw<'a>(
        &'a self,
        statement: Statement,
    ) -> Pin<Box<dyn Future<Output = Result<Self::Stream<'a>, DbErr>> + Send + 'a>> {
        self.pool.stream_raw(statement)
    }
}

#[async_trait]
impl ConnectionTrait for ObservedPool {
    fn get_database_backend(&self) -> DbBackend {
        ConnectionTrait::get_database_backend(&self.pool)
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        let answer = self.observer.observe(self.pool.execute_raw(statement).await)?;
        self.observer.written(answer.rows_affected());
        Ok(answer)
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.observer.observe(self.pool.execute_unprepared(sql).await)
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.observer.observe(self.pool.query_one_raw(statement).await)
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.observer.observe(self.pool.query_all_raw(statement).await)
    }
}
