//! Changes of lists that their milestones do not include yet.
#![expect(missing_docs, reason = "generated items have no documentation of their own")]

use sea_orm::entity::prelude::*;
use time::OffsetDateTime;

use super::list_kind::ListKind;

/// An entry that was added to a list (`step` is 1) or removed from it (`step` is -1) at the position (`at`, `entry`).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "list_changes")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub kind: ListKind,
    pub key: i64,
    pub at: OffsetDateTime,
    pub entry: i64,
    pub step: i64,
}

impl ActiveModelBehavior for ActiveModel {}
