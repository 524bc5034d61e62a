//! Forms to register and to log in.

use serde::{Deserialize, Serialize};

use super::{
    Email, Field, FieldErrors, Form, Secret, Username, checkbox, email::EMAIL_MAX, of_length, password,
};

/// The registration form.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RegisterForm {
    /// The username.
    pub username: String,
    /// The email address.
    pub email: String,
    /// The password.
    pub password: Secret,
    /// The password again.
    pub confirm_password: Secret,
}

/// The data of a new account.
#[derive(Debug, Clone)]
pub struct NewAccount {
    /// The username.
    pub username: Username,
    /// The email address.
    pub email: Email,
    /// The password.
    pub password: Secret,
}

/// The fields of a registration form that are valid on their own. Only the server can tell whether a username or an
/// address is taken or a password is common.
#[derive(Debug, Clone, Default)]
pub struct NewAccountFields {
    /// The username.
    pub username: Option<Username>,
    /// The email address.
    pub email: Option<Email>,
    /// The password.
    pub password: Option<Secret>,
}

impl RegisterForm {
    /// Returns the valid fields and the problems of the others.
    #[must_use]
    pub fn fields(&self) -> (NewAccountFields, FieldErrors) {
        let mut errors = FieldErrors::default();
        let username = errors.take(Field::Username, Username::choose(&self.username));
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

    /// Validates the form in the browser. A form with problems is still submitted if the server may find more in its
    /// valid fields, so that all problems are shown at once.
    ///
    /// # Errors
    ///
    /// Returns all problems if no field is valid.
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

/// The login form.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LoginForm {
    /// The email address or username.
    pub login: String,
    /// The password.
    pub password: Secret,
    /// Whether to stay logged in after the browser is closed.
    #[serde(deserialize_with = "checkbox::ticked")]
    pub remember: bool,
    /// The path to redirect to.
    pub next: String,
}

/// The form to enter the password again.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ReauthenticateForm {
    /// The password.
    pub current_password: Secret,
    /// The path to redirect to.
    pub next: String,
}

impl Form for ReauthenticateForm {
    type Valid = Secret;

    fn validate(&self) -> Result<Secret, FieldErrors> {
        password::bounded(&self.current_password)
            .map_err(|problem| FieldErrors::one(Field::CurrentPassword, problem))
    }
}

/// The credentials of a login.
#[derive(Debug, Clone)]
pub struct Credentials {
    /// The email address or username.
    pub login: String,
    /// The password.
    pub password: Secret,
    /// Whether to stay logged in after the browser is closed.
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
    use crate::forms::FieldProblem;

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
            errors.for_field(Field::Username).map(|error| error.problem),
            Some(FieldProblem::TooShort(2))
        );
        assert_eq!(
            errors.for_field(Field::Email).map(|error| error.problem),
            Some(FieldProblem::NotAnAddress)
        );
        assert_eq!(
            errors.for_field(Field::Password).map(|error| error.problem),
            Some(FieldProblem::TooShort(8))
        );
        assert_eq!(
            errors
                .for_field(Field::ConfirmPassword)
                .map(|error| error.problem),
            Some(FieldProblem::Different)
        );
        assert_eq!(errors.iter().count(), 4);
    }
}
