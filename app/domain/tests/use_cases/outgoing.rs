//! Tests of outgoing HTTP requests with real servers.

mod hostile;
mod limits;
mod names;
mod process;
mod redirects;
mod web_server;

use std::time::Duration;

use domain::platform::outgoing::{
    OutgoingClient, OutgoingError, OutgoingRequest, OutgoingResponse, OutgoingSettings,
};
use tokio::time::timeout;

use crate::site::Site;
use web_server::{WebServer, ok};

/// Returns the settings of a site without TLS on which requests to these networks are allowed.
fn settings(allowed: &[&str]) -> OutgoingSettings {
    let allowed = allowed.iter().map(|network| network.parse().unwrap());
    OutgoingSettings::new("http://paper.example".parse().unwrap(), allowed.collect())
}

/// Returns a client for servers on this machine.
fn local() -> OutgoingClient {
    OutgoingClient::new(settings(&["127.0.0.0/8", "::1/128"]))
}

async fn send(client: &OutgoingClient, request: OutgoingRequest) -> Result<OutgoingResponse, OutgoingError> {
    let sent = timeout(Duration::from_secs(30), client.send(request));
    sent.await.unwrap()
}

async fn get(client: &OutgoingClient, url: &str) -> Result<OutgoingResponse, OutgoingError> {
    send(client, OutgoingRequest::get(url)).await
}

/// Returns the error of a GET request, and no response.
async fn refusal(client: &OutgoingClient, url: &str) -> Option<OutgoingError> {
    get(client, url).await.err()
}

#[tokio::test]
async fn a_site_requests_no_private_address_unless_its_settings_allow_it() {
    let server = WebServer::start(|_| ok("hello")).await;
    let url = server.url("127.0.0.1");
    let site = Site::new().await;
    let encrypted = url.replace("http:", "https:");
    let refused = refusal(&site.state.outgoing, &encrypted).await;
    assert_eq!(refused, Some(OutgoingError::RefusedAddress));
    assert_eq!(server.connections(), 0);
    // An allowed IPv4 address is allowed as an IPv6 address as well.
    for url in [url, server.url("[::ffff:127.0.0.1]")] {
        assert_eq!(get(&local(), &url).await.unwrap().body, "hello");
    }
}

#[tokio::test]
async fn a_site_with_tls_requests_nothing_without_tls() {
    let server = WebServer::start(|_| ok("hello")).await;
    let mut settings = settings(&["127.0.0.0/8"]);
    settings.site_url = "https://paper.example".parse().unwrap();
    let client = OutgoingClient::new(settings);
    let url = server.url("127.0.0.1");
    assert_eq!(refusal(&client, &url).await, Some(OutgoingError::Unencrypted));
    assert_eq!(get(&local(), &url).await.unwrap().body, "hello");
    assert_eq!(server.connections(), 1);
}
