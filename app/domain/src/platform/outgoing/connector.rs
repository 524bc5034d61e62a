//! The HTTP clients that make the connections.

use std::error::Error;

use reqwest::{
    Client,
    header::{ACCEPT_ENCODING, HeaderMap, HeaderValue},
    redirect::Policy,
};
use rustls::ClientConfig;
use tokio::task::spawn_blocking;

use super::{Lookup, OutgoingError, OutgoingSettings, resolver::Resolver, tls};

/// Two clients, because the resolver of a client is not told the port of the URL.
pub(super) struct Connector {
    web_ports: Client,
    other_ports: Client,
}

impl Connector {
    /// Creates the clients with the certificates of the system.
    pub(super) async fn new(settings: &OutgoingSettings, lookup: &Lookup) -> Result<Self, OutgoingError> {
        let created = async {
            let tls = spawn_blocking(tls::config).await??;
            Ok(Self {
                web_ports: client(settings, lookup, tls.clone(), true)?,
                other_ports: client(settings, lookup, tls, false)?,
            })
        };
        created.await.map_err(|error: Box<dyn Error + Send + Sync>| {
            tracing::error!(%error, "no outgoing requests");
            OutgoingError::Unavailable
        })
    }

    /// Returns the client for `port`.
    pub(super) fn client(&self, port: Option<u16>, settings: &OutgoingSettings) -> &Client {
        if port.is_some_and(|port| settings.is_web_port(port)) {
            &self.web_ports
        } else {
            &self.other_ports
        }
    }
}

fn client(
    settings: &OutgoingSettings,
    lookup: &Lookup,
    tls: ClientConfig,
    is_web_port: bool,
) -> reqwest::Result<Client> {
    let resolver = Resolver {
        lookup: lookup.clone(),
        settings: settings.clone(),
        is_web_port,
    };
    let (version, origin) = (env!("CARGO_PKG_VERSION"), settings.site_url.origin());
    Client::builder()
        .user_agent(format!("Broadsheet/{version} (+{origin})"))
        .default_headers(HeaderMap::from_iter([(
            ACCEPT_ENCODING,
            HeaderValue::from_static("identity"),
        )]))
        .tls_backend_preconfigured(tls)
        .dns_resolver(resolver)
        .connect_timeout(settings.connect_timeout)
        // A proxy would look up host names itself.
        .no_proxy()
        // Redirects are followed by `OutgoingClient`, which checks each URL.
        .redirect(Policy::none())
        // A dependency might turn decompression on.
        .no_gzip()
        .no_brotli()
        .no_deflate()
        .no_zstd()
        .http1_only()
        // An idle connection would occupy a file descriptor.
        .pool_max_idle_per_host(0)
        .build()
}
