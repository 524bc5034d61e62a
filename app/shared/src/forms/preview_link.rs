//! The form to create a link with which others can read a draft.

use serde::{Deserialize, Serialize};

use super::{Field, FieldErrors, Form, number, of_length};

/// The maximum length of the note that says whom a link is for in characters.
pub const NOTE_MAX: usize = 80;

/// The form to create a link with which others can read a draft.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PreviewLinkForm {
    /// The id of the draft.
    #[serde(deserialize_with = "number::required")]
    pub draft: i64,
    /// Whom the link is for.
    pub link_note: String,
}

/// The data of a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPreviewLink {
    /// The id of the draft.
    pub draft: i64,
    /// Whom the link is for, a single line that may be empty.
    pub note: String,
}

impl Form for PreviewLinkForm {
    type Valid = NewPreviewLink;

    fn validate(&self) -> Result<NewPreviewLink, FieldErrors> {
        let words: Vec<&str> = self.link_note.split_whitespace().collect();
        let note = words.join(" ");
        let mut errors = FieldErrors::default();
        let fits = if note.is_empty() {
            Ok(())
        } else {
            of_length(&note, 1, NOTE_MAX).map(drop)
        };
        match errors.take(Field::LinkNote, fits) {
            Some(()) => Ok(NewPreviewLink {
                draft: self.draft,
                note,
            }),
            None => Err(errors),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_is_one_line_of_limited_length() {
        let form = |note: &str| PreviewLinkForm {
            draft: 1,
            link_note: note.to_owned(),
        };
        assert_eq!(
            form(" For\r\n my  editor ").validate().map(|new| new.note),
            Ok("For my editor".to_owned())
        );
        assert_eq!(form("").validate().map(|new| new.note), Ok(String::new()));
        assert!(form(&"é".repeat(NOTE_MAX)).validate().is_ok());
        assert!(form(&"é".repeat(NOTE_MAX + 1)).validate().is_err());
    }
}
