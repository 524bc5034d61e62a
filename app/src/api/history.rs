//! The history of posts.
#![expect(
    missing_docs,
    reason = "the arguments of a server function become fields without documentation"
)]

use leptos::{prelude::*, server_fn::codec::GetUrl};

use shared::{error::AppError, model::history::PostHistory};

/// Returns the history of a post, with the difference between the versions `from` and `to`. `since` is a Unix time in
/// seconds, which means the version of that time instead of `from`.
///
/// # Errors
///
/// Returns [`AppError::SignInRequired`] or [`AppError::Forbidden`] if the viewer may not see it, and
/// [`AppError::NotFound`] if there is no such post or version.
#[server(prefix = "/_", endpoint = "post/history", input = GetUrl)]
pub async fn read(
    post: i64,
    from: Option<i64>,
    to: Option<i64>,
    since: Option<i64>,
) -> Result<PostHistory, AppError> {
    use super::server::request;
    use domain::posts::history::{self, WantedDifference};

    let scope = request::current()?;
    history::read(&scope, post, WantedDifference { from, to, since }).await
}

/// Publishes the text that the viewer's post had in the version `number` again, and redirects to the post.
///
/// # Errors
///
/// Returns [`AppError::SignInRequired`] for an anonymous visitor, [`AppError::Forbidden`] if the post belongs to another
/// user, and [`AppError::Conflict`] if it has been changed since the version `present`.
#[server(prefix = "", endpoint = "post/history/restore")]
pub async fn restore_version(post: i64, number: i64, present: i64) -> Result<(), AppError> {
    use super::server::request;
    use crate::{flash::Flash, http};
    use domain::posts::history;
    use shared::paths;

    let (scope, author) = request::as_member().await?;
    let post = history::restore(&scope, &author, post, number, present).await?;
    http::redirect_with(Flash::VersionRestored, &paths::post(&post));
    Ok(())
}

/// Erases the text that the viewer's post had in the version `number`, and redirects to the history.
///
/// # Errors
///
/// Returns [`AppError::SignInRequired`] for an anonymous visitor, [`AppError::Forbidden`] if the post belongs to another
/// user, and [`AppError::NotFound`] if there is no such version or it is on the site.
#[server(prefix = "", endpoint = "post/history/erase")]
pub async fn erase_version(post: i64, number: i64) -> Result<(), AppError> {
    use super::server::request;
    use crate::{flash::Flash, http};
    use domain::posts::history;
    use shared::paths;

    let (scope, author) = request::as_member().await?;
    history::erase(&scope, &author, post, number).await?;
    http::redirect_with(Flash::VersionErased, &paths::history(post));
    Ok(())
}

/// Shows the history of the viewer's post to everybody who may read the post.
///
/// # Errors
///
/// Returns [`AppError::SignInRequired`] for an anonymous visitor, and [`AppError::Forbidden`] if the post belongs to
/// another user.
#[server(prefix = "", endpoint = "post/history/show")]
pub async fn show_history(post: i64) -> Result<(), AppError> {
    use crate::flash::Flash;

    super::server::history::set_public(post, true, Flash::HistoryShown).await
}

/// Shows the history of the viewer's post to the viewer and to moderators alone.
///
/// # Errors
///
/// Returns the errors of [`show_history`].
#[server(prefix = "", endpoint = "post/history/hide")]
pub async fn hide_history(post: i64) -> Result<(), AppError> {
    use crate::flash::Flash;

    super::server::history::set_public(post, false, Flash::HistoryHidden).await
}
