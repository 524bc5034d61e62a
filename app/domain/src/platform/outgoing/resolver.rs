//! Looks up the addresses of host names and drops those that must not be connected to.

use std::{
    io,
    net::{IpAddr, SocketAddr, ToSocketAddrs},
    sync::Arc,
};

use futures::{FutureExt, future::BoxFuture};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tokio::{sync::Semaphore, task::spawn_blocking};

use super::{OutgoingError, OutgoingSettings};

/// A function that looks up the addresses of a host name.
pub type Lookup = Arc<dyn Fn(String) -> BoxFuture<'static, io::Result<Vec<IpAddr>>> + Send + Sync>;

/// The maximum number of concurrent look-ups. Each blocks a thread, also after its request has timed out.
const LOOKUPS: usize = 16;

/// Returns the look-up of the system.
pub(super) fn system() -> Lookup {
    let slots = Arc::new(Semaphore::new(LOOKUPS));
    Arc::new(move |name| {
        let slots = Arc::clone(&slots);
        async move {
            let slot = slots.acquire_owned().await.map_err(io::Error::other)?;
            let found = spawn_blocking(move || {
                let _slot = slot;
                let found = (name.as_str(), 0).to_socket_addrs()?;
                Ok(found.map(|address| address.ip()).collect())
            });
            found.await?
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
