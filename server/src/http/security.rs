//! Security of every request: sessions, the same-origin check, and response headers.

use axum::{
    extract::{Request, State},
    http::{
        HeaderMap, HeaderName, HeaderValue, StatusCode,
        header::{
            CACHE_CONTROL, CONNECTION, CONTENT_SECURITY_POLICY, Entry, REFERRER_POLICY, RETRY_AFTER,
            SET_COOKIE, STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
        },
    },
    middleware::Next,
    response::{IntoResponse, Response},
};
use domain::{SiteUrl, accounts::session_store::DbSessionStore};
use shared::error::AppError;
use tower_http::csrf::{CsrfLayer, ProtectionError};
use tower_sessions::{Expiry, SessionManagerLayer, cookie::SameSite};

use crate::{application::StartError, routes::pages::Pages};

/// On every answer, files and errors included. A page has a Content-Security-Policy of its own.
const HEADERS: [(HeaderName, HeaderValue); 7] = [
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
            "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        ),
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("same-origin"),
    ),
    (
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static(
            "accelerometer=(), browsing-topics=(), camera=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), \
             payment=(), usb=()",
        ),
    ),
];
/// Behind TLS, browsers come by TLS alone for two years (RFC 6797).
const TLS_ONLY: HeaderValue = HeaderValue::from_static("max-age=63072000");
/// An address has at most this many bytes; the longest of ours has some hundred.
const ADDRESS_MAX: usize = 8 * 1024;
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

/// Refuses an address that is longer than any that leads somewhere.
pub(crate) async fn bound_address(request: Request, next: Next) -> Response {
    let address = request
        .uri()
        .path_and_query()
        .map_or(0, |address| address.as_str().len());
    if address > ADDRESS_MAX {
        return StatusCode::URI_TOO_LONG.into_response();
    }
    next.run(request).await
}

/// Adds what every answer carries.
pub(crate) async fn with_headers(State(is_https): State<bool>, mut response: Response) -> Response {
    secure_removal(response.headers_mut());
    let is_unchanged = response.status() == StatusCode::NOT_MODIFIED;
    let is_too_slow = response.status() == StatusCode::REQUEST_TIMEOUT;
    let unavailable = response.status() == StatusCode::SERVICE_UNAVAILABLE;
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        // What a browser has already keeps the policy that it came with.
        if !(is_unchanged && name == CONTENT_SECURITY_POLICY) {
            headers.entry(name).or_insert(value);
        }
    }
    if is_https {
        headers.entry(STRICT_TRANSPORT_SECURITY).or_insert(TLS_ONLY);
    }
    headers
        .entry(CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    if headers.contains_key(SET_COOKIE) && is_shared(headers) {
        // What a cache keeps for everybody has nobody's cookie.
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    if is_too_slow {
        // Who sends the rest after all would have it taken for another request (RFC 9110, 15.5.9).
        headers.insert(CONNECTION, HeaderValue::from_static("close"));
    }
    if unavailable {
        headers.entry(RETRY_AFTER).or_insert(SOON);
    }
    response
}

fn is_shared(headers: &HeaderMap) -> bool {
    let caching = headers.get(CACHE_CONTROL).and_then(|value| value.to_str().ok());
    caching.is_some_and(|caching| caching.contains("public"))
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
