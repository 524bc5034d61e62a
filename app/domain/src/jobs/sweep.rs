//! Deletion of jobs that ended long ago.

use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};
use time::{Duration, OffsetDateTime};

use super::JobState;
use crate::{AppState, platform::entity::job};

/// How long jobs that were done are kept.
const DONE_FOR: Duration = Duration::days(7);
/// How long jobs that were given up are kept.
const FAILED_FOR: Duration = Duration::days(30);
/// The number of jobs that one statement deletes, so that others need not wait for long.
const BATCH: u64 = 1_000;

/// Deletes the jobs that were done more than 7 days ago or given up more than 30 days ago, and returns their number.
/// Those that were given up contain addresses, which are not kept indefinitely.
///
/// # Errors
///
/// Returns an error if the database cannot be reached.
pub async fn sweep(state: &AppState) -> Result<u64, DbErr> {
    let now = state.clock.now();
    let mut swept = 0;
    for (ended, kept) in [(JobState::Done, DONE_FOR), (JobState::Failed, FAILED_FOR)] {
        loop {
            let batch = delete(state, ended, now - kept).await?;
            swept += batch;
            if batch < BATCH {
                break;
            }
        }
    }
    Ok(swept)
}

async fn delete(state: &AppState, ended: JobState, before: OffsetDateTime) -> Result<u64, DbErr> {
    let oldest = job::Entity::find()
        .select_only()
        .column(job::Column::Id)
        .filter(job::Column::State.eq(ended))
        .filter(job::Column::FinishedAt.is_not_null())
        .filter(job::Column::FinishedAt.lte(before))
        .order_by_asc(job::Column::FinishedAt)
        .order_by_asc(job::Column::Id)
        .limit(BATCH)
        .into_query();
    let deleted = job::Entity::delete_many()
        .filter(job::Column::Id.in_subquery(oldest))
        .exec(state.db.writer())
        .await?;
    Ok(deleted.rows_affected)
}
