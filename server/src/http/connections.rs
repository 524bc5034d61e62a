//! Which connections are open, and which of them makes room for another.

use std::{
    collections::{BTreeMap, HashMap},
    io,
    net::IpAddr,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll},
    time::Duration,
};

use axum::body::{Body, Bytes, HttpBody};
use domain::platform::limit;
use hyper::body::{Frame, SizeHint};
use tokio::{
    select,
    sync::{Notify, OwnedSemaphorePermit, Semaphore},
    time::sleep,
};
use tokio_util::sync::CancellationToken;

/// One address has at most so many connections, unless it is a trusted proxy's.
const EACH: usize = 512;
/// How long to wait for an idle connection to close before another one is closed.
const CLOSING: Duration = Duration::from_millis(20);

/// The open connections. When there are as many as there may be, one that is idle is closed for each new one: the one that has
/// been idle for longest. A connection is idle but for the time from the head of a request until its answer has been handed over
/// to be sent.
#[derive(Debug, Clone)]
pub(crate) struct Connections(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    free: Arc<Semaphore>,
    each: usize,
    open: Mutex<Open>,
    /// One more has become idle.
    idled: Notify,
}

#[derive(Debug, Default)]
struct Open {
    addresses: HashMap<IpAddr, usize>,
    /// The idle ones, the one that has been idle for longest first.
    idle: BTreeMap<u64, CancellationToken>,
    /// How often one has become idle.
    count: u64,
}

impl Connections {
    /// At most so many connections at one time. Nobody has all of them, however few there are.
    pub(crate) fn new(most: usize) -> Self {
        Self::with(most, EACH.min(most.div_ceil(2)))
    }

    /// At most so many connections at one time, `each` of one address.
    pub(crate) fn with(most: usize, each: usize) -> Self {
        Self(Arc::new(Shared {
            free: Arc::new(Semaphore::new(most)),
            each,
            open: Mutex::default(),
            idled: Notify::new(),
        }))
    }

    /// Counts one more connection of `address`, unless it has as many as one may have.
    pub(crate) fn admit(&self, address: IpAddr, is_proxy: bool) -> Option<ConnectionSlot> {
        let network = limit::network(address);
        let mut open = self.0.lock();
        let count = open.addresses.entry(network).or_default();
        if *count >= self.0.each && !is_proxy {
            return None;
        }
        *count += 1;
        drop(open);
        Some(ConnectionSlot {
            network,
            shared: Arc::clone(&self.0),
        })
    }

    /// Waits until the connection that has this `place` may be served, and has an idle one closed if need be.
    ///
    /// # Errors
    /// None that could happen: nobody closes the semaphore.
    pub(crate) async fn enter(&self, place: ConnectionSlot) -> io::Result<Connection> {
        let free = || Arc::clone(&self.0.free);
        let permit = loop {
            if let Ok(permit) = free().try_acquire_owned() {
                break permit;
            }
            let is_closing = self.0.close_idle();
            select! {
                permit = free().acquire_owned() => break permit.map_err(io::Error::other)?,
                // A client that is slow to read its last answer does not delay others.
                () = sleep(CLOSING), if is_closing => {}
                () = self.0.idled.notified(), if !is_closing => {}
            }
        };
        let closed = CancellationToken::new();
        let since = self.0.lock().idle(closed.clone());
        Ok(Connection {
            closed,
            since: Mutex::new(Some(since)),
            place,
            _permit: permit,
        })
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Has the connection closed that has been idle for longest, and says whether there is one.
    fn close_idle(&self) -> bool {
        let idle = self.lock().idle.pop_first();
        idle.inspect(|(_, closed)| closed.cancel()).is_some()
    }
}

impl Open {
    /// Notes that a connection is idle from now on; gives the number by which it is known.
    fn idle(&mut self, closed: CancellationToken) -> u64 {
        self.count += 1;
        self.idle.insert(self.count, closed);
        self.count
    }
}

/// A connection's share of those of its address.
#[derive(Debug)]
pub(crate) struct ConnectionSlot {
    network: IpAddr,
    shared: Arc<Shared>,
}

impl Drop for ConnectionSlot {
    fn drop(&mut self) {
        let mut open = self.shared.lock();
        if let Some(count) = open.addresses.get_mut(&self.network) {
            *count -= 1;
            if *count == 0 {
                open.addresses.remove(&self.network);
            }
        }
    }
}

/// An open connection, until it is dropped.
#[derive(Debug)]
pub(crate) struct Connection {
    closed: CancellationToken,
    /// Its number among the idle ones; `None` while it is busy.
    since: Mutex<Option<u64>>,
    place: ConnectionSlot,
    _permit: OwnedSemaphorePermit,
}

impl Connection {
    /// Ready when the connection is to be closed, to make room for another.
    pub(crate) async fn closed(&self) {
        self.closed.cancelled().await;
    }

    /// A request has begun: the connection is busy until its answer, which this is to be given to, has been sent.
    ///
    /// # Errors
    /// When it is too late, for the connection is being closed.
    pub(crate) fn begin(self: &Arc<Self>) -> io::Result<Busy> {
        let since = self.since().take();
        let is_open = since.is_some_and(|since| self.place.shared.lock().idle.remove(&since).is_some());
        if is_open {
            Ok(Busy(Arc::clone(self)))
        } else {
            Err(io::ErrorKind::ConnectionAborted.into())
        }
    }

    fn since(&self) -> MutexGuard<'_, Option<u64>> {
        self.since.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        if let Some(since) = self.since().take() {
            self.place.shared.lock().idle.remove(&since);
        }
    }
}

/// A connection that is not closed to make room for another, until this is dropped.
#[derive(Debug)]
pub(crate) struct Busy(Arc<Connection>);

impl Busy {
    /// `body`, for as long as which the connection is busy.
    pub(crate) fn with(self, body: Body) -> Body {
        Body::new(Answer { body, _busy: self })
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        let connection = &self.0;
        let since = connection.place.shared.lock().idle(connection.closed.clone());
        *connection.since() = Some(since);
        connection.place.shared.idled.notify_one();
    }
}

/// The body of an answer, with what lasts as long as it is being sent.
struct Answer {
    body: Body,
    _busy: Busy,
}

impl HttpBody for Answer {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
