//! A memory budget for request bodies.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use domain::platform::limit;
use shared::error::AppError;
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

/// The memory that all bodies may use together. One client can use at most half of it, so that it cannot block all
/// others.
#[derive(Debug, Clone)]
pub(crate) struct MemoryBudget(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    free: Arc<Semaphore>,
    each: usize,
    wait: Duration,
    clients: Mutex<HashMap<IpAddr, Client>>,
}

/// A client that is sending a body.
#[derive(Debug)]
struct Client {
    free: Arc<Semaphore>,
    buffers: usize,
}

impl MemoryBudget {
    /// Returns a budget of so many `bytes`. A buffer that needs more than is free waits for `wait` at most.
    pub(crate) fn new(bytes: usize, wait: Duration) -> Self {
        Self(Arc::new(Shared {
            free: Arc::new(Semaphore::new(bytes.min(Semaphore::MAX_PERMITS))),
            each: bytes / 2,
            wait,
            clients: Mutex::default(),
        }))
    }

    /// Returns an empty buffer for at most `limit` bytes from `client`. It does not reserve any memory yet.
    ///
    /// # Errors
    /// Does not return an error in practice, because the semaphores are never closed.
    pub(crate) fn buffer(&self, client: IpAddr, limit: usize) -> Result<Buffer, AppError> {
        let network = limit::network(client);
        let none = |free: &Arc<Semaphore>| {
            let permit = Arc::clone(free).try_acquire_many_owned(0);
            permit.map_err(|_| AppError::Internal)
        };
        let mut clients = self.0.clients.lock().unwrap_or_else(PoisonError::into_inner);
        let client = clients.entry(network).or_insert_with(|| Client {
            free: Arc::new(Semaphore::new(self.0.each)),
            buffers: 0,
        });
        let (of_all, of_client) = (none(&self.0.free)?, none(&client.free)?);
        client.buffers += 1;
        drop(clients);
        Ok(Buffer {
            bytes: Vec::new(),
            limit,
            reservation: Reservation {
                budget: Arc::clone(&self.0),
                network,
                of_all,
                of_client,
            },
        })
    }
}

/// Memory that is reserved from the budget until this is dropped.
#[derive(Debug)]
pub(crate) struct Reservation {
    budget: Arc<Shared>,
    network: IpAddr,
    of_all: OwnedSemaphorePermit,
    of_client: OwnedSemaphorePermit,
}

impl Reservation {
    /// Reserves so many additional `bytes`.
    ///
    /// # Errors
    /// Returns [`AppError::Unreachable`] if they do not become free in time.
    async fn grow(&mut self, bytes: usize) -> Result<(), AppError> {
        let bytes = u32::try_from(bytes).map_err(|_| AppError::TooLarge)?;
        let both = async {
            Ok((
                more(&self.of_client, bytes).await?,
                more(&self.of_all, bytes).await?,
            ))
        };
        let (of_client, of_all) = timeout(self.budget.wait, both)
            .await
            .unwrap_or(Err(AppError::Unreachable))?;
        self.of_client.merge(of_client);
        self.of_all.merge(of_all);
        Ok(())
    }
}

/// Acquires so many additional bytes from the semaphore of `held`.
async fn more(held: &OwnedSemaphorePermit, bytes: u32) -> Result<OwnedSemaphorePermit, AppError> {
    let permit = Arc::clone(held.semaphore()).acquire_many_owned(bytes).await;
    permit.map_err(|_| AppError::Internal)
}

impl Drop for Reservation {
    fn drop(&mut self) {
        let mut clients = self.budget.clients.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = clients.get_mut(&self.network) {
            client.buffers -= 1;
            if client.buffers == 0 {
                clients.remove(&self.network);
            }
        }
    }
}

/// The part of a body that has arrived.
#[derive(Debug)]
pub(crate) struct Buffer {
    bytes: Vec<u8>,
    limit: usize,
    reservation: Reservation,
}

impl Buffer {
    /// Appends `chunk` as soon as there is memory for it.
    ///
    /// # Errors
    /// Returns [`AppError::TooLarge`] if the limit of the buffer is exceeded, and [`AppError::Unreachable`] if no
    /// memory becomes free in time.
    pub(crate) async fn extend(&mut self, chunk: &[u8]) -> Result<(), AppError> {
        let (capacity, needed) = (self.bytes.capacity(), self.bytes.len() + chunk.len());
        if needed > self.limit {
            return Err(AppError::TooLarge);
        }
        if needed > capacity {
            let wanted = needed.max(capacity.saturating_mul(2).min(self.limit));
            self.reservation.grow(wanted - capacity).await?;
            self.bytes.reserve_exact(wanted - self.bytes.len());
        }
        self.bytes.extend_from_slice(chunk);
        Ok(())
    }

    /// Returns whether nothing has arrived yet.
    pub(crate) const fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// Returns the bytes that have arrived, and their memory reservation.
    pub(crate) fn into_parts(self) -> (Vec<u8>, Reservation) {
        (self.bytes, self.reservation)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ADA: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 1));
    const GRACE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 2));
    const EVE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 3));

    #[tokio::test]
    async fn one_client_has_half_of_the_memory_and_all_have_no_more_than_there_is() {
        let budget = MemoryBudget::new(1_000, Duration::ZERO);
        let mut of_ada = budget.buffer(ADA, 2_000).expect("a buffer");
        assert_eq!(of_ada.extend(&[0; 400]).await, Ok(()));
        let mut second = budget.buffer(ADA, 2_000).expect("a buffer");
        assert_eq!(second.extend(&[0; 200]).await, Err(AppError::Unreachable));
        let mut of_grace = budget.buffer(GRACE, 2_000).expect("a buffer");
        assert_eq!(of_grace.extend(&[0; 500]).await, Ok(()));
        let mut of_eve = budget.buffer(EVE, 2_000).expect("a buffer");
        assert_eq!(of_eve.extend(&[0; 101]).await, Err(AppError::Unreachable));
        assert_eq!(of_eve.extend(&[0; 100]).await, Ok(()));
    }

    #[tokio::test]
    async fn memory_that_becomes_free_goes_to_whoever_waits() {
        let budget = MemoryBudget::new(1_000, Duration::from_mins(1));
        let mut held = budget.buffer(ADA, 2_000).expect("a buffer");
        assert_eq!(held.extend(&[0; 500]).await, Ok(()));
        let mut waiting = budget.buffer(ADA, 2_000).expect("a buffer");
        let waiter = tokio::spawn(async move { waiting.extend(&[0; 500]).await });
        tokio::task::yield_now().await;
        let (_, memory) = held.into_parts();
        assert!(!waiter.is_finished(), "as long as its bytes are in use");
        drop(memory);
        assert_eq!(waiter.await.expect("no panic"), Ok(()));
        assert!(budget.0.clients.lock().expect("no panic").is_empty());
    }

    #[tokio::test]
    async fn a_buffer_holds_no_more_than_its_limit() {
        let budget = MemoryBudget::new(10_000, Duration::ZERO);
        let mut buffer = budget.buffer(ADA, 1_000).expect("a buffer");
        assert_eq!(buffer.extend(&[0; 600]).await, Ok(()));
        assert_eq!(buffer.extend(&[0; 401]).await, Err(AppError::TooLarge));
        assert_eq!(buffer.extend(&[0; 400]).await, Ok(()));
        assert_eq!(buffer.bytes.capacity(), 1_000);
    }
}
