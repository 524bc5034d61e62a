//! The texts that posts had before.
#![expect(missing_docs, reason = "generated items have no documentation of their own")]

use sea_orm::entity::prelude::*;
use time::OffsetDateTime;

/// The text that the post with the id `post_id` had in this `version`, which was saved at `saved_at` and
/// replaced at `replaced_at`. The present text of a post is in its own row alone.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "revisions")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub post_id: i64,
    pub version: i64,
    pub title: String,
    pub tags: String,
    pub change_note: String,
    pub saved_at: OffsetDateTime,
    pub replaced_at: OffsetDateTime,
    pub content: String,
    pub details: String,
    #[sea_orm(belongs_to, from = "post_id", to = "id")]
    pub post: BelongsTo<super::post::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
