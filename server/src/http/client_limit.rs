//! Limits the number of responses that are created concurrently for one client.
//!
//! Creating a page or a feed takes processor time and memory, and one client may have hundreds of connections. So that
//! it cannot use up both, only a few of its requests are processed concurrently. The others wait, and are rejected with
//! a time to retry if they have waited too long. Cached pages and files are exempt.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::{
    body::{Body, Bytes, HttpBody, to_bytes},
    extract::{Request, State},
    http::{Method, StatusCode, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};
use domain::platform::limit;
use ipnet::IpNet;
use shared::error::AppError;
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore, oneshot},
    time,
};

use super::client_address;
use crate::routes::pages::Pages;

/// The time after which a rejected client should retry, in seconds.
const RETRY: u32 = 5;

/// The size in bytes above which a response holds its permit until it has been sent, because a slow client occupies its
/// memory for that long.
const LARGE: u64 = 64 * 1024;

/// The limits for one client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Concurrency {
    /// The maximum number of responses that are created concurrently.
    pub per_client: usize,
    /// The maximum time that further requests wait.
    pub timeout: Duration,
}

impl Default for Concurrency {
    fn default() -> Self {
        Self {
            // Browsers open at most six connections to a host over HTTP/1.1, so a client with one browser never waits.
            per_client: 6,
            timeout: Duration::from_secs(10),
        }
    }
}

/// Limits the concurrent requests of each client.
#[derive(Clone)]
pub(crate) struct ClientLimit {
    /// The limits, or `None` for no limit.
    concurrency: Option<Concurrency>,
    trusted_proxies: Arc<[IpNet]>,
    clients: Arc<Mutex<HashMap<IpAddr, Client>>>,
}

/// A client with at least one request that waits or is being processed.
struct Client {
    turns: Arc<Semaphore>,
    requests: usize,
}

/// Whether a request has received its permit. Stored in the extensions of the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Admission {
    Granted,
    Refused,
}

/// The permit of a request. It is released when this is dropped.
pub(crate) struct Turn {
    _permit: OwnedSemaphorePermit,
    _presence: Presence,
}

/// The registration of a request that waits or is being processed.
struct Presence {
    client: IpAddr,
    limit: ClientLimit,
}

impl ClientLimit {
    /// Returns a limit for clients that may connect through `trusted_proxies`.
    pub(crate) fn new(concurrency: Option<Concurrency>, trusted_proxies: &[IpNet]) -> Self {
        Self {
            concurrency,
            trusted_proxies: trusted_proxies.into(),
            clients: Arc::default(),
        }
    }

    /// Returns the maximum time that a request waits.
    fn timeout(&self) -> Duration {
        self.concurrency
            .map_or(Duration::ZERO, |concurrency| concurrency.timeout)
    }

    /// Waits for a permit for the request with these `parts`. Returns `None` if there is no limit, the request has been
    /// admitted before, or no permit became available in time.
    pub(crate) async fn admit(&self, parts: &mut Parts) -> Option<Turn> {
        let concurrency = self.concurrency?;
        if parts.extensions.get::<Admission>().is_some() {
            return None;
        }
        let client = limit::network(client_address::from_request(parts, &self.trusted_proxies));
        let turn = self.turn(client, concurrency).await;
        let admission = turn.as_ref().map_or(Admission::Refused, |_| Admission::Granted);
        parts.extensions.insert(admission);
        turn
    }

    async fn turn(&self, client: IpAddr, concurrency: Concurrency) -> Option<Turn> {
        let (presence, turns) = self.enter(client, concurrency.per_client);
        let permit = time::timeout(concurrency.timeout, turns.acquire_owned()).await;
        Some(Turn {
            _permit: permit.ok()?.ok()?,
            _presence: presence,
        })
    }

    fn enter(&self, client: IpAddr, per_client: usize) -> (Presence, Arc<Semaphore>) {
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = clients.entry(client).or_insert_with(|| Client {
            turns: Arc::new(Semaphore::new(per_client)),
            requests: 0,
        });
        entry.requests += 1;
        let presence = Presence {
            client,
            limit: self.clone(),
        };
        (presence, Arc::clone(&entry.turns))
    }
}

impl Drop for Presence {
    fn drop(&mut self) {
        let mut clients = self.limit.clients.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = clients.get_mut(&self.client) {
            client.requests -= 1;
            if client.requests == 0 {
                clients.remove(&self.client);
            }
        }
    }
}

/// Returns whether the request with these `parts` has waited in vain for its permit.
pub(crate) fn is_refused(parts: &Parts) -> bool {
    parts.extensions.get() == Some(&Admission::Refused)
}

/// Responds to a GET or HEAD request as soon as it has a permit. Other methods are not limited.
pub(crate) async fn limit_clients(
    State((limit, pages)): State<(ClientLimit, Pages)>,
    request: Request,
    next: Next,
) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return next.run(request).await;
    }
    let (mut parts, body) = request.into_parts();
    let turn = limit.admit(&mut parts).await;
    if is_refused(&parts) {
        return pages.problem(parts, AppError::Throttled(RETRY)).await;
    }
    let response = next.run(Request::from_parts(parts, body)).await;
    match turn {
        Some(turn) if response.body().size_hint().exact() > Some(LARGE) => {
            held(response, turn, limit.timeout()).await
        }
        _ => response,
    }
}

/// The bytes of a response that holds its permit until it has been sent.
struct Held {
    bytes: Bytes,
    /// Dropped with the bytes, which notifies the holder of the permit.
    _sent: oneshot::Sender<()>,
}

impl AsRef<[u8]> for Held {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

/// Returns `response`, whose body must be in memory, and holds `turn` until the body has been sent, but for `timeout`
/// at most, so that a slow client does not block others at its address for ever.
async fn held(response: Response, turn: Turn, timeout: Duration) -> Response {
    let (parts, body) = response.into_parts();
    let Ok(bytes) = to_bytes(body, usize::MAX).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let (sent, gone) = oneshot::channel();
    tokio::spawn(async move {
        let _ = time::timeout(timeout, gone).await;
        drop(turn);
    });
    let bytes = Bytes::from_owner(Held { bytes, _sent: sent });
    Response::from_parts(parts, Body::from(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONCURRENCY: Concurrency = Concurrency {
        per_client: 2,
        timeout: Duration::from_millis(20),
    };

    #[tokio::test]
    async fn a_client_waits_for_its_own_requests_alone() {
        let limit = ClientLimit::new(Some(CONCURRENCY), &[]);
        let [one, other] = ["192.0.2.1", "192.0.2.2"].map(|address| address.parse().expect("an address"));
        let first = limit.turn(one, CONCURRENCY).await;
        let _second = limit.turn(one, CONCURRENCY).await.expect("a turn");
        assert!(limit.turn(one, CONCURRENCY).await.is_none());
        assert!(limit.turn(other, CONCURRENCY).await.is_some());
        let patient = Concurrency {
            timeout: Duration::from_mins(1),
            ..CONCURRENCY
        };
        let waiting = limit.turn(one, patient);
        drop(first);
        assert!(waiting.await.is_some());
    }

    #[tokio::test]
    async fn clients_that_are_gone_are_forgotten() {
        let limit = ClientLimit::new(Some(CONCURRENCY), &[]);
        let client = "192.0.2.1".parse().expect("an address");
        let turns = [
            limit.turn(client, CONCURRENCY).await,
            limit.turn(client, CONCURRENCY).await,
        ];
        assert!(limit.turn(client, CONCURRENCY).await.is_none());
        drop(turns);
        assert!(limit.clients.lock().expect("no panic").is_empty());
    }
}
