//! Links from mails: password resets and confirmation of addresses.
#![expect(
    missing_docs,
    reason = "the arguments of a server function become fields without documentation"
)]

use leptos::{prelude::*, server_fn::codec::GetUrl};

use shared::{
    error::AppError,
    forms::recovery::{ConfirmForm, ForgotForm, ResetForm},
    model::account::Confirmation,
};

/// Sends a password reset link and redirects to the login page, whether or not the address has an account.
///
/// # Errors
///
/// Returns [`AppError::Invalid`] if the address is not valid.
#[server(prefix = "", endpoint = "forgot_password")]
pub async fn forgot_password(#[server(flatten)] form: ForgotForm) -> Result<(), AppError> {
    use super::server::request;
    use crate::{flash::Flash, http};
    use domain::accounts::recovery;
    use shared::{forms::Form, paths};

    let scope = request::current()?;
    recovery::request(&scope, &form.validate()?).await?;
    http::redirect_with(Flash::RecoverySent, paths::LOGIN);
    Ok(())
}

/// Returns the address of the account that the visitor's link is valid for.
///
/// # Errors
///
/// Returns [`AppError::BadToken`] if the visitor has no valid link.
#[server(prefix = "/_", endpoint = "reset_password", input = GetUrl)]
pub async fn check_reset() -> Result<Confirmation, AppError> {
    use super::server::request;
    use domain::accounts::recovery;

    let scope = request::current()?;
    recovery::check(&scope).await
}

/// Sets a new password and redirects to the login page, or to the page that sends another link if the link is not
/// valid.
///
/// # Errors
///
/// Returns [`AppError::Invalid`] if the password is not valid.
#[server(prefix = "", endpoint = "reset_password")]
pub async fn reset_password(#[server(flatten)] form: ResetForm) -> Result<(), AppError> {
    use super::server::request;
    use crate::{flash::Flash, http};
    use domain::accounts::recovery;
    use shared::{forms::Form, paths};

    let scope = request::current()?;
    match recovery::reset(&scope, form.validate()?).await {
        Err(AppError::BadToken) => {
            http::redirect_with(Flash::LinkUseless, paths::FORGOT_PASSWORD);
        }
        done => {
            done?;
            http::redirect_with(Flash::PasswordReset, paths::LOGIN);
        }
    }
    Ok(())
}

/// Returns what the visitor's link would confirm.
///
/// # Errors
///
/// Returns [`AppError::BadToken`] if the visitor has no valid link.
#[server(prefix = "/_", endpoint = "confirm_email", input = GetUrl)]
pub async fn read_confirmation() -> Result<Confirmation, AppError> {
    use super::server::request;
    use domain::accounts::confirmation;

    let scope = request::current()?;
    confirmation::pending(&scope).await
}

/// Confirms the address of the visitor's link and redirects to the account or to the login page.
///
/// # Errors
///
/// Returns [`AppError::BadToken`] if the link is not valid, and [`AppError::Invalid`] if the password is wrong.
#[server(prefix = "", endpoint = "confirm_email")]
pub async fn confirm_email(#[server(flatten)] form: ConfirmForm) -> Result<(), AppError> {
    use super::server::request;
    use crate::{flash::Flash, http};
    use domain::accounts::confirmation::{self, Confirmed};
    use shared::{
        forms::{Field, Form},
        paths,
    };

    let scope = request::current()?;
    let is_member = scope.viewer().await?.is_some();
    let (message, next) = match confirmation::confirm(&scope, form.validate()?).await {
        Ok(Confirmed::Account) => (Flash::AccountConfirmed, paths::LOGIN),
        Ok(Confirmed::Address) if is_member => (Flash::EmailConfirmed, paths::ACCOUNT),
        Ok(Confirmed::Address) => (Flash::EmailConfirmed, paths::LOGIN),
        Err(AppError::Invalid(errors)) if errors.for_field(Field::Username).is_some() => {
            (Flash::NameTaken, paths::REGISTER)
        }
        Err(error) => return Err(error),
    };
    http::redirect_with(message, next);
    Ok(())
}
