//! Takes a text that somebody has sent, and leads to what has become of it.

use domain::posts;
use shared::{error::AppError, forms::post::PostForm, model::post::Submitted, paths};

use super::request;
use crate::{flash::Flash, http};

/// Takes a text by the visitor, and leads there unless they stay.
///
/// # Errors
/// Those of [`posts::submit`], and [`AppError::SignInRequired`] for somebody who is not logged in.
pub(super) async fn submit(form: PostForm) -> Result<(), AppError> {
    let (ctx, author) = request::as_member().await?;
    match posts::submit(&ctx, &author, form).await? {
        Submitted::Published(post) => http::redirect_with(Flash::PostPublished, &paths::post(&post)),
        Submitted::Updated(post) => http::redirect_with(Flash::PostUpdated, &paths::post(&post)),
        Submitted::Saved(target) => http::redirect_with(Flash::DraftSaved, &target.path()),
        Submitted::Previewed => {}
    }
    Ok(())
}
