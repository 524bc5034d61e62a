//! Cases.
#![expect(missing_docs, reason = "generated items have no documentation of their own")]

use sea_orm::entity::prelude::*;
use time::OffsetDateTime;

/// The reports about a post, a comment or a user, whichever id is there. A moderator has claimed it until `claimed_until`, if that
/// has not passed.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "cases")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    #[sea_orm(unique)]
    pub post_id: Option<i64>,
    #[sea_orm(unique)]
    pub comment_id: Option<i64>,
    #[sea_orm(unique)]
    pub user_id: Option<i64>,
    pub opened_at: OffsetDateTime,
    pub closed_at: Option<OffsetDateTime>,
    pub claimed_by: Option<i64>,
    pub claimed_until: Option<OffsetDateTime>,
}

impl ActiveModelBehavior for ActiveModel {}
