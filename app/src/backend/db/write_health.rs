//! Whether the database can be written to, as far as the last statements tell.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use sea_orm::DbErr;

use super::Failure;

/// A disk that is nearly full takes some writes and refuses others. It counts as having room again when nothing was refused for
/// this long, so that the log tells of it once.
const QUIET: Duration = Duration::from_secs(10);

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
pub struct WriteHealth(Arc<Mutex<Inner>>);

#[derive(Debug, Default)]
struct Inner {
    state: WriteState,
    failed_at: Option<Instant>,
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
        let before = self.lock(|inner| {
            inner.failed_at = Some(Instant::now());
            std::mem::replace(&mut inner.state, state)
        });
        if before == state {
            return;
        }
        if state == WriteState::DiskFull {
            tracing::error!(%error, "the disk is full: nothing can be written until there is room, reading goes on");
        } else {
            tracing::error!(%error, "the database's files cannot be read or written");
        }
    }

    /// Takes note of a write that has succeeded.
    pub(super) fn written(&self) {
        self.recover(QUIET);
    }

    /// Takes note that somebody has made sure that writing works again.
    pub(in crate::backend) fn checked(&self) {
        self.recover(Duration::ZERO);
    }

    fn recover(&self, quiet: Duration) {
        let has_recovered = self.lock(|inner| {
            let is_quiet = inner.failed_at.is_none_or(|at| at.elapsed() >= quiet);
            is_quiet && std::mem::take(&mut inner.state) != WriteState::Ok
        });
        if has_recovered {
            tracing::info!("the database can be written to again");
        }
    }

    fn lock<T>(&self, act: impl FnOnce(&mut Inner) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
