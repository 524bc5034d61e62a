//! Answers made smaller, where that tells nobody anything.
//!
//! The size of a compressed page that repeats what somebody else has put into its address tells them, guess by guess, what else
//! is on it (breachattack.com). So what another site has had the browser of somebody known here ask for is sent as it is.

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

/// Which site has had a browser make a request (w3c.github.io/webappsec-fetch-metadata).
const FETCH_SITE: &str = "sec-fetch-site";

/// Larger answers are compressed by gzip, which takes a few hundred kilobytes of memory. Brotli takes a window of eight megabytes
/// for whatever does not fit into its first block.
const BROTLI_MAX: u64 = 64 * 1024;

/// `router` with smaller answers.
pub(crate) fn compressed(router: Router) -> Router {
    let small = DefaultPredicate::new().and(IsSmall);
    router.layer(
        ServiceBuilder::new()
            .layer(from_fn(where_it_is_safe))
            // It leaves alone what is compressed already.
            .layer(CompressionLayer::new().no_br())
            .layer(CompressionLayer::new().no_gzip().compress_when(small)),
    )
}

/// Holds for answers that have a known length below [`BROTLI_MAX`].
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
    // It says the same as the whole answer (RFC 9110, 15.4.5), of which the layer sees nothing here.
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
