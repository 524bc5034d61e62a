//! The site itself: what administrators change while it runs.

/// The settings in memory.
mod cache;
/// Custom CSS.
pub(crate) mod custom_css;
/// Time zones.
pub mod time_zone;
/// The values of the settings.
pub mod values;

use std::sync::Arc;

pub use cache::SiteCache;

use crate::{AppState, Scope, platform::topic::Topic};
use shared::model::site::SiteIdentity;

impl Scope {
    /// Returns the settings of the site. They are read from the database when they have changed; while it cannot be
    /// reached, the last ones that were read are used.
    pub async fn site(&self) -> Arc<SiteIdentity> {
        self.reads([Topic::Settings]);
        current(&self.state).await
    }
}

/// Returns the settings of the site, as [`Scope::site`] does, for work that shows nothing.
pub async fn current(state: &AppState) -> Arc<SiteIdentity> {
    let (changes, now) = (state.db.changes(), state.clock.now());
    let asked = changes.now();
    if changes.is_watched()
        && let Some(identity) = state.site.current(changes, asked, now)
    {
        return identity;
    }
    if let Ok((identity, ends_at)) = values::identity(state, now).await {
        return state.site.keep(identity, asked, ends_at);
    }
    // The error has been logged. A page with an older name is better than none.
    let fixed = || values::fixed_identity(&state.settings).into();
    state.site.last().unwrap_or_else(fixed)
}
