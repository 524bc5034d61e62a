//! Invitations.
#![expect(missing_docs, reason = "generated items have no documentation of their own")]

use sea_orm::entity::prelude::*;
use time::OffsetDateTime;

use shared::model::account::Role;

/// An invitation to register, found by the hash of the token in its link. Those from the command line have no inviter.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "invitations")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    #[sea_orm(unique)]
    pub hash: Option<String>,
    pub inviter_id: Option<i64>,
    pub role: Role,
    pub email: Option<String>,
    pub uses_left: i32,
    pub created_at: OffsetDateTime,
    pub expires_at: OffsetDateTime,
}

impl ActiveModelBehavior for ActiveModel {}
