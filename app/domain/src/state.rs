//! What the whole program shares.

use std::sync::Arc;

use crate::{
    accounts::password::Hasher,
    mail::{outbox::Outbox, transport::Mailer},
    media::Media,
    platform::{clock::Clock, db::Db, limit::Limits},
};

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
    /// How often somebody may do something.
    pub limits: Arc<Limits>,
    /// Sends mails.
    pub mailer: Mailer,
    /// Wakes whoever sends them.
    pub outbox: Outbox,
    /// Makes and keeps pictures.
    pub media: Media,
}

/// The settings that use-cases need.
#[derive(Debug, Clone)]
pub struct SiteSettings {
    /// Where people reach the site: scheme, host and port, without a slash at the end.
    pub origin: String,
    /// Posts on one page of a list.
    pub posts_per_page: u64,
    /// Who learns what by registering.
    pub registration: RegistrationMode,
    /// Who tells readers of feeds that something is new, by WebSub.
    pub websub_hub: Option<String>,
}

/// Who learns what by registering.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RegistrationMode {
    /// An account works at once, and a taken address is named.
    Open,
    /// An account is made when its address is confirmed, and nobody learns whether an address has one.
    Private,
}

impl SiteSettings {
    /// The address of `path` for somebody who is elsewhere.
    #[must_use]
    pub fn absolute(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }

    /// Whether people reach the site over TLS.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.origin.starts_with("https://")
    }

    /// The host alone.
    #[must_use]
    pub fn host(&self) -> &str {
        let authority = self.origin.split("//").nth(1).unwrap_or_default();
        match authority.rsplit_once(':') {
            Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
            _ => authority,
        }
    }
}
