//! The outbox.
#![expect(missing_docs, reason = "generated items have no documentation of their own")]

use sea_orm::entity::prelude::*;
use time::OffsetDateTime;

/// A mail in the outbox. `template` contains the parameters, not the text, which may contain a token.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "outbox")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub message_id: String,
    pub recipient: String,
    #[sea_orm(column_name = "letter")]
    pub template: String,
    pub user_id: Option<i64>,
    pub created_at: OffsetDateTime,
    pub attempts: i32,
    pub due_at: OffsetDateTime,
    pub dead_at: Option<OffsetDateTime>,
    pub last_error: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
