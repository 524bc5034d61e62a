//! A form that could not be accepted.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::error::AppError;

/// A form that was posted without JavaScript and comes back: the page is rendered again with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Submission {
    /// Where it was posted.
    pub path: String,
    /// What was typed, by field name; without secrets.
    pub typed: BTreeMap<String, String>,
    /// Why it was not accepted; none if its sender only wanted to see what it comes to.
    pub error: Option<AppError>,
}
