//! Sessions.
#![expect(missing_docs, reason = "generated items have no documentation of their own")]

use sea_orm::entity::prelude::*;
use time::OffsetDateTime;

/// A session, identified by the hash of the session id in the cookie.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sessions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id_hash: String,
    pub user_id: Option<i64>,
    pub data: String,
    pub expires_at: OffsetDateTime,
    pub signed_in_at: Option<OffsetDateTime>,
    pub last_seen_at: Option<OffsetDateTime>,
    pub remembered: bool,
    pub agent: String,
    pub address: String,
}

impl ActiveModelBehavior for ActiveModel {}
