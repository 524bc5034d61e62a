//! The version of the public content.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use sea_orm::ConnectionTrait;
use tokio::sync::Mutex;

use super::ObservedPool;

/// The PostgreSQL channel on which servers notify each other of changes.
pub(super) const CHANNEL: &str = "broadsheet_content";

/// The version of the public content. Pages that were cached under the current version are up to date.
#[derive(Debug, Clone)]
pub struct CacheVersion {
    version: Arc<AtomicU64>,
    /// The version that other servers were last notified of.
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
    /// Returns the current version. To cache a result, get the version before reading the data.
    #[must_use]
    pub fn version(&self) -> u64 {
        self.version.load(Ordering::Acquire)
    }

    /// Increments the version because public content has or may have changed, which invalidates all cached pages.
    pub fn changed(&self) {
        self.version.fetch_add(1, Ordering::AcqRel);
    }

    /// Returns whether a NOTIFY payload was sent by this server, which receives its own notifications as well.
    pub(super) fn is_own(&self, word: &str) -> bool {
        word.parse() == Ok(self.server)
    }

    /// Notifies the other servers. Concurrent calls send one notification. Sent outside the transaction, because
    /// PostgreSQL serializes the commits of transactions that notify (postgresql.org/docs/current/sql-notify.html).
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
            // The other servers' cached pages expire within a minute.
            Err(error) => tracing::debug!(%error, "other servers cannot be told about a change"),
        }
    }
}
