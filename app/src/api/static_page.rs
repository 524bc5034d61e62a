//! Static pages.
#![expect(
    missing_docs,
    reason = "the arguments of a server function become fields without documentation"
)]

use leptos::{prelude::*, server_fn::codec::GetUrl};

use shared::{
    error::AppError,
    forms::static_page::StaticPageForm,
    model::static_page::{PageLinks, StaticPage, StaticPageDocument, StaticPages},
};

/// Returns the published page with this slug.
///
/// # Errors
///
/// Returns [`AppError::NotFound`] if there is none.
#[server(prefix = "/_", endpoint = "page", input = GetUrl)]
pub async fn read(slug: String) -> Result<StaticPage, AppError> {
    use super::server::request;
    use domain::static_pages;

    let scope = request::current()?;
    static_pages::read(&scope, &slug).await
}

/// Returns the published page about the site, or `None` if there is none.
///
/// # Errors
///
/// Returns an error if the database cannot be reached.
#[server(prefix = "/_", endpoint = "about", input = GetUrl)]
pub async fn read_about() -> Result<Option<StaticPage>, AppError> {
    use super::server::request;
    use domain::static_pages;
    use shared::paths;

    let scope = request::current()?;
    match static_pages::read(&scope, paths::ABOUT.trim_start_matches('/')).await {
        Ok(page) => Ok(Some(page)),
        Err(AppError::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Returns the pages that are linked on every page.
///
/// # Errors
///
/// Never returns an error of the database, but the links that were last known.
#[server(prefix = "/_", endpoint = "page/links", input = GetUrl)]
pub async fn links() -> Result<PageLinks, AppError> {
    use super::server::request;
    use domain::static_pages;

    let scope = request::current()?;
    Ok(static_pages::links(&scope).await)
}

/// Returns all pages for administrators, beginning at the position `page`.
///
/// # Errors
///
/// Returns [`AppError::SignInRequired`] for an anonymous visitor, [`AppError::RoleRequired`] unless they are an
/// administrator, and [`AppError::NotFound`] if `page` is not a position.
#[server(prefix = "/_", endpoint = "pages", input = GetUrl)]
pub async fn list(page: Option<String>) -> Result<StaticPages, AppError> {
    use super::server::request;
    use domain::static_pages::administration;
    use shared::model::position::Position;

    let (scope, viewer) = request::as_member().await?;
    let position = Position::parse(page.as_deref()).ok_or(AppError::NotFound)?;
    administration::list(&scope, &viewer, position).await
}

/// Returns the page with this id for the editor.
///
/// # Errors
///
/// Returns [`AppError::SignInRequired`] for an anonymous visitor, [`AppError::RoleRequired`] unless they are an
/// administrator, and [`AppError::NotFound`] if there is no such page.
#[server(prefix = "/_", endpoint = "page/open", input = GetUrl)]
pub async fn open(id: i64) -> Result<StaticPageDocument, AppError> {
    use super::server::request;
    use domain::static_pages;

    let (scope, viewer) = request::as_member().await?;
    static_pages::open(&scope, &viewer, id).await
}

/// Creates a page and redirects to it.
///
/// # Errors
///
/// Returns [`AppError::SignInRequired`] for an anonymous visitor, [`AppError::RoleRequired`] unless they are an
/// administrator, and [`AppError::Invalid`] if the form is not valid or the address is taken.
#[server(prefix = "", endpoint = "admin/pages/new")]
pub async fn create(#[server(flatten)] form: StaticPageForm) -> Result<(), AppError> {
    super::server::save_page::save(form).await
}

/// Changes a page and redirects to it.
///
/// # Errors
///
/// Returns the errors of [`create`], [`AppError::Conflict`] if somebody else has changed the page, and
/// [`AppError::NotFound`] if there is no such page.
#[server(prefix = "", endpoint = "admin/pages/update")]
pub async fn update(#[server(flatten)] form: StaticPageForm) -> Result<(), AppError> {
    super::server::save_page::save(form).await
}

/// Publishes the page with this id.
///
/// # Errors
///
/// Returns [`AppError::SignInRequired`] for an anonymous visitor, [`AppError::RoleRequired`] unless they are an
/// administrator, and [`AppError::NotFound`] if there is no such page.
#[server(prefix = "", endpoint = "admin/pages/publish")]
pub async fn publish(id: i64) -> Result<(), AppError> {
    use super::server::request;
    use crate::{flash::Flash, http};
    use domain::static_pages::administration;
    use shared::paths;

    let (scope, viewer) = request::as_member().await?;
    administration::set_published(&scope, &viewer, id, true).await?;
    http::redirect_with(Flash::PagePublished, paths::STATIC_PAGES);
    Ok(())
}

/// Makes the page with this id a draft again.
///
/// # Errors
///
/// Returns the errors of [`publish`].
#[server(prefix = "", endpoint = "admin/pages/unpublish")]
pub async fn unpublish(id: i64) -> Result<(), AppError> {
    use super::server::request;
    use crate::{flash::Flash, http};
    use domain::static_pages::administration;
    use shared::paths;

    let (scope, viewer) = request::as_member().await?;
    administration::set_published(&scope, &viewer, id, false).await?;
    http::redirect_with(Flash::PageUnpublished, paths::STATIC_PAGES);
    Ok(())
}

/// Deletes the page with this id.
///
/// # Errors
///
/// Returns the errors of [`publish`].
#[server(prefix = "", endpoint = "admin/pages/delete")]
pub async fn delete(id: i64) -> Result<(), AppError> {
    use super::server::request;
    use crate::{flash::Flash, http};
    use domain::static_pages::administration;
    use shared::paths;

    let (scope, viewer) = request::as_member().await?;
    administration::delete(&scope, &viewer, id).await?;
    http::redirect_with(Flash::PageDeleted, paths::STATIC_PAGES);
    Ok(())
}
