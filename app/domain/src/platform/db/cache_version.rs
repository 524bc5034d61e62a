//! Whether what everybody may read is as it was.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use sea_orm::ConnectionTrait;
use tokio::sync::Mutex;

use super::ObservedPool;

/// Where a server tells the others on PostgreSQL that it has changed something.
pub(super) const CHANNEL: &str = "broadsheet_content";

/// A number for all that everybody may read: pages that were made under the same number are as they were.
#[derive(Debug, Clone)]
pub struct CacheVersion {
    version: Arc<AtomicU64>,
    /// Which number the others were told of.
    told: Arc<Mutex<u64>>,
    server: u64,
}

impl Default for CacheVersion {
    fn default() -> Self {
        Self {
            version: Arc::default(),
            told: Arc::default(),
            server: fastrand::u64(..),
        }
    }
}

impl CacheVersion {
    /// The number now. Whoever keeps what they are about to read asks for it before.
    #[must_use]
    pub fn version(&self) -> u64 {
        self.version.load(Ordering::Acquire)
    }

    /// Something is another, or may be: nothing that was kept counts any more.
    pub fn changed(&self) {
        self.version.fetch_add(1, Ordering::AcqRel);
    }

    /// Whether what a server says was said here: it hears itself as well.
    pub(super) fn is_own(&self, word: &str) -> bool {
        word.parse() == Ok(self.server)
    }

    /// Tells the others. Many who come at once tell them once. It is no part of a transaction, all of which would have to be
    /// committed one after the other then (postgresql.org/docs/current/sql-notify.html).
    pub(super) async fn tell(&self, writer: &ObservedPool) {
        let version = self.version();
        let mut told = self.told.lock().await;
        if *told >= version {
            return;
        }
        let now = self.version();
        let word = format!("NOTIFY {CHANNEL}, '{}'", self.server);
        match writer.execute_unprepared(&word).await {
            Ok(_) => *told = now,
            // They find out within a minute.
            Err(error) => tracing::debug!(%error, "other servers cannot be told about a change"),
        }
    }
}
