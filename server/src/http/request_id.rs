//! A name for each request: the log has it, the answer carries it, and the page of a failure shows it.

use app::http::RequestId;
use axum::{
    extract::Request,
    http::{HeaderName, HeaderValue},
    response::Response,
};
use domain::platform::digest;

const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// Gives the request its name. One that a visitor has sent counts for nothing: it could be made to look like another's.
pub(crate) fn give(request: &mut Request) -> String {
    let id = digest::random::<8>().unwrap_or_default();
    request.extensions_mut().insert(RequestId(id.clone()));
    id
}

/// Has `response` carry the name of its request.
pub(crate) fn show(id: String, response: &mut Response) {
    if let Ok(id) = HeaderValue::try_from(id) {
        response.headers_mut().insert(HEADER, id);
    }
}

/// The name of `request`.
pub(crate) fn get(request: &Request) -> &str {
    let given = request.extensions().get::<RequestId>();
    given.map_or("", |RequestId(id)| id.as_str())
}
