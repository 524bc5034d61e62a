//! Transactions.

use std::{
    collections::BTreeSet,
    pin::Pin,
    sync::{
        Mutex, MutexGuard, OnceLock, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use async_trait::async_trait;
use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, ExecResult, QueryResult, Statement, StreamTrait,
};

use super::{Failure, observed_pool::Observer};
use crate::platform::topic::Topic;

/// A transaction, which [`Db::commit`](super::Db::commit) commits. It is rolled back if dropped.
///
/// Transactions cannot be nested, so a commit is always that of the outermost one. After a failure every further
/// statement is refused: SQLite may have rolled back by itself and would commit each statement at once, and
/// PostgreSQL would answer a commit as if it had succeeded.
#[derive(Debug)]
pub struct Transaction {
    inner: DatabaseTransaction,
    observer: Observer,
    failed: OnceLock<DbErr>,
    changed: AtomicU64,
    invalidated: Mutex<BTreeSet<Topic>>,
}

impl Transaction {
    pub(super) const fn new(inner: DatabaseTransaction, observer: Observer) -> Self {
        Self {
            inner,
            observer,
            failed: OnceLock::new(),
            changed: AtomicU64::new(0),
            invalidated: Mutex::new(BTreeSet::new()),
        }
    }

    /// Records that the transaction changes what pages show of `topics`.
    pub fn invalidate(&self, topics: impl IntoIterator<Item = Topic>) {
        self.topics().extend(topics);
    }

    /// Returns the topics that the transaction has invalidated so far.
    pub(super) fn invalidated(&self) -> BTreeSet<Topic> {
        self.topics().clone()
    }

    fn topics(&self) -> MutexGuard<'_, BTreeSet<Topic>> {
        self.invalidated.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) async fn commit(self) -> Result<(), DbErr> {
        self.refuse_failed()?;
        #[expect(clippy::disallowed_methods, reason = "this is what is to be used instead")]
        let committed = self.inner.commit().await;
        self.observer.observe(committed)?;
        self.observer.written(self.changed.into_inner());
        Ok(())
    }

    /// Rolls back all changes.
    ///
    /// # Errors
    ///
    /// Returns an error if the database cannot be reached; nothing has changed then either.
    pub async fn rollback(self) -> Result<(), DbErr> {
        let has_failed = self.failed.get().is_some();
        let rolled_back = self.inner.rollback().await;
        if has_failed {
            // The database may have rolled back already; a connection left in a transaction is replaced by the pool.
            return Ok(());
        }
        self.observer.observe(rolled_back)
    }

    fn refuse_failed(&self) -> Result<(), DbErr> {
        self.failed.get().map_or(Ok(()), |error| Err(error.clone()))
    }

    /// Records the result of a statement.
    fn observe<T>(&self, answer: Result<T, DbErr>) -> Result<T, DbErr> {
        if let Err(error) = &answer {
            let goes_on = Failure::classify(error) == Failure::Constraint
                && ConnectionTrait::get_database_backend(&self.inner) == DbBackend::Sqlite;
            if !goes_on {
                // Only the first failure is kept: it is the cause of the others.
                let _ = self.failed.set(error.clone());
            }
        }
        self.observer.observe(answer)
    }
}

impl StreamTrait for Transaction {
    type Stream<'a> = <DatabaseTransaction as StreamTrait>::Stream<'a>;

    fn get_database_backend(&self) -> DbBackend {
        ConnectionTrait::get_database_backend(&self.inner)
    }

    fn stream_raw<'a>(
        &'a self,
        statement: Statement,
    ) -> Pin<Box<dyn Future<Output = Result<Self::Stream<'a>, DbErr>> + Send + 'a>> {
        if let Err(error) = self.refuse_failed() {
            return Box::pin(async { Err(error) });
        }
        self.inner.stream_raw(statement)
    }
}

#[async_trait]
impl ConnectionTrait for Transaction {
    fn get_database_backend(&self) -> DbBackend {
        ConnectionTrait::get_database_backend(&self.inner)
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.refuse_failed()?;
        let answer = self.observe(self.inner.execute_raw(statement).await)?;
        self.changed.fetch_add(answer.rows_affected(), Ordering::Relaxed);
        Ok(answer)
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.refuse_failed()?;
        self.observe(self.inner.execute_unprepared(sql).await)
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.refuse_failed()?;
        self.observe(self.inner.query_one_raw(statement).await)
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.refuse_failed()?;
        self.observe(self.inner.query_all_raw(statement).await)
    }
}
