//! The application state.

use std::sync::Arc;

use crate::{
    accounts::password::Hasher,
    mail::{outbox::Outbox, transport::Mailer},
    media::Media,
    platform::{clock::Clock, db::Db, limit::Limits},
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
    /// The handle to the worker that sends mails.
    pub outbox: Outbox,
    /// The processing and storage of images.
    pub media: Media,
}

/// The settings that use-cases need.
#[derive(Debug, Clone)]
pub struct SiteSettings {
    /// The origin of the site: scheme, host and port, without a trailing slash.
    pub origin: String,
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
}

impl SiteSettings {
    /// Returns the absolute URL of `path`.
    #[must_use]
    pub fn absolute(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }

    /// Returns whether the site is reached over TLS.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.origin.starts_with("https://")
    }

    /// Returns the host without the port.
    #[must_use]
    pub fn host(&self) -> &str {
        let authority = self.origin.split("//").nth(1).unwrap_or_default();
        match authority.rsplit_once(':') {
            Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
            _ => authority,
        }
    }
}
