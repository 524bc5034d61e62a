//! Access to optional JSON fields, whose format depends on the version.

use serde_json::Value;
use time::OffsetDateTime;

use super::moment;

/// The fields of a JSON object. Any other value has no fields.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fields<'a>(pub &'a Value);

impl<'a> Fields<'a> {
    /// Returns the text of the field `name`, trimmed, or an empty string if there is none.
    pub(super) fn text(self, name: &str) -> &'a str {
        self.raw_text(name).trim()
    }

    /// Returns the text of the field `name` unchanged, or an empty string if there is none.
    pub(super) fn raw_text(self, name: &str) -> &'a str {
        self.0.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    /// Returns the first of the fields `names` that is not empty, or an empty string if there is none.
    pub(super) fn first_text(self, names: &[&str]) -> &'a str {
        let texts = names.iter().map(|name| self.text(name));
        texts
            .into_iter()
            .find(|text| !text.is_empty())
            .unwrap_or_default()
    }

    /// Returns the id in the field `name`, which is a number or a string.
    pub(super) fn id(self, name: &str) -> Option<String> {
        match self.0.get(name)? {
            Value::Number(number) => Some(number.to_string()),
            Value::String(text) if !text.is_empty() => Some(text.clone()),
            _ => None,
        }
    }

    /// Returns the time in the field `name`.
    pub(super) fn moment(self, name: &str) -> Option<OffsetDateTime> {
        moment::read(self.0.get(name)?)
    }

    /// Returns the number in the field `name`, or 0 if there is none.
    pub(super) fn number(self, name: &str) -> u64 {
        let value = self.0.get(name);
        value.and_then(Value::as_u64).unwrap_or_default()
    }

    /// Returns whether the field `name` is true. Older versions write a number instead of a boolean.
    pub(super) fn is_set(self, name: &str) -> bool {
        match self.0.get(name) {
            Some(Value::Bool(is_set)) => *is_set,
            Some(Value::Number(number)) => number.as_f64().is_some_and(|number| number != 0.0),
            Some(Value::String(text)) => !["", "0", "false"].contains(&text.as_str()),
            _ => false,
        }
    }

    /// Returns whether the field `name` is false. A missing field is not.
    pub(super) fn is_unset(self, name: &str) -> bool {
        self.0.get(name).is_some_and(|value| !value.is_null()) && !self.is_set(name)
    }

    /// Returns the object in the field `name`.
    pub(super) fn within(self, name: &str) -> Fields<'a> {
        Fields(self.0.get(name).unwrap_or(&Value::Null))
    }

    /// Returns the items of the array in the field `name`.
    pub(super) fn list(self, name: &str) -> &'a [Value] {
        self.0
            .get(name)
            .and_then(Value::as_array)
            .map_or(&[], Vec::as_slice)
    }
}
