//! Handles calls to server functions, either by the client, which expects data, or by plain forms, which expect pages.
//!
//! leptos answers every error with 500, and redirects a plain form back to its page with the error in the address.
//! Here, the response has the status of the error, and a plain form gets its page again with the submitted values, so
//! that nothing is lost and nothing has to be stored between two requests.

use std::collections::BTreeMap;

use axum::{
    body::{Body, Bytes, to_bytes},
    extract::Request,
    http::{
        HeaderMap, Method, StatusCode,
        header::{ACCEPT, CONTENT_TYPE, LOCATION},
        request::Parts,
    },
    response::{IntoResponse, Response},
};
use leptos::server_fn::error::{FromServerFnError, SERVER_FN_ERROR_HEADER};
use leptos_axum::handle_server_fns_with_context;
use shared::{
    error::AppError,
    forms::{Field, Submission},
};

use super::pages::{self, Pages, accepts_html, data};
use crate::http::memory_budget::Reservation;

/// Runs the server function at the request's address, whose body has at most `limit` bytes.
pub(crate) async fn handle(limit: usize, pages: Pages, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let plain = accepts_html(&parts.headers);
    let (form, _memory) = match read(&pages, &parts, body, limit).await {
        Ok(form) => form,
        Err(error) => return pages.problem(parts, error).await,
    };

    let has_page = plain && parts.method == Method::POST && pages.has(parts.uri.path());
    let come_back = |error| Submission {
        path: parts.uri.path().to_owned(),
        typed: typed(&form),
        error,
    };
    match run(&pages, parts.clone(), form.clone()).await {
        // A result without a redirect is shown on the page of the form.
        Ok(done) if has_page && !done.headers().contains_key(LOCATION) => {
            let submission = come_back(None);
            pages.page(parts, Some(submission)).await
        }
        Ok(done) if plain => led_on(done),
        Ok(done) => done,
        Err(error) if has_page => {
            let submission = come_back(Some(error));
            pages.page(parts, Some(submission)).await
        }
        Err(error) if plain => pages.problem(parts, error).await,
        Err(error) => data(&error),
    }
}

/// Reads the body of a form within its limits. Returns it with its memory reservation.
async fn read(
    pages: &Pages,
    parts: &Parts,
    body: Body,
    limit: usize,
) -> Result<(Bytes, Reservation), AppError> {
    if parts.method == Method::POST && !is_form(&parts.headers) {
        return Err(AppError::UnsupportedMedia);
    }
    let client = pages.client(parts);
    let (form, memory) = pages.bodies().read(client, &parts.headers, body, limit).await?;
    // The null character cannot be typed, and PostgreSQL cannot store it.
    let query = parts.uri.query().unwrap_or_default();
    if std::str::from_utf8(&form).is_err()
        || form.contains(&0)
        || form.windows(3).any(|part| part == b"%00")
        || query.contains("%00")
    {
        return Err(AppError::Malformed);
    }
    Ok((form, memory))
}

fn is_form(headers: &HeaderMap) -> bool {
    let content_type = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let media_type = content_type.split(';').next().unwrap_or_default().trim();
    media_type.eq_ignore_ascii_case("application/x-www-form-urlencoded")
}

async fn run(pages: &Pages, mut parts: Parts, form: Bytes) -> Result<Response, AppError> {
    // With this header, leptos would turn errors into redirects.
    parts.headers.remove(ACCEPT);
    // HEAD is answered like GET, without the body (RFC 9110, 9.3.2), but leptos supports only GET.
    if parts.method == Method::HEAD {
        parts.method = Method::GET;
    }
    let context = pages::context(None, pages.scope(&parts), None);
    let request = Request::from_parts(parts, Body::from(form));
    let response = handle_server_fns_with_context(context, request)
        .await
        .into_response();
    if !response.headers().contains_key(SERVER_FN_ERROR_HEADER) {
        return Ok(response);
    }
    // The body is an error of ours, as the header shows.
    let error = to_bytes(response.into_body(), usize::MAX)
        .await
        .map_err(|_| AppError::Internal)?;
    Err(AppError::de(error))
}

/// Returns the submitted values to be shown again, without secrets.
fn typed(form: &Bytes) -> BTreeMap<String, String> {
    form_urlencoded::parse(form)
        .into_owned()
        .filter(|(name, _)| !Field::named(name).is_some_and(Field::is_secret))
        .collect()
}

/// Returns a redirect to the page that the server function chose. The status is 303, so that reloading does not submit
/// the form again.
fn led_on(mut done: Response) -> Response {
    let location = done.headers().contains_key(LOCATION);
    done.headers_mut()
        .remove(leptos::server_fn::redirect::REDIRECT_HEADER);
    if location {
        *done.status_mut() = StatusCode::SEE_OTHER;
        *done.body_mut() = Body::empty();
        done.headers_mut().remove(CONTENT_TYPE);
    }
    done
}
