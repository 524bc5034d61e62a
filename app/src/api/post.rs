//! Publish, list and read posts.
#![expect(
    missing_docs,
    reason = "the arguments of a server function become fields without documentation"
)]

use leptos::{prelude::*, server_fn::codec::GetUrl};

use crate::{
    error::AppError,
    forms::post::PostForm,
    model::{
        page::Page,
        post::{Post, PostCard},
    },
};

/// Page `page` of everybody's posts.
///
/// # Errors
/// [`AppError::NotFound`] when there is no such page.
#[server(prefix = "/api", endpoint = "posts", input = GetUrl)]
pub async fn list(page: u64) -> Result<Page<PostCard>, AppError> {
    use crate::backend::{
        Ctx,
        post::{self, By},
    };

    let ctx = Ctx::current()?;
    post::list(&ctx, By::Everybody, page).await
}

/// The post with the number `id`.
///
/// # Errors
/// [`AppError::NotFound`] when there is none.
#[server(prefix = "/api", endpoint = "post", input = GetUrl)]
pub async fn read(id: i64) -> Result<Post, AppError> {
    use crate::backend::{Ctx, post};

    let ctx = Ctx::current()?;
    post::read(&ctx, id).await
}

/// Publishes a post by the visitor and leads to it.
///
/// # Errors
/// [`AppError::SignInRequired`] for an anonymous visitor, [`AppError::Invalid`] for what cannot be a post.
#[server(prefix = "", endpoint = "post/new")]
pub async fn create(#[server(flatten)] form: PostForm) -> Result<(), AppError> {
    use crate::{
        backend::{Ctx, post},
        flash::Flash,
        forms::Form,
        http, paths,
    };

    let ctx = Ctx::current()?;
    let author = ctx.require_viewer().await?;
    let post = post::create(&ctx, &author, form.validate()?).await?;
    http::flash(Flash::PostPublished);
    http::redirect(&paths::post(&post));
    Ok(())
}
