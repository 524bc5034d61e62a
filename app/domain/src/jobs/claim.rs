//! Claims of jobs by leases, and the ends of attempts.
//!
//! A claim gives a job a random holder. Only statements that name this holder can extend the lease or end the attempt,
//! so somebody who was suspended for longer than the lease changes nothing any more.

use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseBackend, DbErr, EntityTrait, FromQueryResult, QueryFilter,
    Statement, UpdateMany, Value, sea_query::Expr,
};
use time::{Duration, OffsetDateTime};

use super::{Job, JobState, Lane};
use crate::{
    AppState,
    platform::{digest, entity::job},
};

/// How long a job is reserved for its holder, who renews the lease during a longer attempt.
const LEASE: Duration = Duration::seconds(30);

/// Claims jobs of `lane` that are due, at most `limit`.
pub(super) async fn take(state: &AppState, lane: Lane, limit: usize) -> Result<Vec<Job>, DbErr> {
    let db = state.db.writer();
    let now = state.clock.now();
    let kinds: Vec<&str> = state.jobs.kinds().collect();
    if limit == 0 || kinds.is_empty() || !is_any_due(state, lane, &kinds, now).await? {
        return Ok(Vec::new());
    }
    let due = due(3, kinds.len());
    let next = if db.get_database_backend() == DatabaseBackend::Postgres {
        // An array is made once. Jobs that another server is claiming are skipped.
        format!("= ANY(ARRAY({due} LIMIT {limit} FOR UPDATE SKIP LOCKED))")
    } else {
        format!("IN ({due} LIMIT {limit})")
    };
    let sql = format!(
        "UPDATE jobs SET holder = $1, due_at = $2, attempts = attempts + 1, \
         lost = CASE WHEN holder IS NULL THEN 0 ELSE lost + 1 END WHERE id {next} RETURNING *"
    );
    let mut values = vec![holder()?.into(), (now + LEASE).into()];
    values.extend(bound(lane, &kinds, now));
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, values);
    let rows = db.query_all_raw(statement).await?;
    let jobs: Result<Vec<Job>, _> = rows.iter().map(|row| Job::from_query_result(row, "")).collect();
    let mut jobs = jobs?;
    jobs.sort_by_key(|job| job.id);
    Ok(jobs)
}

/// Returns a random name for the holder of a claim.
fn holder() -> Result<String, DbErr> {
    digest::random::<16>().map_err(|error| DbErr::Custom(error.title().to_owned()))
}

/// Returns whether a job of `lane` is due. Without this query, a site that has nothing to do would lock its SQLite
/// database for writing all the time.
async fn is_any_due(
    state: &AppState,
    lane: Lane,
    kinds: &[&str],
    now: OffsetDateTime,
) -> Result<bool, DbErr> {
    let db = state.db.reader();
    let sql = format!("{} LIMIT 1", due(1, kinds.len()));
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, bound(lane, kinds, now));
    Ok(db.query_one_raw(statement).await?.is_some())
}

/// Returns the query for the jobs that are due. Its values begin with the number `first`. The partial index matches the
/// state in this form only.
fn due(first: usize, kinds: usize) -> String {
    let kinds: Vec<String> = (first + 2..first + 2 + kinds)
        .map(|number| format!("${number}"))
        .collect();
    format!(
        "SELECT id FROM jobs WHERE state = 'waiting' AND lane = ${first} AND due_at <= ${} AND kind IN ({}) \
         ORDER BY due_at, id",
        first + 1,
        kinds.join(", ")
    )
}

/// Returns the values of [`due`].
fn bound(lane: Lane, kinds: &[&str], now: OffsetDateTime) -> Vec<Value> {
    let mut values = vec![lane.into(), now.into()];
    values.extend(kinds.iter().map(|kind| Value::from(*kind)));
    values
}

/// Extends the lease of `job`. Returns `false` if it is lost.
pub(super) async fn renew(state: &AppState, job: &Job) -> Result<bool, DbErr> {
    let renewed = of_holder(job)
        .col_expr(job::Column::DueAt, Expr::value(state.clock.now() + LEASE))
        .exec(state.db.writer())
        .await?;
    Ok(renewed.rows_affected == 1)
}

/// Records in `db` that `job` is done. Returns `false` if the lease is lost; nothing that was done may be committed then.
/// The payload is not kept.
pub(super) async fn complete(
    db: &impl ConnectionTrait,
    job: &Job,
    now: OffsetDateTime,
) -> Result<bool, DbErr> {
    let completed = of_holder(job)
        .col_expr(job::Column::State, Expr::value(JobState::Done))
        .col_expr(job::Column::Holder, Expr::value(None::<String>))
        .col_expr(job::Column::Payload, Expr::value(None::<String>))
        .col_expr(job::Column::UserId, Expr::value(None::<i64>))
        .col_expr(job::Column::LastError, Expr::value(None::<String>))
        .col_expr(job::Column::FinishedAt, Expr::value(now))
        .exec(db)
        .await?;
    Ok(completed.rows_affected == 1)
}

/// Records why an attempt failed, and when the next one is, if any. Returns `false` if the lease is lost.
pub(super) async fn fail(
    state: &AppState,
    job: &Job,
    error: &str,
    next: Option<OffsetDateTime>,
) -> Result<bool, DbErr> {
    let now = state.clock.now();
    let is_given_up = next.is_none();
    let state_of_job = if is_given_up {
        JobState::Failed
    } else {
        JobState::Waiting
    };
    let failed = of_holder(job)
        .col_expr(job::Column::State, Expr::value(state_of_job))
        .col_expr(job::Column::Holder, Expr::value(None::<String>))
        .col_expr(job::Column::DueAt, Expr::value(next.unwrap_or(now)))
        .col_expr(job::Column::FinishedAt, Expr::value(is_given_up.then_some(now)))
        .col_expr(job::Column::LastError, Expr::value(error))
        .exec(state.db.writer())
        .await?;
    Ok(failed.rows_affected == 1)
}

/// Returns an update of `job` that changes nothing unless the lease under which it was claimed still holds.
fn of_holder(job: &Job) -> UpdateMany<job::Entity> {
    job::Entity::update_many()
        .filter(job::Column::Id.eq(job.id))
        .filter(job::Column::Holder.eq(job.holder.as_deref()))
}
