//! Threads for heavy work: off the threads that answer requests, and within a bound on processors, memory and waiting.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    thread,
};

use tokio::sync::oneshot;

use shared::error::AppError;

type Job = Box<dyn FnOnce() + Send>;

/// Threads that do one job after the other. They end when the last clone of this is gone.
#[derive(Debug, Clone)]
pub(crate) struct Workers {
    jobs: SyncSender<Job>,
    waiting: Arc<AtomicU64>,
}

impl Workers {
    /// So many `threads` called `name`, for which at most `queue` jobs may wait.
    ///
    /// # Errors
    /// [`AppError::Internal`] when the system gives no thread.
    pub(crate) fn new(name: &str, threads: usize, queue: usize) -> Result<Self, AppError> {
        let (jobs, queued) = sync_channel(queue);
        let queued = Arc::new(Mutex::new(queued));
        for _ in 0..threads {
            let queued = Arc::clone(&queued);
            let thread = thread::Builder::new().name(name.to_owned());
            thread
                .spawn(move || while work_off(&queued) {})
                .map_err(|error| {
                    tracing::error!(%error, "no thread for heavy work");
                    AppError::Internal
                })?;
        }
        Ok(Self {
            jobs,
            waiting: Arc::default(),
        })
    }

    /// How many jobs have not begun.
    pub(crate) fn waiting(&self) -> u64 {
        self.waiting.load(Ordering::Relaxed)
    }

    /// What `work` gives, when its turn has come; `None` when it panicked.
    ///
    /// # Errors
    /// [`AppError::Unreachable`] when too many wait already.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<Option<T>, AppError> {
        let (done, result) = oneshot::channel();
        let waiting = Arc::clone(&self.waiting);
        let job: Job = Box::new(move || {
            waiting.fetch_sub(1, Ordering::Relaxed);
            // Whoever asked may have gone.
            let _ = done.send(work());
        });
        self.waiting.fetch_add(1, Ordering::Relaxed);
        if self.jobs.try_send(job).is_err() {
            self.waiting.fetch_sub(1, Ordering::Relaxed);
            return Err(AppError::Unreachable);
        }
        Ok(result.await.ok())
    }
}

/// Does the next job, and says whether there may be another: not when every handle of this queue is gone.
fn work_off(queued: &Mutex<Receiver<Job>>) -> bool {
    let next = queued.lock().unwrap_or_else(PoisonError::into_inner).recv();
    // A job that panics is one that failed; its thread goes on.
    next.map(|job| catch_unwind(AssertUnwindSafe(job))).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    // AVL-04
    #[tokio::test]
    async fn a_full_queue_refuses_at_once() {
        let workers = Workers::new("test", 1, 4).expect("threads");
        let (release, held) = sync_channel::<()>(0);
        let held = Arc::new(Mutex::new(held));
        loop {
            let held = Arc::clone(&held);
            let job = Box::new(move || drop(held.lock().map(|held| held.recv())));
            if workers.jobs.try_send(job).is_err() {
                break;
            }
        }
        assert_eq!(workers.run(|| 1).await, Err(AppError::Unreachable));
        drop(release);
    }

    #[tokio::test]
    async fn a_job_that_panics_fails_alone() {
        let workers = Workers::new("test", 1, 4).expect("threads");
        assert_eq!(workers.run(|| -> u8 { panic!("on purpose") }).await, Ok(None));
        assert_eq!(workers.run(|| 1).await, Ok(Some(1)));
    }
}
