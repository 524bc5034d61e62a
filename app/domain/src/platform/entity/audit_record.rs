//! The audit log.
#![expect(missing_docs, reason = "generated items have no documentation of their own")]

use sea_orm::entity::prelude::*;
use time::OffsetDateTime;

/// An action of a user with a role. Names are stored as they were at that time.
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
