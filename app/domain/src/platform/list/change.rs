//! Changes of lists that their milestones do not include yet.
//!
//! Each transaction that adds or removes entries inserts rows here and changes no milestone, so that it waits for no
//! other. The rank of a milestone is the stored rank plus the changes before it.

use sea_orm::{
    ActiveValue::Set,
    ConnectionTrait, DbErr, EntityTrait,
    sea_query::{Expr, ExprTrait, Func, Query, SelectStatement},
};

use super::{Cursor, LISTED, List, place};
use crate::platform::{
    db::Transaction,
    entity::{
        list_change::{self, Column},
        list_kind::ListKind,
        milestone,
    },
};

/// An entry that was added to a list or removed from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ListChange {
    list: List,
    key: Cursor,
    step: i64,
}

impl ListChange {
    /// Returns the addition of the entry at `key` to `list`.
    pub(super) const fn added(list: List, key: Cursor) -> Self {
        Self { list, key, step: 1 }
    }

    /// Returns the removal of the entry at `key` from `list`.
    pub(super) const fn removed(list: List, key: Cursor) -> Self {
        Self { list, key, step: -1 }
    }
}

/// Records `changes`, which the same transaction makes.
pub(super) async fn record(transaction: &Transaction, changes: Vec<ListChange>) -> Result<(), DbErr> {
    if changes.is_empty() {
        return Ok(());
    }
    let rows = changes.into_iter().map(|change| list_change::ActiveModel {
        kind: Set(change.list.kind()),
        key: Set(change.list.key()),
        at: Set(change.key.at),
        entry: Set(change.key.id),
        step: Set(change.step),
        ..Default::default()
    });
    list_change::Entity::insert_many(rows)
        .exec_without_returning(transaction)
        .await?;
    Ok(())
}

/// Records that all posts of `author` are removed from the lists of posts; they must still be there.
pub(super) async fn record_removal_of_all(transaction: &Transaction, author: i64) -> Result<(), DbErr> {
    let removed = |kind, key, at, entry, rows: &str| {
        format!(
            "INSERT INTO list_changes (kind, key, at, entry, step) SELECT '{kind}', {key}, {at}, {entry}, -1 FROM {rows}"
        )
    };
    let posts = format!("posts WHERE author_id = {author} AND {LISTED}");
    let taggings = format!("taggings JOIN posts ON posts.id = post_id WHERE author_id = {author}");
    for statement in [
        removed("posts", "0", "created_at", "id", &posts),
        removed("author", "author_id", "created_at", "id", &posts),
        removed("tag", "tag_id", "taggings.created_at", "post_id", &taggings),
    ] {
        transaction.execute_unprepared(&statement).await?;
    }
    Ok(())
}

/// Returns the sum of the recorded changes before the milestone of the row, as a subquery.
pub(super) fn before_milestone(kind: ListKind, key: Expr) -> Expr {
    let is_before = Expr::tuple([column(Column::At), column(Column::Entry)])
        .lt(place(milestone::Column::At, milestone::Column::Entry));
    sum(of(kind, key).and_where(is_before))
}

/// Returns the number of recorded additions, as a subquery.
pub(super) fn additions(kind: ListKind, key: Expr) -> Expr {
    sum(of(kind, key).and_where(column(Column::Step).gt(0)))
}

/// Selects the recorded changes of a list.
pub(super) fn of(kind: ListKind, key: Expr) -> SelectStatement {
    Query::select()
        .from(list_change::Entity)
        .and_where(column(Column::Kind).eq(kind))
        .and_where(column(Column::Key).eq(key))
        .to_owned()
}

/// Returns the sum of the steps of `changes`, 0 if there are none.
fn sum(changes: &mut SelectStatement) -> Expr {
    let steps = Func::sum(column(Column::Step)).cast_as("bigint");
    changes.expr(Func::coalesce([steps, Expr::value(0)]));
    Expr::SubQuery(None, Box::new(changes.to_owned().into()))
}

fn column(column: Column) -> Expr {
    Expr::col((list_change::Entity, column))
}
