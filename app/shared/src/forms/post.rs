//! The form of the post editor.

use serde::{Deserialize, Serialize};

use super::{Field, FieldErrors, FieldProblem, Form, number, of_length, tag};
use crate::{
    error::AppError,
    model::{post::DraftTarget, tag::Tags},
};

/// The maximum length of a title in characters.
pub const TITLE_MAX: usize = 150;
/// The maximum length of a post's text in characters, unless a longer one was imported: see
/// [`PostForm::content_max`].
pub const CONTENT_MAX: usize = 100_000;

/// The maximum length of a note about a change in characters.
pub const CHANGE_NOTE_MAX: usize = 200;

/// The maximum number of drafts of a user.
pub const DRAFTS_MAX: u64 = 200;

/// The name of the field with the author's id.
pub const AUTHOR: &str = "author";

/// The name of the field with the maximum length of the text.
pub const CONTENT_MAX_FIELD: &str = "content_max";

/// The intent of a submitted editor.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Intent {
    /// Publish the text.
    #[default]
    Publish,
    /// Save the text as a draft.
    Save,
    /// Preview the text.
    Preview,
}

impl Intent {
    /// The name of the field, set by the button that was pressed.
    pub const FIELD: &str = "intent";

    /// Returns the value of the field.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Publish => "publish",
            Self::Save => "save",
            Self::Preview => "preview",
        }
    }
}

/// The form of the post editor.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PostForm {
    /// The intent.
    pub intent: Intent,
    /// The id of the user who opened the form, if known: another user may have logged in since.
    #[serde(deserialize_with = "number::optional")]
    pub author: Option<i64>,
    /// The id of the post that is changed.
    #[serde(deserialize_with = "number::optional")]
    pub post: Option<i64>,
    /// The version of the post on which the text is based.
    #[serde(deserialize_with = "number::required")]
    pub post_version: i64,
    /// The id of the draft.
    #[serde(deserialize_with = "number::optional")]
    pub draft: Option<i64>,
    /// The version of the draft on which the text is based.
    #[serde(deserialize_with = "number::required")]
    pub draft_version: i64,
    /// The title.
    pub title: String,
    /// The tags, separated by commas.
    pub tags: String,
    /// The Markdown source.
    pub content: String,
    /// The note about a change of a published post.
    pub change_note: String,
    /// The maximum number of characters of the text if that exceeds [`CONTENT_MAX`]: the length that it had.
    /// Use-cases compare it with the stored text.
    #[serde(deserialize_with = "number::required")]
    pub content_max: i64,
}

/// The data of a post that is to be published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPost {
    /// The title, a single line.
    pub title: String,
    /// The tags.
    pub tags: Tags,
    /// The Markdown source, with LF line endings.
    pub content: String,
    /// The note about a change of a published post, a single line that may be empty.
    pub change_note: String,
}

/// The data of a draft. The title or the text may be empty, but not both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftText {
    /// The title, a single line.
    pub title: String,
    /// The tags.
    pub tags: Tags,
    /// The Markdown source, with LF line endings.
    pub content: String,
    /// The note about a change of a published post, a single line that may be empty.
    pub change_note: String,
}

/// A valid submission of the editor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EditorSubmission {
    /// A text to publish.
    Publish(NewPost),
    /// A text to save as a draft.
    Save(DraftText),
    /// A text to preview.
    Preview(DraftText),
}

impl PostForm {
    /// Returns the post and draft that the form is about.
    #[must_use]
    pub const fn target(&self) -> DraftTarget {
        DraftTarget {
            post: self.post,
            post_version: self.post_version,
            draft: self.draft,
            draft_version: self.draft_version,
        }
    }

    /// Returns the maximum number of characters of the text.
    fn content_limit(&self) -> usize {
        usize::try_from(self.content_max)
            .unwrap_or_default()
            .max(CONTENT_MAX)
    }

    /// Validates the form as a draft.
    ///
    /// # Errors
    ///
    /// Returns all problems. Only an empty draft and values that are too long or malformed are rejected.
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
            Err(FieldProblem::Required)
        } else {
            of_length(&format!(" {content}"), 1, self.content_limit() + 1)
                .map(drop)
                .map_err(|_| FieldProblem::TooLong(self.content_limit()))
        };
        let note = errors.take(Field::ChangeNote, change_note(&self.change_note));
        match (title, tags, errors.take(Field::Content, fits), note) {
            (Some(title), Some(tags), Some(()), Some(change_note)) => Ok(DraftText {
                title,
                tags,
                content,
                change_note,
            }),
            _ => Err(errors),
        }
    }

    /// Validates the form for its intent.
    ///
    /// # Errors
    ///
    /// Returns all problems.
    pub fn submission(&self) -> Result<EditorSubmission, FieldErrors> {
        Ok(match self.intent {
            Intent::Publish => EditorSubmission::Publish(self.validate()?),
            Intent::Save => EditorSubmission::Save(self.draft()?),
            Intent::Preview => EditorSubmission::Preview(self.text_alone()?),
        })
    }

    /// Validates the text without title and tags, whose problems do not matter for a preview.
    ///
    /// # Errors
    ///
    /// Returns the problem of the text.
    pub fn text_alone(&self) -> Result<DraftText, FieldErrors> {
        let form = Self {
            title: String::new(),
            tags: String::new(),
            change_note: String::new(),
            ..self.clone()
        };
        form.draft()
    }

    /// Checks that `user` opened the form, and not somebody else who has used the same browser before.
    ///
    /// # Errors
    ///
    /// Returns [`AppError::OtherAccount`] if it was somebody else.
    pub fn require_author(&self, user: i64) -> Result<(), AppError> {
        match self.author {
            Some(begun_by) if begun_by != user => Err(AppError::OtherAccount),
            _ => Ok(()),
        }
    }
}

impl Form for PostForm {
    type Valid = NewPost;

    fn validate(&self) -> Result<NewPost, FieldErrors> {
        let mut errors = FieldErrors::default();
        let title = errors.take(Field::Title, title(&self.title));
        let tags = errors.take(Field::Tags, tag::parse(&self.tags));
        let content = errors.take(Field::Content, content(&self.content, self.content_limit()));
        let note = errors.take(Field::ChangeNote, change_note(&self.change_note));
        match (title, tags, content, note) {
            (Some(title), Some(tags), Some(content), Some(change_note)) => Ok(NewPost {
                title,
                tags,
                content,
                change_note,
            }),
            _ => Err(errors),
        }
    }
}

pub(super) fn title(text: &str) -> Result<String, FieldProblem> {
    let title = one_line(text.trim())?;
    if title.contains(is_visible) {
        Ok(title)
    } else {
        Err(FieldProblem::Required)
    }
}

/// Validates a note about a change, which may be empty.
fn change_note(text: &str) -> Result<String, FieldProblem> {
    match text.trim() {
        "" => Ok(String::new()),
        note => line_of(note, CHANGE_NOTE_MAX),
    }
}

fn one_line(text: &str) -> Result<String, FieldProblem> {
    line_of(text, TITLE_MAX)
}

/// Validates a single line of at most `most` characters.
fn line_of(text: &str, most: usize) -> Result<String, FieldProblem> {
    let line = of_length(text, 1, most)?;
    if line.contains(char::is_control) {
        Err(FieldProblem::ControlCharacter)
    } else {
        Ok(line.to_owned())
    }
}

/// Returns whether `character` is visible: neither white space nor a formatting character (Unicode's category Cf, as
/// far as keyboards and clipboards produce it).
pub(super) fn is_visible(character: char) -> bool {
    let steers = matches!(
        character,
        '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
    );
    !steers && !character.is_whitespace() && !character.is_control()
}

/// Validates a text and converts line endings, which browsers send as CR LF, to LF.
pub(super) fn content(text: &str, most: usize) -> Result<String, FieldProblem> {
    let text = text.replace("\r\n", "\n");
    if text.trim().is_empty() {
        return Err(FieldProblem::Required);
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
            assert!(errors.for_field(Field::Title).is_some() && errors.for_field(Field::Content).is_none());
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
                .for_field(Field::Content)
                .map(|error| error.problem);
            assert_eq!(error, Some(FieldProblem::TooLong(100_010)));
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
