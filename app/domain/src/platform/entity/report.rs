//! Reports.
#![expect(missing_docs, reason = "generated items have no documentation of their own")]

use sea_orm::entity::prelude::*;
use shared::model::decision::Ground;
use time::OffsetDateTime;

/// A report in a case. Somebody without an account has an `email` until they are told of the decision.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "reports")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub case_id: i64,
    pub reporter_id: Option<i64>,
    pub email: Option<String>,
    pub ground: Ground,
    pub content: String,
    pub created_at: OffsetDateTime,
}

impl ActiveModelBehavior for ActiveModel {}
