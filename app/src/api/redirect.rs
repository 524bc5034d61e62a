//! Redirects from old addresses.
#![expect(
    missing_docs,
    reason = "the arguments of a server function become fields without documentation"
)]

use leptos::{prelude::*, server_fn::codec::GetUrl};

use shared::{
    error::AppError,
    forms::redirect::RedirectForm,
    model::{page::KeysetPage, redirect::Redirect},
};

/// Returns all redirects, beginning at the position `page`, or the one from `path` alone.
///
/// # Errors
///
/// Returns [`AppError::SignInRequired`] for an anonymous visitor, [`AppError::RoleRequired`] unless they are an
/// administrator, and [`AppError::NotFound`] if `page` is not a position.
#[server(prefix = "/_", endpoint = "redirects", input = GetUrl)]
pub async fn list(page: Option<String>, path: Option<String>) -> Result<KeysetPage<Redirect>, AppError> {
    use super::server::request;
    use domain::redirects;
    use shared::model::position::Position;

    let (scope, viewer) = request::as_member().await?;
    let position = Position::parse(page.as_deref()).ok_or(AppError::NotFound)?;
    redirects::list(&scope, &viewer, position, path.as_deref()).await
}

/// Adds a redirect.
///
/// # Errors
///
/// Returns [`AppError::SignInRequired`] for an anonymous visitor, [`AppError::RoleRequired`] unless they are an
/// administrator, and [`AppError::Invalid`] if the redirect would lead nowhere, elsewhere or round in circles, or if its
/// old address is in use.
#[server(prefix = "", endpoint = "admin/redirects")]
pub async fn add(#[server(flatten)] form: RedirectForm) -> Result<(), AppError> {
    use super::server::request;
    use crate::{flash::Flash, http};
    use domain::redirects;
    use shared::{forms::Form, paths};

    let (scope, viewer) = request::as_member().await?;
    redirects::add(&scope, &viewer, form.validate()?).await?;
    http::redirect_with(Flash::RedirectAdded, paths::REDIRECTS);
    Ok(())
}

/// Deletes the redirect with this id.
///
/// # Errors
///
/// Returns [`AppError::SignInRequired`] for an anonymous visitor, and [`AppError::RoleRequired`] unless they are an
/// administrator.
#[server(prefix = "", endpoint = "admin/redirects/delete")]
pub async fn delete(id: i64) -> Result<(), AppError> {
    use super::server::request;
    use crate::{flash::Flash, http};
    use domain::redirects;
    use shared::paths;

    let (scope, viewer) = request::as_member().await?;
    redirects::delete(&scope, &viewer, id).await?;
    http::redirect_with(Flash::RedirectDeleted, paths::REDIRECTS);
    Ok(())
}
