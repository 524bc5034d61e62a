//! Forms to write, change and hide comments.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::{
    Field, FieldErrors, FieldProblem, Form, moderation::ground_and_reason, number, of_length, post::Intent,
};
use crate::model::decision::Ground;

/// The maximum length of a comment in characters.
pub const COMMENT_MAX: usize = 10_000;
/// The number of characters of a nonce.
const NONCE_MAX: usize = 64;

/// The form to write a comment.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CommentForm {
    /// The intent: [`Intent::Publish`] or [`Intent::Preview`].
    pub intent: Intent,
    /// The id of the post.
    #[serde(deserialize_with = "number::required")]
    pub post: i64,
    /// The id of the comment that it answers.
    #[serde(deserialize_with = "number::optional")]
    pub parent: Option<i64>,
    /// The nonce of the form, by which a comment that is sent twice is recognised.
    pub nonce: String,
    /// A field that people do not see, and that programs fill in.
    #[serde(rename = "comment_subject")]
    pub subject: String,
    /// The Markdown source.
    #[serde(rename = "comment_content")]
    pub content: String,
}

/// A new comment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewComment {
    /// The id of the post.
    pub post: i64,
    /// The id of the comment that it answers.
    pub parent: Option<i64>,
    /// The nonce of the form; `None` if it had none.
    pub nonce: Option<String>,
    /// When the form was rendered, according to the nonce.
    pub rendered_at: Option<OffsetDateTime>,
    /// Whether the field that people do not see was filled in.
    pub is_trapped: bool,
    /// The Markdown source, with LF line endings.
    pub content: String,
}

impl Form for CommentForm {
    type Valid = NewComment;

    fn validate(&self) -> Result<NewComment, FieldErrors> {
        let is_nonce = (1..=NONCE_MAX).contains(&self.nonce.len())
            && self.nonce.bytes().all(|byte| byte.is_ascii_alphanumeric());
        Ok(NewComment {
            post: self.post,
            parent: self.parent,
            nonce: is_nonce.then(|| self.nonce.clone()),
            rendered_at: rendered_at(&self.nonce),
            is_trapped: !self.subject.is_empty(),
            content: content(&self.content)?,
        })
    }
}

/// The number of hexadecimal digits at the beginning of a nonce that say when the form was rendered.
const TIME_DIGITS: usize = 8;

/// Returns the nonce of a form that is rendered at this time, with these `random` letters and digits.
#[must_use]
pub fn nonce(rendered_at: OffsetDateTime, random: &str) -> String {
    format!("{:0TIME_DIGITS$x}{random}", rendered_at.unix_timestamp())
}

/// Returns when the form with this `nonce` was rendered.
fn rendered_at(nonce: &str) -> Option<OffsetDateTime> {
    let seconds = i64::from_str_radix(nonce.get(..TIME_DIGITS)?, 16).ok()?;
    OffsetDateTime::from_unix_timestamp(seconds).ok()
}

/// The form to change a comment.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct EditCommentForm {
    /// The intent: [`Intent::Publish`] or [`Intent::Preview`].
    pub intent: Intent,
    /// The id of the comment.
    #[serde(deserialize_with = "number::required")]
    pub comment: i64,
    /// The version on which the text is based.
    #[serde(deserialize_with = "number::required")]
    pub version: i64,
    /// The Markdown source.
    #[serde(rename = "comment_content")]
    pub content: String,
}

/// A new text of a comment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EditedComment {
    /// The id of the comment.
    pub comment: i64,
    /// The version on which the text is based.
    pub version: i64,
    /// The Markdown source, with LF line endings.
    pub content: String,
}

impl Form for EditCommentForm {
    type Valid = EditedComment;

    fn validate(&self) -> Result<EditedComment, FieldErrors> {
        Ok(EditedComment {
            comment: self.comment,
            version: self.version,
            content: content(&self.content)?,
        })
    }
}

/// The form to hide a comment.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HideCommentForm {
    /// The id of the comment.
    #[serde(deserialize_with = "number::required")]
    pub comment: i64,
    /// The ground.
    #[serde(default)]
    pub ground: String,
    /// The reason.
    #[serde(default)]
    pub reason: String,
}

/// A comment that is to be hidden.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HiddenComment {
    /// The id of the comment.
    pub comment: i64,
    /// The ground.
    pub ground: Ground,
    /// The reason.
    pub reason: String,
}

impl Form for HideCommentForm {
    type Valid = HiddenComment;

    fn validate(&self) -> Result<HiddenComment, FieldErrors> {
        let (ground, reason) = ground_and_reason(&self.ground, &self.reason)?;
        Ok(HiddenComment {
            comment: self.comment,
            ground,
            reason,
        })
    }
}

/// Returns the text of a comment with LF line endings.
///
/// # Errors
///
/// Returns the problem if it is empty or too long.
pub fn content(text: &str) -> Result<String, FieldErrors> {
    let text = text.replace("\r\n", "\n");
    let fits = if text.trim().is_empty() {
        Err(FieldProblem::Required)
    } else {
        of_length(&text, 1, COMMENT_MAX).map(drop)
    };
    fits.map(|()| text)
        .map_err(|problem| FieldErrors::one(Field::Comment, problem))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_has_at_least_a_letter_and_at_most_the_maximum() {
        let problem = |text: &str| {
            let errors = content(text).err()?;
            errors.for_field(Field::Comment).map(|error| error.problem)
        };
        assert_eq!(problem("a"), None);
        assert_eq!(problem(&"ü".repeat(COMMENT_MAX)), None);
        assert_eq!(problem(" \n"), Some(FieldProblem::Required));
        assert_eq!(
            problem(&"a".repeat(COMMENT_MAX + 1)),
            Some(FieldProblem::TooLong(COMMENT_MAX))
        );
        assert_eq!(content("a\r\nb").as_deref(), Ok("a\nb"));
    }

    #[test]
    fn a_nonce_that_no_form_has_is_none() {
        let form = |nonce: &str| CommentForm {
            nonce: nonce.to_owned(),
            content: "a".to_owned(),
            ..CommentForm::default()
        };
        let nonce = |text: &str| form(text).validate().expect("a comment").nonce;
        assert_eq!(nonce("0a1B").as_deref(), Some("0a1B"));
        for wrong in ["", "a b", "ä", &"a".repeat(65)] {
            assert_eq!(nonce(wrong), None, "{wrong}");
        }
    }
}
