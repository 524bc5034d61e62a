//! The Markdown source of a post at the address of the post with `.md`.

use axum::{
    extract::{Request, State},
    http::{
        HeaderName, HeaderValue,
        header::{CACHE_CONTROL, CONTENT_TYPE},
        request::Parts,
    },
    response::{IntoResponse, Redirect, Response},
};
use domain::data::{export, interchange::Post};
use shared::{
    error::AppError,
    model::post::{PostRef, Visibility},
    paths,
};

use super::pages::Pages;
use crate::{http::page_cache::Shown, transfer::front_matter};

/// The media type of Markdown (RFC 7763).
const MARKDOWN: HeaderValue = HeaderValue::from_static("text/markdown; charset=utf-8; variant=GFM");
/// The source depends on who asks for it.
const CACHING: HeaderValue = HeaderValue::from_static("private, no-cache");

/// The header for crawlers.
const ROBOTS: HeaderName = HeaderName::from_static("x-robots-tag");
const NOT_INDEXED: HeaderValue = HeaderValue::from_static("noindex");

/// Serves the source of a post, or renders its page if the address does not end with `.md`.
pub(crate) async fn or_page(State(pages): State<Pages>, request: Request) -> Response {
    let name = request.uri().path().rsplit('/').next().unwrap_or_default();
    let id = name.strip_suffix(paths::SOURCE).map(paths::post_id);
    let Some(id) = id else {
        return Pages::render(State(pages), request).await;
    };
    let parts = request.into_parts().0;
    match source(&pages, &parts, id).await {
        Ok(response) => response,
        Err(error) => pages.problem(parts, error).await,
    }
}

async fn source(pages: &Pages, parts: &Parts, id: Option<i64>) -> Result<Response, AppError> {
    let scope = pages.scope(parts).ok_or(AppError::Internal)?;
    let post = export::source(&scope, id.ok_or(AppError::NotFound)?).await?;
    let address = paths::post_source(&PostRef {
        id: post.id.unwrap_or_default(),
        slug: post.slug.clone(),
    });
    if address != parts.uri.path() {
        return Ok(Redirect::permanent(&address).into_response());
    }
    let mut response = written(&post)?.into_response();
    response.headers_mut().insert(CONTENT_TYPE, MARKDOWN);
    response.headers_mut().insert(CACHE_CONTROL, CACHING);
    if post.visibility != Visibility::Public {
        response.headers_mut().insert(ROBOTS, NOT_INDEXED);
    }
    response.extensions_mut().insert(Shown(scope.topics()));
    Ok(response)
}

/// Returns the file that an export contains as well.
fn written(post: &Post) -> Result<String, AppError> {
    front_matter::write(post, &post.content).map_err(|error| {
        tracing::error!(error, "the source of a post cannot be written");
        AppError::Internal
    })
}
