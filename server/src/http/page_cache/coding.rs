//! Which of the ways to make a page smaller a browser understands.

use axum::http::{HeaderMap, header::ACCEPT_ENCODING};

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
        let accepted = headers.get_all(ACCEPT_ENCODING).iter();
        let accepted: Vec<&str> = accepted
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .filter_map(wanted)
            .collect();
        match (accepted.contains(&"br"), accepted.contains(&"gzip")) {
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

/// The name of a coding, unless its weight says that it is not wanted.
fn wanted(coding: &str) -> Option<&str> {
    let (name, weight) = coding.split_once(';').unwrap_or((coding, ""));
    let weight = weight.trim().strip_prefix("q=");
    let is_wanted = weight.is_none_or(|weight| weight.parse().is_ok_and(|weight: f32| weight > 0.0));
    is_wanted.then_some(name.trim())
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

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
