//! Determines the IP address of the client that sent a request.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::{
    extract::ConnectInfo,
    http::{HeaderMap, request::Parts},
};
use ipnet::IpNet;

/// The header to which each proxy appends the address of its own client.
const FORWARDED: &str = "x-forwarded-for";

/// Returns the address of the client. The header is trusted only as far as trusted proxies have written it: the result
/// is the last address in it that does not belong to a trusted proxy.
pub(crate) fn from_request(parts: &Parts, trusted: &[IpNet]) -> IpAddr {
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
    let peer = peer.map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |peer| peer.0.ip().to_canonical());
    let is_trusted = |address: &IpAddr| trusted.iter().any(|network| network.contains(address));
    let mut address = peer;
    for hop in hops(&parts.headers).rev() {
        if !is_trusted(&address) {
            break;
        }
        match hop {
            Some(before) => address = before,
            // An unreadable entry was passed on unchecked, so nothing before it can be trusted.
            None => break,
        }
    }
    address
}

/// Returns the addresses in the header, in their order. Unreadable ones are `None`.
fn hops(headers: &HeaderMap) -> impl DoubleEndedIterator<Item = Option<IpAddr>> {
    headers
        .get_all(FORWARDED)
        .iter()
        .flat_map(|value| value.to_str().unwrap_or_default().split(','))
        .map(|hop| {
            hop.trim()
                .parse()
                .ok()
                .map(|address: IpAddr| address.to_canonical())
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(peer: &str, forwarded: &[&str]) -> String {
        let mut request = axum::http::Request::builder();
        for value in forwarded {
            request = request.header(FORWARDED, *value);
        }
        let mut parts = request.body(()).expect("a request").into_parts().0;
        let peer: IpAddr = peer.parse().expect("an address");
        parts.extensions.insert(ConnectInfo(SocketAddr::new(peer, 1)));
        let trusted = ["127.0.0.0/8", "10.0.0.0/8"].map(|network| network.parse().expect("a network"));
        from_request(&parts, &trusted).to_string()
    }

    #[test]
    fn a_header_counts_only_from_a_trusted_proxy() {
        assert_eq!(seen("192.0.2.7", &["198.51.100.1"]), "192.0.2.7");
        assert_eq!(seen("127.0.0.1", &["198.51.100.1"]), "198.51.100.1");
        assert_eq!(seen("::ffff:127.0.0.1", &["198.51.100.1"]), "198.51.100.1");
        assert_eq!(seen("127.0.0.1", &[]), "127.0.0.1");
    }

    #[test]
    fn what_a_visitor_has_put_into_the_header_does_not_count() {
        assert_eq!(seen("127.0.0.1", &["203.0.113.9, 198.51.100.1"]), "198.51.100.1");
        assert_eq!(
            seen("127.0.0.1", &["203.0.113.9", "198.51.100.1, 10.1.2.3"]),
            "198.51.100.1"
        );
        assert_eq!(seen("127.0.0.1", &["203.0.113.9, nonsense"]), "127.0.0.1");
        assert_eq!(seen("127.0.0.1", &["10.9.9.9, 10.1.2.3"]), "10.9.9.9");
    }
}
