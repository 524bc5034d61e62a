//! The settings of the site in memory, because every page shows some of them.

use std::sync::{Arc, Mutex, PoisonError, RwLock};

use time::OffsetDateTime;

use super::custom_css;
use crate::platform::{db::Changes, freshness::Freshness, topic::Topic};
use shared::model::site::{CustomCss, SiteIdentity};

/// The settings that were read last.
#[derive(Debug, Default)]
pub struct SiteCache {
    settings: RwLock<Option<Cached>>,
    /// The source of the custom CSS that was compiled last, and the result.
    compiled: Mutex<Option<(String, Option<CustomCss>)>>,
}

#[derive(Debug)]
struct Cached {
    identity: Arc<SiteIdentity>,
    freshness: Freshness,
    /// When the settings change by themselves, because the notice ends.
    ends_at: Option<OffsetDateTime>,
}

impl SiteCache {
    /// Returns the settings if they have not changed before the moment `asked` and are those of the time `now`.
    pub(super) fn current(
        &self,
        changes: &Changes,
        asked: u64,
        now: OffsetDateTime,
    ) -> Option<Arc<SiteIdentity>> {
        let cached = self.settings.read().unwrap_or_else(PoisonError::into_inner);
        let cached = cached.as_ref()?;
        let is_current =
            cached.ends_at.is_none_or(|end| now < end) && cached.freshness.is_current(changes, asked);
        is_current.then(|| Arc::clone(&cached.identity))
    }

    /// Returns the settings that were read last, if any.
    pub(super) fn last(&self) -> Option<Arc<SiteIdentity>> {
        let cached = self.settings.read().unwrap_or_else(PoisonError::into_inner);
        cached.as_ref().map(|cached| Arc::clone(&cached.identity))
    }

    /// Keeps settings that were read after the moment `read_at` and change by themselves at `ends_at`.
    pub(super) fn keep(
        &self,
        identity: SiteIdentity,
        read_at: u64,
        ends_at: Option<OffsetDateTime>,
    ) -> Arc<SiteIdentity> {
        let identity = Arc::new(identity);
        let cached = Cached {
            identity: Arc::clone(&identity),
            freshness: Freshness::new(read_at, vec![Topic::Settings]),
            ends_at,
        };
        *self.settings.write().unwrap_or_else(PoisonError::into_inner) = Some(cached);
        identity
    }

    /// Returns the custom CSS in `source` as it is served, or `None` if there is none. It is compiled only when it has
    /// changed, because settings are read on every request while changes cannot be noticed.
    pub(super) fn custom_css(&self, source: &str) -> Option<CustomCss> {
        let mut compiled = self.compiled.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((of, css)) = &*compiled
            && of == source
        {
            return css.clone();
        }
        let css = custom_css::served(source);
        *compiled = Some((source.to_owned(), css.clone()));
        css
    }
}
