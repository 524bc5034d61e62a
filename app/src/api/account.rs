//! Registration, login, logout and profiles.
#![expect(
    missing_docs,
    reason = "the arguments of a server function become fields without documentation"
)]

use leptos::{prelude::*, server_fn::codec::GetUrl};

use shared::{
    error::AppError,
    forms::account::{LoginForm, ReauthenticateForm, RegisterForm},
    model::account::{Profile, Viewer},
};

/// Returns the logged-in user.
///
/// # Errors
///
/// Returns an error if the database cannot be read.
#[server(prefix = "/_", endpoint = "viewer", input = GetUrl)]
pub async fn current_viewer() -> Result<Option<Viewer>, AppError> {
    use super::server::request;

    request::current()?.viewer().await
}

/// Returns the profile of `username` with page `page` of their posts.
///
/// # Errors
///
/// Returns [`AppError::NotFound`] if there is no such user or no such page.
#[server(prefix = "/_", endpoint = "profile", input = GetUrl)]
pub async fn read_profile(username: String, page: u64) -> Result<Profile, AppError> {
    use super::server::request;
    use domain::posts::author;

    let scope = request::current()?;
    author::profile(&scope, &username, page).await
}

/// Creates an account and redirects to the login page.
///
/// # Errors
///
/// Returns [`AppError::Invalid`] if the form is not valid.
#[server(prefix = "", endpoint = "register")]
pub async fn register(#[server(flatten)] form: RegisterForm) -> Result<(), AppError> {
    use super::server::{register, request};
    use domain::accounts;
    use shared::forms::Form;

    let scope = request::current()?;
    let account = match form.validate() {
        Ok(account) => account,
        Err(errors) => {
            return Err(accounts::all_problems(&scope, &form.fields().0, errors)
                .await?
                .into());
        }
    };
    let username = account.username.as_str().to_owned();
    register::redirect(accounts::register(&scope, account).await?, &username);
    Ok(())
}

/// Checks that the visitor has a valid link to create the first administrator.
///
/// # Errors
///
/// Returns [`AppError::BadToken`] if the visitor does not.
#[server(prefix = "/_", endpoint = "first_administrator", input = GetUrl)]
pub async fn check_first_administrator() -> Result<(), AppError> {
    use super::server::request;
    use domain::accounts::setup_token;

    let scope = request::current()?;
    setup_token::check(&scope).await
}

/// Creates the first administrator and redirects to the login page.
///
/// # Errors
///
/// Returns [`AppError::BadToken`] if the link is not valid, and [`AppError::Invalid`] if the form is not valid.
#[server(prefix = "", endpoint = "first_administrator")]
pub async fn first_administrator(#[server(flatten)] form: RegisterForm) -> Result<(), AppError> {
    use super::server::request;
    use crate::{flash::Flash, http};
    use domain::accounts::setup_token;
    use shared::{forms::Form, paths};

    let scope = request::current()?;
    let account = match form.validate() {
        Ok(account) => account,
        Err(errors) => {
            return Err(setup_token::all_problems(&scope, &form.fields().0, errors)
                .await?
                .into());
        }
    };
    let login = paths::login_as_then(account.username.as_str(), paths::SETUP);
    setup_token::make(&scope, account).await?;
    http::redirect_with(Flash::AdministratorRegistered, &login);
    Ok(())
}

/// Makes the logged-in user the first administrator and redirects to the set-up.
///
/// # Errors
///
/// Returns [`AppError::SignInRequired`] for an anonymous visitor, and [`AppError::BadToken`] if the link is not
/// valid.
#[server(prefix = "", endpoint = "first_administrator/promote")]
pub async fn become_first_administrator() -> Result<(), AppError> {
    use super::server::request;
    use crate::{flash::Flash, http};
    use domain::accounts::setup_token;
    use shared::paths;

    let (scope, viewer) = request::as_member().await?;
    setup_token::promote(&scope, &viewer).await?;
    http::redirect_with(Flash::AdministratorMade, paths::SETUP);
    Ok(())
}

/// Logs the visitor in and redirects to the page that they wanted.
///
/// # Errors
///
/// Returns [`AppError::BadCredentials`] if the name or the password is wrong, [`AppError::Throttled`] after too many
/// attempts, and [`AppError::Suspended`] if the account is suspended.
#[server(prefix = "", endpoint = "login")]
pub async fn log_in(#[server(flatten)] form: LoginForm) -> Result<(), AppError> {
    use super::server::request;
    use crate::{flash::Flash, http};
    use domain::accounts;
    use shared::{forms::Form, paths};

    let scope = request::current()?;
    accounts::session::log_in(&scope, form.validate()?).await?;
    http::redirect_with(Flash::LoggedIn, paths::local(&form.next).unwrap_or(paths::HOME));
    Ok(())
}

/// Confirms the password of the viewer and redirects to the page that they wanted.
///
/// # Errors
///
/// Returns [`AppError::SignInRequired`] for an anonymous visitor, [`AppError::Invalid`] if the password is wrong, and
/// [`AppError::Throttled`] after too many attempts.
#[server(prefix = "", endpoint = "confirm")]
pub async fn confirm_password(#[server(flatten)] form: ReauthenticateForm) -> Result<(), AppError> {
    use super::server::request;
    use crate::{flash::Flash, http};
    use domain::accounts::reauthentication;
    use shared::{forms::Form, paths};

    let (scope, viewer) = request::as_member().await?;
    reauthentication::confirm(&scope, &viewer, form.validate()?).await?;
    http::redirect_with(
        Flash::PasswordConfirmed,
        paths::local(&form.next).unwrap_or(paths::HOME),
    );
    Ok(())
}

/// Logs the visitor out and redirects to the home page.
///
/// # Errors
///
/// Returns an error if the session cannot be deleted.
#[server(prefix = "", endpoint = "logout")]
pub async fn log_out() -> Result<(), AppError> {
    use super::server::request;
    use crate::{flash::Flash, http};
    use domain::accounts;
    use shared::paths;

    let scope = request::current()?;
    accounts::session::log_out(&scope).await?;
    http::redirect_with(Flash::LoggedOut, paths::HOME);
    Ok(())
}
