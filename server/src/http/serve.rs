//! Accepts connections, and limits the cost of each. `axum::serve` waits for the head of a request without a timeout,
//! so that a few slow connections could block the server.

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
use futures::{FutureExt, future::ready};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulConnection,
};
use ipnet::IpNet;
use tokio::{
    net::{TcpListener, TcpStream},
    select,
    task::unconstrained,
    time::{sleep, timeout},
};
use tokio_io_timeout::TimeoutStream;
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tower::ServiceExt;

use super::connections::{Connection, ConnectionSlot, Connections};

/// The timeout for the head of each further request on a connection.
const NEXT_HEAD: Duration = Duration::from_secs(15);
/// The same for a trusted proxy. Proxies keep idle connections for a minute; if the server closed one earlier, a
/// request sent at that moment would be lost.
const NEXT_HEAD_BY_PROXY: Duration = Duration::from_secs(75);
/// The time after which a response of which the client has read nothing is cancelled.
const READ: Duration = Duration::from_secs(30);
/// The maximum size of a request's head in bytes and its maximum number of fields. Larger ones are answered with 431.
/// The size is also that of the read and write buffers.
const HEAD_MAX: usize = 32 * 1024;
const FIELDS_MAX: usize = 100;
/// The timeout for the head of a new connection's request after a stop was requested.
const LAST_HEAD: Duration = Duration::from_secs(1);
/// The time for which a new connection without a request is not closed to make room for another.
const FRESH: Duration = Duration::from_millis(250);
/// The maximum time for completing requests after a stop was requested.
const LAST_ANSWERS: Duration = Duration::from_secs(20);
/// The maximum time that a connection has to send the rest of its response when it is closed to make room for another.
const LAST_BYTES: Duration = Duration::from_secs(30);
/// The pause after an error of the system in accepting a connection.
const BACKOFF: Duration = Duration::from_millis(100);

/// Serves `router` until `stop` is ready. Then completes the running requests and returns.
pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    bounds: Bounds,
    stop: impl Future<Output = ()>,
) {
    let acceptor = Acceptor {
        router,
        bounds,
        served: TaskTracker::new(),
        closing: CancellationToken::new(),
    };
    let mut stop = pin!(stop);
    loop {
        let accepted = select! {
            accepted = acceptor.accept(&listener) => accepted,
            () = &mut stop => break,
        };
        match accepted {
            Ok(Some(accepted)) => {
                let mut served = pin!(acceptor.serve(accepted));
                select! {
                    () = &mut served => {}
                    // It has been accepted, so it is still served when there is room.
                    () = &mut stop => return acceptor.stop(listener, served).await,
                }
            }
            // The address has too many connections.
            Ok(None) => {}
            Err(error) if is_of_client(&error) => {}
            Err(error) => {
                tracing::warn!(%error, "connections cannot be accepted");
                sleep(BACKOFF).await;
            }
        }
    }
    acceptor.stop(listener, ready(())).await;
}

/// Returns whether `error` concerns one connection only: its client has disconnected before it was accepted.
fn is_of_client(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::ConnectionAborted | ErrorKind::ConnectionReset
    )
}

/// The limits of a listener's connections.
pub(crate) struct Bounds {
    /// The open connections and their maximum number.
    pub connections: Connections,
    /// The timeout for the head of a connection's first request.
    pub first_head: Duration,
    /// The networks of trusted proxies, each of which sends requests of many clients.
    pub trusted_proxies: Vec<IpNet>,
}

/// An accepted connection that waits for a place.
struct Accepted {
    socket: TcpStream,
    peer: SocketAddr,
    is_proxy: bool,
    slot: ConnectionSlot,
}

/// Accepts and serves connections.
struct Acceptor {
    router: Router,
    bounds: Bounds,
    /// The tasks of connections.
    served: TaskTracker,
    closing: CancellationToken,
}

impl Acceptor {
    /// Completes the running requests and those of connections that have not been served yet: first the one that
    /// `waiting` waits for, then those in the backlog of the listener, which would be reset when it is closed.
    async fn stop(&self, listener: TcpListener, waiting: impl Future<Output = ()>) {
        self.closing.cancel();
        let rest = async {
            waiting.await;
            // Without a budget, so that the runtime does not end the backlog early.
            while let Some(accepted) = unconstrained(self.accept(&listener)).now_or_never() {
                match accepted {
                    Ok(Some(accepted)) => self.serve(accepted).await,
                    Ok(None) => {}
                    Err(error) if is_of_client(&error) => {}
                    Err(_) => break,
                }
            }
            drop(listener);
            self.served.close();
            self.served.wait().await;
        };
        if timeout(LAST_ANSWERS, rest).await.is_err() {
            tracing::warn!("some answers took too long and were cancelled");
        }
    }

    /// Accepts the next connection. Returns `None` if there are too many of its address. No connection is lost if this
    /// is cancelled.
    async fn accept(&self, listener: &TcpListener) -> io::Result<Option<Accepted>> {
        let (socket, peer) = listener.accept().await?;
        // Small responses are sent without delay. An error means that the client has disconnected, which is noticed
        // later.
        let _ = socket.set_nodelay(true);
        // A listener on all addresses reports IPv4 addresses in their IPv6-mapped form.
        let address = peer.ip().to_canonical();
        let proxies = &self.bounds.trusted_proxies;
        let is_proxy = proxies.iter().any(|network| network.contains(&address));
        let slot = self.bounds.connections.count(address, is_proxy);
        Ok(slot.map(|slot| Accepted {
            socket,
            peer,
            is_proxy,
            slot,
        }))
    }

    /// Waits until there is room for a connection, and serves it in a task of its own.
    async fn serve(&self, accepted: Accepted) {
        let Ok(place) = self.bounds.connections.enter(accepted.slot).await else {
            return;
        };
        let begun = CancellationToken::new();
        let place = Arc::new(place);
        let requests = Requests {
            peer: accepted.peer,
            router: self.router.clone(),
            connection: Arc::clone(&place),
            begun: begun.clone(),
        };
        let mut connection = connection(accepted.socket, requests, accepted.is_proxy);
        let closing = self.closing.clone();
        let first_head = self.bounds.first_head;
        self.served.spawn(async move {
            // When hyper is told to stop, it closes a connection from which it has read nothing immediately, although a
            // request may be on its way. Such a connection therefore gets some time.
            select! {
                biased;
                _ = &mut connection => return,
                () = begun.cancelled() => {}
                () = place.closed() => return,
                () = late(&closing) => {}
                () = idle(&place, first_head) => return,
            }
            // Errors of a connection are ignored: the client has disconnected or does not speak HTTP.
            let limit = select! {
                biased;
                _ = &mut connection => return,
                () = closing.cancelled() => LAST_ANSWERS,
                () = place.closed() => LAST_BYTES,
            };
            Pin::new(&mut connection).graceful_shutdown();
            let _ = timeout(limit, connection).await;
        });
    }
}

/// Waits until the time for the head of the first request of a new connection is over. Counts the connection as idle
/// after [`FRESH`].
async fn idle(connection: &Connection, first_head: Duration) {
    let fresh = FRESH.min(first_head);
    sleep(fresh).await;
    connection.age();
    sleep(first_head.saturating_sub(fresh)).await;
}

/// Waits until a new connection without a request is not waited for any longer after a stop was requested.
async fn late(closing: &CancellationToken) {
    closing.cancelled().await;
    sleep(LAST_HEAD).await;
}

/// The requests of a connection.
struct Requests {
    peer: SocketAddr,
    router: Router,
    connection: Arc<Connection>,
    /// Cancelled when the first request arrives.
    begun: CancellationToken,
}

impl Requests {
    /// Responds to a request. The connection is busy until the response has been sent.
    ///
    /// # Errors
    /// Returns an error if the connection is being closed.
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

/// Returns the future that processes the requests of a connection.
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
