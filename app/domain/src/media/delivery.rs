//! Who sends pictures to browsers.

use std::time::Duration;

use axum::http::Method;

use super::Store;
use shared::error::AppError;

/// A signed address holds for so long.
const SIGNED: Duration = Duration::from_hours(1);
/// Browsers keep it for so long: whoever comes at the end of it has time to fetch the picture.
const SIGNED_KEPT: Duration = Duration::from_mins(30);
/// They keep one for so long that ends with the keys that have signed it, which are renewed five minutes before.
const UNSURE_KEPT: Duration = Duration::from_mins(4);
/// They keep for so long where the public address is, which an administrator may change.
const PUBLIC_KEPT: Duration = Duration::from_hours(1);

/// Who sends pictures to browsers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivery {
    /// This server, which fetches them from where they are.
    Here,
    /// Their store, to whoever comes with an address that this server has signed.
    Signed,
    /// Whatever answers below this address, which does not end with a slash.
    Public(String),
}

/// Where a file is, other than here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RedirectTarget {
    /// Its address.
    pub address: String,
    /// How long that holds, and at least a picture's transfer longer.
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
                // An address is signed for one method, and one that is kept is kept for GET.
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
