//! The id of a request. It appears in the log, in a header of the response, and on error pages.

use app::http::RequestId;
use axum::{
    extract::Request,
    http::{HeaderName, HeaderValue},
    response::Response,
};
use domain::platform::digest;

const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// Assigns an id to the request. An id that the client has sent is ignored, because it could imitate that of another
/// request.
pub(crate) fn give(request: &mut Request) -> String {
    let id = digest::random::<8>().unwrap_or_default();
    request.extensions_mut().insert(RequestId(id.clone()));
    id
}

/// Adds the id of the request to `response`.
pub(crate) fn show(id: String, response: &mut Response) {
    if let Ok(id) = HeaderValue::try_from(id) {
        response.headers_mut().insert(HEADER, id);
    }
}

/// Returns the id of `request`.
pub(crate) fn get(request: &Request) -> &str {
    let given = request.extensions().get::<RequestId>();
    given.map_or("", |RequestId(id)| id.as_str())
}
