//! Handles uploaded files. leptos' own multipart server functions read bodies of any length; here, each upload is
//! limited.

use std::{collections::BTreeMap, time::Duration};

use app::flash::Flash;
use axum::{
    Json,
    body::Body,
    extract::{FromRequest, Multipart, Request, State, multipart::MultipartError},
    http::{
        HeaderValue, StatusCode,
        header::{CONTENT_TYPE, SET_COOKIE},
        request::Parts,
    },
    response::{IntoResponse, Redirect, Response},
};
use domain::{
    Scope,
    administration::site_images,
    media::{UploadPermit, avatars, inline_images},
};
use shared::{
    error::AppError,
    forms::{Field, FieldErrors, FieldProblem, Submission, picture::PICTURE_MAX_MEGABYTES},
    model::{account::Viewer, media::InlineImage, site::Setting},
    paths,
};
use tokio::time::timeout;
use tracing::Instrument;

use super::pages::{Pages, accepts_html};
use crate::http::{bodies::is_too_slow, memory_budget::Reservation};

/// The maximum size of a file, in bytes.
const FILE_MAX: usize = PICTURE_MAX_MEGABYTES * 1_000_000;
/// The time within which a file has to arrive, so that nobody occupies the shared memory budget for long.
const TIMEOUT: Duration = Duration::from_mins(2);

/// Makes the file in the field `picture` the visitor's profile picture.
pub(crate) async fn picture(State(pages): State<Pages>, request: Request) -> Response {
    let plain = accepts_html(request.headers());
    let (parts, body) = request.into_parts();
    match receive_picture(&pages, &parts, body).await {
        Ok(()) => done(plain, paths::ACCOUNT_PICTURE, Flash::PictureSaved),
        Err(error) => refused(&pages, parts, paths::ACCOUNT_PICTURE, error).await,
    }
}

/// Makes the file in the field `logo` the logo of the site.
pub(crate) async fn logo(State(pages): State<Pages>, request: Request) -> Response {
    site_image(&pages, request, Setting::Logo, paths::ADMIN_LOGO).await
}

/// Makes the file in the field `icon` the icon of the site.
pub(crate) async fn icon(State(pages): State<Pages>, request: Request) -> Response {
    site_image(&pages, request, Setting::Icon, paths::ADMIN_ICON).await
}

async fn site_image(pages: &Pages, request: Request, setting: Setting, path: &str) -> Response {
    let plain = accepts_html(request.headers());
    let (parts, body) = request.into_parts();
    match receive_site_image(pages, &parts, body, setting).await {
        Ok(()) => done(plain, path, Flash::SettingsSaved),
        Err(error) => refused(pages, parts, path, error).await,
    }
}

/// Stores the file in the field `image` as an inline image, and responds with its name.
pub(crate) async fn image(State(pages): State<Pages>, request: Request) -> Response {
    let plain = accepts_html(request.headers());
    let (parts, body) = request.into_parts();
    match receive_image(&pages, &parts, body).await {
        Ok(image) if plain => Redirect::to(&paths::new_image(&image)).into_response(),
        Ok(image) => Json(image.name).into_response(),
        Err(error) => refused(&pages, parts, paths::NEW_IMAGE, error).await,
    }
}

/// Responds with the error of a file that was sent to `path`. If a form has sent it, the error is shown on the page of
/// the form.
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
    let scope = pages.scope(parts).ok_or(AppError::Internal)?;
    let admitted = async {
        let viewer = admitted(&scope, parts).await?;
        let room = avatars::reserve(&scope, &viewer).await?;
        Ok((viewer, room))
    };
    let admitted = admitted.await;
    let ((viewer, room), (file, memory)) = received(pages, parts, body, Field::Picture, admitted).await?;
    finished(async move {
        let _memory = memory;
        avatars::change(&scope, &viewer, room, file).await
    })
    .await
}

async fn receive_image(pages: &Pages, parts: &Parts, body: Body) -> Result<InlineImage, AppError> {
    let scope = pages.scope(parts).ok_or(AppError::Internal)?;
    let admitted = async {
        let viewer = admitted(&scope, parts).await?;
        let room = inline_images::reserve(&scope, &viewer).await?;
        Ok((viewer, room))
    };
    let admitted = admitted.await;
    let ((viewer, room), (file, memory)) = received(pages, parts, body, Field::Image, admitted).await?;
    finished(async move {
        let _memory = memory;
        inline_images::add(&scope, &viewer, room, file).await
    })
    .await
}

async fn receive_site_image(
    pages: &Pages,
    parts: &Parts,
    body: Body,
    setting: Setting,
) -> Result<(), AppError> {
    let scope = pages.scope(parts).ok_or(AppError::Internal)?;
    let admitted = async {
        let viewer = admitted(&scope, parts).await?;
        let room = site_images::reserve(&scope, &viewer).await?;
        Ok((viewer, room))
    };
    let admitted = admitted.await;
    let ((viewer, room), (file, memory)) = received(pages, parts, body, setting.field(), admitted).await?;
    finished(async move {
        let _memory = memory;
        site_images::change(&scope, &viewer, room, setting, file).await
    })
    .await
}

/// Waits for `work`. It continues in the background if the client disconnects, because the file uses memory of the
/// budget until then.
async fn finished<T: Send + 'static>(
    work: impl Future<Output = Result<T, AppError>> + Send + 'static,
) -> Result<T, AppError> {
    let done = tokio::spawn(work.in_current_span()).await;
    done.unwrap_or(Err(AppError::Internal))
}

/// Returns the user who sends the file. Returns an error if nobody is logged in or the body is not a multipart form.
async fn admitted(scope: &Scope, parts: &Parts) -> Result<Viewer, AppError> {
    let viewer = scope.require_viewer().await?;
    if is_multipart(parts) {
        Ok(viewer)
    } else {
        Err(AppError::UnsupportedMedia)
    }
}

/// A file and its memory reservation.
type File = (Vec<u8>, Reservation);

/// Reads the file in `field` from a user who was admitted. Reading is cancelled when the same user starts another
/// upload.
async fn received(
    pages: &Pages,
    parts: &Parts,
    body: Body,
    field: Field,
    admitted: Result<(Viewer, UploadPermit), AppError>,
) -> Result<((Viewer, UploadPermit), File), AppError> {
    match admitted {
        Ok((viewer, mut room)) => {
            let file = timeout(TIMEOUT, file(pages, parts.clone(), body, field));
            let file = tokio::select! {
                file = file => file.unwrap_or(Err(AppError::TooSlow))?,
                given_up = room.given_up() => given_up?,
            };
            Ok(((viewer, room), file))
        }
        Err(error) => {
            pages.bodies().chunks(body).discard().await;
            Err(error)
        }
    }
}

fn is_multipart(parts: &Parts) -> bool {
    let kind = parts.headers.get(CONTENT_TYPE);
    kind.is_some_and(|value| value.as_bytes().starts_with(b"multipart/form-data"))
}

/// Reads the content of the field, up to the maximum size.
async fn file(pages: &Pages, parts: Parts, body: Body, wanted: Field) -> Result<File, AppError> {
    let wrong = |problem| AppError::from(FieldErrors::one(wanted, problem));
    let too_long = || wrong(FieldProblem::TooManyMegabytes(PICTURE_MAX_MEGABYTES));
    let unreadable = |error: MultipartError| match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => too_long(),
        _ if is_too_slow(&error) => AppError::TooSlow,
        _ => AppError::Malformed,
    };
    let client = pages.client(&parts);
    let mut content = pages.bodies().buffer(client, &parts.headers, FILE_MAX)?;
    let request = Request::from_parts(parts, pages.bodies().paced(body));
    let mut form = Multipart::from_request(request, pages.state())
        .await
        .map_err(|_| AppError::Malformed)?;
    // A rejected file is read to the end nevertheless, so that the browser shows our response.
    let mut kept = Ok(());
    while let Some(mut field) = form.next_field().await.map_err(unreadable)? {
        let is_wanted = field.name() == Some(wanted.name());
        while let Some(chunk) = field.chunk().await.map_err(unreadable)? {
            if is_wanted && kept.is_ok() {
                kept = content.extend(&chunk).await;
            }
        }
    }
    match kept {
        Err(AppError::TooLarge) => Err(too_long()),
        Err(error) => Err(error),
        Ok(()) if content.is_empty() => Err(wrong(FieldProblem::Required)),
        Ok(()) => Ok(content.into_parts()),
    }
}

/// Responds that the file was saved. A form is redirected to its page at `path`, where `message` is shown.
fn done(plain: bool, path: &str, message: Flash) -> Response {
    let mut response = if plain {
        Redirect::to(path).into_response()
    } else {
        Json(()).into_response()
    };
    if let Ok(cookie) = HeaderValue::try_from(message.to_cookie()) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}
