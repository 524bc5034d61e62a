//! The queue of jobs: work that is done in the background, however often servers are killed meanwhile.
//!
//! A use-case queues a job in its own transaction ([`queue()`]). A [worker] of any server claims it by a lease, and the
//! [`Handler`] of its kind does it. What a handler changes in the database is committed together with the end of the job,
//! which only the holder of the lease can record, so it happens exactly once. What it does elsewhere happens at least
//! once, always under the same key, by which a receiver recognizes it.
//!
//! A job that fails is tried again as its kind says. It ends when it is done, when its kind gives it up, when it was
//! taken from several servers in a row that ended during an attempt, and when its user is deleted.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use tokio::sync::Notify;

/// The jobs as administrators see and change them.
pub mod administration;
/// One attempt to do a job.
mod attempt;
/// Claims of jobs by leases, and the ends of attempts.
mod claim;
/// The handlers of the kinds of jobs.
mod handler;
/// Adding jobs to the queue.
mod queue;
/// Deletion of jobs that ended long ago.
mod sweep;
/// The worker of a server.
pub mod worker;

pub use crate::platform::entity::{job::Model as Job, job_lane::Lane, job_state::JobState};
pub use handler::{AttemptError, Backoff, GiveUp, Handler, Outcome, Rules, payload};
pub use queue::{NewJob, queue, withdraw};
pub use sweep::sweep;

/// A handle to the worker of this server, with the handlers of all kinds of jobs.
#[derive(Clone)]
pub struct Jobs {
    handlers: Arc<[Box<dyn Handler>]>,
    wake: Arc<Notify>,
    closed: Arc<AtomicBool>,
}

impl Jobs {
    /// Creates a queue of the kinds of jobs that `handlers` do.
    #[must_use]
    pub fn new(handlers: Vec<Box<dyn Handler>>) -> Self {
        Self {
            handlers: handlers.into(),
            wake: Arc::default(),
            closed: Arc::default(),
        }
    }

    /// Wakes the worker because a job was queued.
    pub fn wake(&self) {
        self.wake.notify_one();
    }

    /// Makes the worker stop after the jobs that are being done.
    pub fn close(&self) {
        self.closed.store(true, Ordering::Release);
        self.wake();
    }

    /// Returns the handler of the jobs of this kind. A server of a newer version may queue jobs of other kinds.
    #[must_use]
    pub fn handler(&self, kind: &str) -> Option<&dyn Handler> {
        let handlers = self.handlers.iter();
        handlers.map(AsRef::as_ref).find(|handler| handler.kind() == kind)
    }

    /// Returns the names of all kinds.
    pub fn kinds(&self) -> impl Iterator<Item = &'static str> {
        self.handlers.iter().map(|handler| handler.kind())
    }

    fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Acquire)
    }
}

impl fmt::Debug for Jobs {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_list().entries(self.kinds()).finish()
    }
}
