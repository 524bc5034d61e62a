//! Write, change, list, read and delete posts.
#![expect(
    missing_docs,
    reason = "the arguments of a server function become fields without documentation"
)]

use leptos::{prelude::*, server_fn::codec::GetUrl};

use shared::{
    error::AppError,
    forms::post::PostForm,
    model::{
        page::Page,
        post::{DraftCard, EditorDocument, Post, PostCard, Saved, TrashedPost},
        tag::TagCard,
    },
};

/// Page `page` of everybody's posts.
///
/// # Errors
/// [`AppError::NotFound`] when there is no such page.
#[server(prefix = "/api", endpoint = "posts", input = GetUrl)]
pub async fn list(page: u64) -> Result<Page<PostCard>, AppError> {
    use super::request;
    use domain::posts;

    let ctx = request::current()?;
    posts::list(&ctx, page).await
}

/// Page `page` of the posts with the tag called `name`.
///
/// # Errors
/// [`AppError::NotFound`] when no post has it, or when there is no such page.
#[server(prefix = "/api", endpoint = "posts/tagged", input = GetUrl)]
pub async fn list_tagged(name: String, page: u64) -> Result<Page<PostCard>, AppError> {
    use super::request;
    use domain::posts;

    let ctx = request::current()?;
    posts::list_tagged(&ctx, &name, page).await
}

/// The tags that most posts have.
///
/// # Errors
/// When the database cannot be reached.
#[server(prefix = "/api", endpoint = "tags", input = GetUrl)]
pub async fn popular_tags() -> Result<Vec<TagCard>, AppError> {
    use super::request;
    use domain::posts::tags;

    let ctx = request::current()?;
    tags::popular(&ctx).await
}

/// The post with the number `id`.
///
/// # Errors
/// [`AppError::NotFound`] when there is none, [`AppError::Gone`] when it has been deleted.
#[server(prefix = "/api", endpoint = "post", input = GetUrl)]
pub async fn read(id: i64) -> Result<Post, AppError> {
    use super::request;
    use domain::posts;

    let ctx = request::current()?;
    posts::read(&ctx, id).await
}

/// The visitor's draft with the number `id`, to go on with.
///
/// # Errors
/// [`AppError::SignInRequired`] for an anonymous visitor, [`AppError::NotFound`] when they have no such draft.
#[server(prefix = "/api", endpoint = "draft/open", input = GetUrl)]
pub async fn open_draft(id: i64) -> Result<EditorDocument, AppError> {
    use super::request;
    use domain::posts::drafts;

    let (ctx, author) = request::as_member().await?;
    drafts::open(&ctx, &author, id).await
}

/// The visitor's post with the number `id`, with the changes that they have begun, to go on with.
///
/// # Errors
/// [`AppError::SignInRequired`] for an anonymous visitor, [`AppError::Forbidden`] for somebody else's post,
/// [`AppError::Gone`] for a deleted one, [`AppError::NotFound`] when there is none.
#[server(prefix = "/api", endpoint = "post/open", input = GetUrl)]
pub async fn open_post(id: i64) -> Result<EditorDocument, AppError> {
    use super::request;
    use domain::posts::drafts;

    let (ctx, author) = request::as_member().await?;
    drafts::open_post(&ctx, &author, id).await
}

/// Publishes a text by the visitor, or keeps it as a draft, and leads to it.
///
/// # Errors
/// [`AppError::SignInRequired`] for an anonymous visitor, [`AppError::Invalid`] for what cannot be a post,
/// [`AppError::Conflict`] when another text has been saved meanwhile.
#[server(prefix = "", endpoint = "post/new")]
pub async fn create(#[server(flatten)] form: PostForm) -> Result<(), AppError> {
    super::submit::submit(form).await
}

/// Changes a post by the visitor, or keeps the changes as a draft, and leads to it.
///
/// # Errors
/// Those of [`create`], [`AppError::Forbidden`] for somebody else's post, [`AppError::Gone`] for a deleted one.
#[server(prefix = "", endpoint = "post/update")]
pub async fn update(#[server(flatten)] form: PostForm) -> Result<(), AppError> {
    super::submit::submit(form).await
}

/// Keeps a text by the visitor while they write.
///
/// # Errors
/// [`AppError::SignInRequired`] for an anonymous visitor, [`AppError::Invalid`] for what does not fit,
/// [`AppError::Conflict`] when another text has been saved meanwhile.
#[server(prefix = "/api", endpoint = "draft/save")]
pub async fn save_draft(#[server(flatten)] form: PostForm) -> Result<Saved, AppError> {
    use super::request;
    use domain::posts;

    let (ctx, author) = request::as_member().await?;
    posts::keep(&ctx, &author, &form).await
}

/// What a text by the visitor will look like.
///
/// # Errors
/// [`AppError::SignInRequired`] for an anonymous visitor, [`AppError::Invalid`] for what does not fit.
#[server(prefix = "/api", endpoint = "preview")]
pub async fn preview(#[server(flatten)] form: PostForm) -> Result<String, AppError> {
    use super::request;
    use domain::posts;

    let (ctx, author) = request::as_member().await?;
    posts::preview(&ctx, &author, &form).await
}

/// The visitor's drafts, the last one saved first.
///
/// # Errors
/// [`AppError::SignInRequired`] for an anonymous visitor.
#[server(prefix = "/api", endpoint = "drafts", input = GetUrl)]
pub async fn list_drafts() -> Result<Vec<DraftCard>, AppError> {
    use super::request;
    use domain::posts::drafts;

    let (ctx, author) = request::as_member().await?;
    drafts::list(&ctx, &author).await
}

/// Throws the visitor's draft with the number `id` away, and leads back.
///
/// # Errors
/// [`AppError::SignInRequired`] for an anonymous visitor.
#[server(prefix = "", endpoint = "draft/discard")]
pub async fn discard_draft(id: i64) -> Result<(), AppError> {
    use super::request;
    use crate::{flash::Flash, http};
    use domain::posts::drafts;
    use shared::paths;

    let (ctx, author) = request::as_member().await?;
    drafts::discard(&ctx, &author, id).await?;
    http::redirect_with(Flash::DraftDiscarded, paths::ACCOUNT_DRAFTS);
    Ok(())
}

/// Puts the visitor's post with the number `id` into the trash, and leads there.
///
/// # Errors
/// [`AppError::SignInRequired`] for an anonymous visitor, [`AppError::Forbidden`] for somebody else's post.
#[server(prefix = "", endpoint = "post/trash")]
pub async fn delete(id: i64) -> Result<(), AppError> {
    use super::request;
    use crate::{flash::Flash, http};
    use domain::posts::trash;
    use shared::paths;

    let (ctx, author) = request::as_member().await?;
    trash::delete(&ctx.state, &author, id).await?;
    http::redirect_with(Flash::PostDeleted, paths::ACCOUNT_TRASH);
    Ok(())
}

/// Page `page` of what the visitor has deleted.
///
/// # Errors
/// [`AppError::SignInRequired`] for an anonymous visitor, [`AppError::NotFound`] when there is no such page.
#[server(prefix = "/api", endpoint = "trash", input = GetUrl)]
pub async fn list_trash(page: u64) -> Result<Page<TrashedPost>, AppError> {
    use super::request;
    use domain::posts::trash;

    let (ctx, author) = request::as_member().await?;
    trash::list(&ctx, &author, page).await
}

/// Brings the visitor's post with the number `id` back, and leads to it.
///
/// # Errors
/// [`AppError::SignInRequired`] for an anonymous visitor, [`AppError::NotFound`] when it has gone for ever.
#[server(prefix = "", endpoint = "post/restore")]
pub async fn restore(id: i64) -> Result<(), AppError> {
    use super::request;
    use crate::{flash::Flash, http};
    use domain::posts::trash;
    use shared::paths;

    let (ctx, author) = request::as_member().await?;
    let post = trash::restore(&ctx.state, &author, id).await?;
    http::redirect_with(Flash::PostRestored, &paths::post(&post));
    Ok(())
}

/// The functions that are sent a text.
#[cfg(feature = "ssr")]
mod body_limits {
    use leptos::server_fn::inventory;

    use super::{Create, Preview, SaveDraft, Update};
    use crate::http::BodyLimit;

    inventory::submit!(BodyLimit::of_text::<Create>());
    inventory::submit!(BodyLimit::of_text::<Update>());
    inventory::submit!(BodyLimit::of_text::<SaveDraft>());
    inventory::submit!(BodyLimit::of_text::<Preview>());
}
