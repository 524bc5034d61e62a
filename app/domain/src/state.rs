//! The application state.

use std::sync::Arc;

use crate::{
    Reads, SiteUrl,
    accounts::password::Hasher,
    jobs::Jobs,
    mail::{outbox::Outbox, transport::Mailer},
    media::Media,
    platform::{clock::Clock, db::Db, limit::Limits, outgoing::OutgoingClient},
};

/// The state of one application instance; every running site and every test has its own.
#[derive(Clone)]
pub struct AppState {
    /// The database.
    pub db: Db,
    /// The password hasher.
    pub hasher: Hasher,
    /// The clock.
    pub clock: Clock,
    /// The settings of the administrator.
    pub settings: Arc<SiteSettings>,
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
}

impl AppState {
    /// Returns the queue with the handlers of all kinds of jobs.
    #[must_use]
    pub fn all_jobs() -> Jobs {
        Jobs::new(vec![Box::new(Outbox::default())])
    }
}

/// The settings that use-cases need.
#[derive(Debug, Clone)]
pub struct SiteSettings {
    /// The URL of the site.
    pub site_url: SiteUrl,
    /// The number of posts per page.
    pub posts_per_page: u64,
    /// The mode of registration.
    pub registration: RegistrationMode,
    /// The URL of the WebSub hub, if one is configured.
    pub websub_hub: Option<String>,
}

/// The mode of registration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RegistrationMode {
    /// An account is usable at once, and the form reports a taken address.
    Open,
    /// An account is created when its address is confirmed, and nothing reveals whether an address has an account.
    Private,
    /// Like open, but only for people with an invitation.
    Invited,
    /// Nobody can register, not even with an invitation.
    Closed,
}
