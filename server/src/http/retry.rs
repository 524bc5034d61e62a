//! Retries requests that only read if the database connection was lost: the database may be back, or another connection
//! may still work. Requests that change something are not retried, because it is unknown which of their changes took
//! effect. They are answered with 503 and their form is shown again.

use std::time::{Duration, Instant};

use axum::{
    body::{Body, HttpBody},
    extract::Request,
    http::{Method, StatusCode},
    middleware::Next,
    response::Response,
};
use shared::paths;

/// The time after which a request is not retried, because it has already waited for the database.
const SOON: Duration = Duration::from_secs(1);

/// Responds to `request`, in a second attempt if necessary.
pub(crate) async fn reads(request: Request, next: Next) -> Response {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    // A 503 for such an image means that it cannot be generated yet, not that the database connection was lost.
    let path = request.uri().path();
    let is_generated = path.starts_with(paths::CARDS) || path.starts_with(paths::SCALED_IMAGES);
    if !reads || is_generated || !request.body().is_end_stream() {
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

#[cfg(test)]
mod tests {
    use std::sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    };

    use axum::{Router, middleware::from_fn, routing::any};
    use tower::ServiceExt;

    use super::*;

    /// Sends a request to a route that fails once. Returns the number of attempts and the final status.
    async fn tried(method: Method, path: &str) -> (usize, StatusCode) {
        let times = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&times);
        let flaky = move || async move {
            match counted.fetch_add(1, Ordering::SeqCst) {
                0 => StatusCode::SERVICE_UNAVAILABLE,
                _ => StatusCode::OK,
            }
        };
        let router = Router::new().fallback(any(flaky)).layer(from_fn(reads));
        let request = Request::builder().method(method).uri(path).body(Body::empty());
        let answer = router
            .oneshot(request.expect("a request"))
            .await
            .expect("an answer");
        (times.load(Ordering::SeqCst), answer.status())
    }

    #[tokio::test]
    async fn only_what_reads_is_tried_again() {
        assert_eq!(tried(Method::GET, "/").await, (2, StatusCode::OK));
        assert_eq!(tried(Method::HEAD, "/atom.xml").await, (2, StatusCode::OK));
        let refused = (1, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(tried(Method::POST, "/post/new").await, refused);
        assert_eq!(tried(Method::GET, "/media/card/1-a.png").await, refused);
    }
}
