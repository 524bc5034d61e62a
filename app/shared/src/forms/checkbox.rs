//! Deserialization of checkboxes.

use serde::{Deserialize, Deserializer};

/// Deserializes the values that browsers and the client's encoding send for a checked checkbox.
///
/// Browsers omit an unchecked checkbox (hence `#[serde(default)]` beside this), and every value of a flattened form
/// is a string.
pub fn ticked<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    let text = String::deserialize(deserializer)?;
    Ok(matches!(text.as_str(), "true" | "on" | "1" | "y" | "yes"))
}
