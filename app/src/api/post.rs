//! Posts, drafts and tags.
#![expect(
    missing_docs,
    reason = "the arguments of a server function become fields without documentation"
)]

use leptos::{prelude::*, server_fn::codec::GetUrl};

use shared::{
    error::AppError,
    forms::post::PostForm,
    model::{
        page::ListPage,
        post::{DraftCard, EditorDocument, Post, PostCard, Saved, TrashedPost, UnlistedPost},
        tag::TagCard,
    },
};

/// Returns page `page` of all posts.
///
/// # Errors
///
/// Returns [`AppError::NotFound`] if there is no such page.
#[server(prefix = "/_", endpoint = "posts", input = GetUrl)]
pub async fn list(page: u64) -> Result<ListPage<PostCard>, AppError> {
    use super::server::request;
    use domain::posts;

    let scope = request::current()?;
    posts::list(&scope, page).await
}

/// Returns page `page` of the posts with the tag `name`.
///
/// # Errors
///
/// Returns [`AppError::NotFound`] if no post has the tag or there is no such page.
#[server(prefix = "/_", endpoint = "posts/tagged", input = GetUrl)]
pub async fn list_tagged(name: String, page: u64) -> Result<ListPage<PostCard>, AppError> {
    use super::server::request;
    use domain::posts;

    let scope = request::current()?;
    posts::list_tagged(&scope, &name, page).await
}

/// Returns the tags with the most posts.
///
/// # Errors
///
/// Returns an error if the database cannot be reached.
#[server(prefix = "/_", endpoint = "tags", input = GetUrl)]
pub async fn popular_tags() -> Result<Vec<TagCard>, AppError> {
    use super::server::request;
    use domain::posts::tags;

    let scope = request::current()?;
    tags::popular(&scope).await
}

/// Returns the post with this id.
///
/// # Errors
///
/// Returns [`AppError::NotFound`] if there is no such post, [`AppError::Gone`] if it has been deleted, and
/// [`AppError::Removed`] if a moderator has hidden it.
#[server(prefix = "/_", endpoint = "post", input = GetUrl)]
pub async fn read(id: i64) -> Result<Post, AppError> {
    use super::server::request;
    use domain::posts;

    let scope = request::current()?;
    posts::read(&scope, id).await
}

/// Returns the viewer's draft with this id for the editor.
///
/// # Errors
///
/// Returns [`AppError::SignInRequired`] for an anonymous visitor, and [`AppError::NotFound`] if there is no such
/// draft.
#[server(prefix = "/_", endpoint = "draft/open", input = GetUrl)]
pub async fn open_draft(id: i64) -> Result<EditorDocument, AppError> {
    use super::server::request;
    use domain::posts::drafts;

    let (scope, author) = request::as_member().await?;
    drafts::open(&scope, &author, id).await
}

/// Returns the viewer's post with this id, or its draft, for the editor.
///
/// # Errors
///
/// Returns [`AppError::SignInRequired`] for an anonymous visitor, [`AppError::Forbidden`] if the post belongs to
/// another user, [`AppError::Gone`] if it has been deleted, and [`AppError::NotFound`] if there is no such post.
#[server(prefix = "/_", endpoint = "post/open", input = GetUrl)]
pub async fn open_post(id: i64) -> Result<EditorDocument, AppError> {
    use super::server::request;
    use domain::posts::drafts;

    let (scope, author) = request::as_member().await?;
    drafts::open_post(&scope, &author, id).await
}

/// Publishes a new post or saves it as a draft, and redirects to it.
///
/// # Errors
///
/// Returns [`AppError::SignInRequired`] for an anonymous visitor, [`AppError::Invalid`] if the form is not valid, and
/// [`AppError::Conflict`] if the text has been changed elsewhere.
#[server(prefix = "", endpoint = "post/new")]
pub async fn create(#[server(flatten)] form: PostForm) -> Result<(), AppError> {
    super::server::submit::submit(form).await
}

/// Publishes or saves changes to a post and redirects to it.
///
/// # Errors
///
/// Returns the errors of [`create`], [`AppError::Forbidden`] if the post belongs to another user, and
/// [`AppError::Gone`] if it has been deleted.
#[server(prefix = "", endpoint = "post/update")]
pub async fn update(#[server(flatten)] form: PostForm) -> Result<(), AppError> {
    super::server::submit::submit(form).await
}

/// Saves a text as a draft while it is being written.
///
/// # Errors
///
/// Returns [`AppError::SignInRequired`] for an anonymous visitor, [`AppError::Invalid`] if the text is too long, and
/// [`AppError::Conflict`] if the text has been changed elsewhere.
#[server(prefix = "/_", endpoint = "draft/save")]
pub async fn save_draft(#[server(flatten)] form: PostForm) -> Result<Saved, AppError> {
    use super::server::request;
    use domain::posts::drafts;

    let (scope, author) = request::as_member().await?;
    form.require_author(author.id)?;
    drafts::save(&scope, &author, form.target(), form.draft()?).await
}

/// Renders a preview of a text.
///
/// # Errors
///
/// Returns [`AppError::SignInRequired`] for an anonymous visitor, and [`AppError::Invalid`] if the text is too long.
#[server(prefix = "/_", endpoint = "preview")]
pub async fn preview(#[server(flatten)] form: PostForm) -> Result<String, AppError> {
    use super::server::request;
    use domain::posts;

    let (scope, author) = request::as_member().await?;
    posts::preview(&scope, &author, form.target(), form.text_alone()?).await
}

/// Returns the viewer's drafts, most recently saved first.
///
/// # Errors
///
/// Returns [`AppError::SignInRequired`] for an anonymous visitor.
#[server(prefix = "/_", endpoint = "drafts", input = GetUrl)]
pub async fn list_drafts() -> Result<Vec<DraftCard>, AppError> {
    use super::server::request;
    use domain::posts::drafts;

    let (scope, author) = request::as_member().await?;
    drafts::list(&scope, &author).await
}

/// Deletes the viewer's draft with this id and redirects to the list of drafts.
///
/// # Errors
///
/// Returns [`AppError::SignInRequired`] for an anonymous visitor.
#[server(prefix = "", endpoint = "draft/discard")]
pub async fn discard_draft(id: i64) -> Result<(), AppError> {
    use super::server::request;
    use crate::{flash::Flash, http};
    use domain::posts::drafts;
    use shared::paths;

    let (scope, author) = request::as_member().await?;
    drafts::discard(&scope, &author, id).await?;
    http::redirect_with(Flash::DraftDiscarded, paths::ACCOUNT_DRAFTS);
    Ok(())
}

/// Has the viewer's draft with this id not be published by itself any more, and redirects to the list of drafts.
///
/// # Errors
///
/// Returns [`AppError::SignInRequired`] for an anonymous visitor.
#[server(prefix = "", endpoint = "draft/unschedule")]
pub async fn unschedule(id: i64) -> Result<(), AppError> {
    use super::server::request;
    use crate::{flash::Flash, http};
    use domain::posts::schedule;
    use shared::paths;

    let (scope, author) = request::as_member().await?;
    schedule::cancel(&scope, &author, id).await?;
    http::redirect_with(Flash::DraftUnscheduled, paths::ACCOUNT_DRAFTS);
    Ok(())
}

/// Returns page `page` of the viewer's posts that are not in lists.
///
/// # Errors
///
/// Returns [`AppError::SignInRequired`] for an anonymous visitor, and [`AppError::NoSuchPage`] if there is no such page.
#[server(prefix = "/_", endpoint = "unlisted", input = GetUrl)]
pub async fn list_unlisted(page: u64) -> Result<ListPage<UnlistedPost>, AppError> {
    use super::server::request;
    use domain::posts::unlisted;

    let (scope, author) = request::as_member().await?;
    unlisted::list(&scope, &author, page).await
}

/// Moves the viewer's post with this id to the trash and redirects there.
///
/// # Errors
///
/// Returns [`AppError::SignInRequired`] for an anonymous visitor, and [`AppError::Forbidden`] if the post belongs to
/// another user.
#[server(prefix = "", endpoint = "post/trash")]
pub async fn delete(id: i64) -> Result<(), AppError> {
    use super::server::request;
    use crate::{flash::Flash, http};
    use domain::posts::trash;
    use shared::paths;

    let (scope, author) = request::as_member().await?;
    trash::delete(&scope, &author, id).await?;
    http::redirect_with(Flash::PostDeleted, paths::ACCOUNT_TRASH);
    Ok(())
}

/// Returns page `page` of the viewer's trash.
///
/// # Errors
///
/// Returns [`AppError::SignInRequired`] for an anonymous visitor, and [`AppError::NotFound`] if there is no such
/// page.
#[server(prefix = "/_", endpoint = "trash", input = GetUrl)]
pub async fn list_trash(page: u64) -> Result<ListPage<TrashedPost>, AppError> {
    use super::server::request;
    use domain::posts::trash;

    let (scope, author) = request::as_member().await?;
    trash::list(&scope, &author, page).await
}

/// Restores the viewer's post with this id from the trash and redirects to it.
///
/// # Errors
///
/// Returns [`AppError::SignInRequired`] for an anonymous visitor, and [`AppError::NotFound`] if the post has been
/// deleted permanently.
#[server(prefix = "", endpoint = "post/restore")]
pub async fn restore(id: i64) -> Result<(), AppError> {
    use super::server::request;
    use crate::{flash::Flash, http};
    use domain::posts::trash;
    use shared::paths;

    let (scope, author) = request::as_member().await?;
    let post = trash::restore(&scope, &author, id).await?;
    http::redirect_with(Flash::PostRestored, &paths::post(&post));
    Ok(())
}
