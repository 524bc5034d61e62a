//! Invitations.
#![expect(
    missing_docs,
    reason = "the arguments of a server function become fields without documentation"
)]

use leptos::{prelude::*, server_fn::codec::GetUrl};

use shared::{
    error::AppError,
    forms::{account::RegisterForm, invitation::InviteForm},
    model::invitation::{Invitations, Offer},
};

/// Returns the invitations of the site.
///
/// # Errors
///
/// Returns [`AppError::SignInRequired`] for an anonymous visitor, and [`AppError::RoleRequired`] unless the viewer is an
/// administrator.
#[server(prefix = "/_", endpoint = "admin/invitations", input = GetUrl)]
pub async fn list_invitations() -> Result<Invitations, AppError> {
    use super::server::request;
    use domain::accounts::invitations;

    let scope = request::current()?;
    invitations::list(&scope).await
}

/// Creates an invitation and redirects to the list.
///
/// # Errors
///
/// Returns [`AppError::SignInRequired`] for an anonymous visitor, [`AppError::RoleRequired`] unless the viewer is an
/// administrator, [`AppError::ReauthenticationRequired`] for a role above member if the password was not entered
/// recently, and [`AppError::Invalid`] if the form is not valid.
#[server(prefix = "", endpoint = "admin/invitations")]
pub async fn invite(#[server(flatten)] form: InviteForm) -> Result<(), AppError> {
    use super::server::request;
    use crate::{flash::Flash, http};
    use domain::accounts::invitations::{self, Created};
    use shared::{forms::Form, paths};

    let (scope, _) = request::as_member().await?;
    let message = match invitations::create(&scope, form.validate()?).await? {
        Created::Link(_) => Flash::InvitationCreated,
        Created::Mailed => Flash::InvitationSent,
        Created::Written => Flash::InvitationWritten,
    };
    http::redirect_with(message, paths::INVITATIONS);
    Ok(())
}

/// Revokes an invitation and redirects to the list.
///
/// # Errors
///
/// Returns [`AppError::SignInRequired`] for an anonymous visitor, [`AppError::RoleRequired`] unless the viewer is an
/// administrator, [`AppError::ReauthenticationRequired`] for a role above member if the password was not entered
/// recently, and [`AppError::NotFound`] if there is no such invitation.
#[server(prefix = "", endpoint = "admin/invitations/revoke")]
pub async fn revoke_invitation(id: i64) -> Result<(), AppError> {
    use super::server::request;
    use crate::{flash::Flash, http};
    use domain::accounts::invitations;
    use shared::paths;

    let (scope, _) = request::as_member().await?;
    invitations::revoke(&scope, id).await?;
    http::redirect_with(Flash::InvitationRevoked, paths::INVITATIONS);
    Ok(())
}

/// Returns the invitation of the visitor's link.
///
/// # Errors
///
/// Returns [`AppError::BadToken`] if the visitor has no valid link, and [`AppError::RegistrationClosed`] if nobody can
/// register.
#[server(prefix = "/_", endpoint = "invite", input = GetUrl)]
pub async fn read_offer() -> Result<Offer, AppError> {
    use super::server::request;
    use domain::accounts::invitations::acceptance;

    let scope = request::current()?;
    acceptance::check(&scope).await
}

/// Creates an account with the visitor's invitation and redirects to the login page.
///
/// # Errors
///
/// Returns [`AppError::BadToken`] if the link is not valid, and [`AppError::Invalid`] if the form is not valid.
#[server(prefix = "", endpoint = "invite")]
pub async fn accept_invitation(#[server(flatten)] form: RegisterForm) -> Result<(), AppError> {
    use super::server::{register, request};
    use domain::accounts::invitations::acceptance;
    use shared::forms::Form;

    let scope = request::current()?;
    let account = match form.validate() {
        Ok(account) => account,
        Err(errors) => {
            return Err(acceptance::all_problems(&scope, &form.fields().0, errors)
                .await?
                .into());
        }
    };
    let username = account.username.as_str().to_owned();
    register::redirect(acceptance::register(&scope, account).await?, &username);
    Ok(())
}
