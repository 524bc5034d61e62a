//! Requests that only read are tried a second time when the database was lost under the first: it may be back, or another
//! connection may have stayed. Those that change something are not, for nobody knows what of them has happened; they are
//! answered by 503 and come back in their form.

use std::time::{Duration, Instant};

use axum::{
    body::{Body, HttpBody},
    extract::Request,
    http::{Method, StatusCode},
    middleware::Next,
    response::Response,
};

/// An answer that took longer than this has waited for the database already.
const SOON: Duration = Duration::from_secs(1);

/// Answers `request`, if need be in two attempts.
pub(crate) async fn reads(request: Request, next: Next) -> Response {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    if !reads || !request.body().is_end_stream() {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let again = Request::from_parts(parts.clone(), Body::empty());
    let begun = Instant::now();
    let response = next.clone().run(Request::from_parts(parts, body)).await;
    if response.status() == StatusCode::SERVICE_UNAVAILABLE && begun.elapsed() < SOON {
        next.run(again).await
    } else {
        response
    }
}
