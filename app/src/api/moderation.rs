//! Moderation.
#![expect(
    missing_docs,
    reason = "the arguments of a server function become fields without documentation"
)]

use leptos::{prelude::*, server_fn::codec::GetUrl};

use shared::{
    error::AppError,
    forms::moderation::{EraseForm, FreezeForm, HideForm, SuspendForm},
    model::moderation::Moderation,
};

/// Returns the moderation overview with the page of the audit log at the position `page`.
///
/// # Errors
///
/// Returns [`AppError::SignInRequired`] for an anonymous visitor, [`AppError::RoleRequired`] for a member, and
/// [`AppError::NotFound`] if `page` is not a position.
#[server(prefix = "/_", endpoint = "moderation", input = GetUrl)]
pub async fn overview(page: Option<String>) -> Result<Moderation, AppError> {
    use super::server::request;
    use domain::moderation;
    use shared::model::position::Position;

    let (scope, viewer) = request::as_member().await?;
    let position = Position::parse(page.as_deref()).ok_or(AppError::NotFound)?;
    moderation::overview(&scope, &viewer, position).await
}

/// Hides a post.
///
/// # Errors
///
/// Returns [`AppError::SignInRequired`] for an anonymous visitor, [`AppError::RoleRequired`] unless the viewer
/// outranks the author, [`AppError::Invalid`] without a reason, and [`AppError::NotFound`] or [`AppError::Gone`] if
/// there is no such post.
#[server(prefix = "", endpoint = "moderation/hide")]
pub async fn hide(#[server(flatten)] form: HideForm) -> Result<(), AppError> {
    use super::server::request;
    use crate::{flash::Flash, http};
    use domain::moderation;
    use shared::{forms::Form, paths};

    let (scope, viewer) = request::as_member().await?;
    moderation::hide(&scope, &viewer, form.validate()?).await?;
    http::redirect_with(Flash::PostHidden, paths::MODERATION);
    Ok(())
}

/// Makes a hidden post visible again.
///
/// # Errors
///
/// Returns [`AppError::SignInRequired`] for an anonymous visitor, [`AppError::RoleRequired`] unless the viewer
/// outranks the author, and [`AppError::NotFound`] if the post is not hidden.
#[server(prefix = "", endpoint = "moderation/show")]
pub async fn show(id: i64) -> Result<(), AppError> {
    use super::server::request;
    use crate::{flash::Flash, http};
    use domain::moderation;
    use shared::paths;

    let (scope, viewer) = request::as_member().await?;
    moderation::show(&scope, &viewer, id).await?;
    http::redirect_with(Flash::PostShown, paths::MODERATION);
    Ok(())
}

/// Erases an earlier version of a post of another user, and redirects to its history.
///
/// # Errors
///
/// Returns [`AppError::SignInRequired`] for an anonymous visitor, [`AppError::RoleRequired`] unless the viewer
/// outranks the author, [`AppError::Invalid`] without a reason, and [`AppError::NotFound`] if there is no such version.
#[server(prefix = "", endpoint = "moderation/erase")]
pub async fn erase_version_of_other(#[server(flatten)] form: EraseForm) -> Result<(), AppError> {
    use super::server::request;
    use crate::{flash::Flash, http};
    use domain::moderation;
    use shared::{forms::Form, paths};

    let (scope, viewer) = request::as_member().await?;
    let history = paths::history(form.post);
    moderation::erase_version(&scope, &viewer, form.validate()?).await?;
    http::redirect_with(Flash::VersionErased, &history);
    Ok(())
}

/// Publishes a comment that waits for a moderator.
///
/// # Errors
///
/// Returns [`AppError::SignInRequired`] for an anonymous visitor, and the errors of the policy if the viewer may not decide about it.
#[server(prefix = "", endpoint = "moderation/approve")]
pub async fn approve(comment: i64) -> Result<(), AppError> {
    use super::server::request;
    use crate::{flash::Flash, http};
    use domain::comments;
    use shared::paths;

    let (scope, viewer) = request::as_member().await?;
    comments::show(&scope, &viewer, comment).await?;
    http::redirect_with(Flash::CommentShown, paths::MODERATION);
    Ok(())
}

/// Publishes this version of a post that waits for a moderator.
///
/// # Errors
///
/// Returns [`AppError::SignInRequired`] for an anonymous visitor, [`AppError::RoleRequired`] unless the viewer
/// outranks the author, [`AppError::NotFound`] if there is no such post, and [`AppError::Conflict`] if it has another version.
#[server(prefix = "", endpoint = "moderation/approve-post")]
pub async fn approve_post(post: i64, version: i64) -> Result<(), AppError> {
    use super::server::request;
    use crate::{flash::Flash, http};
    use domain::posts::held;
    use shared::paths;

    let (scope, viewer) = request::as_member().await?;
    held::approve(&scope, &viewer, post, version).await?;
    http::redirect_with(Flash::PostApproved, paths::MODERATION);
    Ok(())
}

/// Decides that the site trusts a new member.
///
/// # Errors
///
/// Returns [`AppError::SignInRequired`] for an anonymous visitor, [`AppError::RoleRequired`] unless the viewer
/// outranks the user, and [`AppError::NotFound`] if there is no such user.
#[server(prefix = "", endpoint = "moderation/trust")]
pub async fn trust(username: String) -> Result<(), AppError> {
    use super::server::request;
    use crate::{flash::Flash, http};
    use domain::trust;
    use shared::paths;

    let (scope, viewer) = request::as_member().await?;
    trust::give(&scope, &viewer, &username).await?;
    http::redirect_with(Flash::AccountTrusted, paths::MODERATION);
    Ok(())
}

/// Suspends a user.
///
/// # Errors
///
/// Returns [`AppError::SignInRequired`] for an anonymous visitor, [`AppError::RoleRequired`] unless the viewer
/// outranks the user, [`AppError::Invalid`] without a reason, and [`AppError::NotFound`] if there is no such user.
#[server(prefix = "", endpoint = "moderation/suspend")]
pub async fn suspend(#[server(flatten)] form: SuspendForm) -> Result<(), AppError> {
    use super::server::request;
    use crate::{flash::Flash, http};
    use domain::moderation;
    use shared::{forms::Form, paths};

    let (scope, viewer) = request::as_member().await?;
    moderation::suspend(&scope, &viewer, form.validate()?).await?;
    http::redirect_with(Flash::AccountSuspended, paths::MODERATION);
    Ok(())
}

/// Freezes the account of a user.
///
/// # Errors
///
/// Returns [`AppError::SignInRequired`] for an anonymous visitor, [`AppError::RoleRequired`] unless the viewer
/// outranks the user, [`AppError::Invalid`] without a reason, and [`AppError::NotFound`] if there is no such user.
#[server(prefix = "", endpoint = "moderation/freeze")]
pub async fn freeze(#[server(flatten)] form: FreezeForm) -> Result<(), AppError> {
    use super::server::request;
    use crate::{flash::Flash, http};
    use domain::moderation;
    use shared::{forms::Form, paths};

    let (scope, viewer) = request::as_member().await?;
    moderation::freeze(&scope, &viewer, form.validate()?).await?;
    http::redirect_with(Flash::AccountFrozen, paths::MODERATION);
    Ok(())
}

/// Unfreezes the account of a user.
///
/// # Errors
///
/// Returns [`AppError::SignInRequired`] for an anonymous visitor, [`AppError::RoleRequired`] unless the viewer
/// outranks the user, and [`AppError::NotFound`] if the account is not frozen.
#[server(prefix = "", endpoint = "moderation/unfreeze")]
pub async fn unfreeze(username: String) -> Result<(), AppError> {
    use super::server::request;
    use crate::{flash::Flash, http};
    use domain::moderation;
    use shared::paths;

    let (scope, viewer) = request::as_member().await?;
    moderation::unfreeze(&scope, &viewer, &username).await?;
    http::redirect_with(Flash::AccountUnfrozen, paths::MODERATION);
    Ok(())
}

/// Lifts the suspension of a user.
///
/// # Errors
///
/// Returns [`AppError::SignInRequired`] for an anonymous visitor, [`AppError::RoleRequired`] unless the viewer
/// outranks the user, and [`AppError::NotFound`] if the user is not suspended.
#[server(prefix = "", endpoint = "moderation/reinstate")]
pub async fn reinstate(username: String) -> Result<(), AppError> {
    use super::server::request;
    use crate::{flash::Flash, http};
    use domain::moderation;
    use shared::paths;

    let (scope, viewer) = request::as_member().await?;
    moderation::reinstate(&scope, &viewer, &username).await?;
    http::redirect_with(Flash::AccountReinstated, paths::MODERATION);
    Ok(())
}
