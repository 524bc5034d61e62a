//! Who has done what to others.
#![expect(missing_docs, reason = "generated items have no documentation of their own")]

use sea_orm::entity::prelude::*;
use time::OffsetDateTime;

/// Something that somebody with a role has done. The names are those of the moment.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "acts")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub at: OffsetDateTime,
    pub actor: String,
    #[sea_orm(column_name = "deed")]
    pub action: String,
    pub subject: String,
    pub reason: String,
}

impl ActiveModelBehavior for ActiveModel {}
