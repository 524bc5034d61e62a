//! Validators of pages (RFC 9110, 8.8.3), so that a page that the browser already has is not sent again.

use axum::{
    body::{Body, to_bytes},
    http::{
        HeaderMap, HeaderValue, Method, StatusCode,
        header::{CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, IF_NONE_MATCH},
        request::Parts,
    },
    response::{IntoResponse, Response},
};

use crate::http::{conditional, content_security_policy::Policy};

/// Returns the headers with the validators of the versions that the browser has.
pub(super) fn known(parts: &Parts) -> HeaderMap {
    let mut known = HeaderMap::new();
    let reads = matches!(parts.method, Method::GET | Method::HEAD);
    for tags in parts.headers.get_all(IF_NONE_MATCH).iter().filter(|_| reads) {
        known.append(IF_NONE_MATCH, tags.clone());
    }
    known
}

/// Adds a validator to `response`, or replaces it by 304 if the browser has the same version. The nonce, which is
/// different each time, is ignored, because the browser keeps the version with its nonce.
pub(super) async fn validated(response: Response, policy: &Policy, known: HeaderMap) -> Response {
    if response.status() != StatusCode::OK {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    // The body is in memory, so reading it cannot fail.
    let Ok(body) = to_bytes(body, usize::MAX).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let tag = match (policy.nonce(), str::from_utf8(&body)) {
        (Some(nonce), Ok(text)) => conditional::tag(text.replace(nonce, "")),
        _ => conditional::tag(&body),
    };
    let is_known = conditional::is_known(&known, &tag, None);
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
