//! Comments.
#![expect(
    missing_docs,
    reason = "the arguments of a server function become fields without documentation"
)]

use leptos::{prelude::*, server_fn::codec::GetUrl};

use shared::{
    error::AppError,
    forms::comment::{CommentForm, EditCommentForm, HideCommentForm},
    model::comment::{CommentDocument, CommentPage, CommentQuestion, Discussion, NewCommentDocument},
};

/// Returns the page at `position` of the comments on a post.
///
/// # Errors
///
/// Returns [`AppError::NotFound`] if there is no such post or position, and the errors of reading the post.
#[server(prefix = "/_", endpoint = "comments", input = GetUrl)]
pub async fn of_post(post: i64, position: Option<String>) -> Result<Discussion, AppError> {
    use super::server::request;
    use domain::comments;
    use shared::model::comment::CommentsPosition;

    let scope = request::current()?;
    let position = CommentsPosition::parse(position.as_deref()).ok_or(AppError::NotFound)?;
    comments::of_post(&scope, post, position).await
}

/// Returns the page of a comment, on which the comments below it begin after the one with the id `after`.
///
/// # Errors
///
/// Returns [`AppError::NotFound`] if there was never such a comment, [`AppError::CommentGone`] if there is none any more, and the
/// errors of reading the post.
#[server(prefix = "/_", endpoint = "comment", input = GetUrl)]
pub async fn read(id: i64, after: Option<i64>) -> Result<CommentPage, AppError> {
    use super::server::request;
    use domain::comments;

    let scope = request::current()?;
    comments::read(&scope, id, after).await
}

/// Returns what the page shows on which the viewer comments on a post, or answers the comment `parent`.
///
/// # Errors
///
/// Returns [`AppError::SignInRequired`] for an anonymous visitor, [`AppError::NotFound`] if there is no such post or comment, and
/// [`AppError::CommentsClosed`] if nobody can comment.
#[server(prefix = "/_", endpoint = "comment/form", input = GetUrl)]
pub async fn form(post: i64, parent: Option<i64>) -> Result<NewCommentDocument, AppError> {
    use super::server::request;
    use domain::comments;

    let (scope, viewer) = request::as_member().await?;
    comments::form(&scope, &viewer, post, parent).await
}

/// Returns the viewer's comment with this id for its form.
///
/// # Errors
///
/// Returns [`AppError::SignInRequired`] for an anonymous visitor, [`AppError::Forbidden`] if the comment belongs to another user,
/// and [`AppError::NoLongerEditable`] if it is too old.
#[server(prefix = "/_", endpoint = "comment/open", input = GetUrl)]
pub async fn open(id: i64) -> Result<CommentDocument, AppError> {
    use super::server::request;
    use domain::comments;

    let (scope, viewer) = request::as_member().await?;
    comments::open(&scope, &viewer, id).await
}

/// Returns the viewer's comment with this id, for the question whether to delete it.
///
/// # Errors
///
/// Returns [`AppError::SignInRequired`] for an anonymous visitor, and [`AppError::Forbidden`] if the comment belongs to another
/// user.
#[server(prefix = "/_", endpoint = "comment/delete", input = GetUrl)]
pub async fn ask_to_delete(id: i64) -> Result<CommentQuestion, AppError> {
    use super::server::request;
    use domain::comments;

    let (scope, viewer) = request::as_member().await?;
    comments::question_of_deletion(&scope, &viewer, id).await
}

/// Returns the comment with this id, for the question whether to hide it.
///
/// # Errors
///
/// Returns [`AppError::SignInRequired`] for an anonymous visitor, and [`AppError::Forbidden`] if the viewer may not hide it.
#[server(prefix = "/_", endpoint = "comment/hide", input = GetUrl)]
pub async fn ask_to_hide(id: i64) -> Result<CommentQuestion, AppError> {
    use super::server::request;
    use domain::comments;

    let (scope, viewer) = request::as_member().await?;
    comments::question_of_hiding(&scope, &viewer, id).await
}

/// Renders the text of a comment as sanitised HTML.
///
/// # Errors
///
/// Returns [`AppError::SignInRequired`] for an anonymous visitor, and [`AppError::Invalid`] if the text is not valid.
#[server(prefix = "/_", endpoint = "comment/preview")]
pub async fn preview(content: String) -> Result<String, AppError> {
    use super::server::request;
    use domain::comments;

    let (scope, viewer) = request::as_member().await?;
    comments::preview(&scope, &viewer, &content).await
}

/// Publishes a comment of the viewer, or holds it, and redirects to it, unless only a preview was requested.
///
/// # Errors
///
/// Returns [`AppError::SignInRequired`] for an anonymous visitor, [`AppError::Invalid`] if the text is not valid,
/// [`AppError::CommentsClosed`] if nobody can comment, and [`AppError::CommentGone`] if the comment that it answers has been
/// deleted.
#[server(prefix = "", endpoint = "comments/new")]
pub async fn create(#[server(flatten)] form: CommentForm) -> Result<(), AppError> {
    use super::server::request;
    use crate::{flash::Flash, http};
    use domain::comments;
    use shared::forms::{Form, post::Intent};

    let (scope, viewer) = request::as_member().await?;
    if form.intent == Intent::Preview {
        return Ok(());
    }
    let link = comments::create(&scope, &viewer, form.validate()?).await?;
    let message = if link.is_held {
        Flash::CommentHeld
    } else {
        Flash::CommentPublished
    };
    http::redirect_with(message, &link.path());
    Ok(())
}

/// Changes a comment of the viewer and redirects to it, unless only a preview was requested.
///
/// # Errors
///
/// Returns the errors of [`open`], [`AppError::Invalid`] if the text is not valid, and [`AppError::Conflict`] if the comment has
/// another version.
#[server(prefix = "", endpoint = "comments/update")]
pub async fn update(#[server(flatten)] form: EditCommentForm) -> Result<(), AppError> {
    use super::server::request;
    use crate::{flash::Flash, http};
    use domain::comments::{self, IsHeld};
    use shared::{
        forms::{Form, post::Intent},
        paths,
    };

    let (scope, viewer) = request::as_member().await?;
    if form.intent == Intent::Preview {
        return Ok(());
    }
    let id = form.comment;
    let message = match comments::update(&scope, &viewer, form.validate()?).await? {
        IsHeld(true) => Flash::CommentHeld,
        IsHeld(false) => Flash::CommentUpdated,
    };
    http::redirect_with(message, &paths::comment_on_own_page(id));
    Ok(())
}

/// Deletes a comment of the viewer, and redirects to the comments on its post.
///
/// # Errors
///
/// Returns [`AppError::SignInRequired`] for an anonymous visitor, [`AppError::Forbidden`] if the comment belongs to another user,
/// and [`AppError::CommentGone`] if it has been deleted.
#[server(prefix = "", endpoint = "comments/delete")]
pub async fn delete(comment: i64) -> Result<(), AppError> {
    use super::server::request;
    use crate::{flash::Flash, http};
    use domain::comments;
    use shared::paths;

    let (scope, viewer) = request::as_member().await?;
    let post = comments::delete(&scope, &viewer, comment).await?;
    let path = post.map_or_else(|| paths::HOME.to_owned(), |post| paths::comments(&post));
    http::redirect_with(Flash::CommentDeleted, &path);
    Ok(())
}

/// Hides a comment, and redirects to the comments on its post.
///
/// # Errors
///
/// Returns [`AppError::SignInRequired`] for an anonymous visitor, [`AppError::Forbidden`] if the viewer may not hide it, and
/// [`AppError::Invalid`] without a reason.
#[server(prefix = "", endpoint = "comments/hide")]
pub async fn hide(#[server(flatten)] form: HideCommentForm) -> Result<(), AppError> {
    use crate::flash::Flash;
    use domain::comments;
    use shared::forms::Form;

    super::server::comment::act(Flash::CommentHidden, async |scope, viewer| {
        comments::hide(scope, viewer, form.validate()?).await
    })
    .await
}

/// Shows a hidden comment again, or one that waits for a moderator, and redirects to the comments on its post.
///
/// # Errors
///
/// Returns [`AppError::SignInRequired`] for an anonymous visitor, and [`AppError::Forbidden`] if the viewer may not show it.
#[server(prefix = "", endpoint = "comments/show")]
pub async fn show(comment: i64) -> Result<(), AppError> {
    use crate::flash::Flash;
    use domain::comments;

    super::server::comment::act(Flash::CommentShown, async |scope, viewer| {
        comments::show(scope, viewer, comment).await
    })
    .await
}

/// Closes the comments on a post, and redirects to them.
///
/// # Errors
///
/// Returns [`AppError::SignInRequired`] for an anonymous visitor, and [`AppError::Forbidden`] if the viewer may not close them.
#[server(prefix = "", endpoint = "comments/close")]
pub async fn close(post: i64) -> Result<(), AppError> {
    use crate::flash::Flash;
    use domain::comments;

    super::server::comment::act(Flash::CommentsClosed, async |scope, viewer| {
        comments::close(scope, viewer, post).await
    })
    .await
}

/// Opens the comments on a post again, and redirects to them.
///
/// # Errors
///
/// Returns the errors of [`close`].
#[server(prefix = "", endpoint = "comments/reopen")]
pub async fn reopen(post: i64) -> Result<(), AppError> {
    use crate::flash::Flash;
    use domain::comments;

    super::server::comment::act(Flash::CommentsOpened, async |scope, viewer| {
        comments::reopen(scope, viewer, post).await
    })
    .await
}

/// Shows a comment before all others on its post, and redirects to them.
///
/// # Errors
///
/// Returns [`AppError::SignInRequired`] for an anonymous visitor, and [`AppError::Forbidden`] if the viewer may not pin it.
#[server(prefix = "", endpoint = "comments/pin")]
pub async fn pin(comment: i64) -> Result<(), AppError> {
    use crate::flash::Flash;
    use domain::comments;

    super::server::comment::act(Flash::CommentPinned, async |scope, viewer| {
        comments::pin(scope, viewer, comment).await
    })
    .await
}

/// Shows the pinned comment on a post in its own place again, and redirects to the comments.
///
/// # Errors
///
/// Returns the errors of [`pin`].
#[server(prefix = "", endpoint = "comments/unpin")]
pub async fn unpin(post: i64) -> Result<(), AppError> {
    use crate::flash::Flash;
    use domain::comments;

    super::server::comment::act(Flash::CommentUnpinned, async |scope, viewer| {
        comments::unpin(scope, viewer, post).await
    })
    .await
}
