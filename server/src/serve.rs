//! Accepts connections, and bounds what one of them may cost. `axum::serve` waits for ever for a request's head, so that a
//! handful of slow sockets could hold the server.

use std::{
    collections::HashMap,
    io::{self, ErrorKind},
    net::{IpAddr, SocketAddr},
    pin::pin,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use app::backend::limit;
use axum::{
    Router,
    body::Body,
    extract::{ConnectInfo, Request},
};
use futures::FutureExt;
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::{GracefulConnection, GracefulShutdown},
};
use ipnet::IpNet;
use tokio::{
    net::{TcpListener, TcpStream},
    select,
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{sleep, timeout},
};
use tokio_io_timeout::TimeoutStream;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

/// So many connections are open at one time; more wait until one is closed.
const CONNECTIONS: usize = 4_096;
/// One address has at most so many of them, unless it is a trusted proxy's.
const CONNECTIONS_EACH: usize = 512;
/// The head of a connection's first request has to arrive within this time.
const FIRST_HEAD: Duration = Duration::from_secs(10);
/// The head of each further one.
const NEXT_HEAD: Duration = Duration::from_secs(15);
/// A trusted proxy keeps its connections for a minute; closed earlier, the request that it sends just then is lost.
const NEXT_HEAD_BY_PROXY: Duration = Duration::from_secs(75);
/// Somebody who takes nothing of an answer for so long does not want it.
const READ: Duration = Duration::from_secs(30);
/// A request's head has at most this many bytes and header fields; beyond it is answered 431.
const HEAD_MAX: usize = 32 * 1024;
const FIELDS_MAX: usize = 100;
/// After a stop, the head of a new connection's request has to arrive within this time.
const LAST_HEAD: Duration = Duration::from_secs(1);
/// What has begun is answered within this time after a stop.
const LAST_ANSWERS: Duration = Duration::from_secs(20);
/// Nothing is accepted for so long when the system gives no socket.
const BREATH: Duration = Duration::from_millis(100);

/// Serves `router` until `stop` is ready, then answers what has begun and returns.
pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    trusted_proxies: Vec<IpNet>,
    stop: impl Future<Output = ()>,
) {
    let room = Arc::new(Semaphore::new(CONNECTIONS));
    let door = Door {
        router,
        trusted_proxies,
        addresses: Addresses::default(),
        open: GracefulShutdown::new(),
        closing: CancellationToken::new(),
    };
    let mut stop = pin!(stop);
    loop {
        let accepted = select! {
            accepted = accept(&listener, &room) => accepted,
            () = &mut stop => break,
        };
        match accepted {
            Ok(accepted) => door.admit(accepted),
            // Whoever has gone before they were served holds nobody up.
            Err(error)
                if matches!(
                    error.kind(),
                    ErrorKind::ConnectionAborted | ErrorKind::ConnectionReset
                ) => {}
            Err(error) => {
                tracing::warn!(%error, "no connection can be accepted");
                sleep(BREATH).await;
            }
        }
    }
    // Whoever the system has let in already, and their request with them, would be turned away with the listener.
    while let Some(Ok(accepted)) = accept(&listener, &room).now_or_never() {
        door.admit(accepted);
    }
    drop(listener);
    door.closing.cancel();
    if timeout(LAST_ANSWERS, door.open.shutdown()).await.is_err() {
        tracing::warn!("some answers took too long and were given up");
    }
}

/// A connection, who is at its other end, and the room for it.
type Accepted = (TcpStream, SocketAddr, OwnedSemaphorePermit);

/// Lets connections in.
struct Door {
    router: Router,
    trusted_proxies: Vec<IpNet>,
    addresses: Addresses,
    open: GracefulShutdown,
    closing: CancellationToken,
}

impl Door {
    /// Serves a connection, unless there are too many of its address.
    fn admit(&self, (socket, peer, permit): Accepted) {
        // Listening on all addresses, IPv4 comes in the clothes of IPv6.
        let address = peer.ip().to_canonical();
        let is_proxy = self
            .trusted_proxies
            .iter()
            .any(|network| network.contains(&address));
        let Some(place) = self.addresses.enter(address, is_proxy) else {
            return;
        };
        let begun = CancellationToken::new();
        let mut connection = connection(socket, peer, self.router.clone(), is_proxy, begun.clone());
        let (watcher, closing) = (self.open.watcher(), self.closing.clone());
        tokio::spawn(async move {
            let _held = (permit, place);
            // hyper closes a connection at once on which it has read nothing when it is told to stop, although a request may
            // be on its way.
            let is_slow = select! {
                _ = &mut connection => return,
                () = begun.cancelled() => false,
                () = late(&closing) => false,
                () = sleep(FIRST_HEAD) => true,
            };
            // Whoever has gone, or does not speak HTTP, misses no answer.
            if !is_slow {
                let _ = watcher.watch(connection).await;
            }
        });
    }
}

/// Ready when a new connection that says nothing is not waited for any more.
async fn late(closing: &CancellationToken) {
    closing.cancelled().await;
    sleep(LAST_HEAD).await;
}

/// The next connection, once there is room for it.
async fn accept(listener: &TcpListener, room: &Arc<Semaphore>) -> io::Result<Accepted> {
    let permit = Arc::clone(room).acquire_owned().await.map_err(io::Error::other)?;
    let (socket, peer) = listener.accept().await?;
    // Small answers leave at once, to whoever is still there.
    let _ = socket.set_nodelay(true);
    Ok((socket, peer, permit))
}

/// One connection's requests; `begun` tells that the first has arrived.
fn connection(
    socket: TcpStream,
    peer: SocketAddr,
    router: Router,
    is_proxy: bool,
    begun: CancellationToken,
) -> impl GracefulConnection + Unpin {
    let mut socket = TimeoutStream::new(socket);
    socket.set_write_timeout(Some(READ));
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        begun.cancel();
        let mut request: Request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        router.clone().oneshot(request)
    });
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(if is_proxy { NEXT_HEAD_BY_PROXY } else { NEXT_HEAD })
        .max_header_size(HEAD_MAX)
        .max_headers(FIELDS_MAX)
        .serve_connection(TokioIo::new(Box::pin(socket)), service)
}

/// How many connections each address has.
#[derive(Clone, Default)]
struct Addresses(Arc<Mutex<HashMap<IpAddr, usize>>>);

impl Addresses {
    /// Room for one more connection of `address`, until it is dropped.
    fn enter(&self, address: IpAddr, is_proxy: bool) -> Option<Place> {
        let network = limit::network(address);
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.entry(network).or_default();
        if *count >= CONNECTIONS_EACH && !is_proxy {
            return None;
        }
        *count += 1;
        Some(Place {
            network,
            addresses: self.clone(),
        })
    }
}

struct Place {
    network: IpAddr,
    addresses: Addresses,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.addresses.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = open.get_mut(&self.network) {
            *count -= 1;
            if *count == 0 {
                open.remove(&self.network);
            }
        }
    }
}
