//! Actions on comments.

use domain::Scope;
use shared::{
    error::AppError,
    model::{account::Viewer, post::PostRef},
    paths,
};

use super::request;
use crate::{flash::Flash, http};

/// Performs `action` of the viewer, and redirects to the comments on the post that it returns, where `message` is shown.
///
/// # Errors
///
/// Returns the errors of `action`, and [`AppError::SignInRequired`] for an anonymous visitor.
pub(in crate::api) async fn act(
    message: Flash,
    action: impl AsyncFnOnce(&Scope, &Viewer) -> Result<PostRef, AppError>,
) -> Result<(), AppError> {
    let (scope, viewer) = request::as_member().await?;
    let post = action(&scope, &viewer).await?;
    http::redirect_with(message, &paths::comments(&post));
    Ok(())
}
