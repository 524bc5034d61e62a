//! Register and log in.

use serde::{Deserialize, Serialize};

use super::{
    Email, Field, FieldErrors, Form, Secret, Username, checkbox, email::EMAIL_MAX, of_length, password,
};

/// What somebody typed to create an account.
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

/// Of what somebody typed to create an account, the fields that hold by themselves. Whether a name or an address is taken, and a
/// password common, is for the server to tell of each.
#[derive(Debug, Clone, Default)]
pub struct NewAccountFields {
    /// The name to be known by.
    pub username: Option<Username>,
    /// The address for mails.
    pub email: Option<Email>,
    /// The password.
    pub password: Option<Secret>,
}

impl RegisterForm {
    /// The fields that hold, and what is wrong with the others.
    #[must_use]
    pub fn fields(&self) -> (NewAccountFields, FieldErrors) {
        let mut errors = FieldErrors::default();
        let username = errors.take(Field::Username, Username::parse(&self.username));
        let email = errors.take(Field::Email, Email::parse(&self.email));
        let password = errors.take(Field::Password, password::chosen(&self.password));
        errors.take(
            Field::ConfirmPassword,
            password::confirmation(&self.password, &self.confirm_password),
        );
        let fields = NewAccountFields {
            username,
            email,
            password,
        };
        (fields, errors)
    }

    /// The check before the form is sent: it is sent with errors as well while the server may find others, so that all of them
    /// are told at once.
    ///
    /// # Errors
    /// All problems, when no field holds.
    pub fn check(&self) -> Result<(), FieldErrors> {
        match self.fields() {
            (
                NewAccountFields {
                    username: None,
                    email: None,
                    password: None,
                },
                errors,
            ) => Err(errors),
            _ => Ok(()),
        }
    }
}

impl Form for RegisterForm {
    type Valid = NewAccount;

    fn validate(&self) -> Result<NewAccount, FieldErrors> {
        match self.fields() {
            (
                NewAccountFields {
                    username: Some(username),
                    email: Some(email),
                    password: Some(password),
                },
                errors,
            ) if errors.is_empty() => Ok(NewAccount {
                username,
                email,
                password,
            }),
            (_, errors) => Err(errors),
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
        let password = errors.take(Field::Password, password::bounded(&self.password));
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forms::Problem;

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
}
