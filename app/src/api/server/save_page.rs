//! Submission of a static page.

use domain::static_pages;
use shared::{
    error::AppError,
    forms::{Form, post::Intent, static_page::StaticPageForm},
    paths,
};

use super::request;
use crate::{flash::Flash, http};

/// Saves a static page and redirects to it, or to the editor if it is a draft, unless only a preview was requested.
///
/// # Errors
///
/// Returns the errors of [`static_pages::save`], [`AppError::SignInRequired`] for an anonymous visitor, and
/// [`AppError::Invalid`] if the form is not valid.
pub(in crate::api) async fn save(form: StaticPageForm) -> Result<(), AppError> {
    let (scope, viewer) = request::as_member().await?;
    if form.intent == Intent::Preview {
        return Ok(());
    }
    let saved = static_pages::save(&scope, &viewer, form.validate()?).await?;
    if saved.is_published {
        http::redirect_with(Flash::PagePublished, &paths::static_page(&saved.slug));
    } else {
        http::redirect_with(Flash::PageSaved, &paths::update_static_page(saved.id));
    }
    Ok(())
}
