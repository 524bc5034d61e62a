//! Security of all requests: sessions, the same-origin check, and response headers.

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

/// Tells browsers to use only TLS for two years (RFC 6797).
const TLS_ONLY: HeaderValue = HeaderValue::from_static("max-age=63072000");
/// The maximum length of an address in bytes. The longest address of the site has a few hundred.
const ADDRESS_MAX: usize = 8 * 1024;
/// The value of `Retry-After` for a temporarily unavailable site, in seconds.
const SOON: HeaderValue = HeaderValue::from_static("5");

/// Returns the layer for session cookies. Over TLS, the name of the cookie has the prefix `__Host-`, so that no other
/// host can set it (RFC 6265bis).
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

/// Returns the layer that rejects requests by pages of other sites with the visitor's cookie, based on `Sec-Fetch-Site`
/// and `Origin`.
pub(crate) fn same_origin(site_url: &SiteUrl) -> Result<CsrfLayer, StartError> {
    CsrfLayer::new()
        .add_trusted_origin(site_url.origin())
        .map_err(|error| StartError::SiteUrl(error.to_string()))
}

/// Replaces the response of the same-origin check by our own error page.
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

/// Rejects addresses that are longer than any valid one.
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

/// Returns the headers of every response, including files and errors. Pages have a Content-Security-Policy of their own.
fn common_headers() -> impl IntoIterator<Item = (HeaderName, HeaderValue)> {
    const {
        [
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
        ]
    }
}

/// Adds the headers of every response.
pub(crate) async fn with_headers(State(is_https): State<bool>, mut response: Response) -> Response {
    secure_removal(response.headers_mut());
    let is_unchanged = response.status() == StatusCode::NOT_MODIFIED;
    let is_too_slow = response.status() == StatusCode::REQUEST_TIMEOUT;
    let unavailable = response.status() == StatusCode::SERVICE_UNAVAILABLE;
    let headers = response.headers_mut();
    for (name, value) in common_headers() {
        // A browser must keep the policy of the page that it has cached.
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
        // A response that shared caches may store must not set a cookie.
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    if is_too_slow {
        // A client that sends the rest of the request later must not have it interpreted as a new request (RFC 9110,
        // 15.5.9).
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

/// Adds `Secure` to a cookie removal. Browsers accept cookies with the prefix `__Host-` only with this attribute, even
/// for their removal, but tower-sessions omits it there.
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
