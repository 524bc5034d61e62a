//! Compresses responses, except where the compressed size could reveal secrets.
//!
//! The size of a compressed page that repeats parts of its address allows an attacker who controls the address to find
//! out, guess by guess, the other contents of the page (breachattack.com). Requests that another site has caused in the
//! browser of a visitor with cookies are therefore not compressed.

use axum::{
    Router,
    body::HttpBody,
    extract::Request,
    http::{
        HeaderMap, HeaderValue, StatusCode,
        header::{ACCEPT_ENCODING, VARY},
    },
    middleware::{Next, from_fn},
    response::Response,
};
use tower::ServiceBuilder;
use tower_http::compression::{CompressionLayer, Predicate, predicate::DefaultPredicate};

use super::accept_encoding::AcceptEncoding;
use crate::routes::pages::known_cookies;

/// The header that says which site has caused a request (w3c.github.io/webappsec-fetch-metadata).
const FETCH_SITE: &str = "sec-fetch-site";

/// The size in bytes from which responses are compressed with gzip, which needs a few hundred kilobytes of memory.
/// Brotli allocates a window of eight megabytes for everything that does not fit into its first block.
const BROTLI_MAX: u64 = 64 * 1024;

/// Returns `router` with compressed responses.
pub(crate) fn compressed(router: Router) -> Router {
    let small = DefaultPredicate::new().and(IsSmall);
    router.layer(
        ServiceBuilder::new()
            .layer(from_fn(where_it_is_safe))
            // This layer does not change responses that the other layer has compressed.
            .layer(CompressionLayer::new().no_br())
            .layer(CompressionLayer::new().no_gzip().compress_when(small)),
    )
}

/// A predicate for responses with a known length below [`BROTLI_MAX`].
#[derive(Debug, Clone, Copy)]
struct IsSmall;

impl Predicate for IsSmall {
    fn should_compress<B: HttpBody>(&self, response: &Response<B>) -> bool {
        let length = response.body().size_hint().exact();
        length.is_some_and(|length| length < BROTLI_MAX)
    }
}

async fn where_it_is_safe(mut request: Request, next: Next) -> Response {
    let headers = request.headers_mut();
    if (comes_from_elsewhere(headers) && known_cookies(headers))
        || AcceptEncoding::parse(headers).refuses_identity()
    {
        // The compression layer would answer 406 to the latter, after the handler has done its work.
        headers.remove(ACCEPT_ENCODING);
    }
    let mut response = next.run(request).await;
    // A response with the status 304 must have the same `Vary` header as the full response (RFC 9110, 15.4.5), but the
    // compression layer does not set it because there is no body.
    if response.status() == StatusCode::NOT_MODIFIED {
        let coding = HeaderValue::from_static("accept-encoding");
        response.headers_mut().append(VARY, coding);
    }
    response
}

fn comes_from_elsewhere(headers: &HeaderMap) -> bool {
    headers
        .get(FETCH_SITE)
        .is_some_and(|site| site == "cross-site" || site == "same-site")
}
