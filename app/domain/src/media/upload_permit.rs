//! Turns to upload: each person has one at a time. Who begins an upload while another of theirs is on its way has given that up,
//! although its bytes may go on arriving from buffers between the two, and so takes its turn.

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

/// How long the next upload waits for what has arrived to be made a picture.
const TIMEOUT: Duration = Duration::from_secs(10);
/// When to come back, in seconds, if it takes longer, and after another upload has taken the turn.
const SOON: u32 = 5;

/// Who uploads.
#[derive(Debug, Clone, Default)]
pub(super) struct Senders(Arc<Mutex<HashMap<i64, Sender>>>);

/// Somebody with uploads.
#[derive(Debug)]
struct Sender {
    turn: Arc<Semaphore>,
    uploads: usize,
    /// Dropped when another upload begins, which ends [`Presence::newest`] of the one before.
    _newest: oneshot::Sender<()>,
}

/// One person's turn to upload, which ends when this is dropped.
#[derive(Debug)]
pub struct UploadPermit {
    presence: Presence,
    _turn: OwnedSemaphorePermit,
}

/// An upload of somebody that waits or is worked on.
#[derive(Debug)]
struct Presence {
    user_id: i64,
    senders: Senders,
    /// Ends when another upload begins.
    newest: oneshot::Receiver<()>,
}

impl UploadPermit {
    /// Waits until the same person has begun another upload.
    ///
    /// # Errors
    /// [`AppError::Throttled`] then; nothing else ends it.
    pub async fn given_up<T>(&mut self) -> Result<T, AppError> {
        self.presence.given_up().await
    }
}

impl Senders {
    /// The turn of `user_id` to upload. What else they are sending is given up.
    ///
    /// # Errors
    /// [`AppError::Throttled`] when what they have sent before takes too long, or when they begin another upload meanwhile.
    pub(super) async fn room(&self, user_id: i64) -> Result<UploadPermit, AppError> {
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
        // Nothing is ever sent: it ends with the sender.
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
