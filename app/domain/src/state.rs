//! The application state.

use std::{collections::BTreeMap, sync::Arc};

use tokio::sync::Notify;

use crate::{
    Reads, SiteUrl,
    accounts::password::Hasher,
    jobs::Jobs,
    mail::{outbox::Outbox, transport::Mailer},
    media::Media,
    moderation::TextHolder,
    platform::{clock::Clock, db::Db, limit::Limits, outgoing::OutgoingClient},
    site::{SiteCache, values::FixedSetting},
};
use shared::model::site::Setting;

/// The state of one application instance; every running site and every test has its own.
#[derive(Clone)]
pub struct AppState {
    /// The database.
    pub db: Db,
    /// The password hasher.
    pub hasher: Hasher,
    /// The clock.
    pub clock: Clock,
    /// The settings of the operator.
    pub settings: Arc<SiteSettings>,
    /// The settings of administrators, in memory.
    pub site: Arc<SiteCache>,
    /// The rate limits.
    pub limits: Arc<Limits>,
    /// The sender of mails.
    pub mailer: Mailer,
    /// The handle to the worker that does jobs.
    pub jobs: Jobs,
    /// The processing and storage of images.
    pub media: Media,
    /// The cached reads.
    pub reads: Arc<Reads>,
    /// The client for outgoing HTTP requests.
    pub outgoing: OutgoingClient,
    /// Wakes the task that publishes scheduled drafts, because one was scheduled.
    pub schedule_changed: Arc<Notify>,
}

impl AppState {
    /// Returns the queue with the handlers of all kinds of jobs.
    #[must_use]
    pub fn all_jobs() -> Jobs {
        Jobs::new(vec![Box::new(Outbox::default()), Box::new(TextHolder)])
    }
}

/// The settings that use-cases need and that do not change while the site runs.
#[derive(Debug, Clone)]
pub struct SiteSettings {
    /// The URL of the site.
    pub site_url: SiteUrl,
    /// The URL of the WebSub hub, if one is configured.
    pub websub_hub: Option<String>,
    /// The settings that the operator has given, so that they cannot be changed in the browser.
    pub fixed: BTreeMap<Setting, FixedSetting>,
}
