//! Files that people send. leptos' own multipart server functions read a body of any length; here each has its bounds.

use std::{collections::BTreeMap, time::Duration};

use app::{
    backend::{Ctx, account::picture},
    error::AppError,
    flash::Flash,
    forms::{Field, FieldErrors, Problem, Submission, picture::PICTURE_MAX_MEGABYTES},
    paths,
};
use axum::{
    Json,
    body::Body,
    extract::{FromRequest, Multipart, Request, State, multipart::MultipartError},
    http::{
        HeaderValue,
        header::{CONTENT_LENGTH, CONTENT_TYPE, SET_COOKIE},
        request::Parts,
    },
    response::{IntoResponse, Redirect, Response},
};
use futures::StreamExt;
use tokio::time::timeout;

use crate::pages::{Pages, accepts_html, data};

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
    match receive(&pages, &parts, body).await {
        Ok(()) => done(plain),
        Err(error) if plain && matches!(error, AppError::Malformed) => pages.problem(parts, error).await,
        Err(error) if plain => {
            let submission = Submission {
                path: paths::ACCOUNT_PICTURE.to_owned(),
                typed: BTreeMap::new(),
                error,
            };
            pages.page(parts, Some(submission)).await
        }
        Err(error) => data(&error),
    }
}

async fn receive(pages: &Pages, parts: &Parts, body: Body) -> Result<(), AppError> {
    let ctx = pages.ctx(parts).ok_or(AppError::Internal)?;
    let admitted = async {
        let viewer = ctx.require_viewer().await?;
        if !is_multipart(parts) {
            return Err(AppError::UnsupportedMedia);
        }
        let room = picture::admit(&ctx, &viewer, announced(parts).min(FILE_MAX))?;
        Ok((viewer, room))
    };
    match admitted.await {
        Ok((viewer, room)) => {
            let file = timeout(PATIENCE, file(&ctx, parts.clone(), body)).await;
            let file = file.unwrap_or(Err(AppError::TooSlow))?;
            picture::change(&ctx, &viewer, room, file).await
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
async fn file(ctx: &Ctx, parts: Parts, body: Body) -> Result<Vec<u8>, AppError> {
    let wrong = |problem| AppError::from(FieldErrors::one(Field::Picture, problem));
    let request = Request::from_parts(parts, body);
    let mut form = Multipart::from_request(request, &ctx.state)
        .await
        .map_err(|_| AppError::Malformed)?;
    let mut content = Vec::new();
    let mut is_too_long = false;
    while let Some(mut field) = form.next_field().await.map_err(unreadable)? {
        let wanted = field.name() == Some(Field::Picture.name());
        while let Some(chunk) = field.chunk().await.map_err(unreadable)? {
            is_too_long |= wanted && content.len() + chunk.len() > FILE_MAX;
            if wanted && !is_too_long {
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

fn unreadable(error: MultipartError) -> AppError {
    if error.status() == axum::http::StatusCode::PAYLOAD_TOO_LARGE {
        FieldErrors::one(Field::Picture, Problem::TooManyMegabytes(PICTURE_MAX_MEGABYTES)).into()
    } else {
        AppError::Malformed
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
