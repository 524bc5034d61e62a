//! The handlers of the kinds of jobs.

use async_trait::async_trait;
use sea_orm::DbErr;
use serde::de::DeserializeOwned;
use time::{Duration, OffsetDateTime};

use super::Job;
use crate::{AppState, platform::db::Transaction};
use shared::error::AppError;

/// Does the jobs of one kind.
#[async_trait]
pub trait Handler: Send + Sync {
    /// Returns the name of the kind in the table, which never changes, of at most 32 characters.
    fn kind(&self) -> &'static str;

    /// Returns the rules for jobs of this kind.
    fn rules(&self) -> Rules;

    /// Describes a job with this payload to administrators, in a few words.
    fn summary(&self, payload: &str) -> String;

    /// Makes an attempt to do `job`. Its effects outside the database may happen more than once, and name the
    /// [key](Job::key) of the job.
    ///
    /// # Errors
    ///
    /// Returns why the job is not done, and whether it is worth another attempt.
    async fn run(&self, state: &AppState, job: &Job) -> Result<Outcome, AttemptError>;

    /// Reports that `job` was given up because of `error`. Errors in the log are mailed to the administrators.
    fn given_up(&self, job: &Job, error: &str) {
        let (id, attempts) = (job.id, job.attempts);
        tracing::error!(id, kind = self.kind(), attempts, "a job was given up: {error}");
    }
}

/// The rules for jobs of a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    /// The time limit of one attempt.
    pub timeout: std::time::Duration,
    /// The delays after attempts that panicked or took too long.
    pub backoff: Backoff,
    /// When a job is given up that fails again and again.
    pub give_up: GiveUp,
}

/// When a job is given up that fails again and again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GiveUp {
    /// After so many attempts.
    AfterAttempts(i32),
    /// After the first attempt that fails when the job is so old.
    AfterAge(Duration),
}

impl GiveUp {
    pub(super) fn is_reached(self, job: &Job, now: OffsetDateTime) -> bool {
        match self {
            Self::AfterAttempts(most) => job.attempts >= most,
            Self::AfterAge(oldest) => now - job.created_at >= oldest,
        }
    }
}

/// Delays between attempts, which double from the first to the longest one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backoff {
    /// The delay after the first attempt.
    pub first: Duration,
    /// The longest delay.
    pub longest: Duration,
}

impl Backoff {
    /// Returns the delay after the given number of attempts.
    #[must_use]
    pub fn delay(self, attempts: i32) -> Duration {
        let doublings = attempts.clamp(1, 16).cast_unsigned() - 1;
        (self.first * 2_i32.pow(doublings)).min(self.longest)
    }
}

/// How a job was done.
#[derive(Debug)]
pub enum Outcome {
    /// Without changes in the database that depend on it.
    Done,
    /// With these changes, which are committed together with the end of the job, or not at all. The transaction must be
    /// begun last: on SQLite, nobody else can write meanwhile.
    Changed(Transaction),
}

/// The reason why an attempt failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttemptError {
    /// The reason, for administrators.
    pub message: String,
    /// The delays before the next attempts. `None` if there is to be none.
    pub retry: Option<Backoff>,
}

impl AttemptError {
    /// The delays after temporary errors of the site itself.
    const TEMPORARY: Backoff = Backoff {
        first: Duration::minutes(1),
        longest: Duration::minutes(30),
    };

    /// Creates an error whose cause may be temporary.
    #[must_use]
    pub const fn temporary(message: String) -> Self {
        Self {
            message,
            retry: Some(Self::TEMPORARY),
        }
    }
}

impl From<AppError> for AttemptError {
    fn from(error: AppError) -> Self {
        Self::temporary(error.title().to_owned())
    }
}

impl From<DbErr> for AttemptError {
    fn from(error: DbErr) -> Self {
        AppError::from(error).into()
    }
}

/// Returns the payload of `job`.
///
/// # Errors
///
/// Returns a temporary error if it cannot be read: a server of a newer version, which queued it, may be able to.
pub fn payload<P: DeserializeOwned>(job: &Job) -> Result<P, AttemptError> {
    let text = job.payload.as_deref().unwrap_or_default();
    serde_json::from_str(text)
        .map_err(|error| AttemptError::temporary(format!("its payload cannot be read: {error}")))
}
