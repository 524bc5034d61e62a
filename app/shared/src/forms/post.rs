//! Write a post.

use serde::{Deserialize, Serialize};

use super::{Field, FieldErrors, Form, Problem, number, of_length, tag};
use crate::model::{post::DraftTarget, tag::Tags};

/// A title has at most this many characters.
pub const TITLE_MAX: usize = 150;
/// A post's text has at most this many characters, unless one that is longer was imported: see [`PostForm::content_max`].
pub const CONTENT_MAX: usize = 100_000;

/// Somebody keeps at most this many drafts.
pub const DRAFTS_MAX: u64 = 200;

/// The field that says whose text it is.
pub const AUTHOR: &str = "author";

/// The field that says how long the text may be.
pub const CONTENT_MAX_FIELD: &str = "content_max";

/// What is to be done with a text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Intent {
    /// Show it to everybody.
    #[default]
    Publish,
    /// Keep it as a draft.
    Save,
    /// Show what it will look like.
    Preview,
}

impl Intent {
    /// The field that carries it: the button that was pressed.
    pub const FIELD: &str = "intent";

    /// Its value there.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Publish => "publish",
            Self::Save => "save",
            Self::Preview => "preview",
        }
    }
}

/// What somebody typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PostForm {
    /// What is to be done with it.
    pub intent: Intent,
    /// Whose text it is, if the form knows: somebody else may have logged in since it was begun.
    #[serde(deserialize_with = "number::optional")]
    pub author: Option<i64>,
    /// The post that it changes.
    #[serde(deserialize_with = "number::optional")]
    pub post: Option<i64>,
    /// The version of that post with which it began.
    #[serde(deserialize_with = "number::required")]
    pub post_version: i64,
    /// Where it is kept.
    #[serde(deserialize_with = "number::optional")]
    pub draft: Option<i64>,
    /// The version of that draft with which it goes on.
    #[serde(deserialize_with = "number::required")]
    pub draft_version: i64,
    /// The title.
    pub title: String,
    /// The tags, with commas between them.
    pub tags: String,
    /// The text, in Markdown.
    pub content: String,
    /// How many characters the text may have, if that is more than [`CONTENT_MAX`]: as many as it had. Use-cases compare it with
    /// what is kept.
    #[serde(deserialize_with = "number::required")]
    pub content_max: i64,
}

/// A post that may be published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPost {
    /// The title: one line.
    pub title: String,
    /// What it is about.
    pub tags: Tags,
    /// The text, in Markdown, with plain line feeds.
    pub content: String,
}

/// A text that may be kept as a draft: either part may be empty, but not both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftText {
    /// The title so far: one line.
    pub title: String,
    /// What it is about.
    pub tags: Tags,
    /// The text so far, in Markdown, with plain line feeds.
    pub content: String,
}

impl PostForm {
    /// Which text it is.
    #[must_use]
    pub const fn target(&self) -> DraftTarget {
        DraftTarget {
            post: self.post,
            post_version: self.post_version,
            draft: self.draft,
            draft_version: self.draft_version,
        }
    }

    /// How many characters the text may have.
    fn room(&self) -> usize {
        usize::try_from(self.content_max)
            .unwrap_or_default()
            .max(CONTENT_MAX)
    }

    /// Checks what may be kept as a draft.
    ///
    /// # Errors
    /// All problems at once. Only what has no text at all, or does not fit, is refused.
    pub fn draft(&self) -> Result<DraftText, FieldErrors> {
        let mut errors = FieldErrors::default();
        let title = self.title.trim();
        let is_empty = title.is_empty() && self.content.trim().is_empty();
        let title = if title.is_empty() {
            Some(String::new())
        } else {
            errors.take(Field::Title, one_line(title))
        };
        let tags = errors.take(Field::Tags, tag::parse(&self.tags));
        let content = self.content.replace("\r\n", "\n");
        let fits = if is_empty {
            Err(Problem::Required)
        } else {
            of_length(&format!(" {content}"), 1, self.room() + 1)
                .map(drop)
                .map_err(|_| Problem::TooLong(self.room()))
        };
        match (title, tags, errors.take(Field::Content, fits)) {
            (Some(title), Some(tags), Some(())) => Ok(DraftText { title, tags, content }),
            _ => Err(errors),
        }
    }

    /// Checks what is to be done with it.
    ///
    /// # Errors
    /// All problems at once.
    pub fn check(&self) -> Result<(), FieldErrors> {
        match self.intent {
            Intent::Publish => self.validate().map(drop),
            Intent::Save => self.draft().map(drop),
            Intent::Preview => self.text_alone().draft().map(drop),
        }
    }

    /// Returns the form with its text alone: whatever is wrong with the title and the tags, the text can be seen.
    #[must_use]
    pub fn text_alone(&self) -> Self {
        Self {
            title: String::new(),
            tags: String::new(),
            ..self.clone()
        }
    }
}

impl Form for PostForm {
    type Valid = NewPost;

    fn validate(&self) -> Result<NewPost, FieldErrors> {
        let mut errors = FieldErrors::default();
        let title = errors.take(Field::Title, title(&self.title));
        let tags = errors.take(Field::Tags, tag::parse(&self.tags));
        let content = errors.take(Field::Content, content(&self.content, self.room()));
        match (title, tags, content) {
            (Some(title), Some(tags), Some(content)) => Ok(NewPost { title, tags, content }),
            _ => Err(errors),
        }
    }
}

fn title(text: &str) -> Result<String, Problem> {
    let title = one_line(text.trim())?;
    if title.contains(is_visible) {
        Ok(title)
    } else {
        Err(Problem::Required)
    }
}

fn one_line(text: &str) -> Result<String, Problem> {
    let title = of_length(text, 1, TITLE_MAX)?;
    if title.contains(char::is_control) {
        Err(Problem::ControlCharacter)
    } else {
        Ok(title.to_owned())
    }
}

/// Whether a reader sees `character`: not white space, and none of the marks that only steer how text is set (Unicode's
/// category Cf, as far as keyboards and clipboards bring it).
pub(super) fn is_visible(character: char) -> bool {
    let steers = matches!(
        character,
        '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
    );
    !steers && !character.is_whitespace() && !character.is_control()
}

/// Browsers send a text area's line breaks as CR LF; what is stored has the one form that files have.
fn content(text: &str, most: usize) -> Result<String, Problem> {
    let text = text.replace("\r\n", "\n");
    if text.trim().is_empty() {
        return Err(Problem::Required);
    }
    of_length(&text, 1, most)?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(title: &str, content: &str) -> PostForm {
        PostForm {
            title: title.to_owned(),
            content: content.to_owned(),
            ..PostForm::default()
        }
    }

    fn checked(title: &str, content: &str) -> Result<NewPost, FieldErrors> {
        form(title, content).validate()
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

    #[test]
    fn a_text_that_was_longer_may_stay_as_long() {
        let long = |length: usize| PostForm {
            content_max: 100_010,
            ..form("t", &"é".repeat(length))
        };
        assert!(long(100_010).validate().is_ok() && long(100_010).draft().is_ok());
        let refused = long(100_011);
        for errors in [refused.validate().map(drop), refused.draft().map(drop)] {
            let error = errors
                .expect_err("too long")
                .of(Field::Content)
                .map(|error| error.problem);
            assert_eq!(error, Some(Problem::TooLong(100_010)));
        }
        let less = PostForm {
            content_max: 5,
            ..form("t", &"a".repeat(CONTENT_MAX))
        };
        assert!(less.validate().is_ok());
    }

    #[test]
    fn a_draft_may_lack_a_title_or_a_text_but_not_both() {
        assert!(form("", "text").draft().is_ok());
        assert!(form("A title", "").draft().is_ok());
        assert!(form(" ", "\r\n").draft().is_err());
        assert!(form("a\nb", "text").draft().is_err());
        assert!(form("", &"é".repeat(CONTENT_MAX)).draft().is_ok());
        assert!(form("", &"é".repeat(CONTENT_MAX + 1)).draft().is_err());
        assert_eq!(
            form("", "a\r\nb").draft().map(|draft| draft.content),
            Ok("a\nb".to_owned())
        );
    }
}
