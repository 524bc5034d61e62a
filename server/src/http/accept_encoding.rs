//! The `Accept-Encoding` header (RFC 9110, 12.5.3).

use axum::http::{HeaderMap, header::ACCEPT_ENCODING};

/// The codings that a client accepts and refuses.
#[derive(Debug, Default)]
pub(crate) struct AcceptEncoding<'a>(Vec<(&'a str, bool)>);

impl<'a> AcceptEncoding<'a> {
    /// Parses the header, which may be sent in several fields. A coding with a weight of 0 is refused; one with a
    /// malformed weight is ignored, as other parameters are.
    pub(crate) fn parse(headers: &'a HeaderMap) -> Self {
        let fields = headers.get_all(ACCEPT_ENCODING).iter();
        let codings = fields
            .filter_map(|field| field.to_str().ok())
            .flat_map(|field| field.split(','))
            .filter_map(coding);
        Self(codings.collect())
    }

    /// Returns whether the client names `coding` and accepts it.
    pub(crate) fn accepts(&self, coding: &str) -> bool {
        self.states(coding, true)
    }

    /// Returns whether the client refuses responses without a coding.
    pub(crate) fn refuses_identity(&self) -> bool {
        let names_identity = self.states("identity", true);
        self.states("identity", false) || self.states("*", false) && !names_identity
    }

    fn states(&self, coding: &str, accepted: bool) -> bool {
        self.0
            .iter()
            .any(|(name, is_accepted)| name.eq_ignore_ascii_case(coding) && *is_accepted == accepted)
    }
}

/// Returns the name of a coding and whether its weight is above 0.
fn coding(item: &str) -> Option<(&str, bool)> {
    let (name, parameter) = item.split_once(';').unwrap_or((item, ""));
    let weight = match parameter.trim().split_once('=') {
        Some(("q" | "Q", weight)) => weight.trim().parse::<f32>().ok()?,
        _ => 1.0,
    };
    (0.0..=1.0).contains(&weight).then(|| (name.trim(), weight > 0.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_coding_is_accepted_that_is_named_with_a_weight_above_zero() {
        for (fields, brotli, gzip, no_identity) in [
            (&["gzip, deflate, br, zstd"][..], true, true, false),
            (&["br;q=1.0, gzip;q=0.8"], true, true, false),
            (&["br;q=0.1"], true, false, false),
            (&["br;q=0, GZIP"], false, true, false),
            (&["gzip; q=0.000"], false, false, false),
            (&["br;q=high, gzip;level=1"], false, true, false),
            (&["br;q=nan, gzip;q=7, identity;Q=0"], false, false, true),
            (&["br, identity, *;q=0"], true, false, false),
            (&["brotli, *"], false, false, false),
            (&["br", "gzip, identity;q=0"], true, true, true),
            (&["gzip, *;q=0"], false, true, true),
            (&["identity"], false, false, false),
            (&[""], false, false, false),
            (&[], false, false, false),
        ] {
            let mut headers = HeaderMap::new();
            for field in fields {
                headers.append(ACCEPT_ENCODING, field.parse().expect("a header"));
            }
            let accepted = AcceptEncoding::parse(&headers);
            assert_eq!(
                (
                    accepted.accepts("br"),
                    accepted.accepts("gzip"),
                    accepted.refuses_identity()
                ),
                (brotli, gzip, no_identity),
                "{fields:?}"
            );
        }
    }
}
