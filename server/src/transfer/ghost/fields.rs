//! Fields of JSON that may be there or not, and in the form of another version.

use serde_json::Value;
use time::OffsetDateTime;

use super::moment;

/// The fields of a JSON object; anything else has none.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fields<'a>(pub &'a Value);

impl<'a> Fields<'a> {
    /// The text in the field `name`, without the space around it; else an empty one.
    pub(super) fn text(self, name: &str) -> &'a str {
        self.raw_text(name).trim()
    }

    /// The text in the field `name` as it is; else an empty one.
    pub(super) fn raw_text(self, name: &str) -> &'a str {
        self.0.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    /// The first of `names` that has a text.
    pub(super) fn first_text(self, names: &[&str]) -> &'a str {
        let texts = names.iter().map(|name| self.text(name));
        texts
            .into_iter()
            .find(|text| !text.is_empty())
            .unwrap_or_default()
    }

    /// The id in the field `name`, a number or a text.
    pub(super) fn id(self, name: &str) -> Option<String> {
        match self.0.get(name)? {
            Value::Number(number) => Some(number.to_string()),
            Value::String(text) if !text.is_empty() => Some(text.clone()),
            _ => None,
        }
    }

    /// The time in the field `name`.
    pub(super) fn moment(self, name: &str) -> Option<OffsetDateTime> {
        moment::read(self.0.get(name)?)
    }

    /// The number in the field `name`; else 0.
    pub(super) fn number(self, name: &str) -> u64 {
        let value = self.0.get(name);
        value.and_then(Value::as_u64).unwrap_or_default()
    }

    /// Whether the field `name` says yes: as a truth value, or as the number that older versions write.
    pub(super) fn is_set(self, name: &str) -> bool {
        match self.0.get(name) {
            Some(Value::Bool(is_set)) => *is_set,
            Some(Value::Number(number)) => number.as_f64().is_some_and(|number| number != 0.0),
            Some(Value::String(text)) => !["", "0", "false"].contains(&text.as_str()),
            _ => false,
        }
    }

    /// Whether the field `name` says no; one that is not there does not.
    pub(super) fn is_unset(self, name: &str) -> bool {
        self.0.get(name).is_some_and(|value| !value.is_null()) && !self.is_set(name)
    }

    /// The fields in the field `name`.
    pub(super) fn within(self, name: &str) -> Fields<'a> {
        Fields(self.0.get(name).unwrap_or(&Value::Null))
    }

    /// The members of the list in the field `name`.
    pub(super) fn list(self, name: &str) -> &'a [Value] {
        self.0
            .get(name)
            .and_then(Value::as_array)
            .map_or(&[], Vec::as_slice)
    }
}
