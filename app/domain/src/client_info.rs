//! Information about the client of a request, whether or not it is logged in.

use std::net::{IpAddr, Ipv4Addr};

use time::Duration;
use tower_cookies::{Cookie, Cookies, cookie::SameSite};

use shared::forms::Secret;

/// The number of characters of the `User-Agent` that are kept.
const AGENT_MAX: usize = 256;

/// An `HttpOnly` cookie set by the site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClientCookie {
    /// The token of a link in a mail, between following the link and submitting the form.
    MailToken,
    /// The token of the invitation that was created last, so that its link can be shown.
    NewInvitation,
    /// The token of the link to a draft that was created last, so that it can be shown.
    NewPreviewLink,
    /// The secret that identifies a browser to the accounts that have logged in from it.
    Device,
}

impl ClientCookie {
    const fn name(self) -> &'static str {
        match self {
            Self::MailToken => "mail-token",
            Self::NewInvitation => "new-invitation",
            Self::NewPreviewLink => "new-preview-link",
            Self::Device => "device",
        }
    }

    /// Returns the `Max-Age` of the cookie.
    const fn lasts(self) -> Duration {
        match self {
            Self::MailToken => Duration::minutes(30),
            Self::NewInvitation | Self::NewPreviewLink => Duration::minutes(10),
            Self::Device => Duration::days(365),
        }
    }

    /// Returns the full name of the cookie. Over TLS it has the `__Host-` prefix, which keeps other hosts from
    /// setting it (RFC 6265bis).
    fn full_name(self, secure: bool) -> String {
        format!("{}{}", if secure { "__Host-" } else { "" }, self.name())
    }
}

/// The client of a request, as far as the request identifies it.
#[derive(Clone)]
pub struct ClientInfo {
    /// The IP address of the client.
    pub address: IpAddr,
    /// The `User-Agent` of the client.
    pub agent: String,
    cookies: Cookies,
    secure: bool,
}

impl ClientInfo {
    /// Creates the information about a client. `secure` says that it is connected over TLS.
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

    /// Creates a local client without cookies.
    #[must_use]
    pub fn local() -> Self {
        Self::new(Ipv4Addr::LOCALHOST.into(), "", Cookies::default(), false)
    }

    /// Returns the value of a cookie.
    #[must_use]
    pub fn kept(&self, keepsake: ClientCookie) -> Option<Secret> {
        let cookie = self.cookies.get(&keepsake.full_name(self.secure))?;
        Some(Secret::from(cookie.value()))
    }

    /// Sets a cookie.
    pub fn keep(&self, keepsake: ClientCookie, value: &Secret) {
        let mut cookie = self.cookie(keepsake, value.expose().to_owned());
        cookie.set_max_age(keepsake.lasts());
        self.cookies.add(cookie);
    }

    /// Removes a cookie.
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
