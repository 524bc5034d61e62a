//! The delivery of images to browsers.

use std::time::Duration;

use axum::http::Method;

use super::Store;
use shared::error::AppError;

/// The lifetime of a signed URL.
const SIGNED: Duration = Duration::from_hours(1);
/// How long browsers may cache the redirect to a signed URL: short enough to leave time for the transfer.
const SIGNED_KEPT: Duration = Duration::from_mins(30);
/// The same for a URL signed with temporary credentials, which may expire with them; credentials are renewed five
/// minutes before they expire.
const UNSURE_KEPT: Duration = Duration::from_mins(4);
/// How long browsers may cache the redirect to the public base URL, which may be reconfigured.
const PUBLIC_KEPT: Duration = Duration::from_hours(1);

/// The way in which images are delivered to browsers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivery {
    /// This server reads them from the store and sends them.
    Here,
    /// The store sends them; this server redirects to signed URLs.
    Signed,
    /// Another server sends them from this base URL, which does not end with a slash.
    Public(String),
}

/// A redirect to a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RedirectTarget {
    /// The URL of the file.
    pub address: String,
    /// How long the redirect may be cached. The URL stays valid for longer, so that the transfer can finish.
    pub kept: Duration,
}

impl Delivery {
    pub(super) async fn elsewhere(
        &self,
        store: &Store,
        method: Method,
        path: &str,
    ) -> Result<Option<RedirectTarget>, AppError> {
        Ok(match self {
            Self::Here => None,
            Self::Signed => Some(RedirectTarget {
                // A signature is for one method; only redirects of GET are cached.
                kept: match method {
                    Method::GET if store.is_lasting() => SIGNED_KEPT,
                    Method::GET => UNSURE_KEPT,
                    _ => Duration::ZERO,
                },
                address: store.signed(method, path, SIGNED).await?,
            }),
            Self::Public(base) => Some(RedirectTarget {
                address: format!("{base}/{path}"),
                kept: PUBLIC_KEPT,
            }),
        })
    }
}
