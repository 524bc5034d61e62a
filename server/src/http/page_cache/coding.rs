//! The content codings between which the page cache distinguishes.

use axum::http::HeaderMap;

use crate::http::accept_encoding::AcceptEncoding;

/// The content codings that a client accepts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Coding {
    /// Brotli and gzip; the better one for the page is used.
    BrotliOrGzip,
    /// Brotli only.
    Brotli,
    /// Gzip only.
    Gzip,
    /// None.
    Identity,
}

impl Coding {
    /// Returns the codings that are accepted in `headers`.
    pub(super) fn negotiate(headers: &HeaderMap) -> Self {
        let accepted = AcceptEncoding::parse(headers);
        match (accepted.accepts("br"), accepted.accepts("gzip")) {
            (true, true) => Self::BrotliOrGzip,
            (true, false) => Self::Brotli,
            (false, true) => Self::Gzip,
            (false, false) => Self::Identity,
        }
    }

    /// Returns the value of `Accept-Encoding` for this.
    pub(super) const fn accepted(self) -> Option<&'static str> {
        match self {
            Self::BrotliOrGzip => Some("br, gzip"),
            Self::Brotli => Some("br"),
            Self::Gzip => Some("gzip"),
            Self::Identity => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderValue, header::ACCEPT_ENCODING};

    use super::*;

    #[test]
    fn the_smallest_is_chosen_that_is_understood() {
        for (accepted, coding) in [
            ("gzip, deflate, br, zstd", Coding::BrotliOrGzip),
            ("gzip;q=1.0, br;q=0", Coding::Gzip),
            ("br;q=0.1", Coding::Brotli),
            ("identity", Coding::Identity),
            ("gzip;q=0, br;q=0.0", Coding::Identity),
            ("brotli", Coding::Identity),
            ("", Coding::Identity),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT_ENCODING, HeaderValue::from_static(accepted));
            assert_eq!(Coding::negotiate(&headers), coding, "{accepted:?}");
        }
    }
}
