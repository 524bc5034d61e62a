//! Links with which others can read a draft.
#![expect(missing_docs, reason = "generated items have no documentation of their own")]

use sea_orm::entity::prelude::*;
use time::OffsetDateTime;

/// A link to the draft with the id `draft_id`, found by the hash of its token. It outlives the draft, to lead to the post
/// that the draft has become.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "preview_links")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    #[sea_orm(unique)]
    pub hash: String,
    pub author_id: i64,
    pub draft_id: i64,
    pub post_id: Option<i64>,
    pub note: String,
    pub created_at: OffsetDateTime,
    pub expires_at: OffsetDateTime,
}

impl ActiveModelBehavior for ActiveModel {}
