//! Looks up the addresses of host names and drops those that must not be connected to.

use std::{
    io,
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

use futures::{FutureExt, future::BoxFuture};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tokio::net::lookup_host;

use super::{OutgoingError, OutgoingSettings};

/// A function that looks up the addresses of a host name.
pub type Lookup = Arc<dyn Fn(String) -> BoxFuture<'static, io::Result<Vec<IpAddr>>> + Send + Sync>;

/// Returns the look-up of the system.
pub(super) fn system() -> Lookup {
    Arc::new(|name| {
        async move {
            let found = lookup_host((name, 0)).await?;
            Ok(found.map(|address| address.ip()).collect())
        }
        .boxed()
    })
}

/// Looks up host names for connections to the ports for web servers, or to other ports.
pub(super) struct Resolver {
    pub(super) lookup: Lookup,
    pub(super) settings: OutgoingSettings,
    pub(super) is_web_port: bool,
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let found = (self.lookup)(name.as_str().to_owned());
        let (settings, is_web_port) = (self.settings.clone(), self.is_web_port);
        Box::pin(async move {
            let found = found.await.map_err(|_| OutgoingError::UnknownHost)?;
            let mut refused = OutgoingError::UnknownHost;
            let mut permitted = Vec::new();
            for address in found {
                match settings.check(address, is_web_port) {
                    // The port 0 stands for the one of the URL.
                    Ok(()) => permitted.push(SocketAddr::new(address.to_canonical(), 0)),
                    Err(reason) => refused = reason,
                }
            }
            if permitted.is_empty() {
                return Err(refused.into());
            }
            Ok(Box::new(permitted.into_iter()) as Addrs)
        })
    }
}
