//! Write a post.

use serde::{Deserialize, Serialize};

use super::{Field, FieldErrors, Form, Problem, of_length};

/// A title has at most this many characters.
pub const TITLE_MAX: usize = 150;
/// A post's text has at most this many characters.
pub const CONTENT_MAX: usize = 100_000;

/// What somebody typed to publish.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PostForm {
    /// The title.
    pub title: String,
    /// The text, in Markdown.
    pub content: String,
}

/// A post that may be published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPost {
    /// The title: one line.
    pub title: String,
    /// The text, in Markdown, with plain line feeds.
    pub content: String,
}

impl Form for PostForm {
    type Valid = NewPost;

    fn validate(&self) -> Result<NewPost, FieldErrors> {
        let mut errors = FieldErrors::default();
        let title = errors.take(Field::Title, title(&self.title));
        let content = errors.take(Field::Content, content(&self.content));
        match (title, content) {
            (Some(title), Some(content)) => Ok(NewPost { title, content }),
            _ => Err(errors),
        }
    }
}

fn title(text: &str) -> Result<String, Problem> {
    let title = of_length(text.trim(), 1, TITLE_MAX)?;
    if !title.contains(is_visible) {
        return Err(Problem::Required);
    }
    if title.contains(char::is_control) {
        Err(Problem::ControlCharacter)
    } else {
        Ok(title.to_owned())
    }
}

/// Whether a reader sees `character`: not white space, and none of the marks that only steer how text is set (Unicode's
/// category Cf, as far as keyboards and clipboards bring it).
fn is_visible(character: char) -> bool {
    let steers = matches!(
        character,
        '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
    );
    !steers && !character.is_whitespace() && !character.is_control()
}

/// Browsers send a text area's line breaks as CR LF; what is stored has the one form that files have.
fn content(text: &str) -> Result<String, Problem> {
    let text = text.replace("\r\n", "\n");
    if text.trim().is_empty() {
        return Err(Problem::Required);
    }
    of_length(&text, 1, CONTENT_MAX)?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(title: &str, content: &str) -> Result<NewPost, FieldErrors> {
        PostForm {
            title: title.to_owned(),
            content: content.to_owned(),
        }
        .validate()
    }

    #[test]
    fn a_title_is_one_line_of_at_most_150_characters() {
        assert!(checked(&"é".repeat(150), "text").is_ok());
        for bad in [
            "",
            "  ",
            "\u{200b}\u{200b}",
            "\u{202e} \u{feff}",
            "a\nb",
            "a\u{7}b",
            &"é".repeat(151),
        ] {
            let errors = checked(bad, "text").expect_err(bad);
            assert!(errors.of(Field::Title).is_some() && errors.of(Field::Content).is_none());
        }
    }

    #[test]
    fn content_is_kept_to_the_character() {
        let hostile = "  \u{202e}zalgo\u{0301}\u{0301} 👩‍👩‍👧 <script> & \u{feff}\ttab";
        assert_eq!(
            checked("t", hostile).map(|post| post.content),
            Ok(hostile.to_owned())
        );
    }

    #[test]
    fn line_breaks_of_a_browser_become_line_feeds() {
        assert_eq!(
            checked("t", "a\r\nb\nc").map(|post| post.content),
            Ok("a\nb\nc".to_owned())
        );
    }

    #[test]
    fn content_is_required_and_bounded() {
        assert!(checked("t", " \r\n\t").is_err());
        assert!(checked("t", &"a".repeat(CONTENT_MAX)).is_ok());
        assert!(checked("t", &"a".repeat(CONTENT_MAX + 1)).is_err());
    }
}
