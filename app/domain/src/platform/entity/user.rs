//! Users.
#![expect(missing_docs, reason = "generated items have no documentation of their own")]

use std::fmt;

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use shared::model::account::Role;

/// A user. The keys are the username and the address in lower case and are unique.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "users")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub username: String,
    #[sea_orm(unique)]
    pub username_key: String,
    pub email: String,
    #[sea_orm(unique)]
    pub email_key: String,
    pub password_hash: PasswordHash,
    pub created_at: OffsetDateTime,
    pub about: String,
    pub picture: Option<String>,
    pub last_seen_at: Option<OffsetDateTime>,
    pub email_confirmed_at: Option<OffsetDateTime>,
    pub new_email: Option<String>,
    pub post_count: i64,
    pub latest_post_at: Option<OffsetDateTime>,
    pub latest_post_id: Option<i64>,
    pub role: Role,
    pub suspended_because: Option<String>,
    #[sea_orm(has_many)]
    pub posts: HasMany<super::post::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}

/// A password hash as a PHC string, hidden by `Debug`.
#[derive(Clone, PartialEq, Eq, DeriveValueType, Serialize, Deserialize)]
pub struct PasswordHash(pub String);

impl fmt::Debug for PasswordHash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("PasswordHash(…)")
    }
}
