//! Limits the number of concurrent requests to each host.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError, Weak},
};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// The slots for requests to each host.
#[derive(Debug)]
pub(super) struct HostSlots {
    per_host: usize,
    /// The slots of the hosts to which there are requests.
    hosts: Mutex<HashMap<String, Weak<Semaphore>>>,
}

impl HostSlots {
    /// Creates `per_host` slots for each host.
    pub(super) fn new(per_host: usize) -> Self {
        Self {
            per_host,
            hosts: Mutex::default(),
        }
    }

    /// Waits for a slot of `host`. It is free again when the result is dropped.
    pub(super) async fn take(&self, host: &str) -> Option<OwnedSemaphorePermit> {
        // The semaphore is never closed, so there is always a result.
        self.of(host).acquire_owned().await.ok()
    }

    fn of(&self, host: &str) -> Arc<Semaphore> {
        // A trailing dot changes nothing about which host it is.
        let host = host.trim_end_matches('.');
        let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(slots) = hosts.get(host).and_then(Weak::upgrade) {
            return slots;
        }
        hosts.retain(|_, slots| slots.strong_count() > 0);
        let slots = Arc::new(Semaphore::new(self.per_host));
        hosts.insert(host.to_owned(), Arc::downgrade(&slots));
        slots
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_host_without_requests_is_forgotten() {
        let slots = HostSlots::new(1);
        let first = slots.take("one.example").await;
        drop(slots.take("two.example").await);
        let third = slots.take("three.example.").await;
        let mut hosts: Vec<String> = slots.hosts.lock().expect("no panic").keys().cloned().collect();
        hosts.sort();
        assert_eq!(hosts, ["one.example", "three.example"]);
        drop((first, third));
    }
}
