//! Checks the host of a request. No response depends on it, but a request for another host comes from a proxy that does
//! not forward the host, or from a page that has pointed its own host name to this machine (DNS rebinding).

use std::{net::IpAddr, str::FromStr};

use axum::{
    extract::{Request, State},
    http::{HeaderValue, StatusCode, Version, header::HOST, uri::Authority},
    middleware::Next,
    response::{IntoResponse, Response},
};

use domain::SiteUrl;

/// The hosts that the site accepts.
#[derive(Debug, Clone)]
pub(crate) struct Hosts {
    name: String,
    origin: String,
}

impl Hosts {
    pub(crate) fn for_site(site_url: &SiteUrl) -> Self {
        Self {
            name: site_url.host().to_ascii_lowercase(),
            origin: site_url.origin().to_owned(),
        }
    }

    /// Returns whether `request` is for one of them.
    pub(crate) fn are_meant(&self, request: &Request) -> bool {
        named(request).is_ok_and(|host| host.is_none_or(|host| self.has(host)))
    }

    /// Returns whether `authority` is the site's, or cannot be a name that another site has directed a visitor to: an
    /// IP address, or a name of this machine or of its local network.
    fn has(&self, authority: &str) -> bool {
        let host = without_port(authority).to_ascii_lowercase();
        let host = host.strip_suffix('.').unwrap_or(&host);
        host == self.name
            || !host.contains('.') && !host.contains(':')
            || host.ends_with(".localhost")
            || host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok()
    }
}

fn without_port(authority: &str) -> &str {
    match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => authority,
    }
}

/// The error of a request that does not name exactly one host.
struct Unnamed;

/// Returns the host that `request` names: that of its target, if it has one, or else that of its field `Host` (RFC
/// 9112, 3.2). Only HTTP/1.0 allows it to name none.
fn named(request: &Request) -> Result<Option<&str>, Unnamed> {
    let mut fields = request.headers().get_all(HOST).iter();
    let field = match (fields.next(), fields.next()) {
        (Some(field), None) => Some(field.to_str().map_err(|_| Unnamed)?),
        (None, _) if request.version() < Version::HTTP_11 => None,
        _ => return Err(Unnamed),
    };
    let target = request.uri().authority().map(Authority::as_str);
    if [field, target].into_iter().flatten().all(is_host) {
        Ok(target.or(field))
    } else {
        Err(Unnamed)
    }
}

/// Returns whether `text` is a host name, optionally with a port.
fn is_host(text: &str) -> bool {
    let Ok(authority) = Authority::from_str(text) else {
        return false;
    };
    // If the authority contains a user, the text does not begin with the host.
    let port = text
        .strip_prefix(authority.host())
        .filter(|_| !authority.host().is_empty());
    match port.map(|port| port.strip_prefix(':')) {
        None => false,
        Some(None) => true,
        Some(Some(port)) => {
            port.is_empty() || port.bytes().all(|byte| byte.is_ascii_digit()) && port.parse::<u16>().is_ok()
        }
    }
}

/// Rejects a request that does not name exactly one host (400, RFC 9112, 3.2). If the target contains a host, the field
/// `Host` is replaced by it.
pub(crate) async fn require(mut request: Request, next: Next) -> Response {
    if named(&request).is_err() {
        let told = "A request must name its host in exactly one Host header.\n";
        return (StatusCode::BAD_REQUEST, told).into_response();
    }
    let target = request.uri().authority().map(Authority::as_str);
    if let Some(Ok(target)) = target.map(HeaderValue::from_str) {
        request.headers_mut().insert(HOST, target);
    }
    next.run(request).await
}

/// Rejects a request for another host (421, RFC 9110, 15.5.20), and names the setting for the host of the site.
pub(crate) async fn check(State(hosts): State<Hosts>, request: Request, next: Next) -> Response {
    if hosts.are_meant(&request) {
        return next.run(request).await;
    }
    let told = format!(
        "This site is at {}. If people should also reach it here, set BROADSHEET_SITE_URL to this address, or have the \
         proxy pass on the Host of the request.\n",
        hosts.origin
    );
    (StatusCode::MISDIRECTED_REQUEST, told).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_site_answers_for_its_own_name_and_for_those_of_its_network() {
        let hosts = Hosts::for_site(&"https://example.org".parse().expect("an address"));
        for ours in [
            "example.org",
            "Example.ORG:443",
            "example.org.",
            "localhost:3000",
            "127.0.0.1",
            "192.0.2.7:80",
            "[::1]:3000",
            "broadsheet:3000",
            "a.localhost",
        ] {
            assert!(hosts.has(ours), "{ours}");
        }
        for other in [
            "example.org.evil.net",
            "evil.net:3000",
            "www.example.org",
            "evil.net:80:80",
            "a.b]",
        ] {
            assert!(!hosts.has(other), "{other}");
        }
    }

    #[test]
    fn a_host_is_a_name_or_an_address_with_or_without_a_port() {
        for host in [
            "a",
            "a.b.",
            "a:80",
            "a:",
            "192.0.2.1:65535",
            "[::1]",
            "[::1]:3000",
            "_a-b",
        ] {
            assert!(is_host(host), "{host}");
        }
        for other in [
            "", ":", ":80", "a b", "a:b", "a:65536", "a:+1", "a@b", "a:b@c", "a/b", "a?b", "a#b", "[::1",
            "::1", "a:1:2", "a, b",
        ] {
            assert!(!is_host(other), "{other}");
        }
    }
}
