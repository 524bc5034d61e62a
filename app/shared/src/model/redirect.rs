//! Redirects from old addresses, as shown on pages.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

/// A redirect.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(sea_orm::FromQueryResult))]
pub struct Redirect {
    /// The id.
    pub id: i64,
    /// The old path, decoded and without a slash at the end. It may have a query.
    pub path: String,
    /// The path that it leads to.
    pub target: String,
    /// The time at which it was added.
    #[serde(with = "time::serde::timestamp")]
    pub created_at: OffsetDateTime,
}

/// Returns the description of a redirect in the audit log.
#[must_use]
pub fn describe_redirect(path: &str, target: &str) -> String {
    format!("the redirect from {path} to {target}")
}
