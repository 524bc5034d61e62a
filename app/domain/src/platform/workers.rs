//! Worker threads for CPU-bound work, with bounds on the number of threads and on the queue.

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

/// A pool of worker threads. They end when the last clone is dropped.
#[derive(Debug, Clone)]
pub(crate) struct Workers {
    jobs: SyncSender<Job>,
    waiting: Arc<AtomicU64>,
}

impl Workers {
    /// Starts `threads` threads called `name` with a queue of at most `queue` jobs.
    ///
    /// # Errors
    ///
    /// Returns [`AppError::Internal`] if a thread cannot be started.
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

    /// Returns the number of queued jobs.
    pub(crate) fn waiting(&self) -> u64 {
        self.waiting.load(Ordering::Relaxed)
    }

    /// Runs `work` on a worker thread and returns its result, or `None` if it panicked.
    ///
    /// # Errors
    ///
    /// Returns [`AppError::Unreachable`] if the queue is full.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<Option<T>, AppError> {
        let (done, result) = oneshot::channel();
        let waiting = Arc::clone(&self.waiting);
        let job: Job = Box::new(move || {
            waiting.fetch_sub(1, Ordering::Relaxed);
            // The receiver may have been dropped.
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

/// Runs the next job. Returns `false` if all handles of the pool are gone.
fn work_off(queued: &Mutex<Receiver<Job>>) -> bool {
    let next = queued.lock().unwrap_or_else(PoisonError::into_inner).recv();
    // A panic fails the job but must not end the thread.
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
