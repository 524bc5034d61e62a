//! A cache of what use-cases read from the database and show to everybody alike.
//!
//! A value is read with a public scope, so that it cannot depend on who asks. A use-case decides afterwards, for each
//! viewer, whether they may see it. Errors are not cached.

use std::{
    hash::Hash,
    io::{self, Write},
    sync::Arc,
    time::Duration,
};

use moka::{policy::EvictionPolicy, sync::Cache};
use serde::Serialize;

use super::freshness::Freshness;
use crate::Scope;
use shared::error::AppError;

/// The maximum age of a cached value, which is less than the time for which changes are remembered.
const LASTS: Duration = Duration::from_mins(1);
/// The approximate overhead of an entry, in bytes.
const OVERHEAD: usize = 512;

/// A cache of values of one kind.
pub(crate) struct ReadCache<K, V> {
    entries: Cache<K, Arc<Entry<V>>>,
}

struct Entry<V> {
    value: Arc<V>,
    /// The approximate size in memory, in bytes.
    size: usize,
    freshness: Freshness,
}

impl<K, V> ReadCache<K, V>
where
    K: Hash + Eq + Send + Sync + 'static,
    V: Serialize + Send + Sync + 'static,
{
    /// Returns a cache of at most so many `bytes`.
    pub(crate) fn new(bytes: u64) -> Self {
        let entries = Cache::builder()
            .max_capacity(bytes)
            .weigher(|_: &K, entry: &Arc<Entry<V>>| u32::try_from(entry.size).unwrap_or(u32::MAX))
            .time_to_live(LASTS)
            // Outdated values are useless, however often they were requested.
            .eviction_policy(EvictionPolicy::lru())
            .build();
        Self { entries }
    }

    /// Returns the value of `key`: the cached one, or that of `read`, which is then cached.
    ///
    /// While changes by others are not noticed, nothing is cached.
    ///
    /// # Errors
    ///
    /// Returns the errors of `read`.
    pub(crate) async fn get(
        &self,
        scope: &Scope,
        key: K,
        read: impl AsyncFnOnce(&Scope) -> Result<V, AppError>,
    ) -> Result<Arc<V>, AppError> {
        let changes = scope.state.db.changes();
        let asked = changes.now();
        let is_watched = changes.is_watched();
        if is_watched
            && let Some(entry) = self.entries.get(&key)
            && entry.freshness.is_current(changes, asked)
        {
            scope.reads(entry.freshness.topics().iter().copied());
            return Ok(Arc::clone(&entry.value));
        }
        let public = Scope::public(scope.state.clone());
        let value = read(&public).await;
        let topics = public.topics();
        scope.reads(topics.iter().copied());
        let value = Arc::new(value?);
        if is_watched {
            let entry = Entry {
                size: OVERHEAD + size(&*value),
                value: Arc::clone(&value),
                freshness: Freshness::new(asked, topics),
            };
            self.entries.insert(key, Arc::new(entry));
        }
        Ok(value)
    }
}

/// Returns the length of `value` as JSON, which approximates its size in memory.
fn size(value: &impl Serialize) -> usize {
    let mut length = Length(0);
    match serde_json::to_writer(&mut length, value) {
        Ok(()) => length.0,
        Err(_) => usize::MAX,
    }
}

/// A writer that counts bytes.
struct Length(usize);

impl Write for Length {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
