//! Files that people send. leptos' own multipart server functions read a body of any length; here each has its bounds.

use std::{collections::BTreeMap, time::Duration};

use app::{
    backend::{Ctx, account::picture, image},
    error::AppError,
    flash::Flash,
    forms::{Field, FieldErrors, Problem, Submission, picture::PICTURE_MAX_MEGABYTES},
    model::{account::Viewer, media::Image},
    paths,
};
use axum::{
    Json,
    body::Body,
    extract::{FromRequest, Multipart, Request, State, multipart::MultipartError},
    http::{
        HeaderValue, StatusCode,
        header::{CONTENT_LENGTH, CONTENT_TYPE, SET_COOKIE},
        request::Parts,
    },
    response::{IntoResponse, Redirect, Response},
};
use futures::StreamExt;
use tokio::time::timeout;

use crate::pages::{Pages, accepts_html};

/// A file has at most this many bytes.
const FILE_MAX: usize = PICTURE_MAX_MEGABYTES * 1_000_000;
/// A file has to arrive within this time, so that nobody holds the room of others for long.
const PATIENCE: Duration = Duration::from_mins(2);
/// Of what is refused, so much is still taken in and thrown away: a browser that is cut off while it sends shows its own
/// error instead of our answer.
pub(crate) const BODY_MAX: usize = 64 * 1024 * 1024;

/// Makes the file in the field `picture` the visitor's picture.
pub(crate) async fn picture(State(pages): State<Pages>, request: Request) -> Response {
    let plain = accepts_html(request.headers());
    let (parts, body) = request.into_parts();
    match receive_picture(&pages, &parts, body).await {
        Ok(()) => done(plain),
        Err(error) => refused(&pages, parts, paths::ACCOUNT_PICTURE, error).await,
    }
}

/// Keeps the file in the field `image` as a picture for a text, and answers its name there.
pub(crate) async fn image(State(pages): State<Pages>, request: Request) -> Response {
    let plain = accepts_html(request.headers());
    let (parts, body) = request.into_parts();
    match receive_image(&pages, &parts, body).await {
        Ok(image) if plain => Redirect::to(&paths::new_image(&image)).into_response(),
        Ok(image) => Json(image.name).into_response(),
        Err(error) => refused(&pages, parts, paths::NEW_IMAGE, error).await,
    }
}

/// What is wrong with a file that was sent to `path`: on the page of its form, if a form has sent it.
async fn refused(pages: &Pages, parts: Parts, path: &str, error: AppError) -> Response {
    if !accepts_html(&parts.headers) || matches!(error, AppError::Malformed) {
        return pages.problem(parts, error).await;
    }
    let submission = Submission {
        path: path.to_owned(),
        typed: BTreeMap::new(),
        error: Some(error),
    };
    pages.page(parts, Some(submission)).await
}

async fn receive_picture(pages: &Pages, parts: &Parts, body: Body) -> Result<(), AppError> {
    let ctx = pages.ctx(parts).ok_or(AppError::Internal)?;
    let admitted = async {
        let viewer = admitted(&ctx, parts).await?;
        let room = picture::admit(&ctx, &viewer, announced(parts).min(FILE_MAX)).await?;
        Ok((viewer, room))
    };
    let admitted = admitted.await;
    let ((viewer, room), file) = received(&ctx, parts, body, Field::Picture, admitted).await?;
    picture::change(&ctx, &viewer, room, file).await
}

async fn receive_image(pages: &Pages, parts: &Parts, body: Body) -> Result<Image, AppError> {
    let ctx = pages.ctx(parts).ok_or(AppError::Internal)?;
    let admitted = async {
        let viewer = admitted(&ctx, parts).await?;
        let room = image::admit(&ctx, &viewer, announced(parts).min(FILE_MAX)).await?;
        Ok((viewer, room))
    };
    let admitted = admitted.await;
    let ((viewer, room), file) = received(&ctx, parts, body, Field::Image, admitted).await?;
    image::add(&ctx, &viewer, room, file).await
}

/// Who sends a file, if they may and if it is one.
async fn admitted(ctx: &Ctx, parts: &Parts) -> Result<Viewer, AppError> {
    let viewer = ctx.require_viewer().await?;
    if is_multipart(parts) {
        Ok(viewer)
    } else {
        Err(AppError::UnsupportedMedia)
    }
}

/// The file in `field`, from somebody who was admitted.
async fn received<T>(
    ctx: &Ctx,
    parts: &Parts,
    body: Body,
    field: Field,
    admitted: Result<T, AppError>,
) -> Result<(T, Vec<u8>), AppError> {
    match admitted {
        Ok(admitted) => {
            let file = timeout(PATIENCE, file(ctx, parts.clone(), body, field)).await;
            Ok((admitted, file.unwrap_or(Err(AppError::TooSlow))?))
        }
        Err(error) => {
            // Whatever has come by then.
            let _ = timeout(PATIENCE, discard(body)).await;
            Err(error)
        }
    }
}

fn is_multipart(parts: &Parts) -> bool {
    let kind = parts.headers.get(CONTENT_TYPE);
    kind.is_some_and(|value| value.as_bytes().starts_with(b"multipart/form-data"))
}

/// How long the body says that it is; the longest, if it does not say.
fn announced(parts: &Parts) -> usize {
    let length = parts.headers.get(CONTENT_LENGTH);
    let length = length.and_then(|value| value.to_str().ok()?.parse().ok());
    length.unwrap_or(FILE_MAX)
}

/// The content of the field, within its limit.
async fn file(ctx: &Ctx, parts: Parts, body: Body, wanted: Field) -> Result<Vec<u8>, AppError> {
    let wrong = |problem| AppError::from(FieldErrors::one(wanted, problem));
    let unreadable = |error: MultipartError| {
        if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
            wrong(Problem::TooManyMegabytes(PICTURE_MAX_MEGABYTES))
        } else {
            AppError::Malformed
        }
    };
    let request = Request::from_parts(parts, body);
    let mut form = Multipart::from_request(request, &ctx.state)
        .await
        .map_err(|_| AppError::Malformed)?;
    let mut content = Vec::new();
    let mut is_too_long = false;
    while let Some(mut field) = form.next_field().await.map_err(unreadable)? {
        let is_wanted = field.name() == Some(wanted.name());
        while let Some(chunk) = field.chunk().await.map_err(unreadable)? {
            is_too_long |= is_wanted && content.len() + chunk.len() > FILE_MAX;
            if is_wanted && !is_too_long {
                content.extend_from_slice(&chunk);
            }
        }
    }
    if is_too_long {
        Err(wrong(Problem::TooManyMegabytes(PICTURE_MAX_MEGABYTES)))
    } else if content.is_empty() {
        Err(wrong(Problem::Required))
    } else {
        Ok(content)
    }
}

async fn discard(body: Body) {
    let mut chunks = body.into_data_stream();
    let mut taken = 0;
    while let Some(Ok(chunk)) = chunks.next().await {
        taken += chunk.len();
        if taken > BODY_MAX {
            return;
        }
    }
}

fn done(plain: bool) -> Response {
    let mut response = if plain {
        Redirect::to(paths::ACCOUNT_PICTURE).into_response()
    } else {
        Json(()).into_response()
    };
    if let Ok(cookie) = HeaderValue::try_from(Flash::PictureSaved.to_cookie()) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}
