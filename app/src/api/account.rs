//! Register, log in, log out; who is looking.
#![expect(
    missing_docs,
    reason = "the arguments of a server function become fields without documentation"
)]

use leptos::{prelude::*, server_fn::codec::GetUrl};

use shared::{
    error::AppError,
    forms::account::{LoginForm, RegisterForm},
    model::account::{Profile, Viewer},
};

/// Who is signed in.
///
/// # Errors
/// When the database cannot tell.
#[server(prefix = "/api", endpoint = "viewer", input = GetUrl)]
pub async fn current_viewer() -> Result<Option<Viewer>, AppError> {
    use super::request;

    request::current()?.viewer().await
}

/// The public page of `username`, with page `page` of their posts.
///
/// # Errors
/// [`AppError::NotFound`] when there is no such person or no such page.
#[server(prefix = "/api", endpoint = "profile", input = GetUrl)]
pub async fn read_profile(username: String, page: u64) -> Result<Profile, AppError> {
    use super::request;
    use domain::accounts;

    let ctx = request::current()?;
    accounts::profile(&ctx, &username, page).await
}

/// Makes an account and leads to the login page.
///
/// # Errors
/// [`AppError::Invalid`] for what cannot be an account.
#[server(prefix = "", endpoint = "register")]
pub async fn register(#[server(flatten)] form: RegisterForm) -> Result<(), AppError> {
    use super::request;
    use crate::{flash::Flash, http};
    use domain::accounts;
    use shared::{forms::Form, paths};

    let ctx = request::current()?;
    let account = match form.validate() {
        Ok(account) => account,
        Err(errors) => {
            return Err(accounts::all_problems(&ctx, &form.fields().0, errors)
                .await?
                .into());
        }
    };
    let login = paths::login_as(account.username.as_str());
    match accounts::register(&ctx, account).await? {
        accounts::Registered::Account => http::redirect_with(Flash::Registered, &login),
        accounts::Registered::CheckMail => http::redirect_with(Flash::RegisteredCheckMail, paths::LOGIN),
    }
    Ok(())
}

/// Whether the visitor has come by the link on the console.
///
/// # Errors
/// [`AppError::BadToken`] when it is not good.
#[server(prefix = "/api", endpoint = "first_administrator", input = GetUrl)]
pub async fn check_first_administrator() -> Result<(), AppError> {
    use super::request;
    use domain::accounts::setup_token;

    let ctx = request::current()?;
    setup_token::check(&ctx).await
}

/// Makes the first administrator, and leads to the login page.
///
/// # Errors
/// [`AppError::BadToken`] for a link that is not good, [`AppError::Invalid`] for what cannot be an account.
#[server(prefix = "", endpoint = "first_administrator")]
pub async fn first_administrator(#[server(flatten)] form: RegisterForm) -> Result<(), AppError> {
    use super::request;
    use crate::{flash::Flash, http};
    use domain::accounts::setup_token;
    use shared::{forms::Form, paths};

    let ctx = request::current()?;
    let account = match form.validate() {
        Ok(account) => account,
        Err(errors) => {
            return Err(setup_token::all_problems(&ctx, &form.fields().0, errors)
                .await?
                .into());
        }
    };
    let login = paths::login_as(account.username.as_str());
    setup_token::make(&ctx, account).await?;
    http::redirect_with(Flash::AdministratorRegistered, &login);
    Ok(())
}

/// Makes the visitor, who has an account already, the first administrator, and leads to what moderators look at.
///
/// # Errors
/// [`AppError::SignInRequired`] for an anonymous visitor, [`AppError::BadToken`] for a link that is not good.
#[server(prefix = "", endpoint = "first_administrator/promote")]
pub async fn become_first_administrator() -> Result<(), AppError> {
    use super::request;
    use crate::{flash::Flash, http};
    use domain::accounts::setup_token;
    use shared::paths;

    let (ctx, viewer) = request::as_member().await?;
    setup_token::promote(&ctx, &viewer).await?;
    http::redirect_with(Flash::AdministratorMade, paths::MODERATION);
    Ok(())
}

/// Signs the visitor in and leads to where they wanted to go.
///
/// # Errors
/// [`AppError::BadCredentials`], whatever was wrong.
#[server(prefix = "", endpoint = "login")]
pub async fn log_in(#[server(flatten)] form: LoginForm) -> Result<(), AppError> {
    use super::request;
    use crate::{flash::Flash, http};
    use domain::accounts;
    use shared::{forms::Form, paths};

    let ctx = request::current()?;
    accounts::session::log_in(&ctx, form.validate()?).await?;
    http::redirect_with(Flash::LoggedIn, paths::local(&form.next).unwrap_or(paths::HOME));
    Ok(())
}

/// Signs the visitor out and leads home.
///
/// # Errors
/// When the session cannot be deleted.
#[server(prefix = "", endpoint = "logout")]
pub async fn log_out() -> Result<(), AppError> {
    use super::request;
    use crate::{flash::Flash, http};
    use domain::accounts;
    use shared::paths;

    let ctx = request::current()?;
    accounts::session::log_out(&ctx).await?;
    http::redirect_with(Flash::LoggedOut, paths::HOME);
    Ok(())
}
