//! Forms to reset a password and to confirm an address.

use serde::{Deserialize, Serialize};

use super::{Email, Field, FieldErrors, Form, Secret, password};

/// The form to request a password reset.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ForgotForm {
    /// The address of the account.
    pub email: String,
}

impl Form for ForgotForm {
    type Valid = Email;

    fn validate(&self) -> Result<Email, FieldErrors> {
        Email::parse(&self.email).map_err(|problem| FieldErrors::one(Field::Email, problem))
    }
}

/// The form to reset a password.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ResetForm {
    /// The new password.
    pub new_password: Secret,
    /// The new password again.
    pub confirm_password: Secret,
}

impl Form for ResetForm {
    type Valid = Secret;

    fn validate(&self) -> Result<Secret, FieldErrors> {
        let mut errors = FieldErrors::default();
        let chosen = password::new(&mut errors, &self.new_password, &self.confirm_password);
        chosen.ok_or(errors)
    }
}

/// The form to confirm an address.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ConfirmForm {
    /// The password of an account that is to be created; empty for an existing one.
    pub password: Secret,
}

impl Form for ConfirmForm {
    type Valid = Secret;

    fn validate(&self) -> Result<Secret, FieldErrors> {
        password::optional(&self.password).map_err(|problem| FieldErrors::one(Field::Password, problem))
    }
}
