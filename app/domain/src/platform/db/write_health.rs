//! Whether the database can be written to, according to the latest statements.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use sea_orm::DbErr;
use tokio::sync::Notify;

use super::Failure;

/// The minimum interval between two log entries about the same state: a nearly full disk accepts some writes and
/// refuses others.
const PAUSE: Duration = Duration::from_mins(10);

/// The known write state of the database.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum WriteState {
    /// No failure is known.
    #[default]
    Ok,
    /// The disk is full; reading still works.
    DiskFull,
    /// The files of the database cannot be read or written.
    Failing,
}

/// The write state of the database, shared between clones.
#[derive(Debug, Clone, Default)]
pub struct WriteHealth(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    inner: Mutex<Inner>,
    /// Notified when a statement fails because of the disk.
    refused: Notify,
}

#[derive(Debug, Default)]
struct Inner {
    state: WriteState,
    /// The state that was logged last, and when.
    logged: Option<(WriteState, Instant)>,
    /// Whether the recovery has yet to be logged.
    is_end_due: bool,
}

impl WriteHealth {
    /// Returns the last known state.
    #[must_use]
    pub fn state(&self) -> WriteState {
        self.lock(|inner| inner.state)
    }

    /// Records a failed statement and logs a change for the worse.
    pub(super) fn refused(&self, error: &DbErr) {
        let state = match Failure::classify(error) {
            Failure::DiskFull => WriteState::DiskFull,
            Failure::Storage | Failure::Corrupt => WriteState::Failing,
            _ => return,
        };
        let is_news = self.lock(|inner| {
            inner.state = state;
            let is_known = |(known, at): (WriteState, Instant)| known == state && at.elapsed() < PAUSE;
            let is_news = !inner.logged.is_some_and(is_known);
            if is_news {
                inner.logged = Some((state, Instant::now()));
                inner.is_end_due = true;
            }
            is_news
        });
        self.0.refused.notify_one();
        if !is_news {
            return;
        }
        if state == WriteState::DiskFull {
            tracing::error!(%error, "the disk is full: nothing can be written until there is space; reading still works");
        } else {
            tracing::error!(%error, "the database's files cannot be read or written");
        }
    }

    /// Waits until a statement fails because of the disk. Returns at once if one has failed since the last call.
    pub async fn next_refusal(&self) {
        self.0.refused.notified().await;
    }

    /// Records a successful write.
    pub(crate) fn written(&self) {
        let is_end = self.lock(|inner| {
            let before = std::mem::take(&mut inner.state);
            before != WriteState::Ok && std::mem::take(&mut inner.is_end_due)
        });
        if is_end {
            tracing::info!("the database can be written to again");
        }
    }

    fn lock<T>(&self, act: impl FnOnce(&mut Inner) -> T) -> T {
        act(&mut self.0.inner.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
