//! The URL of the site.

use std::str::FromStr;

use axum::http::Uri;

use shared::forms::host;

/// The URL at which people reach the site: scheme, host and port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteUrl(String);

impl SiteUrl {
    /// Returns the URL as an origin (RFC 6454), without a trailing slash.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.0
    }

    /// Returns the host without the port.
    #[must_use]
    pub fn host(&self) -> String {
        let uri: Option<Uri> = self.0.parse().ok();
        let host = uri.as_ref().and_then(Uri::host).unwrap_or_default();
        host.to_owned()
    }

    /// Returns whether the site is reached over TLS.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.0.starts_with("https://")
    }

    /// Returns the absolute URL of `path`.
    #[must_use]
    pub fn absolute(&self, path: &str) -> String {
        format!("{}{path}", self.0)
    }
}

impl FromStr for SiteUrl {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let expected = "must be http:// or https:// and a host, such as https://example.org";
        let uri: Uri = host::in_url(text).parse().map_err(|_| expected)?;
        match (uri.scheme_str(), uri.authority()) {
            (Some(scheme @ ("http" | "https")), Some(authority))
                if uri.path() == "/" && uri.query().is_none() && !authority.as_str().contains('@') =>
            {
                Ok(Self(format!(
                    "{scheme}://{}",
                    authority.as_str().to_ascii_lowercase()
                )))
            }
            (Some("http" | "https"), Some(_)) => {
                Err("must end after the host: the site cannot run under a path")
            }
            _ => Err(expected),
        }
    }
}
