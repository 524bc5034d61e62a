//! Milestones of long lists.
#![expect(missing_docs, reason = "generated items have no documentation of their own")]

use sea_orm::entity::prelude::*;
use time::OffsetDateTime;

use super::list_kind::ListKind;

/// A milestone: `rank` entries of the list come before the position (`at`, `entry`), not counting the changes that are
/// still in the table `list_changes`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "milestones")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub kind: ListKind,
    #[sea_orm(primary_key, auto_increment = false)]
    pub key: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub at: OffsetDateTime,
    #[sea_orm(primary_key, auto_increment = false)]
    pub entry: i64,
    pub rank: i64,
}

impl ActiveModelBehavior for ActiveModel {}
