use axum::{
    body::Bytes,
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
};
use url::Url;

/// The maximum size of a response body in bytes, unless the request says otherwise.
const LIMIT: usize = 1024 * 1024;

/// An outgoing request.
#[derive(Debug, Clone)]
pub struct OutgoingRequest {
    pub(super) method: Method,
    pub(super) url: String,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
    pub(super) limit: usize,
}

impl OutgoingRequest {
    /// Creates a GET request.
    pub fn get(url: impl Into<String>) -> Self {
        Self::new(Method::GET, url.into(), Bytes::new())
    }

    /// Creates a POST request with this body.
    pub fn post(url: impl Into<String>, body: impl Into<Bytes>) -> Self {
        Self::new(Method::POST, url.into(), body.into())
    }

    fn new(method: Method, url: String, body: Bytes) -> Self {
        Self {
            method,
            url,
            headers: HeaderMap::new(),
            body,
            limit: LIMIT,
        }
    }

    /// Sets a header, except those that the client sets itself or never sends.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        let is_fixed = [
            header::ACCEPT_ENCODING,
            header::CONNECTION,
            header::CONTENT_LENGTH,
            header::COOKIE,
            header::HOST,
            header::REFERER,
            header::TRANSFER_ENCODING,
            header::USER_AGENT,
        ]
        .contains(&name);
        if !is_fixed {
            self.headers.insert(name, value);
        }
        self
    }

    /// Sets the maximum size of the response body in bytes. It is one mebibyte otherwise.
    #[must_use]
    pub fn limit(mut self, bytes: usize) -> Self {
        self.limit = bytes;
        self
    }
}

/// The response to an outgoing request.
#[derive(Debug, Clone)]
pub struct OutgoingResponse {
    /// The status, which may be an error.
    pub status: StatusCode,
    /// The URL that has responded, after all redirects.
    pub url: Url,
    /// The headers.
    pub headers: HeaderMap,
    /// The body as it was sent. If there is a `Content-Encoding` in spite of the request, it is still encoded.
    pub body: Bytes,
}
