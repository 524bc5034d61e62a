//! Read a box that may be ticked.

use serde::{Deserialize, Deserializer};

/// `true` for what a browser sends for a ticked box, and for what the client's own encoding sends.
///
/// A browser leaves an unticked box out of the request (hence `#[serde(default)]` beside this), and every value of a
/// flattened form arrives as text.
pub fn ticked<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    let text = String::deserialize(deserializer)?;
    Ok(matches!(text.as_str(), "true" | "on" | "1" | "y" | "yes"))
}
