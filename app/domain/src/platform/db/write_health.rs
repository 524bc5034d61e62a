//! Whether the database can be written to, as far as the last statements tell.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use sea_orm::DbErr;
use tokio::sync::Notify;

use super::Failure;

/// A disk that is nearly full takes some writes and refuses others: of the same state, the log is told once in this time.
const PAUSE: Duration = Duration::from_mins(10);

/// Whether the database can be written to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum WriteState {
    /// Nothing speaks against it.
    #[default]
    Ok,
    /// The disk is full: what is there can be read.
    DiskFull,
    /// The database's files cannot be read or written.
    Failing,
}

/// Remembers how the database is. Clones share what they know.
#[derive(Debug, Clone, Default)]
pub struct WriteHealth(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    inner: Mutex<Inner>,
    /// A statement was refused because of the disk.
    refused: Notify,
}

#[derive(Debug, Default)]
struct Inner {
    state: WriteState,
    /// The state that was logged last, and when.
    logged: Option<(WriteState, Instant)>,
    /// The log waits to be told that the database can be written to again.
    is_end_due: bool,
}

impl WriteHealth {
    /// Returns how the database is, as far as is known.
    #[must_use]
    pub fn state(&self) -> WriteState {
        self.lock(|inner| inner.state)
    }

    /// Takes note of a statement that was refused; the log is told of a change for the worse.
    pub(super) fn refused(&self, error: &DbErr) {
        let state = match Failure::of(error) {
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

    /// Waits until a statement is refused because of the disk, or returns at once if one was since this was last called.
    pub async fn next_refusal(&self) {
        self.0.refused.notified().await;
    }

    /// Takes note of a write that has succeeded.
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
