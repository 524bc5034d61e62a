//! Who sees the history of a post.

use domain::posts::history;
use shared::{error::AppError, paths};

use super::request;
use crate::{flash::Flash, http};

/// Chooses whether everybody sees the history of the viewer's post with this id, and redirects to it with a `message`.
///
/// # Errors
///
/// Returns [`AppError::SignInRequired`] for an anonymous visitor, and [`AppError::Forbidden`] if the post belongs to
/// another user.
pub(in crate::api) async fn set_public(post: i64, is_public: bool, message: Flash) -> Result<(), AppError> {
    let (scope, author) = request::as_member().await?;
    history::set_public(&scope, &author, post, is_public).await?;
    http::redirect_with(message, &paths::history(post));
    Ok(())
}
