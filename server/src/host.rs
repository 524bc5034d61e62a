//! For which host a request is meant. Nothing that the site says depends on it; a request for another host comes from a
//! proxy that does not pass it on, or from a page that has given this machine's address to a name of its own.

use std::net::IpAddr;

use axum::{
    extract::{Request, State},
    http::{StatusCode, header::HOST, uri::Authority},
    middleware::Next,
    response::{IntoResponse, Response},
};

use crate::config::SiteUrl;

/// The hosts that the site answers for.
#[derive(Debug, Clone)]
pub(crate) struct Hosts {
    name: String,
    origin: String,
}

impl Hosts {
    pub(crate) fn of(site_url: &SiteUrl) -> Self {
        Self {
            name: site_url.host().to_ascii_lowercase(),
            origin: site_url.origin().to_owned(),
        }
    }

    /// Whether `request` is for one of them.
    pub(crate) fn are_meant(&self, request: &Request) -> bool {
        let header = request.headers().get(HOST).and_then(|host| host.to_str().ok());
        let authority = request.uri().authority().map(Authority::as_str);
        authority.or(header).is_none_or(|authority| self.has(authority))
    }

    /// Whether `authority` is the site's, or cannot be a name that a visitor was led to from elsewhere: an address, or a
    /// name of this machine or of its own network.
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

/// Refuses what is meant for another host (421, RFC 9110, 15.5.20), and says which setting names the site's.
pub(crate) async fn check(State(hosts): State<Hosts>, request: Request, next: Next) -> Response {
    if hosts.are_meant(&request) {
        return next.run(request).await;
    }
    let told = format!(
        "This site is at {}. If it should be reached here as well, set BROADSHEET_SITE_URL to this address, or have the \
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
        let hosts = Hosts::of(&"https://example.org".parse().expect("an address"));
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
}
