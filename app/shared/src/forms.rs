//! Forms: their fields, limits and messages.
//!
//! A form contains what was typed; `Form::validate` converts it to the type that use-cases accept, or returns every
//! problem. The same code runs in the browser before a request and always on the server. Use-cases accept only the
//! validated type, so validation cannot be forgotten. To add a form, add a file here and its fields to `Field`.

use serde::{Deserialize, Serialize};

use crate::error::AppError;

/// Forms to register and to log in.
pub mod account;
/// The form of the site's appearance.
pub mod appearance;
/// Deserialization of checkboxes.
mod checkbox;
/// Forms to write, change and hide comments.
pub mod comment;
/// Display names.
pub mod display_name;
/// Email addresses.
mod email;
/// The fields of all forms.
mod field;
/// Host names.
pub mod host;
/// The form to invite somebody.
pub mod invitation;
/// Forms to hide a post, to erase a version of one, and to suspend or freeze a user.
pub mod moderation;
/// The form of the navigation.
pub mod navigation;
/// Deserialization of numbers.
mod number;
/// Passwords.
pub mod password;
/// Limits of images.
pub mod picture;
/// The form of the post editor.
pub mod post;
/// The form to create a link with which others can read a draft.
pub mod preview_link;
/// The problems of fields.
mod problem;
/// Forms to reset a password and to confirm an address.
pub mod recovery;
/// The form of a redirect.
pub mod redirect;
/// Forms to report something, to warn somebody, and to appeal.
pub mod report;
/// Reserved usernames and addresses of static pages.
pub mod reserved;
/// Text that must not be logged.
mod secret;
/// Forms of the account settings.
pub mod settings;
/// The form of the steps in which a new site is set up.
pub mod setup;
/// The form of the site's settings.
pub mod site;
/// The form of a static page.
pub mod static_page;
/// A rejected form.
mod submission;
/// Tags.
pub mod tag;
/// Usernames.
pub mod username;
/// Web addresses on profiles.
pub mod web_address;

pub use email::Email;
pub use field::Field;
pub use problem::{FieldProblem, grouped};
pub use secret::Secret;
pub use submission::Submission;
pub use username::Username;

/// A form as it was typed.
pub trait Form {
    /// The validated type that use-cases accept.
    type Valid;

    /// Validates every field.
    ///
    /// # Errors
    ///
    /// Returns all problems, in the order of the fields.
    fn validate(&self) -> Result<Self::Valid, FieldErrors>;
}

/// A problem of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    /// The field.
    pub field: Field,
    /// The problem.
    pub problem: FieldProblem,
}

impl FieldError {
    /// Returns the message beside the field and in the summary.
    #[must_use]
    pub fn message(&self) -> String {
        self.problem.message(self.field)
    }
}

/// The problems of a form.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldErrors(Vec<FieldError>);

impl FieldErrors {
    /// Returns a single problem.
    #[must_use]
    pub fn one(field: Field, problem: FieldProblem) -> Self {
        Self(vec![FieldError { field, problem }])
    }

    /// Returns the problem of `field`, if any.
    #[must_use]
    pub fn for_field(&self, field: Field) -> Option<FieldError> {
        self.0.iter().find(|error| error.field == field).copied()
    }

    /// Returns the HTTP status code of the first problem.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.0.first().map_or(422, |error| error.problem.status())
    }

    /// Returns all problems, in the order of the fields.
    pub fn iter(&self) -> impl Iterator<Item = &FieldError> {
        self.0.iter()
    }

    /// Returns whether there are no problems.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds the problems of `other` and sorts them by field.
    pub fn merge(&mut self, other: Self) {
        self.0.extend(other.0);
        self.0.sort_by_key(|error| error.field);
    }

    /// Adds the problems of a check, so that further checks can be made.
    ///
    /// # Errors
    ///
    /// Returns the error of `checked` if it is not about fields.
    pub fn note(&mut self, checked: Result<(), AppError>) -> Result<(), AppError> {
        match checked {
            Err(AppError::Invalid(errors)) => {
                self.merge(errors);
                Ok(())
            }
            other => other,
        }
    }

    /// Succeeds if there are no problems.
    ///
    /// # Errors
    ///
    /// Returns the problems otherwise.
    pub fn into_result(self) -> Result<(), Self> {
        if self.is_empty() { Ok(()) } else { Err(self) }
    }

    /// Returns the problems for which `is_left` is true.
    #[must_use]
    pub fn only(&self, mut is_left: impl FnMut(&FieldError) -> bool) -> Self {
        Self(self.iter().copied().filter(|error| is_left(error)).collect())
    }

    /// Adds a problem.
    pub fn add(&mut self, field: Field, problem: FieldProblem) {
        self.0.push(FieldError { field, problem });
    }

    /// Returns the value of `checked`, or adds its problem and returns `None`.
    fn take<T>(&mut self, field: Field, checked: Result<T, FieldProblem>) -> Option<T> {
        checked.map_err(|problem| self.add(field, problem)).ok()
    }
}

/// Returns `text` if it has between `least` and `most` characters.
fn of_length(text: &str, least: usize, most: usize) -> Result<&str, FieldProblem> {
    match text.chars().count() {
        0 => Err(FieldProblem::Required),
        length if length < least => Err(FieldProblem::TooShort(least)),
        length if length > most => Err(FieldProblem::TooLong(most)),
        _ => Ok(text),
    }
}
