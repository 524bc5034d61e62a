//! Jobs.
#![expect(missing_docs, reason = "generated items have no documentation of their own")]

use sea_orm::entity::prelude::*;
use time::OffsetDateTime;

use super::{job_lane::Lane, job_state::JobState};

/// The condition of the jobs that are not done. The partial index matches it in this form only, without bound values.
pub const OPEN: &str = "state <> 'done'";

/// A job. It has a `payload` until it is done. While somebody does it, it has a `holder`, and `due_at` is the time at
/// which their lease expires. `lost` is the number of attempts in a row that have ended without a result.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "jobs")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub key: String,
    pub kind: String,
    pub lane: Lane,
    pub payload: Option<String>,
    pub user_id: Option<i64>,
    pub created_at: OffsetDateTime,
    pub due_at: OffsetDateTime,
    pub attempts: i32,
    pub lost: i32,
    pub holder: Option<String>,
    pub state: JobState,
    pub finished_at: Option<OffsetDateTime>,
    pub last_error: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
