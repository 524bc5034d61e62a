use std::{net::IpAddr, time::Duration};

use ipnet::IpNet;

use super::{OutgoingError, is_public};
use crate::SiteUrl;

/// The settings and limits of outgoing requests.
#[derive(Debug, Clone)]
pub struct OutgoingSettings {
    /// The URL of the site, which requests name as their sender. If it is an `https` URL, only `https` URLs are
    /// requested.
    pub site_url: SiteUrl,
    /// The networks whose addresses are allowed in spite of not being public, on any port.
    pub allowed: Vec<IpNet>,
    /// The ports on which public addresses are allowed.
    pub ports: Vec<u16>,
    /// The timeout of a connection, including the look-up of the host name and the TLS handshake.
    pub connect_timeout: Duration,
    /// The timeout of the whole response, including redirects and waiting for other requests to the same host.
    pub response_timeout: Duration,
    /// The maximum number of redirects.
    pub redirects: usize,
    /// The maximum number of concurrent requests to one host.
    pub requests_per_host: usize,
}

impl OutgoingSettings {
    /// Returns the settings of the site at `site_url`, on which addresses in the `allowed` networks may be requested.
    #[must_use]
    pub fn new(site_url: SiteUrl, allowed: Vec<IpNet>) -> Self {
        Self {
            site_url,
            allowed,
            ports: vec![80, 443],
            connect_timeout: Duration::from_secs(5),
            response_timeout: Duration::from_secs(10),
            redirects: 3,
            requests_per_host: 4,
        }
    }

    /// Returns whether public addresses are allowed on `port`.
    pub(super) fn is_web_port(&self, port: u16) -> bool {
        self.ports.contains(&port)
    }

    /// Checks whether a connection to `address` may be made, on one of the ports for web servers or on another port.
    pub(super) fn check(&self, address: IpAddr, is_web_port: bool) -> Result<(), OutgoingError> {
        let address = address.to_canonical();
        if self.allowed.iter().any(|network| network.contains(&address)) {
            Ok(())
        } else if !is_public(address) {
            Err(OutgoingError::RefusedAddress)
        } else if !is_web_port {
            Err(OutgoingError::RefusedPort)
        } else {
            Ok(())
        }
    }
}
