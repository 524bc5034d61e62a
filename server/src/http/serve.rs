//! Accepts connections, and bounds what one of them may cost. `axum::serve` waits for ever for a request's head, so that a
//! handful of slow sockets could hold the server.

use std::{
    io::{self, ErrorKind},
    net::SocketAddr,
    pin::{Pin, pin},
    sync::Arc,
    time::Duration,
};

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
    time::{sleep, timeout},
};
use tokio_io_timeout::TimeoutStream;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

use super::connections::{Connection, Connections};

/// The head of each further request on a connection has to arrive within this time.
const NEXT_HEAD: Duration = Duration::from_secs(15);
/// A trusted proxy keeps its connections for a minute; closed earlier, the request that it sends just then is lost.
const NEXT_HEAD_BY_PROXY: Duration = Duration::from_secs(75);
/// Somebody who takes nothing of an answer for so long does not want it.
const READ: Duration = Duration::from_secs(30);
/// A request's head has at most this many bytes and header fields; beyond it is answered 431. No more of anything is read or
/// written ahead.
const HEAD_MAX: usize = 32 * 1024;
const FIELDS_MAX: usize = 100;
/// After a stop, the head of a new connection's request has to arrive within this time.
const LAST_HEAD: Duration = Duration::from_secs(1);
/// The time in which requests that have begun are answered after a stop.
const LAST_ANSWERS: Duration = Duration::from_secs(20);
/// How long a connection that makes room for another may take to send the rest of its answer.
const LAST_BYTES: Duration = Duration::from_secs(30);
/// Nothing is accepted for so long when the system gives no socket.
const BACKOFF: Duration = Duration::from_millis(100);

/// Serves `router` until `stop` is ready, then answers what has begun and returns.
pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    bounds: Bounds,
    stop: impl Future<Output = ()>,
) {
    let door = Acceptor {
        router,
        bounds,
        open: GracefulShutdown::new(),
        closing: CancellationToken::new(),
    };
    let mut stop = pin!(stop);
    loop {
        let accepted = select! {
            accepted = door.accept(&listener) => accepted,
            () = &mut stop => break,
        };
        match accepted {
            Ok(Some(accepted)) => door.serve(accepted),
            // One address has too many.
            Ok(None) => {}
            // Whoever has gone before they were served holds nobody up.
            Err(error)
                if matches!(
                    error.kind(),
                    ErrorKind::ConnectionAborted | ErrorKind::ConnectionReset
                ) => {}
            Err(error) => {
                tracing::warn!(%error, "connections cannot be accepted");
                sleep(BACKOFF).await;
            }
        }
    }
    // Whoever the system has let in already, and their request with them, would be turned away with the listener.
    while let Some(Ok(accepted)) = door.accept(&listener).now_or_never() {
        if let Some(accepted) = accepted {
            door.serve(accepted);
        }
    }
    drop(listener);
    door.closing.cancel();
    if timeout(LAST_ANSWERS, door.open.shutdown()).await.is_err() {
        tracing::warn!("some answers took too long and were cancelled");
    }
}

/// The limits of a listener's connections.
pub(crate) struct Bounds {
    /// How many there may be.
    pub connections: Connections,
    /// The head of a connection's first request has to arrive within this time.
    pub first_head: Duration,
    /// Proxies, which bring the requests of many.
    pub trusted_proxies: Vec<IpNet>,
}

/// A connection that may be served.
struct Accepted {
    socket: TcpStream,
    peer: SocketAddr,
    is_proxy: bool,
    connection: Connection,
}

/// Lets connections in.
struct Acceptor {
    router: Router,
    bounds: Bounds,
    open: GracefulShutdown,
    closing: CancellationToken,
}

impl Acceptor {
    /// The next connection, once there is room for it; `None` when there are too many of its address.
    async fn accept(&self, listener: &TcpListener) -> io::Result<Option<Accepted>> {
        let (socket, peer) = listener.accept().await?;
        // Small answers leave at once, to whoever is still there.
        let _ = socket.set_nodelay(true);
        // Listening on all addresses, IPv4 comes in the clothes of IPv6.
        let address = peer.ip().to_canonical();
        let proxies = &self.bounds.trusted_proxies;
        let is_proxy = proxies.iter().any(|network| network.contains(&address));
        let Some(place) = self.bounds.connections.admit(address, is_proxy) else {
            return Ok(None);
        };
        Ok(Some(Accepted {
            socket,
            peer,
            is_proxy,
            connection: self.bounds.connections.enter(place).await?,
        }))
    }

    /// Serves a connection.
    fn serve(&self, accepted: Accepted) {
        let begun = CancellationToken::new();
        let held = Arc::new(accepted.connection);
        let requests = Requests {
            peer: accepted.peer,
            router: self.router.clone(),
            connection: Arc::clone(&held),
            begun: begun.clone(),
        };
        let mut connection = connection(accepted.socket, requests, accepted.is_proxy);
        let (watcher, closing) = (self.open.watcher(), self.closing.clone());
        let first_head = self.bounds.first_head;
        tokio::spawn(async move {
            // A stop waits until this is dropped.
            let _watcher = watcher;
            // hyper closes a connection at once on which it has read nothing when it is told to stop, although a request may
            // be on its way.
            select! {
                biased;
                _ = &mut connection => return,
                () = begun.cancelled() => {}
                () = held.closed() => return,
                () = late(&closing) => {}
                () = sleep(first_head) => return,
            }
            // Whoever has gone, or does not speak HTTP, misses no answer.
            let patience = select! {
                biased;
                _ = &mut connection => return,
                () = closing.cancelled() => LAST_ANSWERS,
                () = held.closed() => LAST_BYTES,
            };
            Pin::new(&mut connection).graceful_shutdown();
            let _ = timeout(patience, connection).await;
        });
    }
}

/// Ready when a new connection that says nothing is not waited for any more.
async fn late(closing: &CancellationToken) {
    closing.cancelled().await;
    sleep(LAST_HEAD).await;
}

/// Where the requests of a connection go.
struct Requests {
    peer: SocketAddr,
    router: Router,
    connection: Arc<Connection>,
    /// The first has arrived.
    begun: CancellationToken,
}

impl Requests {
    /// Answers one; until its answer has been sent, the connection is busy.
    ///
    /// # Errors
    /// When the connection is being closed.
    fn answer(
        &self,
        request: hyper::Request<Incoming>,
    ) -> impl Future<Output = io::Result<hyper::Response<Body>>> + use<> {
        self.begun.cancel();
        let busy = self.connection.begin();
        let mut request: Request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(self.peer));
        let router = self.router.clone();
        async move {
            let busy = busy?;
            let Ok(response) = router.oneshot(request).await;
            Ok(response.map(|body| busy.with(body)))
        }
    }
}

/// One connection's requests and their answers.
fn connection(socket: TcpStream, requests: Requests, is_proxy: bool) -> impl GracefulConnection + Unpin {
    let mut socket = TimeoutStream::new(socket);
    socket.set_write_timeout(Some(READ));
    let service = service_fn(move |request| requests.answer(request));
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(if is_proxy { NEXT_HEAD_BY_PROXY } else { NEXT_HEAD })
        .max_buf_size(HEAD_MAX)
        .max_header_size(HEAD_MAX)
        .max_headers(FIELDS_MAX)
        .serve_connection(TokioIo::new(Box::pin(socket)), service)
}
