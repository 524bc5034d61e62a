//! The jobs as administrators see and change them.

use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect, UpdateMany,
    sea_query::Expr,
};
use time::OffsetDateTime;

use super::{Job, JobState};
use crate::{
    Scope, audit_log,
    platform::entity::job::{self, OPEN},
};
use shared::{error::AppError, model::moderation::AuditAction};

/// Returns jobs in this state, the newest of those that are done first, or all that are not done, at most `limit`.
///
/// # Errors
///
/// Returns an error if the queue cannot be read.
pub async fn list(scope: &Scope, state: Option<JobState>, limit: u64) -> Result<Vec<Job>, DbErr> {
    let jobs = job::Entity::find().limit(limit);
    let jobs = match state {
        Some(JobState::Done) => jobs
            .filter(job::Column::State.eq(JobState::Done))
            .filter(job::Column::FinishedAt.is_not_null())
            .order_by_desc(job::Column::FinishedAt)
            .order_by_desc(job::Column::Id),
        open => open
            .into_iter()
            .fold(jobs, |jobs, state| jobs.filter(job::Column::State.eq(state)))
            .filter(Expr::cust(OPEN))
            .order_by_asc(job::Column::State)
            .order_by_asc(job::Column::Kind)
            .order_by_asc(job::Column::Id),
    };
    jobs.all(scope.state.db.reader()).await
}

/// Returns the job with this id.
///
/// # Errors
///
/// Returns [`AppError::NotFound`] if there is none.
pub async fn find(scope: &Scope, id: i64) -> Result<Job, AppError> {
    let job = job::Entity::find_by_id(id).one(scope.state.db.reader()).await?;
    job.ok_or(AppError::NotFound)
}

/// Returns the number of jobs of each kind in each state, without those that are done.
///
/// # Errors
///
/// Returns an error if the queue cannot be read.
pub async fn count(db: &impl ConnectionTrait) -> Result<Vec<(String, JobState, i64)>, DbErr> {
    job::Entity::find()
        .select_only()
        .columns([job::Column::Kind, job::Column::State])
        .column_as(job::Column::Id.count(), "jobs")
        .filter(Expr::cust(OPEN))
        .group_by(job::Column::State)
        .group_by(job::Column::Kind)
        .into_tuple()
        .all(db)
        .await
}

/// Gives the job with this id, which was given up, another chance.
///
/// # Errors
///
/// Returns [`AppError::NotFound`] if there is no such job that was given up.
pub async fn retry(scope: &Scope, id: i64) -> Result<(), AppError> {
    let job = find(scope, id).await?;
    let only = job::Column::Id.eq(id);
    let revived = revive(
        scope,
        AuditAction::RetryJobs,
        JobState::Failed,
        Some(only),
        &named(&job),
    )
    .await?;
    if revived == 0 {
        return Err(AppError::NotFound);
    }
    Ok(())
}

/// Gives every job that was given up another chance. Returns their number.
///
/// # Errors
///
/// Returns an error if the database cannot be reached.
pub async fn retry_all(scope: &Scope) -> Result<u64, AppError> {
    revive(
        scope,
        AuditAction::RetryJobs,
        JobState::Failed,
        None,
        "all jobs that were given up",
    )
    .await
}

/// Releases every job that is held. Returns their number.
///
/// # Errors
///
/// Returns an error if the database cannot be reached.
pub async fn release(scope: &Scope) -> Result<u64, AppError> {
    revive(
        scope,
        AuditAction::ReleaseJobs,
        JobState::Held,
        None,
        "all jobs that were held",
    )
    .await
}

/// Deletes the job with this id, whatever its state.
///
/// # Errors
///
/// Returns [`AppError::NotFound`] if there is none.
pub async fn remove(scope: &Scope, id: i64) -> Result<(), AppError> {
    let job = find(scope, id).await?;
    let transaction = scope.state.db.begin().await?;
    let removed = job::Entity::delete_by_id(id).exec(&transaction).await?;
    if removed.rows_affected == 0 {
        return Err(AppError::NotFound);
    }
    audit_log::record(scope, &transaction, AuditAction::DropJob, &named(&job), "").await?;
    scope.state.db.commit(transaction).await?;
    Ok(())
}

/// Holds every job that waits, in a site that was restored, where most of them were done since the backup. Returns
/// their number.
///
/// # Errors
///
/// Returns an error if the database cannot be reached.
pub async fn hold_all(db: &impl ConnectionTrait) -> Result<u64, DbErr> {
    let held = job::Entity::update_many()
        .col_expr(job::Column::State, Expr::value(JobState::Held))
        .col_expr(job::Column::Holder, Expr::value(None::<String>))
        .filter(job::Column::State.eq(JobState::Waiting))
        .exec(db)
        .await?;
    Ok(held.rows_affected)
}

/// Describes a job in the audit log, which is kept for ever and therefore does not say whom the job is about.
fn named(job: &Job) -> String {
    format!("job {} ({})", job.id, job.kind)
}

/// Makes jobs in the state `from` wait as if they were new, and records the `action`. Returns their number.
async fn revive(
    scope: &Scope,
    action: AuditAction,
    from: JobState,
    only: Option<sea_orm::sea_query::SimpleExpr>,
    subject: &str,
) -> Result<u64, AppError> {
    let transaction = scope.state.db.begin().await?;
    let jobs = as_new(scope.state.clock.now())
        .filter(Expr::cust(OPEN))
        .filter(job::Column::State.eq(from));
    let jobs = only.into_iter().fold(jobs, UpdateMany::filter);
    let revived = jobs.exec(&transaction).await?.rows_affected;
    if revived > 0 {
        audit_log::record(scope, &transaction, action, subject, "").await?;
    }
    scope.state.db.commit(transaction).await?;
    scope.state.jobs.wake();
    Ok(revived)
}

fn as_new(now: OffsetDateTime) -> UpdateMany<job::Entity> {
    job::Entity::update_many()
        .col_expr(job::Column::State, Expr::value(JobState::Waiting))
        .col_expr(job::Column::CreatedAt, Expr::value(now))
        .col_expr(job::Column::DueAt, Expr::value(now))
        .col_expr(job::Column::Attempts, Expr::value(0))
        .col_expr(job::Column::Lost, Expr::value(0))
        .col_expr(job::Column::Holder, Expr::value(None::<String>))
        .col_expr(job::Column::FinishedAt, Expr::value(None::<OffsetDateTime>))
}
