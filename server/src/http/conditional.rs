//! Conditional requests (RFC 9110, 13): a response that the client already has is not sent again.

use axum::http::{
    HeaderMap,
    header::{IF_MODIFIED_SINCE, IF_NONE_MATCH},
};
use domain::platform::digest::sha256;
use httpdate::{fmt_http_date, parse_http_date};
use time::{OffsetDateTime, macros::datetime};

/// The number of characters of the digest that are used to distinguish responses.
const LENGTH: usize = 32;
/// The last date that `httpdate` can express.
const LAST: OffsetDateTime = datetime!(9999-12-31 23:59:59 UTC);

/// Returns the validator of `content`. It is weak because the content may be compressed on its way.
pub(crate) fn tag(content: impl AsRef<[u8]>) -> String {
    let digest = sha256(content);
    format!("W/\"{}\"", digest.get(..LENGTH).unwrap_or_default())
}

/// Returns whether the client that sent `headers` has the response with this `tag`, or one that is not older than
/// `changed_at`. The date counts only if no tag was sent.
pub(crate) fn is_known(headers: &HeaderMap, tag: &str, changed_at: Option<OffsetDateTime>) -> bool {
    // A list may be split into several fields (RFC 9110, 5.3).
    let mut fields = headers.get_all(IF_NONE_MATCH).iter().peekable();
    if fields.peek().is_some() {
        return fields
            .filter_map(|field| field.to_str().ok())
            .any(|known| known.trim() == "*" || tags(known).any(|known| known == opaque(tag)));
    }
    let since = headers
        .get(IF_MODIFIED_SINCE)
        .and_then(|value| value.to_str().ok());
    let since = since.and_then(parsed);
    match (since, changed_at) {
        (Some(since), Some(changed_at)) => changed_at <= since,
        _ => false,
    }
}

/// Returns the tags in a list, without the prefix of weak tags.
fn tags(mut list: &str) -> impl Iterator<Item = &str> {
    std::iter::from_fn(move || {
        let start = list.trim_start_matches([' ', '\t', ',']);
        let content = opaque(start).strip_prefix('"')?;
        // Commas may occur within a tag.
        let (tag, rest) = opaque(start).split_at_checked(content.find('"')? + 2)?;
        list = rest;
        Some(tag)
    })
}

/// Returns `tag` without the prefix of weak tags. Comparison ignores it, because an equivalent response need not be
/// sent again (RFC 9110, 8.8.3.2).
fn opaque(tag: &str) -> &str {
    tag.strip_prefix("W/").unwrap_or(tag)
}

/// Parses the date `text` in any of the formats of HTTP (RFC 9110, 5.6.7).
pub(crate) fn parsed(text: &str) -> Option<OffsetDateTime> {
    parse_http_date(text).ok().map(OffsetDateTime::from)
}

/// Formats `at` as HTTP requires it. A date before 1970, which `httpdate` cannot
/// express, becomes the first one that it can.
pub(crate) fn date(at: OffsetDateTime) -> String {
    fmt_http_date(at.clamp(OffsetDateTime::UNIX_EPOCH, LAST).into())
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn a_tag_counts_before_a_date() {
        let at = datetime!(2026-11-22 10:00:00 UTC);
        assert_eq!(date(at), "Sun, 22 Nov 2026 10:00:00 GMT");
        let tag = tag("text");
        let asked = |pairs: &[(&'static str, &str)]| {
            let mut headers = HeaderMap::new();
            for (name, value) in pairs {
                headers.insert(*name, value.parse().expect("value"));
            }
            is_known(&headers, &tag, Some(at))
        };
        assert!(!asked(&[]));
        assert!(asked(&[("if-none-match", &format!("\"x\", {tag}"))]));
        assert!(asked(&[("if-modified-since", &date(at))]));
        assert!(!asked(&[("if-modified-since", "Sun, 22 Nov 2026 09:59:59 GMT")]));
        assert!(!asked(&[("if-modified-since", "yesterday")]));
        assert!(asked(&[("if-modified-since", "Sunday, 22-Nov-26 10:00:00 GMT")]));
        assert!(!asked(&[
            ("if-none-match", "\"x\""),
            ("if-modified-since", &date(at))
        ]));
    }

    // RFC 9110, 13.1.2
    #[test]
    fn tags_are_compared_without_regard_to_whether_they_are_weak() {
        let asked = |tag: &str, fields: &[&str]| {
            let mut headers = HeaderMap::new();
            for field in fields {
                headers.append("if-none-match", field.parse().expect("value"));
            }
            is_known(&headers, tag, None)
        };
        for tag in ["\"a,b\"", "W/\"a,b\""] {
            for known in [
                "\"a,b\"",
                "W/\"a,b\"",
                "*",
                " * ",
                "\"x\",W/\"y\" ,\t\"a,b\"",
                ", ,W/\"a,b\",",
            ] {
                assert!(asked(tag, &[known]), "{tag} {known}");
            }
            assert!(asked(tag, &["\"x\"", "\"a,b\""]), "{tag}");
            for other in [
                "a,b",
                "\"A,b\"",
                "w/\"a,b\"",
                "\"a",
                "b\"",
                "\"x\", *",
                "W/",
                "",
                "\"a\",\"b\"",
                "\"",
            ] {
                assert!(!asked(tag, &[other]), "{tag} {other}");
            }
        }
    }

    #[test]
    fn dates_that_cannot_be_expressed_are_the_nearest_that_can() {
        assert_eq!(
            date(datetime!(1815-12-10 00:00:00 UTC)),
            "Thu, 01 Jan 1970 00:00:00 GMT"
        );
        assert_eq!(parsed(&date(LAST)), Some(LAST));
    }
}
