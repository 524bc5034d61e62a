//! Tags of posts.

use super::{FieldProblem, post::is_visible};
use crate::model::tag::Tags;

/// The maximum number of tags of a text.
pub const TAGS_MAX: usize = 5;
/// The maximum length of a tag in characters.
pub const TAG_MAX: usize = 30;
/// The characters that are allowed in a tag besides letters and digits.
const MARKS: &str = "-+#._";

/// Parses a list of tags separated by commas.
///
/// # Errors
///
/// Returns the first problem.
pub fn parse(text: &str) -> Result<Tags, FieldProblem> {
    let parts = text.split([',', '\n']).map(str::trim);
    let mut names: Vec<String> = Vec::new();
    for part in parts.filter(|part| !part.is_empty()) {
        let name = name(part)?;
        if names.contains(&name) {
            continue;
        }
        // Stops here, so that the cost is bounded for any number of tags.
        if names.len() == TAGS_MAX {
            return Err(FieldProblem::TooManyTags);
        }
        names.push(name);
    }
    Ok(Tags::from_names(names))
}

/// Returns the canonical spelling of a tag: lower case, with hyphens between words.
///
/// # Errors
///
/// Returns the problem if `text` is not a valid tag.
pub fn name(text: &str) -> Result<String, FieldProblem> {
    let text = text.trim_start_matches(|character: char| character == '#' || character.is_whitespace());
    let words: Vec<&str> = text.split_whitespace().collect();
    let name = words.join("-").to_lowercase();
    let fits = |character: char| match character {
        '\0'..='\x7f' => character.is_ascii_alphanumeric() || MARKS.contains(character),
        // Noncharacters (Unicode, 23.7) are not allowed in XML.
        '\u{fdd0}'..='\u{fdef}' | '\u{fffe}' | '\u{ffff}' => false,
        _ => is_visible(character),
    };
    if !name.chars().all(fits) || !name.contains(char::is_alphanumeric) {
        Err(FieldProblem::TagCharacters)
    } else if name.chars().count() > TAG_MAX {
        Err(FieldProblem::TagTooLong)
    } else {
        Ok(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_has_one_spelling() {
        for (typed, tag) in [
            ("Rust", "rust"),
            (" #rust ", "rust"),
            ("# #rust", "rust"),
            ("Web  development", "web-development"),
            ("C++", "c++"),
            ("C#", "c#"),
            ("Straße", "straße"),
            ("日本語", "日本語"),
            ("हिन्दी", "हिन्दी"),
        ] {
            assert_eq!(name(typed).as_deref(), Ok(tag));
            assert_eq!(name(tag).as_deref(), Ok(tag));
        }
    }

    #[test]
    fn what_cannot_stand_in_an_address_or_is_too_long_is_no_tag() {
        for bad in [
            "",
            "#",
            "..",
            "a/b",
            "a?b",
            "a\u{202e}b",
            "a\u{0}",
            "a\u{fffe}",
            "<b>",
            "\"",
            "--",
        ] {
            assert_eq!(name(bad), Err(FieldProblem::TagCharacters), "{bad:?}");
        }
        assert!(name(&"é".repeat(TAG_MAX)).is_ok());
        assert_eq!(name(&"é".repeat(TAG_MAX + 1)), Err(FieldProblem::TagTooLong));
    }

    #[test]
    fn a_text_has_at_most_five_tags_each_once() {
        let tags = parse("Rust, web , ,rust,#Web").expect("tags");
        assert_eq!(tags.names(), ["rust", "web"]);
        assert_eq!(tags.to_string(), "rust, web");
        assert_eq!(Tags::read(&tags.kept()), tags);
        assert_eq!(parse(""), Ok(Tags::default()));
        assert!(parse("a,b,c,d,e,a").is_ok());
        assert_eq!(parse("a,b,c,d,e,f"), Err(FieldProblem::TooManyTags));
        let many: Vec<String> = (0..400_000).map(|number| number.to_string()).collect();
        assert_eq!(parse(&many.join(",")), Err(FieldProblem::TooManyTags));
    }
}
