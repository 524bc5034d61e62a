//! Decisions of moderators.
#![expect(missing_docs, reason = "generated items have no documentation of their own")]

use sea_orm::entity::prelude::*;
use shared::model::decision::{Act, Ground};
use time::OffsetDateTime;

/// An act of a `moderator` and its reason, with the `appeal` of the user whom it concerns and the `answer` to it. When the account of
/// the user is deleted, only the act remains.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "decisions")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub user_id: Option<i64>,
    pub moderator_id: Option<i64>,
    pub moderator: String,
    pub act: Act,
    pub subject: String,
    pub post_id: Option<i64>,
    pub comment_id: Option<i64>,
    pub ground: Ground,
    pub facts: String,
    pub is_automated: bool,
    pub until: Option<OffsetDateTime>,
    pub created_at: OffsetDateTime,
    pub appeal: Option<String>,
    pub appealed_at: Option<OffsetDateTime>,
    pub answer: Option<String>,
    pub answered_at: Option<OffsetDateTime>,
    pub is_reversed: bool,
}

impl ActiveModelBehavior for ActiveModel {}
