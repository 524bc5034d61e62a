//! A response that can be sent repeatedly.

use axum::{
    body::{Body, Bytes, to_bytes},
    extract::Request,
    http::{
        HeaderMap, Method, StatusCode,
        header::{
            CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, IF_MODIFIED_SINCE,
            IF_NONE_MATCH, LAST_MODIFIED, SET_COOKIE,
        },
    },
    response::{IntoResponse, Response},
};

use domain::platform::{db::Changes, freshness::Freshness, topic::Topic};

use crate::{
    http::{conditional, request_id},
    ops::metrics::Route,
};

/// The maximum size of a cached body, in bytes. No feed and no page of a publishable text is larger.
const PAGE_MAX: usize = 2 * 1024 * 1024;

/// A response that can be sent repeatedly.
#[derive(Debug)]
pub(super) struct CachedResponse {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
    route: Option<Route>,
    freshness: Freshness,
}

/// The topics that a response shows, as an extension of the response.
#[derive(Debug, Clone)]
pub(crate) struct Shown(pub(crate) Vec<Topic>);

/// The parts of a request that affect the response apart from the page itself.
pub(super) struct CachedHead {
    /// The method, `GET` or `HEAD`.
    pub(super) method: Method,
    /// The id of the request in the log.
    pub(super) id: String,
    known: HeaderMap,
}

impl CachedHead {
    pub(super) fn from_request(request: &Request) -> Self {
        let mut known = HeaderMap::new();
        for name in [IF_NONE_MATCH, IF_MODIFIED_SINCE] {
            for value in request.headers().get_all(&name) {
                known.append(name.clone(), value.clone());
            }
        }
        Self {
            method: request.method().clone(),
            id: request_id::get(request).to_owned(),
            known,
        }
    }
}

impl CachedResponse {
    /// Reads `response`, whose content was read after the moment `read_at`.
    pub(super) async fn from_response(response: Response, read_at: u64) -> Self {
        let (mut parts, body) = response.into_parts();
        let topics = match parts.extensions.remove() {
            Some(Shown(topics)) if parts.status == StatusCode::OK => topics,
            // An error says that something is not there, which may be under any topic: each change makes it outdated.
            _ => vec![Topic::Everything],
        };
        let freshness = Freshness::new(read_at, topics);
        match to_bytes(body, usize::MAX).await {
            Ok(body) => Self {
                status: parts.status,
                headers: parts.headers,
                // The body is copied because the buffer in which it was created may be larger.
                body: Bytes::copy_from_slice(&body),
                route: parts.extensions.get().cloned(),
                freshness,
            },
            Err(error) => {
                tracing::error!(%error, "a page was not completed");
                let mut headers = parts.headers;
                for header in [CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, ETAG] {
                    headers.remove(header);
                }
                Self {
                    status: StatusCode::INTERNAL_SERVER_ERROR,
                    headers,
                    body: Bytes::new(),
                    route: parts.extensions.get().cloned(),
                    freshness,
                }
            }
        }
    }

    /// Returns the size in bytes.
    pub(super) fn length(&self) -> usize {
        let headers = self.headers.iter();
        let headers: usize = headers
            .map(|(name, value)| name.as_str().len() + value.len())
            .sum();
        headers + self.body.len()
    }

    /// Returns the route that created the response, if metrics are collected.
    pub(super) fn route(&self) -> Option<&Route> {
        self.route.as_ref()
    }

    /// Returns whether the response shows what a request may expect that was sent at the moment `asked`.
    pub(super) fn is_current(&self, changes: &Changes, asked: u64) -> bool {
        self.freshness.is_current(changes, asked)
    }

    /// Returns whether the response may be stored for later requests.
    pub(super) fn may_be_kept(&self) -> bool {
        self.status == StatusCode::OK && self.is_for_all() && self.body.len() <= PAGE_MAX
    }

    /// Returns whether the response may be used for concurrent requests for the same page.
    pub(super) fn is_for_all(&self) -> bool {
        !self.status.is_server_error() && !self.headers.contains_key(SET_COOKIE)
    }

    /// Returns the response to a request with this `head`.
    pub(super) fn answer(&self, head: &CachedHead) -> Response {
        let mut headers = self.headers.clone();
        if self.status == StatusCode::OK && is_known(&headers, &head.known) {
            for header in [
                CONTENT_ENCODING,
                CONTENT_LENGTH,
                CONTENT_SECURITY_POLICY,
                CONTENT_TYPE,
            ] {
                headers.remove(header);
            }
            return (StatusCode::NOT_MODIFIED, headers).into_response();
        }
        if head.method == Method::GET {
            return (self.status, headers, self.body.clone()).into_response();
        }
        headers.insert(CONTENT_LENGTH, self.body.len().into());
        (self.status, headers, Body::empty()).into_response()
    }
}

fn is_known(headers: &HeaderMap, known: &HeaderMap) -> bool {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let changed_at = text(LAST_MODIFIED).and_then(conditional::parsed);
    text(ETAG).is_some_and(|tag| conditional::is_known(known, tag, changed_at))
}
