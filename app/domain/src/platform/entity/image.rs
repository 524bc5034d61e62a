//! Inline images.
#![expect(missing_docs, reason = "generated items have no documentation of their own")]

use sea_orm::entity::prelude::*;
use time::OffsetDateTime;

/// An inline image. The name is its file name.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "images")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: String,
    pub owner_id: i64,
    pub bytes: i64,
    pub created_at: OffsetDateTime,
    /// The time of the last search in the owner's texts.
    pub checked_at: OffsetDateTime,
    /// The time of the first search that did not find it in any text.
    pub unused_since: Option<OffsetDateTime>,
}

impl ActiveModelBehavior for ActiveModel {}
