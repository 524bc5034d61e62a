//! Checks a URL before it is requested.

use std::net::IpAddr;

use url::{Host, Url};

use super::{OutgoingError, OutgoingSettings};

/// Checks `url` except for the addresses of a host name, which are checked when they are looked up. Returns the host.
pub(super) fn check<'a>(url: &'a Url, settings: &OutgoingSettings) -> Result<&'a str, OutgoingError> {
    match url.scheme() {
        "https" => {}
        "http" if !settings.site_url.is_https() => {}
        "http" => return Err(OutgoingError::Unencrypted),
        _ => return Err(OutgoingError::RefusedScheme),
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(OutgoingError::Credentials);
    }
    let (Some(host), Some(port)) = (url.host(), url.port_or_known_default()) else {
        return Err(OutgoingError::InvalidUrl);
    };
    let is_web_port = settings.is_web_port(port);
    match host {
        // A literal address is not looked up.
        Host::Ipv4(address) => settings.check(IpAddr::V4(address), is_web_port)?,
        Host::Ipv6(address) => settings.check(IpAddr::V6(address), is_web_port)?,
        Host::Domain(_) if is_web_port || !settings.allowed.is_empty() => {}
        Host::Domain(_) => return Err(OutgoingError::RefusedPort),
    }
    Ok(url.host_str().unwrap_or_default())
}
