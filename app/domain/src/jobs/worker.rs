//! The worker of a server.

use std::time::Duration;

use sea_orm::DbErr;
use tokio::{
    task::JoinSet,
    time::{Instant, sleep_until},
};
use tracing::instrument::WithSubscriber;

use super::{Job, Lane, attempt, claim};
use crate::{AppState, platform::db::Failure};

/// The number of jobs that are done concurrently, which bounds the effect of a slow mail server.
const SLOTS: usize = 6;
/// The number of slots that bulk jobs may use. The others are for jobs that somebody waits for.
const BULK_SLOTS: usize = 4;
/// The interval between queries for jobs that another server queued or that are due again.
const POLL: Duration = Duration::from_secs(2);
/// The delay before a new job is done. The response is sent by then, so its timing does not reveal whether there was
/// anything to do.
const PAUSE: Duration = Duration::from_millis(200);

/// Does jobs that are due until the queue is closed.
pub async fn work(state: AppState) {
    let mut slots = Slots::default();
    while !state.jobs.is_closed() {
        if let Err(error) = slots.fill(&state).await {
            report(&error);
        }
        idle(&state, &mut slots).await;
    }
    while slots.next_end().await {}
}

/// Waits until a slot is free, a job was queued, the next query is due or the queue is closed.
async fn idle(state: &AppState, slots: &mut Slots) {
    let mut until = Instant::now() + POLL;
    loop {
        tokio::select! {
            true = slots.next_end() => return,
            () = state.jobs.wake.notified() => {
                if state.jobs.is_closed() {
                    return;
                }
                until = until.min(Instant::now() + PAUSE);
            }
            () = sleep_until(until) => return,
        }
    }
}

/// Logs that the queue cannot be read or written. Disk failures are logged once by the domain, not at every attempt.
fn report(error: &DbErr) {
    match Failure::classify(error) {
        Failure::DiskFull | Failure::Storage | Failure::Corrupt => {
            tracing::debug!(%error, "no jobs can be claimed");
        }
        _ => tracing::warn!(%error, "no jobs can be claimed"),
    }
}

/// Does every job that is due, and returns the number of attempts.
///
/// # Errors
///
/// Returns an error if the queue cannot be read.
pub async fn run_due(state: &AppState) -> Result<usize, DbErr> {
    let mut slots = Slots::default();
    let mut attempts = 0;
    loop {
        attempts += slots.fill(state).await?;
        if !slots.next_end().await {
            return Ok(attempts);
        }
    }
}

/// The jobs that are being done. If this is dropped, they are aborted.
#[derive(Default)]
struct Slots {
    awaited: JoinSet<()>,
    bulk: JoinSet<()>,
}

impl Slots {
    /// Claims and starts as many jobs as there are free slots, those that somebody waits for first. Returns their
    /// number.
    async fn fill(&mut self, state: &AppState) -> Result<usize, DbErr> {
        let mut started = 0;
        for lane in [Lane::Awaited, Lane::Bulk] {
            for job in claim::take(state, lane, self.free(lane)).await? {
                self.start(state.clone(), job);
                started += 1;
            }
        }
        Ok(started)
    }

    /// Returns the number of slots that are free for jobs of `lane`.
    fn free(&self, lane: Lane) -> usize {
        let free = SLOTS.saturating_sub(self.awaited.len() + self.bulk.len());
        match lane {
            Lane::Awaited => free,
            Lane::Bulk => free.min(BULK_SLOTS.saturating_sub(self.bulk.len())),
        }
    }

    /// Starts a task of its own, so that a job that blocks its thread does not hold up the others.
    fn start(&mut self, state: AppState, job: Job) {
        let running = match job.lane {
            Lane::Awaited => &mut self.awaited,
            Lane::Bulk => &mut self.bulk,
        };
        let attempt = async move { attempt::make(&state, &job).await };
        running.spawn(attempt.with_current_subscriber());
    }

    /// Waits until a job has ended, and frees its slot. Returns `false` if there is none.
    async fn next_end(&mut self) -> bool {
        tokio::select! {
            Some(_) = self.awaited.join_next() => true,
            Some(_) = self.bulk.join_next() => true,
            else => false,
        }
    }
}
