//! Lenient JSON parsing, so that a single invalid character does not prevent the import of a site.

use std::borrow::Cow;

use serde::de::DeserializeOwned;

/// Parses `json`. Also returns whether invalid characters were removed.
pub(super) fn read<T: DeserializeOwned>(json: &str) -> Result<(T, bool), serde_json::Error> {
    let cleaned = clean(json);
    let is_cleaned = matches!(cleaned, Cow::Owned(_));
    serde_json::from_str(&cleaned).map(|read| (read, is_cleaned))
}

/// Returns `json` without control characters in its strings, whether literal or escaped, and without unpaired
/// surrogates, which occur because JavaScript can cut strings between the two halves of a character.
fn clean(json: &str) -> Cow<'_, str> {
    let mut kept = String::new();
    // Everything before this position has been processed.
    let mut done = 0;
    let mut is_within = false;
    let marks = json
        .bytes()
        .enumerate()
        .filter(|(_, byte)| *byte < 0x20 || matches!(byte, b'"' | b'\\'));
    let mut skipped = 0;
    for (at, byte) in marks {
        if at < skipped {
            continue;
        }
        let length = match byte {
            b'"' => {
                is_within = !is_within;
                continue;
            }
            b'\\' => {
                let (length, is_kept) = escape(json.get(at..).unwrap_or_default());
                skipped = at + length;
                if is_kept {
                    continue;
                }
                length
            }
            _ if is_within => 1,
            _ => continue,
        };
        kept.push_str(json.get(done..at).unwrap_or_default());
        done = at + length;
    }
    if done == 0 {
        return json.into();
    }
    kept.push_str(json.get(done..).unwrap_or_default());
    kept.into()
}

/// Returns the length of the escape at the beginning of `rest`, and whether it is valid.
fn escape(rest: &str) -> (usize, bool) {
    let Some(first) = code(rest) else {
        // An escape of a single character, such as `\n`.
        return (2, true);
    };
    match first {
        0x09 | 0x0a | 0x0d => (6, true),
        0..0x20 | 0xdc00..0xe000 => (6, false),
        0xd800..0xdc00 => match rest.get(6..).and_then(code) {
            Some(0xdc00..0xe000) => (12, true),
            _ => (6, false),
        },
        _ => (6, true),
    }
}

/// Returns the code unit of an escape such as `\u00e9`.
fn code(text: &str) -> Option<u32> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    u32::from_str_radix(digits, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_text_can_have_is_left_out_and_the_rest_is_read() {
        for (json, expected, is_cleaned) in [
            (
                r#""a\u00e9\n\"b\\u0000 \ud83d\ude00""#,
                "aé\n\"b\\u0000 😀",
                false,
            ),
            ("\n\t\"a\"\n", "a", false),
            ("\"a\u{b}b\u{0}\nc\"", "abc", true),
            (r#""a\u0000b\u000bc\u0009\\""#, "abc\t\\", true),
            (r#""a\ud83d""#, "a", true),
            (r#""a\ud83db\ude00\ud83d\ud83d\ude00""#, "ab😀", true),
        ] {
            let (text, left_out): (String, bool) = read(json).expect("read");
            assert_eq!((text.as_str(), left_out), (expected, is_cleaned), "{json}");
        }
        assert!(read::<String>("\"a").is_err() && read::<String>("\"\\").is_err());
    }
}
