//! Posts.
#![expect(missing_docs, reason = "generated items have no documentation of their own")]

use sea_orm::entity::prelude::*;
use time::OffsetDateTime;

/// A post. `content` is the Markdown source; `html`, `excerpt` and `words` are derived from it by version `renderer`
/// of the renderer. A post with a `deleted_at` is in its author's trash; with a `hidden_because`, a moderator has put
/// it there.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "posts")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub author_id: i64,
    pub title: String,
    pub slug: String,
    pub content: String,
    pub html: String,
    pub excerpt: String,
    pub created_at: OffsetDateTime,
    pub updated_at: OffsetDateTime,
    pub version: i64,
    pub renderer: i32,
    pub words: i32,
    pub deleted_at: Option<OffsetDateTime>,
    pub hidden_because: Option<String>,
    pub tags: String,
    #[sea_orm(belongs_to, from = "author_id", to = "id")]
    pub author: BelongsTo<super::user::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
