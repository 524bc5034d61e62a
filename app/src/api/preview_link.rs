//! Links with which others can read a draft.
#![expect(
    missing_docs,
    reason = "the arguments of a server function become fields without documentation"
)]

use leptos::{prelude::*, server_fn::codec::GetUrl};

use shared::{
    error::AppError,
    forms::preview_link::PreviewLinkForm,
    model::{post::Previewed, preview_link::PreviewLinks},
};

/// Returns the links to the viewer's draft with this id.
///
/// # Errors
///
/// Returns [`AppError::SignInRequired`] for an anonymous visitor, and [`AppError::NotFound`] if the viewer has no such
/// draft.
#[server(prefix = "/_", endpoint = "draft/links", input = GetUrl)]
pub async fn list_preview_links(draft: i64) -> Result<PreviewLinks, AppError> {
    use super::server::request;
    use domain::posts::preview_links;

    let (scope, author) = request::as_member().await?;
    preview_links::list(&scope, &author, draft).await
}

/// Creates a link to the viewer's draft and redirects to the links, where it is shown.
///
/// # Errors
///
/// Returns the errors of [`list_preview_links`], and [`AppError::Invalid`] if the note is too long or there are too many
/// links.
#[server(prefix = "", endpoint = "draft/links")]
pub async fn create_preview_link(#[server(flatten)] form: PreviewLinkForm) -> Result<(), AppError> {
    use super::server::request;
    use crate::{flash::Flash, http};
    use domain::posts::preview_links;
    use shared::{forms::Form, paths};

    let (scope, author) = request::as_member().await?;
    let new = form.validate()?;
    preview_links::create(&scope, &author, new.draft, new.note).await?;
    http::redirect_with(Flash::PreviewLinkCreated, &paths::preview_links(new.draft));
    Ok(())
}

/// Revokes a link to one of the viewer's drafts and redirects to the links.
///
/// # Errors
///
/// Returns [`AppError::SignInRequired`] for an anonymous visitor, and [`AppError::NotFound`] if the viewer has no such
/// link.
#[server(prefix = "", endpoint = "draft/links/revoke")]
pub async fn revoke_preview_link(id: i64) -> Result<(), AppError> {
    use super::server::request;
    use crate::{flash::Flash, http};
    use domain::posts::preview_links;
    use shared::paths;

    let (scope, author) = request::as_member().await?;
    let draft = preview_links::revoke(&scope, &author, id).await?;
    http::redirect_with(Flash::PreviewLinkRevoked, &paths::preview_links(draft));
    Ok(())
}

/// Returns what the holder of the link with this token can read.
///
/// # Errors
///
/// Returns [`AppError::BadToken`] if the link is forged, revoked or expired, or if the draft is gone.
#[server(prefix = "/_", endpoint = "draft/preview", input = GetUrl)]
pub async fn read_preview(token: String) -> Result<Previewed, AppError> {
    use super::server::request;
    use domain::posts::preview_links;

    let scope = request::current()?;
    preview_links::read(&scope, &token).await
}
