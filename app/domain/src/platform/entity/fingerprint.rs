//! Fingerprints of what was sent in the last day.
#![expect(missing_docs, reason = "generated items have no documentation of their own")]

use sea_orm::entity::prelude::*;
use time::OffsetDateTime;

/// The hash of something in the post or the comment of a user: of its whole text, or of a host to which it links.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "fingerprints")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub hash: String,
    pub user_id: i64,
    pub post_id: Option<i64>,
    pub comment_id: Option<i64>,
    pub created_at: OffsetDateTime,
}

impl ActiveModelBehavior for ActiveModel {}
