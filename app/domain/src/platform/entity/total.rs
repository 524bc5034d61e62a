//! The lengths of site-wide lists.
#![expect(missing_docs, reason = "generated items have no documentation of their own")]

use sea_orm::entity::prelude::*;

use super::list_kind::ListKind;

/// A part of the length of a list, which is the sum of its parts. With several parts, transactions that change the
/// same length at the same time do not wait for each other.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "totals")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: String,
    pub kind: ListKind,
    pub number: i64,
}

impl ActiveModelBehavior for ActiveModel {}
