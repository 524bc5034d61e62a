//! Pages that a browser has already: a validator for each (RFC 9110, 8.8.3), so that one that has not changed is not sent
//! again.

use app::backend::digest::sha256;
use axum::{
    body::{Body, to_bytes},
    http::{
        HeaderValue, Method, StatusCode,
        header::{CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, IF_NONE_MATCH},
        request::Parts,
    },
    response::{IntoResponse, Response},
};

use crate::policy::Policy;

/// So many characters of a digest tell pages apart.
const LENGTH: usize = 32;

/// The validators of what the browser has.
pub(super) fn known(parts: &Parts) -> Option<HeaderValue> {
    let reads = matches!(parts.method, Method::GET | Method::HEAD);
    parts.headers.get(IF_NONE_MATCH).filter(|_| reads).cloned()
}

/// `response` with its validator, or that nothing has changed since the browser got the one that it has. The nonce is
/// another each time and counts for nothing: what the browser has keeps the one that it came with.
pub(super) async fn validated(response: Response, policy: &Policy, known: Option<HeaderValue>) -> Response {
    if response.status() != StatusCode::OK {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    // The body is made here, and whole: reading it does not fail.
    let Ok(body) = to_bytes(body, usize::MAX).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let text = String::from_utf8_lossy(&body);
    let digest = match policy.nonce() {
        Some(nonce) => sha256(text.replace(nonce, "")),
        None => sha256(&body),
    };
    let tag = format!("W/\"{}\"", digest.get(..LENGTH).unwrap_or_default());
    let is_known = known.is_some_and(|known| {
        let known = known.to_str().unwrap_or_default();
        known.split(',').any(|known| known.trim() == tag)
    });
    if let Ok(tag) = HeaderValue::try_from(tag) {
        parts.headers.insert(ETAG, tag);
    }
    if !is_known {
        return Response::from_parts(parts, Body::from(body));
    }
    parts.status = StatusCode::NOT_MODIFIED;
    for header in [CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE] {
        parts.headers.remove(header);
    }
    Response::from_parts(parts, Body::empty())
}
