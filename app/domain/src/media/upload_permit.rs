//! Permits to upload, one per user. A new upload cancels the previous one of the same user and takes its permit,
//! because the client has abandoned that one even if its data still arrives from buffers in between.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore, oneshot},
    time::timeout,
};

use shared::error::AppError;

/// How long an upload waits while the previous one, already received, is processed.
const TIMEOUT: Duration = Duration::from_secs(10);
/// The `Retry-After` in seconds after this timeout or after being replaced by another upload.
const SOON: u32 = 5;

/// The users with uploads.
#[derive(Debug, Clone, Default)]
pub(super) struct Senders(Arc<Mutex<HashMap<i64, Sender>>>);

/// A user with uploads.
#[derive(Debug)]
struct Sender {
    turn: Arc<Semaphore>,
    uploads: usize,
    /// Dropped when another upload begins, which completes [`Presence::newest`] of the previous one.
    _newest: oneshot::Sender<()>,
}

/// The permit of one user to upload, released on drop.
#[derive(Debug)]
pub struct UploadPermit {
    presence: Presence,
    _turn: OwnedSemaphorePermit,
}

/// An upload of a user that waits or is being processed.
#[derive(Debug)]
struct Presence {
    user_id: i64,
    senders: Senders,
    /// Completes when another upload begins.
    newest: oneshot::Receiver<()>,
}

impl UploadPermit {
    /// Waits until the same user begins another upload.
    ///
    /// # Errors
    ///
    /// Always returns [`AppError::Throttled`].
    pub async fn given_up<T>(&mut self) -> Result<T, AppError> {
        self.presence.given_up().await
    }
}

impl Senders {
    /// Waits for the permit of `user_id` and cancels their other upload.
    ///
    /// # Errors
    ///
    /// Returns [`AppError::Throttled`] if processing of the previous upload takes too long, or if another upload
    /// begins in the meantime.
    pub(super) async fn reserve(&self, user_id: i64) -> Result<UploadPermit, AppError> {
        let (mut presence, turn) = self.enter(user_id);
        let turn = tokio::select! {
            turn = timeout(TIMEOUT, turn.acquire_owned()) => turn,
            error = presence.given_up() => return error,
        };
        match turn {
            Ok(Ok(turn)) => Ok(UploadPermit {
                presence,
                _turn: turn,
            }),
            _ => Err(AppError::Throttled(SOON)),
        }
    }

    fn enter(&self, user_id: i64) -> (Presence, Arc<Semaphore>) {
        let (newest, told) = oneshot::channel();
        let mut senders = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let before = senders.remove(&user_id);
        let (turn, uploads) = before.map_or_else(
            || (Arc::new(Semaphore::new(1)), 0),
            |before| (before.turn, before.uploads),
        );
        let sender = Sender {
            turn: Arc::clone(&turn),
            uploads: uploads + 1,
            _newest: newest,
        };
        senders.insert(user_id, sender);
        let presence = Presence {
            user_id,
            senders: self.clone(),
            newest: told,
        };
        (presence, turn)
    }
}

impl Presence {
    async fn given_up<T>(&mut self) -> Result<T, AppError> {
        // Nothing is ever sent: the receiver completes when the sender is dropped.
        let _ = (&mut self.newest).await;
        Err(AppError::Throttled(SOON))
    }
}

impl Drop for Presence {
    fn drop(&mut self) {
        let mut senders = self.senders.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(sender) = senders.get_mut(&self.user_id) {
            sender.uploads -= 1;
            if sender.uploads == 0 {
                senders.remove(&self.user_id);
            }
        }
    }
}
