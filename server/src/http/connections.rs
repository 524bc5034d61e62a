//! Tracks open connections, and decides which of them is closed to make room for another.

use std::{
    collections::{BTreeMap, HashMap},
    io, mem,
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

/// The maximum number of connections of one address, unless it is a trusted proxy.
const EACH: usize = 512;
/// How long to wait for an idle connection to close before another one is closed.
const CLOSING: Duration = Duration::from_millis(20);

/// The open connections. When their maximum number is reached, the one that has been idle for longest is closed for
/// each new one. A connection is busy from the head of a request until its response has been passed on for sending, and
/// otherwise idle. A new one becomes idle only after a while, because its first request may be on its way.
#[derive(Debug, Clone)]
pub(crate) struct Connections(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    free: Arc<Semaphore>,
    each: usize,
    open: Mutex<Open>,
    /// Notified when a connection becomes idle.
    idled: Notify,
}

#[derive(Debug, Default)]
struct Open {
    addresses: HashMap<IpAddr, usize>,
    /// The idle connections, in the order in which they became idle.
    idle: BTreeMap<u64, CancellationToken>,
    /// The number of times that a connection has become idle.
    count: u64,
}

impl Connections {
    /// Returns a limit of `most` connections at a time. A single address can use at most half of them.
    pub(crate) fn new(most: usize) -> Self {
        Self::with(most, EACH.min(most.div_ceil(2)))
    }

    /// Returns a limit of `most` connections at a time, and of `each` from one address.
    pub(crate) fn with(most: usize, each: usize) -> Self {
        Self(Arc::new(Shared {
            free: Arc::new(Semaphore::new(most)),
            each,
            open: Mutex::default(),
            idled: Notify::new(),
        }))
    }

    /// Counts another connection of `address`, or returns `None` if the address has reached its maximum.
    pub(crate) fn count(&self, address: IpAddr, is_proxy: bool) -> Option<ConnectionSlot> {
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

    /// Waits until the connection with this `slot` may be served. Closes an idle one if necessary.
    ///
    /// # Errors
    /// Does not return an error in practice, because the semaphore is never closed.
    pub(crate) async fn enter(&self, slot: ConnectionSlot) -> io::Result<Connection> {
        let free = || Arc::clone(&self.0.free);
        let permit = loop {
            if let Ok(permit) = free().try_acquire_owned() {
                break permit;
            }
            let is_closing = self.0.close_idle();
            select! {
                permit = free().acquire_owned() => break permit.map_err(io::Error::other)?,
                // Another connection is closed after this time, so that a client that is slow to read its last response
                // does not delay others.
                () = sleep(CLOSING), if is_closing => {}
                () = self.0.idled.notified(), if !is_closing => {}
            }
        };
        Ok(Connection {
            closed: CancellationToken::new(),
            state: Mutex::new(State::Fresh),
            slot,
            _permit: permit,
        })
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Closes the connection that has been idle for longest. Returns whether there was one.
    fn close_idle(&self) -> bool {
        let idle = self.lock().idle.pop_first();
        idle.inspect(|(_, closed)| closed.cancel()).is_some()
    }
}

impl Open {
    /// Registers a connection as idle. Returns its number among the idle ones.
    fn idle(&mut self, closed: CancellationToken) -> u64 {
        self.count += 1;
        self.idle.insert(self.count, closed);
        self.count
    }
}

/// The share of a connection in the maximum number of its address.
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

/// The state of a connection.
#[derive(Debug, Clone, Copy)]
enum State {
    /// Its first request may be on its way, so it is not closed yet to make room for another.
    Fresh,
    /// It waits for a request, with this number among the idle connections.
    Idle(u64),
    /// A request is being processed.
    Busy,
}

/// The place of an open connection, which is given back when this is dropped.
#[derive(Debug)]
pub(crate) struct Connection {
    closed: CancellationToken,
    state: Mutex<State>,
    slot: ConnectionSlot,
    _permit: OwnedSemaphorePermit,
}

impl Connection {
    /// Waits until the connection has to be closed to make room for another.
    pub(crate) async fn closed(&self) {
        self.closed.cancelled().await;
    }

    /// Marks the connection as busy because a request has begun. The returned value must be attached to the response
    /// with [`Busy::with`], so that the connection stays busy until the response has been sent.
    ///
    /// # Errors
    /// Returns an error if the connection is already being closed.
    pub(crate) fn begin(self: &Arc<Self>) -> io::Result<Busy> {
        let before = mem::replace(&mut *self.state(), State::Busy);
        let is_open = match before {
            State::Fresh => true,
            State::Idle(since) => self.slot.shared.lock().idle.remove(&since).is_some(),
            State::Busy => false,
        };
        if is_open {
            Ok(Busy(Arc::clone(self)))
        } else {
            Err(io::ErrorKind::ConnectionAborted.into())
        }
    }

    /// Marks the connection as idle if it is still fresh.
    pub(crate) fn age(&self) {
        let mut state = self.state();
        if matches!(*state, State::Fresh) {
            *state = self.idle();
        }
    }

    /// Registers the connection as idle.
    fn idle(&self) -> State {
        let since = self.slot.shared.lock().idle(self.closed.clone());
        self.slot.shared.idled.notify_one();
        State::Idle(since)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        if let State::Idle(since) = *self.state() {
            self.slot.shared.lock().idle.remove(&since);
        }
    }
}

/// Marks a connection as busy until it is dropped. Busy connections are not closed to make room for others.
#[derive(Debug)]
pub(crate) struct Busy(Arc<Connection>);

impl Busy {
    /// Returns `body`, which keeps the connection busy until it is dropped.
    pub(crate) fn with(self, body: Body) -> Body {
        Body::new(Answer { body, _busy: self })
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        let idle = self.0.idle();
        *self.0.state() = idle;
    }
}

/// The body of a response, which keeps its connection busy.
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
