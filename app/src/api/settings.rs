//! One's own account.
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

/// What the visitor may change of their account.
///
/// # Errors
/// [`AppError::SignInRequired`] for an anonymous visitor.
#[server(prefix = "/api", endpoint = "account", input = GetUrl)]
pub async fn read_settings() -> Result<AccountSettings, AppError> {
    use super::request;
    use domain::accounts::settings;

    let (ctx, viewer) = request::as_member().await?;
    settings::read(&ctx, &viewer).await
}

/// Changes the visitor's name, address and words, and leads back.
///
/// # Errors
/// [`AppError::SignInRequired`] for an anonymous visitor, [`AppError::Invalid`] for what does not hold.
#[server(prefix = "", endpoint = "account")]
pub async fn change_profile(#[server(flatten)] form: ProfileForm) -> Result<(), AppError> {
    use super::request;
    use crate::{flash::Flash, http};
    use domain::accounts::settings;
    use shared::{forms::Form, paths};

    let (ctx, viewer) = request::as_member().await?;
    let changed = settings::change_profile(&ctx, &viewer, form.validate()?).await?;
    let message = match changed {
        settings::Changed::All => Flash::ProfileSaved,
        settings::Changed::CheckMail => Flash::ProfileSavedCheckMail,
    };
    http::redirect_with(message, paths::ACCOUNT);
    Ok(())
}

/// Sends the link that confirms the visitor's address once more, and leads back.
///
/// # Errors
/// [`AppError::SignInRequired`] for an anonymous visitor.
#[server(prefix = "", endpoint = "account/confirmation")]
pub async fn send_confirmation() -> Result<(), AppError> {
    use super::request;
    use crate::{flash::Flash, http};
    use domain::accounts::confirmation;
    use shared::paths;

    let (ctx, viewer) = request::as_member().await?;
    let sent = confirmation::send_again(&ctx, &viewer).await?;
    let message = if sent {
        Flash::ConfirmationSent
    } else {
        Flash::AlreadyConfirmed
    };
    http::redirect_with(message, paths::ACCOUNT);
    Ok(())
}

/// Keeps the address that the visitor has although another waits, and leads back.
///
/// # Errors
/// [`AppError::SignInRequired`] for an anonymous visitor.
#[server(prefix = "", endpoint = "account/confirmation/give_up")]
pub async fn keep_address() -> Result<(), AppError> {
    use super::request;
    use crate::{flash::Flash, http};
    use domain::accounts::confirmation;
    use shared::paths;

    let (ctx, viewer) = request::as_member().await?;
    confirmation::give_up(&ctx, &viewer).await?;
    http::redirect_with(Flash::AddressKept, paths::ACCOUNT);
    Ok(())
}

/// Changes the visitor's password, ends their other sessions and leads to the account.
///
/// # Errors
/// [`AppError::SignInRequired`] for an anonymous visitor, [`AppError::Invalid`] for what does not hold.
#[server(prefix = "", endpoint = "account/password")]
pub async fn change_password(#[server(flatten)] form: PasswordForm) -> Result<(), AppError> {
    use super::request;
    use crate::{flash::Flash, http};
    use domain::accounts::settings;
    use shared::{forms::Form, paths};

    let (ctx, viewer) = request::as_member().await?;
    settings::change_password(&ctx, &viewer, form.validate()?).await?;
    http::redirect_with(Flash::PasswordChanged, paths::ACCOUNT);
    Ok(())
}

/// Where the visitor is signed in.
///
/// # Errors
/// [`AppError::SignInRequired`] for an anonymous visitor.
#[server(prefix = "/api", endpoint = "sessions", input = GetUrl)]
pub async fn list_sessions() -> Result<Vec<SignedIn>, AppError> {
    use super::request;
    use domain::accounts::session;

    let (ctx, viewer) = request::as_member().await?;
    session::list(&ctx, &viewer).await
}

/// Ends one of the visitor's sessions, and leads back.
///
/// # Errors
/// [`AppError::SignInRequired`] for an anonymous visitor, [`AppError::NotFound`] for a session that is not theirs.
#[server(prefix = "", endpoint = "account/sessions/end")]
pub async fn end_session(id: String) -> Result<(), AppError> {
    use super::request;
    use crate::{flash::Flash, http};
    use domain::accounts::session;
    use shared::paths;

    let (ctx, viewer) = request::as_member().await?;
    session::end(&ctx, &viewer, &id).await?;
    http::redirect_with(Flash::SessionEnded, paths::ACCOUNT_SESSIONS);
    Ok(())
}

/// Ends all of the visitor's sessions but this one, and leads back.
///
/// # Errors
/// [`AppError::SignInRequired`] for an anonymous visitor.
#[server(prefix = "", endpoint = "account/sessions/end_others")]
pub async fn end_other_sessions() -> Result<(), AppError> {
    use super::request;
    use crate::{flash::Flash, http};
    use domain::accounts::session;
    use shared::paths;

    let (ctx, viewer) = request::as_member().await?;
    session::end_others(&ctx, &viewer).await?;
    http::redirect_with(Flash::SessionsEnded, paths::ACCOUNT_SESSIONS);
    Ok(())
}

/// Takes the visitor's picture away, and leads back.
///
/// # Errors
/// [`AppError::SignInRequired`] for an anonymous visitor.
#[server(prefix = "", endpoint = "account/picture/remove")]
pub async fn remove_picture() -> Result<(), AppError> {
    use super::request;
    use crate::{flash::Flash, http};
    use domain::accounts::avatar;
    use shared::paths;

    let (ctx, viewer) = request::as_member().await?;
    avatar::remove(&ctx, &viewer).await?;
    http::redirect_with(Flash::PictureRemoved, paths::ACCOUNT_PICTURE);
    Ok(())
}

/// Deletes the visitor's account with all that is in it, and leads home.
///
/// # Errors
/// [`AppError::SignInRequired`] for an anonymous visitor, [`AppError::Invalid`] for a wrong password.
#[server(prefix = "", endpoint = "account/delete")]
pub async fn delete_account(#[server(flatten)] form: DeleteForm) -> Result<(), AppError> {
    use super::request;
    use crate::{flash::Flash, http};
    use domain::accounts::deletion;
    use shared::{forms::Form, paths};

    let (ctx, viewer) = request::as_member().await?;
    deletion::delete(&ctx, &viewer, form.validate()?).await?;
    http::redirect_with(Flash::AccountDeleted, paths::HOME);
    Ok(())
}
