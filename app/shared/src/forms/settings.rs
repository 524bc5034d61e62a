//! Forms of the account settings.

use serde::{Deserialize, Deserializer, Serialize};

use super::{
    Email, Field, FieldErrors, FieldProblem, Form, Secret, Username, display_name, of_length, password,
    web_address,
};

/// The maximum length of a profile text in characters.
pub const ABOUT_MAX: usize = 140;
/// The maximum length of a biography in characters.
pub const BIOGRAPHY_MAX: usize = 2_000;
/// The maximum length of pronouns in characters.
pub const PRONOUNS_MAX: usize = 30;
/// The maximum length of a location in characters.
pub const LOCATION_MAX: usize = 60;

/// The form of the profile. What it does not contain stays unchanged, because a page that another version of the program
/// has served may not ask for everything.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ProfileForm {
    /// The username.
    pub username: String,
    /// The email address.
    pub email: String,
    /// The display name.
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// The pronouns.
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub pronouns: Option<String>,
    /// The profile text.
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
    /// The Markdown source of the biography.
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub biography: Option<String>,
    /// The location.
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
    /// The address of the web site.
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub website: Option<String>,
    /// The addresses of other pages, one on each line.
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub links: Option<String>,
    /// The current password, only required for a new address.
    pub current_password: Secret,
}

/// Returns a text that the form contains. An empty one is not the same as none.
fn given<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    String::deserialize(deserializer).map(Some)
}

/// A change of the profile. What is `None` stays unchanged.
#[derive(Debug, Clone)]
pub struct ProfileChange {
    /// The username.
    pub username: Username,
    /// The email address.
    pub email: Email,
    /// The display name. If it is empty, the username is shown.
    pub display_name: Option<String>,
    /// The pronouns.
    pub pronouns: Option<String>,
    /// The profile text, with LF line endings.
    pub about: Option<String>,
    /// The Markdown source of the biography, with LF line endings.
    pub biography: Option<String>,
    /// The location.
    pub location: Option<String>,
    /// The web address of the web site.
    pub website: Option<String>,
    /// The web addresses of other profiles and pages.
    pub links: Option<Vec<String>>,
    /// The current password, only required for a new address.
    pub current_password: Secret,
}

impl Form for ProfileForm {
    type Valid = ProfileChange;

    fn validate(&self) -> Result<ProfileChange, FieldErrors> {
        let mut errors = FieldErrors::default();
        let username = errors.take(Field::Username, Username::parse(&self.username));
        let email = errors.take(Field::Email, Email::parse(&self.email));
        let display_name = parsed(
            &mut errors,
            Field::DisplayName,
            self.display_name.as_deref(),
            display_name::parse,
        );
        let pronouns = parsed(&mut errors, Field::Pronouns, self.pronouns.as_deref(), |typed| {
            display_name::line(typed, PRONOUNS_MAX)
        });
        let location = parsed(&mut errors, Field::Location, self.location.as_deref(), |typed| {
            display_name::line(typed, LOCATION_MAX)
        });
        let website = parsed(
            &mut errors,
            Field::Website,
            self.website.as_deref(),
            web_address::parse,
        );
        let links = parsed(
            &mut errors,
            Field::Links,
            self.links.as_deref(),
            web_address::parse_all,
        );
        let about = parsed(&mut errors, Field::About, self.about.as_deref(), |typed| {
            text(typed, ABOUT_MAX)
        });
        let biography = parsed(
            &mut errors,
            Field::Biography,
            self.biography.as_deref(),
            |typed| text(typed, BIOGRAPHY_MAX),
        );
        let given = errors.take(Field::CurrentPassword, password::optional(&self.current_password));
        match (username, email, given) {
            (Some(username), Some(email), Some(current_password)) if errors.is_empty() => Ok(ProfileChange {
                username,
                email,
                display_name,
                pronouns,
                about,
                biography,
                location,
                website,
                links,
                current_password,
            }),
            _ => Err(errors),
        }
    }
}

/// Returns the value of a field that the form may not contain, and adds its problem to `errors`.
fn parsed<T: Default>(
    errors: &mut FieldErrors,
    field: Field,
    typed: Option<&str>,
    parse: impl FnOnce(&str) -> Result<T, FieldProblem>,
) -> Option<T> {
    let typed = typed?;
    if typed.trim().is_empty() {
        return Some(T::default());
    }
    errors.take(field, parse(typed))
}

/// Returns `text` if it has at most `most` characters.
fn text(text: &str, most: usize) -> Result<String, FieldProblem> {
    let text = text.replace("\r\n", "\n");
    let text = text.trim();
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
            about: Some(text.to_owned()),
            ..ProfileForm::default()
        };
        form.validate().map(|change| change.about.unwrap_or_default())
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
        let typed = |text: &str| Some(text.to_owned());
        let form = ProfileForm {
            username: "ada".to_owned(),
            email: "ada@example.org".to_owned(),
            ..ProfileForm::default()
        };
        let empty = ProfileForm {
            display_name: typed(""),
            pronouns: typed(" "),
            about: typed(""),
            biography: typed("\r\n"),
            location: typed(""),
            website: typed(""),
            links: typed(""),
            ..form.clone()
        };
        let change = empty.validate().expect("nothing but a username and an address");
        let nothing = typed("");
        assert_eq!((&change.display_name, &change.pronouns), (&nothing, &nothing));
        assert_eq!((&change.about, &change.biography), (&nothing, &nothing));
        assert_eq!((&change.location, &change.website), (&nothing, &nothing));
        assert_eq!(change.links, Some(Vec::new()));
        let wrong = ProfileForm {
            display_name: typed("\u{301}\u{302}"),
            pronouns: typed("she\u{202e}/her"),
            location: Some("x".repeat(LOCATION_MAX + 1)),
            website: typed("javascript:alert(1)"),
            links: typed("a.example\nnothing"),
            biography: Some("x".repeat(BIOGRAPHY_MAX + 1)),
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
            display_name: typed(" Ada  Lovelace "),
            pronouns: typed("she/her"),
            location: typed("London"),
            website: typed("example.org"),
            links: typed("a.example\r\nb.example"),
            biography: typed("I *count*.\r\n"),
            ..form
        };
        let change = right.validate().expect("all are valid");
        assert_eq!(change.display_name, typed("Ada Lovelace"));
        assert_eq!(
            (change.pronouns, change.location),
            (typed("she/her"), typed("London"))
        );
        assert_eq!(change.website, typed("https://example.org"));
        let links = ["https://a.example".to_owned(), "https://b.example".to_owned()];
        assert_eq!(change.links, Some(links.into()));
        assert_eq!(change.biography, typed("I *count*."));
    }

    #[test]
    fn a_form_that_does_not_ask_for_a_fact_leaves_it_unchanged() {
        let form = ProfileForm {
            username: "ada".to_owned(),
            email: "ada@example.org".to_owned(),
            ..ProfileForm::default()
        };
        let change = form.validate().expect("a username and an address are enough");
        assert_eq!((change.display_name, change.pronouns), (None, None));
        assert_eq!((change.about, change.biography), (None, None));
        assert_eq!(
            (change.location, change.website, change.links),
            (None, None, None)
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
