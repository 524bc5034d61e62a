//! What the whole program shares.

use std::sync::Arc;

use super::{clock::Clock, db::Db, password::Hasher};

/// One instance of the application: every running site and every test has its own.
#[derive(Clone)]
pub struct AppState {
    /// The database.
    pub db: Db,
    /// Hashes passwords.
    pub hasher: Hasher,
    /// Tells the time.
    pub clock: Clock,
    /// What the administrator has set.
    pub settings: Arc<SiteSettings>,
}

/// The settings that use-cases need.
#[derive(Debug, Clone)]
pub struct SiteSettings {
    /// Posts on one page of a list.
    pub posts_per_page: u64,
}
