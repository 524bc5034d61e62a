//! How many answers are made for one client at the same time.
//!
//! Making a page or a feed takes processor time and memory, and one client may have hundreds of connections. So that it cannot
//! take all of both, only a few of its requests are worked on at a time; the others wait for their turn, and after some time
//! they are told to come back. Answers that are in the page cache, and files, need no turn.

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
    time::timeout,
};

use super::client_address;
use crate::routes::pages::Pages;

/// When a client that was refused is to come back, in seconds.
const RETRY: u32 = 5;

/// The turn of an answer with more bytes lasts until they have been sent: a client that reads slowly has memory taken as long as
/// that.
const LARGE: u64 = 64 * 1024;

/// How many answers are made for one client, and how long others wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Concurrency {
    /// So many answers are made at the same time.
    pub per_client: usize,
    /// Further requests wait for so long at most.
    pub patience: Duration,
}

impl Default for Concurrency {
    fn default() -> Self {
        Self {
            // A browser opens no more connections, so that nobody waits who has only one.
            per_client: 6,
            patience: Duration::from_secs(10),
        }
    }
}

/// Gives each client its turns.
#[derive(Clone)]
pub(crate) struct ClientLimit {
    /// `None` for no limit.
    concurrency: Option<Concurrency>,
    trusted_proxies: Arc<[IpNet]>,
    clients: Arc<Mutex<HashMap<IpAddr, Client>>>,
}

/// A client that has requests here.
struct Client {
    turns: Arc<Semaphore>,
    requests: usize,
}

/// Whether a request has got its turn, as the request carries it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Admission {
    Granted,
    Refused,
}

/// A client's turn, which ends when this is dropped.
pub(crate) struct Turn {
    _permit: OwnedSemaphorePermit,
    _presence: Presence,
}

/// A request of a client that waits or is worked on.
struct Presence {
    client: IpAddr,
    limit: ClientLimit,
}

impl ClientLimit {
    /// Limits clients, who may come through `trusted_proxies`.
    pub(crate) fn new(concurrency: Option<Concurrency>, trusted_proxies: &[IpNet]) -> Self {
        Self {
            concurrency,
            trusted_proxies: trusted_proxies.into(),
            clients: Arc::default(),
        }
    }

    /// How long somebody waits for their turn at most.
    fn patience(&self) -> Duration {
        self.concurrency
            .map_or(Duration::ZERO, |concurrency| concurrency.patience)
    }

    /// Waits for the turn of the request with these `parts`, unless it was admitted or refused before.
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
        let permit = timeout(concurrency.patience, turns.acquire_owned()).await;
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

/// Whether the request with these `parts` has waited for its turn in vain.
pub(crate) fn is_refused(parts: &Parts) -> bool {
    parts.extensions.get() == Some(&Admission::Refused)
}

/// Answers a request that reads when its turn has come.
pub(crate) async fn take_turns(
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
            held(response, turn, limit.patience()).await
        }
        _ => response,
    }
}

/// Bytes that are sent in a client's turn.
struct Held {
    bytes: Bytes,
    /// Whoever holds the turn learns by it that the bytes are gone.
    _sent: oneshot::Sender<()>,
}

impl AsRef<[u8]> for Held {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

/// Returns `response`, which has a body of one piece. The turn ends when that is gone, or after `patience`: a client that reads
/// slowly does not keep others at its address waiting for ever.
async fn held(response: Response, turn: Turn, patience: Duration) -> Response {
    let (parts, body) = response.into_parts();
    let Ok(bytes) = to_bytes(body, usize::MAX).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let (sent, gone) = oneshot::channel();
    tokio::spawn(async move {
        let _ = timeout(patience, gone).await;
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
        patience: Duration::from_millis(20),
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
            patience: Duration::from_mins(1),
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
