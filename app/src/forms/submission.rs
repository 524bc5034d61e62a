//! A form that could not be accepted.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::error::AppError;

/// A form that was posted without JavaScript and could not be accepted: the page is rendered again with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Submission {
    /// Where it was posted.
    pub path: String,
    /// What was typed, by field name; without secrets.
    pub typed: BTreeMap<String, String>,
    /// Why it was not accepted.
    pub error: AppError,
}
