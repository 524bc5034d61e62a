//! Forms of the account settings.

use serde::{Deserialize, Serialize};

use super::{
    Email, Field, FieldErrors, FieldProblem, Form, Secret, Username, display_name, of_length, password,
    web_address,
};
use crate::model::profile::ProfileDetails;

/// The maximum length of a profile text in characters.
pub const ABOUT_MAX: usize = 140;
/// The maximum length of a biography in characters.
pub const BIOGRAPHY_MAX: usize = 2_000;
/// The maximum length of pronouns in characters.
pub const PRONOUNS_MAX: usize = 30;
/// The maximum length of a location in characters.
pub const LOCATION_MAX: usize = 60;

/// The form of the profile.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ProfileForm {
    /// The username.
    pub username: String,
    /// The email address.
    pub email: String,
    /// The display name.
    pub display_name: String,
    /// The pronouns.
    pub pronouns: String,
    /// The profile text.
    pub about: String,
    /// The Markdown source of the biography.
    pub biography: String,
    /// The location.
    pub location: String,
    /// The address of the web site.
    pub website: String,
    /// The addresses of other pages, one on each line.
    pub links: String,
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
    /// The display name, links and other facts.
    pub details: ProfileDetails,
    /// The profile text, with LF line endings.
    pub about: String,
    /// The Markdown source of the biography, with LF line endings.
    pub biography: String,
    /// The current password, only required for a new address.
    pub current_password: Secret,
}

impl Form for ProfileForm {
    type Valid = ProfileChange;

    fn validate(&self) -> Result<ProfileChange, FieldErrors> {
        let mut errors = FieldErrors::default();
        let username = errors.take(Field::Username, Username::parse(&self.username));
        let email = errors.take(Field::Email, Email::parse(&self.email));
        let details = self.details(&mut errors);
        let about = errors.take(Field::About, text(&self.about, ABOUT_MAX));
        let biography = errors.take(Field::Biography, text(&self.biography, BIOGRAPHY_MAX));
        let given = errors.take(Field::CurrentPassword, password::optional(&self.current_password));
        match (username, email, about, biography, given) {
            (Some(username), Some(email), Some(about), Some(biography), Some(current_password))
                if errors.is_empty() =>
            {
                Ok(ProfileChange {
                    username,
                    email,
                    details,
                    about,
                    biography,
                    current_password,
                })
            }
            _ => Err(errors),
        }
    }
}

impl ProfileForm {
    /// Returns the facts of the profile that are valid, and adds the problems of the others to `errors`.
    fn details(&self, errors: &mut FieldErrors) -> ProfileDetails {
        let mut details = ProfileDetails::default();
        if !self.display_name.trim().is_empty() {
            details.display_name = errors.take(Field::DisplayName, display_name::parse(&self.display_name));
        }
        for (field, typed, most, kept) in [
            (
                Field::Pronouns,
                &self.pronouns,
                PRONOUNS_MAX,
                &mut details.pronouns,
            ),
            (
                Field::Location,
                &self.location,
                LOCATION_MAX,
                &mut details.location,
            ),
        ] {
            if !typed.trim().is_empty() {
                *kept = errors
                    .take(field, display_name::line(typed, most))
                    .unwrap_or_default();
            }
        }
        if !self.website.trim().is_empty() {
            let website = errors.take(Field::Website, web_address::parse(&self.website));
            details.website = website.unwrap_or_default();
        }
        let links = errors.take(Field::Links, web_address::parse_all(&self.links));
        details.links = links.unwrap_or_default();
        details
    }
}

/// Returns `text`, which may be empty, if it has at most `most` characters.
fn text(text: &str, most: usize) -> Result<String, FieldProblem> {
    let text = text.replace("\r\n", "\n");
    let text = text.trim();
    if text.is_empty() {
        return Ok(String::new());
    }
    of_length(text, 1, most)?;
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
    fn the_facts_of_a_profile_are_optional_and_each_is_checked() {
        let form = ProfileForm {
            username: "ada".to_owned(),
            email: "ada@example.org".to_owned(),
            ..ProfileForm::default()
        };
        let change = form.validate().expect("nothing but a username and an address");
        assert_eq!(
            (change.details, change.biography),
            (ProfileDetails::default(), String::new())
        );
        let wrong = ProfileForm {
            display_name: "\u{301}\u{302}".to_owned(),
            pronouns: "she\u{202e}/her".to_owned(),
            location: "x".repeat(LOCATION_MAX + 1),
            website: "javascript:alert(1)".to_owned(),
            links: "a.example\nnothing".to_owned(),
            biography: "x".repeat(BIOGRAPHY_MAX + 1),
            ..form.clone()
        };
        let errors = wrong.validate().expect_err("nothing else is valid");
        let fields: Vec<Field> = errors.iter().map(|error| error.field).collect();
        let expected = [
            Field::DisplayName,
            Field::Pronouns,
            Field::Location,
            Field::Website,
            Field::Links,
            Field::Biography,
        ];
        assert_eq!(fields, expected);
        let right = ProfileForm {
            display_name: " Ada  Lovelace ".to_owned(),
            pronouns: "she/her".to_owned(),
            location: "London".to_owned(),
            website: "example.org".to_owned(),
            links: "a.example\r\nb.example".to_owned(),
            biography: "I *count*.\r\n".to_owned(),
            ..form
        };
        let change = right.validate().expect("all are valid");
        let details = ProfileDetails {
            display_name: Some("Ada Lovelace".to_owned()),
            pronouns: "she/her".to_owned(),
            location: "London".to_owned(),
            website: "https://example.org".to_owned(),
            links: vec!["https://a.example".to_owned(), "https://b.example".to_owned()],
        };
        assert_eq!(
            (change.details, change.biography.as_str()),
            (details, "I *count*.")
        );
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
