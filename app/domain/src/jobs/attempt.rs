//! One attempt to do a job.

use std::{any::Any, panic::AssertUnwindSafe, time::Duration};

use futures::FutureExt;
use sea_orm::DbErr;
use tokio::time::{Instant, sleep, timeout};

use super::{AttemptError, Handler, Job, Outcome, claim};
use crate::{AppState, platform::db::Transaction};

/// The interval at which the lease of a job is renewed, a third of its duration.
const RENEWAL: Duration = Duration::from_secs(10);
/// How long the end of an attempt is tried to be recorded, which is less than what is left of the lease.
const RECORDING: Duration = Duration::from_secs(15);
/// The number of servers that may end while they do a job, one after the other, before it is given up: it may be the
/// cause.
const LOST_MAX: i32 = 5;
/// The number of characters of an error that are kept.
const ERROR_MAX: usize = 500;

/// Makes an attempt to do `job`, which was claimed, and records how it ended.
pub(super) async fn make(state: &AppState, job: &Job) {
    let Some(handler) = state.jobs.handler(&job.kind) else {
        // Only jobs of known kinds are claimed.
        return;
    };
    let recorded = match run(state, handler, job).await {
        Ending::Done(Outcome::Done) => persist(state, handler, job, None).await,
        Ending::Done(Outcome::Changed(transaction)) => commit(state, job, transaction).await,
        Ending::Failed(error) => persist(state, handler, job, Some(&error)).await,
        Ending::Lost => Ok(false),
    };
    match recorded {
        Ok(true) => {}
        // Another server has taken it over, or its user was deleted.
        Ok(false) => tracing::info!(
            id = job.id,
            kind = job.kind,
            "a job was taken away while it was done"
        ),
        // The lease expires, and the job is done again.
        Err(error) => shared::error::log(&error),
    }
}

/// How an attempt ended.
enum Ending {
    Done(Outcome),
    Failed(AttemptError),
    /// The lease was lost.
    Lost,
}

async fn run(state: &AppState, handler: &dyn Handler, job: &Job) -> Ending {
    if job.lost >= LOST_MAX {
        let message = format!("{} servers in a row have ended while they did it", job.lost);
        return Ending::Failed(AttemptError { message, retry: None });
    }
    let rules = handler.rules();
    let attempt = AssertUnwindSafe(handler.run(state, job)).catch_unwind();
    let ended = tokio::select! {
        ended = timeout(rules.timeout, attempt) => ended,
        () = lose(state, job) => return Ending::Lost,
    };
    let failed = |message| {
        Ending::Failed(AttemptError {
            message,
            retry: Some(rules.backoff),
        })
    };
    match ended {
        Ok(Ok(Ok(outcome))) => Ending::Done(outcome),
        Ok(Ok(Err(error))) => Ending::Failed(error),
        Ok(Err(panic)) => failed(format!("it panicked: {}", message_of(panic.as_ref()))),
        Err(_) => failed(format!("it took longer than {:?}", rules.timeout)),
    }
}

/// Renews the lease of `job` until it is lost.
async fn lose(state: &AppState, job: &Job) {
    loop {
        sleep(RENEWAL).await;
        match claim::renew(state, job).await {
            Ok(true) => {}
            Ok(false) => return,
            Err(error) => tracing::warn!(%error, id = job.id, "the lease of a job cannot be renewed"),
        }
    }
}

/// Records that the attempt has succeeded or `failed`. Tries again every second while the database refuses it, because
/// what was done outside the database would otherwise be done again. Returns `false` if the lease is lost.
async fn persist(
    state: &AppState,
    handler: &dyn Handler,
    job: &Job,
    failed: Option<&AttemptError>,
) -> Result<bool, DbErr> {
    let until = Instant::now() + RECORDING;
    loop {
        let recorded = match failed {
            None => claim::complete(state.db.writer(), job, state.clock.now()).await,
            Some(error) => fail(state, handler, job, error).await,
        };
        match recorded {
            Err(error) if Instant::now() < until => {
                tracing::debug!(%error, "the end of a job cannot be recorded yet");
                sleep(Duration::from_secs(1)).await;
            }
            recorded => return recorded,
        }
    }
}

/// Commits `transaction` together with the end of the job. Returns `false` if the lease is lost.
async fn commit(state: &AppState, job: &Job, transaction: Transaction) -> Result<bool, DbErr> {
    let is_ours = claim::complete(&transaction, job, state.clock.now()).await?;
    if is_ours {
        state.db.commit(transaction).await?;
    } else {
        transaction.rollback().await?;
    }
    Ok(is_ours)
}

/// Records that the attempt failed, and schedules the next one, if any. Returns `false` if the lease is lost.
async fn fail(
    state: &AppState,
    handler: &dyn Handler,
    job: &Job,
    error: &AttemptError,
) -> Result<bool, DbErr> {
    let now = state.clock.now();
    let retry = error
        .retry
        .filter(|_| !handler.rules().give_up.is_reached(job, now));
    let next = retry.map(|backoff| now + backoff.delay(job.attempts));
    let message: String = error.message.chars().take(ERROR_MAX).collect();
    if !claim::fail(state, job, &message, next).await? {
        return Ok(false);
    }
    match next {
        Some(next) => {
            let (id, kind, attempts) = (job.id, &job.kind, job.attempts);
            tracing::warn!(id, kind, attempts, %next, "a job was not done: {message}");
        }
        None => handler.given_up(job, &message),
    }
    Ok(true)
}

/// Returns the message of a panic.
fn message_of(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("without a message")
}
