//! Display names, and other short texts of people that stand beside those of others.

use super::{FieldProblem, of_length};

/// The maximum length of a display name in characters.
pub const DISPLAY_NAME_MAX: usize = 50;
/// The maximum number of combining marks in a row (Unicode Technical Standard 39, 5.4), so that no name covers the
/// lines above and below it.
const MARKS_MAX: usize = 4;

/// Returns the display name in `text`, in NFC and with single spaces.
///
/// # Errors
///
/// Returns the problem if it is too long, has characters that are not allowed or has neither a letter nor a digit.
pub fn parse(text: &str) -> Result<String, FieldProblem> {
    let name = line(text, DISPLAY_NAME_MAX)?;
    // Alphabetic marks, such as vowel signs, are no letters on their own.
    if name
        .chars()
        .any(|character| character.is_alphanumeric() && !is_mark(character))
    {
        Ok(name)
    } else {
        Err(FieldProblem::NoLetter)
    }
}

/// Returns `text` as one line of at most `most` characters, in NFC and with single spaces.
///
/// # Errors
///
/// Returns the problem if the text is empty, too long, or has characters that are not allowed.
pub fn line(text: &str, most: usize) -> Result<String, FieldProblem> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let line = composed(&words.join(" "));
    of_length(&line, 1, most)?;
    let mut before = ' ';
    let mut marks = 0;
    let mut rest = line.chars().peekable();
    while let Some(character) = rest.next() {
        marks = if is_mark(character) { marks + 1 } else { 0 };
        // Emoji and some scripts need joiners and selectors, which do nothing without neighbours.
        let is_allowed = if is_joiner(character) {
            let joins_next = rest
                .peek()
                .is_some_and(|&next| next != ' ' && !is_joiner(next) && !is_selector(next));
            before != ' ' && !is_joiner(before) && joins_next
        } else if is_selector(character) {
            before != ' ' && !is_joiner(before) && !is_selector(before)
        } else {
            !is_invisible(character) && marks <= MARKS_MAX
        };
        if !is_allowed {
            return Err(FieldProblem::NameCharacters);
        }
        before = character;
    }
    Ok(line)
}

/// Returns whether `character` joins or separates its neighbours.
const fn is_joiner(character: char) -> bool {
    matches!(character, '\u{200c}' | '\u{200d}')
}

/// Returns whether `character` selects the style of the one before it: that of text or of emoji.
const fn is_selector(character: char) -> bool {
    matches!(character, '\u{fe0e}' | '\u{fe0f}')
}

/// Returns whether `character` is a control character, changes the direction of text, is not visible or has no fixed
/// meaning: the default-ignorable and private-use characters and noncharacters of Unicode.
fn is_invisible(character: char) -> bool {
    let is_ignorable = matches!(
        character,
        '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{115f}'..='\u{1160}'
            | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{2800}'
            | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffd}'
            | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}'
    );
    let is_private = matches!(character, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10ffff}');
    let is_nothing = matches!(character, '\u{fdd0}'..='\u{fdef}') || u32::from(character) & 0xfffe == 0xfffe;
    is_ignorable || is_private || is_nothing || character.is_control()
}

#[cfg(feature = "server")]
fn composed(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization;

    text.nfc().collect()
}

/// Uses the browser's implementation, to keep the tables out of the client.
#[cfg(not(feature = "server"))]
fn composed(text: &str) -> String {
    js_sys::JsString::from(text).normalize("NFC").into()
}

#[cfg(feature = "server")]
fn is_mark(character: char) -> bool {
    unicode_normalization::char::is_combining_mark(character)
}

/// Leaves marks to the server, to keep the tables out of the client.
#[cfg(not(feature = "server"))]
const fn is_mark(_: char) -> bool {
    false
}

#[cfg(all(test, feature = "server"))]
mod tests {
    use super::*;

    #[test]
    fn a_name_of_any_script_is_kept_and_its_spaces_are_collapsed() {
        for (typed, name) in [
            ("Ada Lovelace", "Ada Lovelace"),
            ("  Ada \t\n\u{a0}\u{3000} Lovelace ", "Ada Lovelace"),
            ("e\u{301}", "é"),
            ("Ürsula K. Le Guin", "Ürsula K. Le Guin"),
            ("李清照", "李清照"),
            ("नागार्जुन", "नागार्जुन"),
            ("عمر الخيام", "عمر الخيام"),
            ("می\u{200c}خواهم", "می\u{200c}خواهم"),
            ("שָׁלוֹם", "שָׁלוֹם"),
            ("Ada 👩\u{200d}💻", "Ada 👩\u{200d}💻"),
            ("Ada ❤\u{fe0f}\u{200d}🔥", "Ada ❤\u{fe0f}\u{200d}🔥"),
            ("7", "7"),
            ("<script>", "<script>"),
        ] {
            let parsed = parse(typed).expect(typed);
            assert_eq!(parsed, composed(name));
            assert_eq!(
                parse(&parsed).as_deref(),
                Ok(parsed.as_str()),
                "parsing twice changes nothing"
            );
        }
        assert!(parse(&"é".repeat(DISPLAY_NAME_MAX)).is_ok());
        assert!(
            parse(&"e\u{301}".repeat(DISPLAY_NAME_MAX)).is_ok(),
            "counted as composed"
        );
        assert_eq!(
            parse(&"é".repeat(DISPLAY_NAME_MAX + 1)),
            Err(FieldProblem::TooLong(DISPLAY_NAME_MAX))
        );
    }

    #[test]
    fn a_name_without_a_letter_or_digit_is_refused() {
        for marks in [
            "\u{301}",
            "\u{301}\u{302} \u{345}",
            "\u{93e}",
            "\u{93f}\u{940}",
            "--",
            "👩",
            "…",
        ] {
            assert_eq!(parse(marks), Err(FieldProblem::NoLetter), "{marks:?}");
        }
        for empty in ["", "  ", "\n\u{3000}"] {
            assert_eq!(parse(empty), Err(FieldProblem::Required), "{empty:?}");
        }
    }

    #[test]
    fn characters_that_cannot_be_seen_or_that_change_the_direction_are_refused() {
        for bad in [
            "Ada\0",
            "Ada\u{7f}",
            "\u{9b}Ada",
            "\u{202e}adA",
            "\u{2066}Ada\u{2069}",
            "Ada\u{200f}",
            "A\u{ad}da",
            "Ada\u{200b}",
            "A\u{2060}da",
            "\u{feff}Ada",
            "Ada\u{3164}",
            "\u{115f}Ada",
            "Ada\u{2800}",
            "Ada\u{e0061}",
            "Ada\u{e000}",
            "Ada\u{10ffff}",
            "Ada\u{fffe}",
            "Ada\u{fffd}",
            "Ada\u{200d}",
            "\u{200c}Ada",
            "Ada \u{200d} L",
            "A\u{200d}\u{200d}da",
            "\u{fe0f}Ada",
            "A\u{fe00}da",
            "A\u{300}\u{301}\u{302}\u{303}\u{304}\u{305}da",
        ] {
            assert_eq!(parse(bad), Err(FieldProblem::NameCharacters), "{bad:?}");
        }
    }
}
