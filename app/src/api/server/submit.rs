//! Submission of the editor.

use domain::posts;
use shared::{error::AppError, forms::post::PostForm, model::post::Submitted, paths};

use super::request;
use crate::{flash::Flash, http};

/// Submits a text of the viewer and redirects to the post or draft, unless only a preview was requested.
///
/// # Errors
///
/// Returns the errors of [`posts::submit`], [`AppError::SignInRequired`] for an anonymous visitor,
/// [`AppError::OtherAccount`] if another user opened the form, and [`AppError::Invalid`] if it is not valid.
pub(in crate::api) async fn submit(form: PostForm) -> Result<(), AppError> {
    let (scope, author) = request::as_member().await?;
    form.require_author(author.id)?;
    match posts::submit(&scope, &author, form.target(), form.submission()?).await? {
        Submitted::Published(post) => http::redirect_with(Flash::PostPublished, &paths::post(&post)),
        Submitted::Updated(post) => http::redirect_with(Flash::PostUpdated, &paths::post(&post)),
        Submitted::Held(post) => http::redirect_with(Flash::PostHeld, &paths::post(&post)),
        Submitted::Saved(target) => http::redirect_with(Flash::DraftSaved, &target.path()),
        Submitted::Scheduled => http::redirect_with(Flash::PostScheduled, paths::ACCOUNT_DRAFTS),
        Submitted::Previewed => {}
    }
    Ok(())
}
