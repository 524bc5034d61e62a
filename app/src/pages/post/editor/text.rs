//! The text in the editor and other versions of it.

use time::OffsetDateTime;

use shared::{
    forms::{
        Field,
        post::{DetailsForm, Intent, PostForm},
    },
    model::post::{DraftTarget, EditorDocument},
};

use super::options::shown_details;

/// The text in the form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Text {
    pub title: String,
    pub tags: String,
    pub content: String,
    /// The note about a change of a published post.
    pub change_note: String,
    /// The settings of the post, as they were typed.
    pub details: DetailsForm,
}

impl Text {
    /// Returns the text on the site.
    pub(super) fn from_document(document: &EditorDocument) -> Self {
        Self {
            title: document.title.clone(),
            tags: document.tags.to_string(),
            content: document.content.clone(),
            change_note: document.change_note.clone(),
            details: shown_details(document),
        }
    }

    /// Returns the value of `field`.
    pub(super) fn in_field(&self, field: Field) -> &str {
        match field {
            Field::Title => &self.title,
            Field::Tags => &self.tags,
            Field::ChangeNote => &self.change_note,
            _ => self.details.value(field).unwrap_or(&self.content),
        }
    }

    /// Returns whether nothing has been written yet.
    pub(super) fn is_empty(&self) -> bool {
        self.title.is_empty() && self.content.is_empty()
    }

    /// Creates the form that saves the text of `author` to `target`.
    pub(super) fn into_form(self, target: DraftTarget, author: Option<i64>, content_max: usize) -> PostForm {
        let form = PostForm {
            intent: Intent::Save,
            author,
            post: target.post,
            post_version: target.post_version,
            draft: target.draft,
            draft_version: target.draft_version,
            title: self.title,
            tags: self.tags,
            content: self.content,
            change_note: self.change_note,
            content_max: i64::try_from(content_max).unwrap_or_default(),
            ..PostForm::default()
        };
        form.with_details(self.details)
    }
}

/// Another version of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Other {
    pub text: Text,
    /// The post and draft.
    pub target: DraftTarget,
    pub saved_at: Option<OffsetDateTime>,
    pub origin: Origin,
    /// The number of further versions.
    pub more: usize,
}

/// The origin of another version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Origin {
    /// It was saved to the site in the meantime.
    Site,
    /// It does not exist: the draft was published or discarded in the meantime.
    Gone,
    /// It is a local draft, with its storage key if it is stored.
    Browser(Option<String>),
}

impl Other {
    /// Creates the other version from the current state on the site.
    pub(super) fn on_site(document: &EditorDocument) -> Self {
        let is_there = document.target != DraftTarget::default();
        Self {
            text: Text::from_document(document),
            target: document.target,
            saved_at: document.saved_at,
            more: 0,
            origin: if is_there { Origin::Site } else { Origin::Gone },
        }
    }

    /// Creates the other version from the local draft `key`.
    pub(super) fn local_draft(key: String, text: Text) -> Self {
        Self {
            text,
            target: DraftTarget::default(),
            saved_at: None,
            origin: Origin::Browser(Some(key)),
            more: 0,
        }
    }

    /// Returns whether the text must not be saved before the choice is made.
    pub(super) fn is_newer(&self) -> bool {
        !matches!(self.origin, Origin::Browser(_))
    }
}
