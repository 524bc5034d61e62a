//! Static pages.
#![expect(missing_docs, reason = "generated items have no documentation of their own")]

use sea_orm::entity::prelude::*;
use shared::model::static_page::Place;
use time::OffsetDateTime;

/// A static page. `content` is the Markdown source; `html` and `excerpt` are derived from it by version `renderer` of the
/// renderer. `has_moved` says that the audit log has an entry about the address, which the program has claimed.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "pages")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    #[sea_orm(unique)]
    pub slug: String,
    pub title: String,
    pub content: String,
    pub html: String,
    pub excerpt: String,
    pub renderer: i32,
    pub place: Place,
    pub is_published: bool,
    pub version: i64,
    pub created_at: OffsetDateTime,
    pub updated_at: OffsetDateTime,
    pub has_moved: bool,
}

impl ActiveModelBehavior for ActiveModel {}
