//! What a setting may be.

use std::str::FromStr;

use axum::http::Uri;
use tracing_subscriber::EnvFilter;

/// The address at which people reach the site: scheme, host and port, nothing behind them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteUrl(String);

impl SiteUrl {
    /// The address as an origin (RFC 6454): no slash at its end.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.0
    }

    /// Whether people reach it over TLS.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.0.starts_with("https://")
    }
}

impl FromStr for SiteUrl {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wanted = "must be http:// or https:// and a host, such as https://example.org";
        let uri: Uri = text.parse().map_err(|_| wanted)?;
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
                Err("must end after the host: the site cannot live under a path")
            }
            _ => Err(wanted),
        }
    }
}

/// A database that the program can use. Its address may hold a password, so that it is not repeated.
pub(super) fn database_url(text: &str) -> Result<String, &'static str> {
    let known = ["sqlite:", "postgres://", "postgresql://"];
    if known.iter().any(|scheme| text.starts_with(scheme)) {
        Ok(text.to_owned())
    } else {
        Err("must begin with sqlite:, postgres:// or postgresql://")
    }
}

/// What tracing understands.
pub(super) fn log_filter(text: &str) -> Result<String, String> {
    match EnvFilter::try_new(text) {
        Ok(_) => Ok(text.to_owned()),
        Err(error) => Err(error.to_string()),
    }
}
