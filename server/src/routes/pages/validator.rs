//! Pages that a browser has already: a validator for each (RFC 9110, 8.8.3), so that one that has not changed is not sent
//! again.

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

/// The validators of what the browser has.
pub(super) fn known(parts: &Parts) -> HeaderMap {
    let mut known = HeaderMap::new();
    let reads = matches!(parts.method, Method::GET | Method::HEAD);
    for tags in parts.headers.get_all(IF_NONE_MATCH).iter().filter(|_| reads) {
        known.append(IF_NONE_MATCH, tags.clone());
    }
    known
}

/// `response` with its validator, or that nothing has changed since the browser got the one that it has. The nonce is
/// another each time and counts for nothing: what the browser has keeps the one that it came with.
pub(super) async fn validated(response: Response, policy: &Policy, known: HeaderMap) -> Response {
    if response.status() != StatusCode::OK {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    // The body is made here, and whole: reading it does not fail.
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
