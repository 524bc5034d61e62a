//! Numbers in forms, which are strings.

use serde::{Deserialize, Deserializer, de::Error};

use super::FieldProblem;

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

/// Parses a number from 1 to `most`.
pub(super) fn from_1(text: &str, most: u32) -> Result<u32, FieldProblem> {
    let number = text
        .trim()
        .parse()
        .ok()
        .filter(|number| (1..=most).contains(number));
    number.ok_or(FieldProblem::NotANumberFrom(1, most.into()))
}
