//! A rejected form.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::error::AppError;

/// A form that was submitted without JavaScript and is rendered again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Submission {
    /// The path that it was submitted to.
    pub path: String,
    /// The values by field name, without secrets.
    pub typed: BTreeMap<String, String>,
    /// The error; `None` if only a preview was requested.
    pub error: Option<AppError>,
}
