//! Pictures in texts.
#![expect(missing_docs, reason = "generated items have no documentation of their own")]

use sea_orm::entity::prelude::*;
use time::OffsetDateTime;

/// A picture that somebody has sent for a text; its name is its file's.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "images")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: String,
    pub owner_id: i64,
    pub bytes: i64,
    pub created_at: OffsetDateTime,
    /// When it was last looked for in its owner's texts.
    pub checked_at: OffsetDateTime,
    /// Since when none of them has it, as far as is known.
    pub unused_since: Option<OffsetDateTime>,
}

impl ActiveModelBehavior for ActiveModel {}
