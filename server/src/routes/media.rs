//! Serves pictures.

use axum::{
    extract::{Request, State},
    http::{
        HeaderMap, HeaderName, HeaderValue, Method, StatusCode,
        header::{
            ACCEPT_RANGES, CACHE_CONTROL, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_SECURITY_POLICY,
            CONTENT_TYPE, RANGE,
        },
        request::Parts,
    },
    response::{IntoResponse, Redirect, Response},
};
use domain::{
    AppState,
    media::{
        FOR_EVER, FileContent, Folder, RedirectTarget,
        scaled_images::{self, ScaledImage},
    },
    posts::social_preview::{self, Card},
};
use shared::{error::AppError, model::media::media_type, paths};

use super::pages::Pages;

mod range;

use range::Wanted;

const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
/// Allows pages of the same site, including its subdomains, to show a picture.
const SAME_SITE: HeaderValue = HeaderValue::from_static("same-site");
/// Prevents a file from running scripts when it is opened directly, whatever type a browser assumes.
const SANDBOX: HeaderValue = HeaderValue::from_static("default-src 'none'; sandbox; frame-ancestors 'none'");

/// Serves the profile picture whose file name is at the end of the address.
pub(crate) async fn picture(State(pages): State<Pages>, request: Request) -> Response {
    file(&pages, request, Folder::Pictures, paths::PICTURES).await
}

/// Serves the inline image whose file name is at the end of the address.
pub(crate) async fn image(State(pages): State<Pages>, request: Request) -> Response {
    file(&pages, request, Folder::Images, paths::IMAGES).await
}

/// Serves the file of the site's logo or icon whose name is at the end of the address.
pub(crate) async fn site_image(State(pages): State<Pages>, request: Request) -> Response {
    file(&pages, request, Folder::Site, paths::SITE_IMAGES).await
}

/// Serves the social preview image whose file name is at the end of the address.
pub(crate) async fn card(State(pages): State<Pages>, request: Request) -> Response {
    let parts = request.into_parts().0;
    let name = parts.uri.path().strip_prefix(paths::CARDS).unwrap_or_default();
    match social_preview::read(&pages.public(), name).await {
        Ok(Card::Drawn(picture)) => {
            let mut response = served(&parts, "image/png", picture.into());
            // Other sites show this picture.
            let everywhere = HeaderValue::from_static("cross-origin");
            response.headers_mut().insert(RESOURCE_POLICY, everywhere);
            response
        }
        Ok(Card::Moved(path)) => Redirect::to(&path).into_response(),
        Err(error) => pages.problem(parts, error).await,
    }
}

/// Serves the scaled inline image whose file name is at the end of the address.
pub(crate) async fn scaled_image(State(pages): State<Pages>, request: Request) -> Response {
    let parts = request.into_parts().0;
    let name = parts
        .uri
        .path()
        .strip_prefix(paths::SCALED_IMAGES)
        .unwrap_or_default();
    let media_type = media_type(name).unwrap_or_default();
    let (scope, method) = (pages.public(), parts.method.clone());
    match scaled_images::read(&scope, method, name, is_whole(&parts)).await {
        Ok(ScaledImage::Content(content)) => served(&parts, media_type, content),
        Ok(ScaledImage::Elsewhere(place)) => leads_to(&place),
        Ok(ScaledImage::Whole(path)) => Redirect::temporary(&path).into_response(),
        Err(error) => pages.problem(parts, error).await,
    }
}

async fn file(pages: &Pages, request: Request, folder: Folder, below: &str) -> Response {
    let parts = request.into_parts().0;
    let name = parts.uri.path().strip_prefix(below).unwrap_or_default();
    match find(pages.state(), &parts, folder, name).await {
        Ok(Found::Here(media_type, content)) => served(&parts, media_type, content),
        Ok(Found::RedirectTarget(place)) => leads_to(&place),
        Err(error) => pages.problem(parts, error).await,
    }
}

enum Found {
    Here(&'static str, FileContent),
    RedirectTarget(RedirectTarget),
}

async fn find(state: &AppState, asked: &Parts, folder: Folder, file: &str) -> Result<Found, AppError> {
    // Only files whose names have the form of ours are read, or get a signed address.
    let media_type = media_type(file).ok_or(AppError::NotFound)?;
    if let Some(place) = state.media.elsewhere(asked.method.clone(), folder, file).await? {
        return Ok(Found::RedirectTarget(place));
    }
    let content = state.media.store.content(folder, file, is_whole(asked)).await?;
    Ok(Found::Here(media_type, content))
}

/// Returns whether the whole content of a file is requested.
fn is_whole(asked: &Parts) -> bool {
    asked.method == Method::GET && !asked.headers.contains_key(RANGE)
}

/// Returns a redirect to `place`, which may be cached as long as the address is valid.
fn leads_to(place: &RedirectTarget) -> Response {
    let kept = format!("public, max-age={}", place.kept.as_secs());
    let headers = [
        (CACHE_CONTROL, HeaderValue::try_from(kept).ok()),
        (RESOURCE_POLICY, Some(SAME_SITE)),
    ];
    let headers: HeaderMap = headers
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
        .collect();
    (headers, Redirect::temporary(&place.address)).into_response()
}

/// Returns a response with this file, or with the part of it that `asked` requests.
fn served(asked: &Parts, media_type: &'static str, content: FileContent) -> Response {
    let length = content.length();
    let (status, range) = match range::wanted(asked, length) {
        Wanted::Whole => (StatusCode::OK, 0..length),
        Wanted::Chunk(range) => (StatusCode::PARTIAL_CONTENT, range),
        Wanted::Nothing => {
            // The response contains no file and must not be cached as one.
            let header = (CONTENT_RANGE, format!("bytes */{length}"));
            return (StatusCode::RANGE_NOT_SATISFIABLE, [header]).into_response();
        }
    };
    let mut headers = HeaderMap::from_iter([
        (ACCEPT_RANGES, HeaderValue::from_static("bytes")),
        (CONTENT_TYPE, HeaderValue::from_static(media_type)),
        (
            CONTENT_LENGTH,
            HeaderValue::from(range.end.saturating_sub(range.start)),
        ),
        (CACHE_CONTROL, HeaderValue::from_static(FOR_EVER)),
        (CONTENT_SECURITY_POLICY, SANDBOX),
        (RESOURCE_POLICY, SAME_SITE),
    ]);
    if status == StatusCode::PARTIAL_CONTENT {
        let part = format!("bytes {}-{}/{length}", range.start, range.end.saturating_sub(1));
        headers.extend(HeaderValue::try_from(part).ok().map(|part| (CONTENT_RANGE, part)));
    }
    (status, headers, content.body(range)).into_response()
}
