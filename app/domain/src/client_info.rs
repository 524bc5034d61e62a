//! What a request tells of who sends it, whether or not they are signed in.

use std::net::{IpAddr, Ipv4Addr};

use time::Duration;
use tower_cookies::{Cookie, Cookies, cookie::SameSite};

use shared::forms::Secret;

/// Of what a browser calls itself, so many characters are kept.
const AGENT_MAX: usize = 256;

/// A cookie of ours that no script in the browser can read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClientCookie {
    /// The token of a link in a mail, on its way from that link's address to the form that uses it.
    MailToken,
    /// What a browser is known by to the accounts that have logged in from it.
    Device,
}

impl ClientCookie {
    const fn name(self) -> &'static str {
        match self {
            Self::MailToken => "mail-token",
            Self::Device => "device",
        }
    }

    /// How long a browser keeps it.
    const fn lasts(self) -> Duration {
        match self {
            Self::MailToken => Duration::minutes(30),
            Self::Device => Duration::days(365),
        }
    }

    /// The whole name: over TLS with the prefix with which no other host can set it (RFC 6265bis).
    fn full_name(self, secure: bool) -> String {
        format!("{}{}", if secure { "__Host-" } else { "" }, self.name())
    }
}

/// Who sends a request, as far as the request itself tells.
#[derive(Clone)]
pub struct ClientInfo {
    /// The address that it came from.
    pub address: IpAddr,
    /// What the browser calls itself.
    pub agent: String,
    cookies: Cookies,
    secure: bool,
}

impl ClientInfo {
    /// Somebody at `address` whose browser calls itself `agent`. `secure` says that they come over TLS.
    #[must_use]
    pub fn new(address: IpAddr, agent: &str, cookies: Cookies, secure: bool) -> Self {
        Self {
            address,
            agent: agent
                .chars()
                .filter(|it| !it.is_control())
                .take(AGENT_MAX)
                .collect(),
            cookies,
            secure,
        }
    }

    /// Somebody on this machine without cookies.
    #[must_use]
    pub fn local() -> Self {
        Self::new(Ipv4Addr::LOCALHOST.into(), "", Cookies::default(), false)
    }

    /// What the browser keeps for us.
    #[must_use]
    pub fn kept(&self, keepsake: ClientCookie) -> Option<Secret> {
        let cookie = self.cookies.get(&keepsake.full_name(self.secure))?;
        Some(Secret::from(cookie.value()))
    }

    /// Has the browser keep `value` for us.
    pub fn keep(&self, keepsake: ClientCookie, value: &Secret) {
        let mut cookie = self.cookie(keepsake, value.expose().to_owned());
        cookie.set_max_age(keepsake.lasts());
        self.cookies.add(cookie);
    }

    /// Has the browser forget it.
    pub fn forget(&self, keepsake: ClientCookie) {
        if self.kept(keepsake).is_some() {
            let mut cookie = self.cookie(keepsake, String::new());
            cookie.set_max_age(Duration::ZERO);
            self.cookies.add(cookie);
        }
    }

    fn cookie(&self, keepsake: ClientCookie, value: String) -> Cookie<'static> {
        Cookie::build((keepsake.full_name(self.secure), value))
            .path("/")
            .http_only(true)
            .secure(self.secure)
            .same_site(SameSite::Lax)
            .build()
    }
}
