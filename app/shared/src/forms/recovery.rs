//! Choose a new password without the old one.

use serde::{Deserialize, Serialize};

use super::{Email, Field, FieldErrors, Form, Secret, password};

/// What somebody typed to be sent a link.
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

/// What somebody typed who has followed the link.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ResetForm {
    /// The password to come.
    pub new_password: Secret,
    /// The same once more.
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

/// What somebody typed to confirm an address.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ConfirmForm {
    /// The password of the account that is to be made; nothing for one that is there.
    pub password: Secret,
}

impl Form for ConfirmForm {
    type Valid = Secret;

    fn validate(&self) -> Result<Secret, FieldErrors> {
        password::optional(&self.password).map_err(|problem| FieldErrors::one(Field::Password, problem))
    }
}
