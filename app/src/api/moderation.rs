//! Look after what others write.
#![expect(
    missing_docs,
    reason = "the arguments of a server function become fields without documentation"
)]

use leptos::{prelude::*, server_fn::codec::GetUrl};

use shared::{
    error::AppError,
    forms::moderation::{HideForm, SuspendForm},
    model::moderation::Moderation,
};

/// What a moderator looks at, with page `page` of the log.
///
/// # Errors
/// [`AppError::SignInRequired`] for an anonymous visitor, [`AppError::RoleRequired`] for a member, [`AppError::NotFound`] when
/// there is no such page.
#[server(prefix = "/api", endpoint = "moderation", input = GetUrl)]
pub async fn overview(page: u64) -> Result<Moderation, AppError> {
    use super::request;
    use domain::moderation;

    let (ctx, viewer) = request::as_member().await?;
    moderation::overview(&ctx, &viewer, page).await
}

/// Takes a post off the site.
///
/// # Errors
/// [`AppError::SignInRequired`] for an anonymous visitor, [`AppError::RoleRequired`] for who does not outrank its author,
/// [`AppError::Invalid`] without a reason, [`AppError::NotFound`] and [`AppError::Gone`] when it is not there.
#[server(prefix = "", endpoint = "moderation/hide")]
pub async fn hide(#[server(flatten)] form: HideForm) -> Result<(), AppError> {
    use super::request;
    use crate::{flash::Flash, http};
    use domain::moderation;
    use shared::{forms::Form, paths};

    let (ctx, viewer) = request::as_member().await?;
    moderation::hide(&ctx, &viewer, form.validate()?).await?;
    http::redirect_with(Flash::PostHidden, paths::MODERATION);
    Ok(())
}

/// Brings a hidden post back.
///
/// # Errors
/// [`AppError::SignInRequired`] for an anonymous visitor, [`AppError::RoleRequired`] for who does not outrank its author,
/// [`AppError::NotFound`] when it is not hidden.
#[server(prefix = "", endpoint = "moderation/show")]
pub async fn show(id: i64) -> Result<(), AppError> {
    use super::request;
    use crate::{flash::Flash, http};
    use domain::moderation;
    use shared::paths;

    let (ctx, viewer) = request::as_member().await?;
    moderation::show(&ctx, &viewer, id).await?;
    http::redirect_with(Flash::PostShown, paths::MODERATION);
    Ok(())
}

/// Keeps somebody from logging in.
///
/// # Errors
/// [`AppError::SignInRequired`] for an anonymous visitor, [`AppError::RoleRequired`] for who does not outrank them,
/// [`AppError::Invalid`] without a reason, [`AppError::NotFound`] when there is nobody.
#[server(prefix = "", endpoint = "moderation/suspend")]
pub async fn suspend(#[server(flatten)] form: SuspendForm) -> Result<(), AppError> {
    use super::request;
    use crate::{flash::Flash, http};
    use domain::moderation;
    use shared::{forms::Form, paths};

    let (ctx, viewer) = request::as_member().await?;
    moderation::suspend(&ctx, &viewer, form.validate()?).await?;
    http::redirect_with(Flash::AccountSuspended, paths::MODERATION);
    Ok(())
}

/// Lets somebody log in again.
///
/// # Errors
/// [`AppError::SignInRequired`] for an anonymous visitor, [`AppError::RoleRequired`] for who does not outrank them,
/// [`AppError::NotFound`] when there is nobody.
#[server(prefix = "", endpoint = "moderation/reinstate")]
pub async fn reinstate(username: String) -> Result<(), AppError> {
    use super::request;
    use crate::{flash::Flash, http};
    use domain::moderation;
    use shared::paths;

    let (ctx, viewer) = request::as_member().await?;
    moderation::reinstate(&ctx, &viewer, &username).await?;
    http::redirect_with(Flash::AccountReinstated, paths::MODERATION);
    Ok(())
}
