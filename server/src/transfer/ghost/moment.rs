//! Parses times in the formats of the different versions of Ghost.

use serde_json::Value;
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

/// Parses the time in `value`, with a precision of one second. It is either the number of milliseconds since 1970
/// (before version 1), or a string, which is in UTC unless it specifies otherwise.
pub(super) fn read(value: &Value) -> Option<OffsetDateTime> {
    let at = match value {
        Value::Number(number) => from_milliseconds(number.as_i64().or(number.as_f64().map(whole))?),
        Value::String(text) => from_text(text.trim()),
        _ => None,
    };
    at?.replace_nanosecond(0).ok()
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "what does not fit is no time, and becomes the first or the last number"
)]
fn whole(number: f64) -> i64 {
    number as i64
}

fn from_milliseconds(milliseconds: i64) -> Option<OffsetDateTime> {
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(milliseconds) * 1_000_000).ok()
}

fn from_text(text: &str) -> Option<OffsetDateTime> {
    if let Ok(milliseconds) = text.parse() {
        return from_milliseconds(milliseconds);
    }
    let separated = text.replacen(' ', "T", 1);
    let parsed = OffsetDateTime::parse(&separated, &Rfc3339)
        .or_else(|_| OffsetDateTime::parse(&format!("{separated}Z"), &Rfc3339))
        .or_else(|_| OffsetDateTime::parse(&format!("{separated}T00:00:00Z"), &Rfc3339));
    parsed.ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use time::macros::datetime;

    use super::*;

    #[test]
    fn times_of_every_version_are_read() {
        let at = datetime!(2015-02-28 23:00:00 UTC);
        for value in [
            json!(1_425_164_400_000_i64),
            json!(1_425_164_400_999.5),
            json!("1425164400000"),
            json!("2015-02-28T23:00:00.000Z"),
            json!("2015-02-28 23:00:00"),
            json!("2015-03-01T00:00:00+01:00"),
        ] {
            assert_eq!(read(&value), Some(at), "{value}");
        }
        assert_eq!(
            read(&json!("2015-02-28")),
            Some(datetime!(2015-02-28 00:00:00 UTC))
        );
        for none in [
            json!(null),
            json!(""),
            json!("0000-00-00 00:00:00"),
            json!(1e300),
            json!(true),
        ] {
            assert_eq!(read(&none), None, "{none}");
        }
    }
}
