//! The old paths of all redirects, in memory, so that the database is not asked about each address that nobody knows.

use std::{
    collections::HashSet,
    hash::{BuildHasher, RandomState},
    time::{Duration, Instant},
};

use sea_orm::{EntityTrait, QuerySelect};
use tokio::sync::Mutex;

use crate::{
    Scope,
    platform::{entity::redirect, freshness::Freshness, topic::Topic},
};
use shared::error::AppError;

/// The maximum age of the index, which is less than the time for which changes are remembered.
const LASTS: Duration = Duration::from_mins(1);

/// The hashes of the old paths: 100,000 redirects take about a megabyte.
#[derive(Debug, Default)]
pub(crate) struct RedirectIndex {
    hasher: RandomState,
    /// Locked while it is read again, so that many requests do not do so at once.
    known: Mutex<Option<Known>>,
}

#[derive(Debug)]
struct Known {
    paths: HashSet<u64>,
    read_at: Instant,
    freshness: Freshness,
}

impl RedirectIndex {
    /// Returns `false` if there is no redirect from `path`. While changes by others are not noticed, there may always be
    /// one.
    ///
    /// # Errors
    ///
    /// Returns an error if the database cannot be reached.
    pub(super) async fn may_contain(&self, scope: &Scope, path: &str) -> Result<bool, AppError> {
        let changes = scope.state.db.changes();
        let asked = changes.now();
        if !changes.is_watched() {
            return Ok(true);
        }
        let mut known = self.known.lock().await;
        let current = known
            .as_ref()
            .filter(|known| known.read_at.elapsed() < LASTS && known.freshness.is_current(changes, asked));
        let path = self.hasher.hash_one(path);
        if let Some(current) = current {
            return Ok(current.paths.contains(&path));
        }
        let freshness = Freshness::new(changes.now(), vec![Topic::Redirects]);
        let rows: Vec<String> = redirect::Entity::find()
            .select_only()
            .column(redirect::Column::Path)
            .into_tuple()
            .all(scope.state.db.reader())
            .await?;
        let paths: HashSet<u64> = rows
            .iter()
            .map(|path| self.hasher.hash_one(path.as_str()))
            .collect();
        let is_there = paths.contains(&path);
        *known = Some(Known {
            paths,
            read_at: Instant::now(),
            freshness,
        });
        Ok(is_there)
    }
}
