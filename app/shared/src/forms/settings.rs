//! Forms of the account settings.

use serde::{Deserialize, Serialize};

use super::{Email, Field, FieldErrors, FieldProblem, Form, Secret, Username, of_length, password};

/// The maximum length of a profile text in characters.
pub const ABOUT_MAX: usize = 140;

/// The form of the profile.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ProfileForm {
    /// The username.
    pub username: String,
    /// The email address.
    pub email: String,
    /// The profile text.
    pub about: String,
    /// The current password, only required for a new address.
    pub current_password: Secret,
}

/// A change of the profile.
#[derive(Debug, Clone)]
pub struct ProfileChange {
    /// The username.
    pub username: Username,
    /// The email address.
    pub email: Email,
    /// The profile text, with LF line endings.
    pub about: String,
    /// The current password, only required for a new address.
    pub current_password: Secret,
}

impl Form for ProfileForm {
    type Valid = ProfileChange;

    fn validate(&self) -> Result<ProfileChange, FieldErrors> {
        let mut errors = FieldErrors::default();
        let username = errors.take(Field::Username, Username::parse(&self.username));
        let email = errors.take(Field::Email, Email::parse(&self.email));
        let about = errors.take(Field::About, about(&self.about));
        let given = errors.take(Field::CurrentPassword, password::optional(&self.current_password));
        match (username, email, about, given) {
            (Some(username), Some(email), Some(about), Some(current_password)) => Ok(ProfileChange {
                username,
                email,
                about,
                current_password,
            }),
            _ => Err(errors),
        }
    }
}

fn about(text: &str) -> Result<String, FieldProblem> {
    let text = text.replace("\r\n", "\n");
    let text = text.trim();
    if text.is_empty() {
        return Ok(String::new());
    }
    of_length(text, 1, ABOUT_MAX)?;
    Ok(text.to_owned())
}

/// The form to change the password.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PasswordForm {
    /// The current password.
    pub current_password: Secret,
    /// The new password.
    pub new_password: Secret,
    /// The new password again.
    pub confirm_password: Secret,
}

/// A change of the password.
#[derive(Debug, Clone)]
pub struct NewPassword {
    /// The current password.
    pub current: Secret,
    /// The new password.
    pub new: Secret,
}

impl Form for PasswordForm {
    type Valid = NewPassword;

    fn validate(&self) -> Result<NewPassword, FieldErrors> {
        let mut errors = FieldErrors::default();
        let current = errors.take(Field::CurrentPassword, password::bounded(&self.current_password));
        let new = password::new(&mut errors, &self.new_password, &self.confirm_password);
        match (current, new) {
            (Some(current), Some(new)) => Ok(NewPassword { current, new }),
            _ => Err(errors),
        }
    }
}

/// The form to delete the account.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DeleteForm {
    /// The current password, for re-authentication.
    pub current_password: Secret,
}

impl Form for DeleteForm {
    type Valid = Secret;

    fn validate(&self) -> Result<Secret, FieldErrors> {
        password::bounded(&self.current_password)
            .map_err(|problem| FieldErrors::one(Field::CurrentPassword, problem))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changed(text: &str) -> Result<String, FieldErrors> {
        let form = ProfileForm {
            username: "ada".to_owned(),
            email: "ada@example.org".to_owned(),
            about: text.to_owned(),
            ..ProfileForm::default()
        };
        form.validate().map(|change| change.about)
    }

    #[test]
    fn words_about_oneself_are_optional_short_and_kept_to_the_character() {
        assert_eq!(changed(""), Ok(String::new()));
        assert_eq!(changed("  \r\n "), Ok(String::new()));
        let hostile = "\u{202e}zalgo\u{0301} 👩‍👩‍👧 <script>\n& \u{feff}tab\t.";
        assert_eq!(changed(hostile), Ok(hostile.to_owned()));
        assert!(changed(&"é".repeat(140)).is_ok());
        assert!(changed(&"é".repeat(141)).is_err());
    }

    #[test]
    fn the_new_password_is_typed_twice() {
        let form = |new: &str, again: &str| PasswordForm {
            current_password: Secret::from("current"),
            new_password: Secret::from(new),
            confirm_password: Secret::from(again),
        };
        assert!(form("correct horse", "correct horse").validate().is_ok());
        let errors = form("short", "").validate().expect_err("too short, and once");
        assert!(
            errors.for_field(Field::NewPassword).is_some()
                && errors.for_field(Field::ConfirmPassword).is_some()
        );
    }
}
