//! What guards every request: sessions, the same-origin check, and the headers of every answer.

use app::{backend::session::DbSessionStore, error::AppError};
use axum::{
    extract::{Request, State},
    http::{
        HeaderMap, HeaderName, HeaderValue, StatusCode,
        header::{
            CACHE_CONTROL, CONTENT_SECURITY_POLICY, Entry, REFERRER_POLICY, RETRY_AFTER, SET_COOKIE,
            X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
        },
    },
    middleware::Next,
    response::Response,
};
use tower_http::csrf::{CsrfLayer, ProtectionError};
use tower_sessions::{Expiry, SessionManagerLayer, cookie::SameSite};

use crate::{application::StartError, config::SiteUrl, pages::Pages};

/// On every answer, files and errors included.
const HEADERS: [(HeaderName, HeaderValue); 5] = [
    (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (
        REFERRER_POLICY,
        HeaderValue::from_static("strict-origin-when-cross-origin"),
    ),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        HeaderValue::from_static("same-origin"),
    ),
    (
        CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(
            "base-uri 'none'; object-src 'none'; form-action 'self'; frame-ancestors 'none'",
        ),
    ),
];
/// When to come back, in seconds, after "not right now".
const SOON: HeaderValue = HeaderValue::from_static("5");

/// Sessions by cookie. Over TLS its name has the prefix `__Host-`, with which no other host can set it (RFC 6265bis).
pub(crate) fn sessions(store: DbSessionStore, site_url: &SiteUrl) -> SessionManagerLayer<DbSessionStore> {
    SessionManagerLayer::new(store)
        .with_name(if site_url.is_https() {
            "__Host-session"
        } else {
            "session"
        })
        .with_secure(site_url.is_https())
        .with_http_only(true)
        .with_same_site(SameSite::Lax)
        .with_path("/")
        .with_expiry(Expiry::OnSessionEnd)
}

/// Refuses what another site's page sends with our visitor's cookie, by `Sec-Fetch-Site` and `Origin`.
pub(crate) fn same_origin(site_url: &SiteUrl) -> Result<CsrfLayer, StartError> {
    CsrfLayer::new()
        .add_trusted_origin(site_url.origin())
        .map_err(|error| StartError::SiteUrl(error.to_string()))
}

/// Puts our own page in place of the bare answer of the same-origin check.
pub(crate) async fn explain_refusal(State(pages): State<Pages>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let head = parts.clone();
    let response = next.run(Request::from_parts(parts, body)).await;
    if response.extensions().get::<ProtectionError>().is_some() {
        tracing::warn!("refused a request from another site");
        pages.problem(head, AppError::Forbidden).await
    } else {
        response
    }
}

/// Adds what every answer carries.
pub(crate) async fn with_headers(mut response: Response) -> Response {
    secure_removal(response.headers_mut());
    let unavailable = response.status() == StatusCode::SERVICE_UNAVAILABLE;
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.entry(name).or_insert(value);
    }
    headers
        .entry(CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    if unavailable {
        headers.entry(RETRY_AFTER).or_insert(SOON);
    }
    response
}

/// Browsers take a cookie with the prefix `__Host-` only with `Secure`, also one that removes it; tower-sessions leaves
/// the attribute out there.
fn secure_removal(headers: &mut HeaderMap) {
    if let Entry::Occupied(mut cookies) = headers.entry(SET_COOKIE) {
        for cookie in cookies.iter_mut() {
            let text = cookie.to_str().unwrap_or_default();
            if text.starts_with("__Host-")
                && !text.contains("; Secure")
                && let Ok(secured) = HeaderValue::try_from(format!("{text}; Secure"))
            {
                *cookie = secured;
            }
        }
    }
}
