//! Forms: their fields, limits and wording.
//!
//! A form is what was typed; `Form::validate` turns it into what the use-cases accept, or collects every problem.
//! The same code runs in the browser before a request and on the server always, and a use-case takes only the valid
//! type, so that skipping validation does not compile. To add a form, add a file here and its fields to `Field`.

use serde::{Deserialize, Serialize};

use crate::error::AppError;

/// Register and log in.
pub mod account;
/// Read a box that may be ticked.
mod checkbox;
/// An e-mail address.
mod email;
/// The fields of all forms.
mod field;
/// Names of hosts.
pub mod host;
/// Hide a post, suspend an account.
pub mod moderation;
/// Reads numbers.
mod number;
/// A password: any Unicode.
pub mod password;
/// A person's picture.
pub mod picture;
/// Write a post.
pub mod post;
/// What may be wrong with a field.
mod problem;
/// Choose a new password without the old one.
pub mod recovery;
/// Names that nobody can have.
mod reserved;
/// Text that is never shown.
mod secret;
/// Change one's account.
pub mod settings;
/// A form that could not be accepted.
mod submission;
/// What a text is about.
pub mod tag;
/// A name to be known by.
pub mod username;

pub use email::Email;
pub use field::Field;
pub use problem::{Problem, grouped};
pub use secret::Secret;
pub use submission::Submission;
pub use username::Username;

/// What somebody typed, which may or may not hold.
pub trait Form {
    /// What use-cases accept.
    type Valid;

    /// Checks every field.
    ///
    /// # Errors
    /// All problems at once, in the order of the fields.
    fn validate(&self) -> Result<Self::Valid, FieldErrors>;
}

/// A field and what is wrong with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    /// Where.
    pub field: Field,
    /// What.
    pub problem: Problem,
}

impl FieldError {
    /// The sentence beside the field and in the summary.
    #[must_use]
    pub fn text(&self) -> String {
        self.problem.text(self.field)
    }
}

/// Everything that is wrong with a form.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldErrors(Vec<FieldError>);

impl FieldErrors {
    /// One problem.
    #[must_use]
    pub fn one(field: Field, problem: Problem) -> Self {
        Self(vec![FieldError { field, problem }])
    }

    /// What is wrong with `field`.
    #[must_use]
    pub fn of(&self, field: Field) -> Option<FieldError> {
        self.0.iter().find(|error| error.field == field).copied()
    }

    /// The HTTP status of the first of them.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.0.first().map_or(422, |error| error.problem.status())
    }

    /// All of them, in the order of the fields.
    pub fn iter(&self) -> impl Iterator<Item = &FieldError> {
        self.0.iter()
    }

    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Notes what `other` has found as well, in the order that all fields have.
    pub fn merge(&mut self, other: Self) {
        self.0.extend(other.0);
        self.0.sort_by_key(|error| error.field);
    }

    /// Notes what a check has found, so that the others are made as well.
    ///
    /// # Errors
    /// The error of a check that failed for another reason than a field.
    pub fn note(&mut self, checked: Result<(), AppError>) -> Result<(), AppError> {
        match checked {
            Err(AppError::Invalid(errors)) => {
                self.merge(errors);
                Ok(())
            }
            other => other,
        }
    }

    /// Nothing, when nothing is wrong.
    ///
    /// # Errors
    /// All problems.
    pub fn into_result(self) -> Result<(), Self> {
        if self.is_empty() { Ok(()) } else { Err(self) }
    }

    /// Returns those of them for which `is_left` holds.
    #[must_use]
    pub fn only(&self, mut is_left: impl FnMut(&FieldError) -> bool) -> Self {
        Self(self.iter().copied().filter(|error| is_left(error)).collect())
    }

    /// Notes one more problem.
    pub fn add(&mut self, field: Field, problem: Problem) {
        self.0.push(FieldError { field, problem });
    }

    /// The value of `checked`, or a note of its problem and `None`.
    fn take<T>(&mut self, field: Field, checked: Result<T, Problem>) -> Option<T> {
        checked.map_err(|problem| self.add(field, problem)).ok()
    }
}

/// `text` when it has between `least` and `most` characters.
fn of_length(text: &str, least: usize, most: usize) -> Result<&str, Problem> {
    match text.chars().count() {
        0 => Err(Problem::Required),
        length if length < least => Err(Problem::TooShort(least)),
        length if length > most => Err(Problem::TooLong(most)),
        _ => Ok(text),
    }
}
