//! Register and log in.

use serde::{Deserialize, Serialize};

use super::{Field, FieldErrors, Form, Problem, Secret, checkbox, of_length};

/// A username has at least this many characters.
pub const USERNAME_MIN: usize = 2;
/// A username has at most this many characters.
pub const USERNAME_MAX: usize = 32;
/// An e-mail address has at most this many characters (RFC 5321, 4.5.3.1.3).
pub const EMAIL_MAX: usize = 254;
/// A password has at least this many characters (NIST SP 800-63B, 3.1.1.2).
pub const PASSWORD_MIN: usize = 8;
/// A password has at most this many bytes, so that hashing one stays cheap.
pub const PASSWORD_MAX_BYTES: usize = 1024;

/// Names that readers could take for the site itself.
const RESERVED: [&str; 18] = [
    "abuse",
    "admin",
    "administrator",
    "anonymous",
    "broadsheet",
    "hostmaster",
    "info",
    "mail",
    "moderator",
    "no-reply",
    "noreply",
    "null",
    "postmaster",
    "root",
    "security",
    "support",
    "system",
    "webmaster",
];

/// What somebody typed to make an account.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RegisterForm {
    /// The name to be known by.
    pub username: String,
    /// The address for mails.
    pub email: String,
    /// The password.
    pub password: Secret,
    /// The password once more.
    pub confirm_password: Secret,
}

/// An account that may be made.
#[derive(Debug, Clone)]
pub struct NewAccount {
    /// The name to be known by.
    pub username: Username,
    /// The address for mails.
    pub email: Email,
    /// The password.
    pub password: Secret,
}

impl Form for RegisterForm {
    type Valid = NewAccount;

    fn validate(&self) -> Result<NewAccount, FieldErrors> {
        let mut errors = FieldErrors::default();
        let username = errors.take(Field::Username, Username::parse(&self.username));
        let email = errors.take(Field::Email, Email::parse(&self.email));
        let password = errors.take(Field::Password, new_password(&self.password));
        let confirmed = errors.take(
            Field::ConfirmPassword,
            confirmation(&self.password, &self.confirm_password),
        );
        match (username, email, password, confirmed) {
            (Some(username), Some(email), Some(password), Some(())) => Ok(NewAccount {
                username,
                email,
                password,
            }),
            _ => Err(errors),
        }
    }
}

/// What somebody typed to log in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LoginForm {
    /// An e-mail address or a username.
    pub login: String,
    /// The password.
    pub password: Secret,
    /// Stay signed in after the browser is closed.
    #[serde(deserialize_with = "checkbox::ticked")]
    pub remember: bool,
    /// Where the visitor wanted to go.
    pub next: String,
}

/// A login that may be tried.
#[derive(Debug, Clone)]
pub struct Credentials {
    /// An e-mail address or a username.
    pub login: String,
    /// The password.
    pub password: Secret,
    /// Stay signed in after the browser is closed.
    pub remember: bool,
}

impl Form for LoginForm {
    type Valid = Credentials;

    fn validate(&self) -> Result<Credentials, FieldErrors> {
        let mut errors = FieldErrors::default();
        let login = errors.take(Field::Login, of_length(self.login.trim(), 1, EMAIL_MAX));
        let password = errors.take(Field::Password, bounded(&self.password));
        match (login, password) {
            (Some(login), Some(password)) => Ok(Credentials {
                login: login.to_owned(),
                password,
                remember: self.remember,
            }),
            _ => Err(errors),
        }
    }
}

/// A name to be known by: ASCII letters, digits, `-`, `_` and `.`, the first a letter or digit. With more of Unicode in
/// it, names could be made that look like another's (Unicode Technical Standard 39).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Username(String);

impl Username {
    /// Reads a username.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self, Problem> {
        let name = of_length(text.trim(), USERNAME_MIN, USERNAME_MAX)?;
        let allowed = name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
        if !allowed || !name.starts_with(|first: char| first.is_ascii_alphanumeric()) {
            return Err(Problem::UsernameCharacters);
        }
        let name = Self(name.to_owned());
        if RESERVED.contains(&name.key().as_str()) {
            Err(Problem::Reserved)
        } else {
            Ok(name)
        }
    }

    /// The name as its owner writes it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form in which two names are compared.
    #[must_use]
    pub fn key(&self) -> String {
        self.0.to_ascii_lowercase()
    }
}

/// An e-mail address, in the form that HTML's own e-mail field accepts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Email(String);

impl Email {
    /// Reads an e-mail address as <https://html.spec.whatwg.org/#valid-e-mail-address> says.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self, Problem> {
        let text = of_length(text.trim(), 1, EMAIL_MAX)?;
        let (local, domain) = text.rsplit_once('@').ok_or(Problem::NotAnAddress)?;
        let local_holds = !local.is_empty()
            && local
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b".!#$%&'*+/=?^_`{|}~-".contains(&byte));
        if local_holds && domain.split('.').all(is_label) {
            Ok(Self(text.to_owned()))
        } else {
            Err(Problem::NotAnAddress)
        }
    }

    /// The address as its owner writes it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form in which two addresses are compared.
    #[must_use]
    pub fn key(&self) -> String {
        self.0.to_ascii_lowercase()
    }
}

/// Whether `text` is a part of a domain name (RFC 1034, 3.5).
fn is_label(text: &str) -> bool {
    (1..=63).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        && !text.starts_with('-')
        && !text.ends_with('-')
}

fn new_password(password: &Secret) -> Result<Secret, Problem> {
    let password = bounded(password)?;
    of_length(password.expose(), PASSWORD_MIN, PASSWORD_MAX_BYTES)?;
    Ok(password)
}

/// A password that is worth hashing.
fn bounded(password: &Secret) -> Result<Secret, Problem> {
    match password.expose().len() {
        0 => Err(Problem::Required),
        bytes if bytes > PASSWORD_MAX_BYTES => Err(Problem::TooManyBytes(PASSWORD_MAX_BYTES)),
        _ => Ok(password.clone()),
    }
}

fn confirmation(password: &Secret, again: &Secret) -> Result<(), Problem> {
    match again.expose() {
        "" => Err(Problem::Required),
        again if again != password.expose() => Err(Problem::Different),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_problem_of_a_form_is_told_at_once() {
        let form = RegisterForm {
            username: "a".to_owned(),
            email: "nobody".to_owned(),
            password: Secret::from("short"),
            confirm_password: Secret::from("shorter"),
        };
        let errors = form.validate().expect_err("nothing in it holds");
        assert_eq!(
            errors.of(Field::Username).map(|error| error.problem),
            Some(Problem::TooShort(2))
        );
        assert_eq!(
            errors.of(Field::Email).map(|error| error.problem),
            Some(Problem::NotAnAddress)
        );
        assert_eq!(
            errors.of(Field::Password).map(|error| error.problem),
            Some(Problem::TooShort(8))
        );
        assert_eq!(
            errors.of(Field::ConfirmPassword).map(|error| error.problem),
            Some(Problem::Different)
        );
        assert_eq!(errors.iter().count(), 4);
    }

    #[test]
    fn usernames_have_2_to_32_plain_characters() {
        for good in ["ab", "Ada", "ada.l-ovelace_1", "0x", &"a".repeat(32)] {
            assert!(Username::parse(good).is_ok(), "{good:?}");
        }
        for bad in [
            "",
            " ",
            "a",
            &"a".repeat(33),
            "-ab",
            ".ab",
            "a b",
            "a/b",
            "Zoë",
            "раура",
            "a\u{200b}b",
            "<b>",
        ] {
            assert!(Username::parse(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn reserved_names_are_refused_in_any_case() {
        for name in ["admin", "ADMIN", "Root", "No-Reply"] {
            assert_eq!(Username::parse(name), Err(Problem::Reserved));
        }
    }

    #[test]
    fn addresses_are_what_an_e_mail_field_accepts() {
        for good in [
            "a@b",
            "ada@example.org",
            " ada+x@mail.example.org ",
            "o'neil@xn--bcher-kva.example",
        ] {
            assert!(Email::parse(good).is_ok(), "{good:?}");
        }
        for bad in [
            "",
            "a",
            "@b",
            "a@",
            "a b@c",
            "a@b..c",
            "a@-b",
            "a@b-",
            "a@b c",
            "a@b\r\nBcc: c@d",
            "a@@b",
            "ä@b",
        ] {
            assert!(Email::parse(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn passwords_count_characters_at_least_and_bytes_at_most() {
        assert!(new_password(&Secret::from("ααααααα")).is_err());
        assert!(new_password(&Secret::from("αααααααα")).is_ok());
        assert!(new_password(&Secret::from(" spaces ")).is_ok());
        assert_eq!(
            new_password(&Secret::from("a".repeat(1025).as_str())),
            Err(Problem::TooManyBytes(1024))
        );
        assert!(new_password(&Secret::from("a".repeat(1024).as_str())).is_ok());
    }
}
