//! Account settings.
#![expect(
    missing_docs,
    reason = "the arguments of a server function become fields without documentation"
)]

use leptos::{prelude::*, server_fn::codec::GetUrl};

use shared::{
    error::AppError,
    forms::settings::{DeleteForm, PasswordForm, ProfileForm},
    model::account::{AccountSettings, SignedIn},
};

/// Returns the viewer's settings.
///
/// # Errors
///
/// Returns [`AppError::SignInRequired`] for an anonymous visitor.
#[server(prefix = "/_", endpoint = "account", input = GetUrl)]
pub async fn read_settings() -> Result<AccountSettings, AppError> {
    use super::server::request;
    use domain::accounts::settings;

    let (scope, viewer) = request::as_member().await?;
    settings::read(&scope, &viewer).await
}

/// Changes the viewer's names, address and profile and redirects to the settings.
///
/// # Errors
///
/// Returns [`AppError::SignInRequired`] for an anonymous visitor, and [`AppError::Invalid`] if the form is not valid.
#[server(prefix = "", endpoint = "account")]
pub async fn change_profile(#[server(flatten)] form: ProfileForm) -> Result<(), AppError> {
    use super::server::request;
    use crate::{flash::Flash, http};
    use domain::accounts::settings;
    use shared::{forms::Form, paths};

    let (scope, viewer) = request::as_member().await?;
    let changed = settings::change_profile(&scope, &viewer, form.validate()?).await?;
    let message = match changed {
        settings::Changed::All => Flash::ProfileSaved,
        settings::Changed::CheckMail => Flash::ProfileSavedCheckMail,
    };
    http::redirect_with(message, paths::ACCOUNT);
    Ok(())
}

/// Sends the confirmation link to the viewer's unconfirmed address again and redirects to the settings.
///
/// # Errors
///
/// Returns [`AppError::SignInRequired`] for an anonymous visitor.
#[server(prefix = "", endpoint = "account/confirmation")]
pub async fn send_confirmation() -> Result<(), AppError> {
    use super::server::request;
    use crate::{flash::Flash, http};
    use domain::accounts::confirmation;
    use shared::paths;

    let (scope, viewer) = request::as_member().await?;
    let sent = confirmation::send_again(&scope, &viewer).await?;
    let message = if sent {
        Flash::ConfirmationSent
    } else {
        Flash::AlreadyConfirmed
    };
    http::redirect_with(message, paths::ACCOUNT);
    Ok(())
}

/// Cancels the viewer's pending change of address and redirects to the settings.
///
/// # Errors
///
/// Returns [`AppError::SignInRequired`] for an anonymous visitor.
#[server(prefix = "", endpoint = "account/confirmation/give_up")]
pub async fn keep_address() -> Result<(), AppError> {
    use super::server::request;
    use crate::{flash::Flash, http};
    use domain::accounts::confirmation;
    use shared::paths;

    let (scope, viewer) = request::as_member().await?;
    confirmation::give_up(&scope, &viewer).await?;
    http::redirect_with(Flash::AddressKept, paths::ACCOUNT);
    Ok(())
}

/// Changes the viewer's password, ends their other sessions and redirects to the settings.
///
/// # Errors
///
/// Returns [`AppError::SignInRequired`] for an anonymous visitor, and [`AppError::Invalid`] if the form is not valid.
#[server(prefix = "", endpoint = "account/password")]
pub async fn change_password(#[server(flatten)] form: PasswordForm) -> Result<(), AppError> {
    use super::server::request;
    use crate::{flash::Flash, http};
    use domain::accounts::settings;
    use shared::{forms::Form, paths};

    let (scope, viewer) = request::as_member().await?;
    settings::change_password(&scope, &viewer, form.validate()?).await?;
    http::redirect_with(Flash::PasswordChanged, paths::ACCOUNT);
    Ok(())
}

/// Returns the viewer's sessions.
///
/// # Errors
///
/// Returns [`AppError::SignInRequired`] for an anonymous visitor.
#[server(prefix = "/_", endpoint = "sessions", input = GetUrl)]
pub async fn list_sessions() -> Result<Vec<SignedIn>, AppError> {
    use super::server::request;
    use domain::accounts::session;

    let (scope, viewer) = request::as_member().await?;
    session::list(&scope, &viewer).await
}

/// Ends one of the viewer's sessions and redirects to the list of sessions.
///
/// # Errors
///
/// Returns [`AppError::SignInRequired`] for an anonymous visitor, and [`AppError::NotFound`] if the session belongs
/// to another user.
#[server(prefix = "", endpoint = "account/sessions/end")]
pub async fn end_session(id: String) -> Result<(), AppError> {
    use super::server::request;
    use crate::{flash::Flash, http};
    use domain::accounts::session;
    use shared::paths;

    let (scope, viewer) = request::as_member().await?;
    session::end(&scope, &viewer, &id).await?;
    http::redirect_with(Flash::SessionEnded, paths::ACCOUNT_SESSIONS);
    Ok(())
}

/// Ends all of the viewer's other sessions and redirects to the list of sessions.
///
/// # Errors
///
/// Returns [`AppError::SignInRequired`] for an anonymous visitor.
#[server(prefix = "", endpoint = "account/sessions/end_others")]
pub async fn end_other_sessions() -> Result<(), AppError> {
    use super::server::request;
    use crate::{flash::Flash, http};
    use domain::accounts::session;
    use shared::paths;

    let (scope, viewer) = request::as_member().await?;
    session::end_others(&scope, &viewer).await?;
    http::redirect_with(Flash::SessionsEnded, paths::ACCOUNT_SESSIONS);
    Ok(())
}

/// Removes the viewer's avatar and redirects to its page.
///
/// # Errors
///
/// Returns [`AppError::SignInRequired`] for an anonymous visitor.
#[server(prefix = "", endpoint = "account/picture/remove")]
pub async fn remove_picture() -> Result<(), AppError> {
    use super::server::request;
    use crate::{flash::Flash, http};
    use domain::media::avatars;
    use shared::paths;

    let (scope, viewer) = request::as_member().await?;
    avatars::remove(&scope, &viewer).await?;
    http::redirect_with(Flash::PictureRemoved, paths::ACCOUNT_PICTURE);
    Ok(())
}

/// Deletes the viewer's account with everything that belongs to it and redirects to the home page.
///
/// # Errors
///
/// Returns [`AppError::SignInRequired`] for an anonymous visitor, and [`AppError::Invalid`] if the password is wrong.
#[server(prefix = "", endpoint = "account/delete")]
pub async fn delete_account(#[server(flatten)] form: DeleteForm) -> Result<(), AppError> {
    use super::server::request;
    use crate::{flash::Flash, http};
    use domain::accounts::deletion;
    use shared::{forms::Form, paths};

    let (scope, viewer) = request::as_member().await?;
    deletion::delete(&scope, &viewer, form.validate()?).await?;
    http::redirect_with(Flash::AccountDeleted, paths::HOME);
    Ok(())
}
