//! Adding jobs to the queue.

use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, sea_query::Expr};
use serde::Serialize;

use super::{JobState, Lane};
use crate::platform::{
    clock::Clock,
    digest,
    entity::job::{self, OPEN},
};
use shared::error::AppError;

/// A job to be queued.
#[derive(Debug)]
pub struct NewJob {
    /// The unique name of the job outside the site, the same for every attempt.
    pub key: String,
    /// The kind.
    pub kind: &'static str,
    /// The lane.
    pub lane: Lane,
    /// The user with whom the job is deleted, if any.
    pub user_id: Option<i64>,
    payload: String,
}

impl NewJob {
    /// Creates a job with a random key.
    ///
    /// # Errors
    ///
    /// Returns an error if the payload cannot be serialized or the system provides no random numbers.
    pub fn new(kind: &'static str, lane: Lane, payload: &impl Serialize) -> Result<Self, AppError> {
        Ok(Self {
            key: digest::random::<16>()?,
            kind,
            lane,
            user_id: None,
            payload: serialize(payload)?,
        })
    }
}

/// Queues a job. `db` is the transaction of the use-case; after the commit, call [`Jobs::wake`](super::Jobs::wake) to
/// have it done without delay.
///
/// # Errors
///
/// Returns an error if the job cannot be queued.
pub async fn queue(db: &impl ConnectionTrait, clock: &Clock, job: NewJob) -> Result<(), AppError> {
    let now = clock.now();
    let row = job::ActiveModel {
        key: Set(job.key),
        kind: Set(job.kind.to_owned()),
        lane: Set(job.lane),
        payload: Set(Some(job.payload)),
        user_id: Set(job.user_id),
        created_at: Set(now),
        due_at: Set(now),
        attempts: Set(0),
        lost: Set(0),
        state: Set(JobState::Waiting),
        ..Default::default()
    };
    job::Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

/// Deletes the jobs of this kind with exactly this payload that are not done, because they are out of date.
///
/// # Errors
///
/// Returns an error if the database cannot be reached.
pub async fn withdraw(
    db: &impl ConnectionTrait,
    kind: &str,
    payload: &impl Serialize,
) -> Result<(), AppError> {
    job::Entity::delete_many()
        .filter(Expr::cust(OPEN))
        .filter(job::Column::Kind.eq(kind))
        .filter(job::Column::Payload.eq(serialize(payload)?))
        .exec(db)
        .await?;
    Ok(())
}

fn serialize(payload: &impl Serialize) -> Result<String, AppError> {
    serde_json::to_string(payload).map_err(|error| {
        tracing::error!(%error, "a job cannot be queued");
        AppError::Internal
    })
}
