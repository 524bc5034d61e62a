//! Which of the ways to make a page smaller a browser understands.

use axum::http::HeaderMap;

use crate::http::accept_encoding::AcceptEncoding;

/// How a page is made smaller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Coding {
    /// Brotli, or gzip where that is better.
    BrotliOrGzip,
    /// Brotli.
    Brotli,
    /// Gzip.
    Gzip,
    /// Not at all.
    Identity,
}

impl Coding {
    /// The best one that who has sent `headers` accepts.
    pub(super) fn negotiate(headers: &HeaderMap) -> Self {
        let accepted = AcceptEncoding::parse(headers);
        match (accepted.accepts("br"), accepted.accepts("gzip")) {
            (true, true) => Self::BrotliOrGzip,
            (true, false) => Self::Brotli,
            (false, true) => Self::Gzip,
            (false, false) => Self::Identity,
        }
    }

    /// How a request says that it accepts this.
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
