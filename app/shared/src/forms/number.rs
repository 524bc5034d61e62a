//! Deserialization of numbers, which are strings in a flattened form.

use serde::{Deserialize, Deserializer, de::Error};

/// Deserializes a number.
pub(super) fn required<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    String::deserialize(deserializer)?.parse().map_err(Error::custom)
}

/// Deserializes an optional number.
pub(super) fn optional<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    match Option::<String>::deserialize(deserializer)?.as_deref() {
        None | Some("") => Ok(None),
        Some(text) => text.parse().map(Some).map_err(Error::custom),
    }
}
