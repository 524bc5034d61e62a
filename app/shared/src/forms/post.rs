//! The form of the post editor.

use serde::{Deserialize, Serialize};
use time::{PrimitiveDateTime, format_description::BorrowedFormatItem, macros::format_description};

use super::{Field, FieldErrors, FieldProblem, Form, number, of_length, site, tag};
use crate::{
    error::AppError,
    model::{
        post::{DraftTarget, PostDetails, Visibility},
        tag::Tags,
    },
};

/// The fields for what a post carries besides its title, tags and text.
mod details;

pub use details::{CANONICAL_MAX, COVER_TEXT_MAX, DetailsForm, EXCERPT_MAX, SLUG_MAX, SUBTITLE_MAX, TICKED};

/// The maximum length of a title in characters.
pub const TITLE_MAX: usize = 150;
/// The maximum length of a post's text in characters, unless a longer one was imported: see
/// [`PostForm::content_max`].
pub const CONTENT_MAX: usize = 100_000;

/// The maximum length of a note about a change in characters.
pub const CHANGE_NOTE_MAX: usize = 200;

/// The maximum number of drafts of a user.
pub const DRAFTS_MAX: u64 = 200;

/// The maximum number of days between the time at which a draft is scheduled and the time at which it is published.
pub const SCHEDULE_MAX_DAYS: i64 = 366;

/// A time as browsers send it.
pub const CLOCK: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day]T[hour]:[minute]");

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
    /// Publish the text later.
    Schedule,
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
            Self::Schedule => "schedule",
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
    /// The name of the visibility; empty to leave it as it is.
    pub visibility: String,
    /// The line below the title.
    pub subtitle: String,
    /// The excerpt.
    pub excerpt: String,
    /// The words of the address.
    pub slug: String,
    /// The address at which the text was published first.
    pub canonical: String,
    /// The language.
    pub language: String,
    /// The value of the ticked checkbox if a table of contents is shown.
    pub contents: String,
    /// The cover.
    pub cover: String,
    /// The alternative text of the cover.
    pub cover_alt: String,
    /// The caption of the cover.
    pub cover_caption: String,
    /// The later time at which the text is published, as a clock shows it.
    pub publish_at: String,
    /// The time zone of that clock.
    pub time_zone: String,
    /// The time for which the draft was scheduled when the form was opened; empty if it was not.
    pub scheduled_at: String,
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
    /// The details: subtitle, cover and so on.
    pub details: PostDetails,
    /// Its readers; `None` for those that it has, or for everybody if it is new.
    pub visibility: Option<Visibility>,
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
    /// The details, unchecked.
    pub details: DetailsForm,
}

/// A time at which a text is to be published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WantedTime {
    /// The time as a clock in the time zone shows it.
    pub clock: PrimitiveDateTime,
    /// The name of the time zone, which may not exist.
    pub time_zone: String,
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
    /// A text that could be published now, to be published at this time.
    Schedule(DraftText, WantedTime),
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

    /// Returns the fields for what the post carries besides. They are not a struct within this one, because flattening
    /// another struct costs the client a lot of code.
    #[must_use]
    pub fn details(&self) -> DetailsForm {
        DetailsForm {
            visibility: self.visibility.clone(),
            subtitle: self.subtitle.clone(),
            excerpt: self.excerpt.clone(),
            slug: self.slug.clone(),
            canonical: self.canonical.clone(),
            language: self.language.clone(),
            contents: self.contents.clone(),
            cover: self.cover.clone(),
            cover_alt: self.cover_alt.clone(),
            cover_caption: self.cover_caption.clone(),
        }
    }

    /// Returns the form with these `details`.
    #[must_use]
    pub fn with_details(self, details: DetailsForm) -> Self {
        Self {
            visibility: details.visibility,
            subtitle: details.subtitle,
            excerpt: details.excerpt,
            slug: details.slug,
            canonical: details.canonical,
            language: details.language,
            contents: details.contents,
            cover: details.cover,
            cover_alt: details.cover_alt,
            cover_caption: details.cover_caption,
            ..self
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
        let details = self.details();
        let details = details.fits(&mut errors).map(|()| details);
        match (title, tags, errors.take(Field::Content, fits), note, details) {
            (Some(title), Some(tags), Some(()), Some(change_note), Some(details)) => Ok(DraftText {
                title,
                tags,
                content,
                change_note,
                details,
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
            Intent::Publish => {
                let mut errors = FieldErrors::default();
                if self.has_new_time() {
                    errors.add(Field::PublishAt, FieldProblem::NotScheduled);
                }
                let new = self.validate();
                errors.merge(new.as_ref().err().cloned().unwrap_or_default());
                errors.into_result()?;
                EditorSubmission::Publish(new?)
            }
            Intent::Save => EditorSubmission::Save(self.draft()?),
            Intent::Preview => EditorSubmission::Preview(self.text_alone()?),
            Intent::Schedule => {
                let mut errors = self.validate().err().unwrap_or_default();
                match self.wanted_time(&mut errors) {
                    Some(time) if errors.is_empty() => EditorSubmission::Schedule(self.draft()?, time),
                    _ => return Err(errors),
                }
            }
        })
    }

    /// Returns whether somebody has entered a time at which the text is to be published, and is about to publish it now.
    fn has_new_time(&self) -> bool {
        let clock = |text: &str| text.trim().replacen(' ', "T", 1);
        !self.publish_at.trim().is_empty() && clock(&self.publish_at) != clock(&self.scheduled_at)
    }

    /// Returns the time at which the text is to be published. Adds every problem to `errors`.
    fn wanted_time(&self, errors: &mut FieldErrors) -> Option<WantedTime> {
        let clock = match self.publish_at.trim() {
            "" => Err(FieldProblem::Required),
            // People type a space where browsers send a `T`.
            text => PrimitiveDateTime::parse(&text.replacen(' ', "T", 1), CLOCK)
                .map_err(|_| FieldProblem::NotATime),
        };
        let clock = errors.take(Field::PublishAt, clock);
        let time_zone = errors.take(Field::TimeZone, site::time_zone(&self.time_zone));
        Some(WantedTime {
            clock: clock?,
            time_zone: time_zone?,
        })
    }

    /// Validates what the post carries besides its text.
    ///
    /// # Errors
    ///
    /// Returns all problems.
    pub fn details_alone(&self) -> Result<(PostDetails, Option<Visibility>), FieldErrors> {
        let mut errors = FieldErrors::default();
        self.details().checked(&mut errors).ok_or(errors)
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
        form.with_details(DetailsForm::default()).draft()
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
        let details = self.details().checked(&mut errors);
        match (title, tags, content, note, details) {
            (Some(title), Some(tags), Some(content), Some(change_note), Some((details, visibility))) => {
                Ok(NewPost {
                    title,
                    tags,
                    content,
                    change_note,
                    details,
                    visibility,
                })
            }
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
mod tests;
