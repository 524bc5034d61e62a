//! Paginated lists, newest entries first.
//!
//! Page 100,000 costs as much as page 1: the database stores the length of each list and `milestone`s along it, so
//! that a page is found by a keyset seek and a few hundred steps in an index. Transactions that change a list only
//! record the change in `change`, so that they do not wait for each other.

use std::cmp::min;

use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, JoinType, Order, QueryFilter, QueryOrder, QuerySelect, Select,
    sea_query::{Alias, Condition, Expr, ExprTrait, Func, Query},
};
use time::{OffsetDateTime, macros::datetime};

use super::entity::{list_kind::ListKind, milestone as mark, post::LISTED};
use shared::{
    error::AppError,
    model::page::{self, ListPage},
};

/// Changes of lists that their milestones do not include yet.
mod change;
/// Maintenance of the lengths of lists and of each author's latest post.
pub(crate) mod counters;
/// Lists with the links "Newer" and "Older".
pub(crate) mod keyset;
/// Milestones of long lists.
mod milestone;
/// Recounting of all lists.
mod recount;
/// Maintenance of the lists of tags.
pub(crate) mod taggings;
/// Site-wide lists.
mod whole;

pub use milestone::maintain;
pub use recount::recount;
pub(crate) use shared::model::position::Cursor;
pub(crate) use whole::SiteWideList;

/// A list with numbered pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum List {
    /// All posts.
    Posts,
    /// The posts of one user.
    PostsBy(i64),
    /// All authors, ordered by their latest posts.
    Authors,
    /// The posts with a tag.
    Tagged(i64),
}

impl List {
    /// Returns the list of this kind with this key.
    const fn new(kind: ListKind, key: i64) -> Self {
        match kind {
            ListKind::Posts => Self::Posts,
            ListKind::PostsBy => Self::PostsBy(key),
            ListKind::Authors => Self::Authors,
            ListKind::Tagged => Self::Tagged(key),
        }
    }

    /// Returns the kind of the list.
    const fn kind(self) -> ListKind {
        match self {
            Self::Posts => ListKind::Posts,
            Self::PostsBy(_) => ListKind::PostsBy,
            Self::Authors => ListKind::Authors,
            Self::Tagged(_) => ListKind::Tagged,
        }
    }

    /// Returns the key of the list among those of its kind.
    const fn key(self) -> i64 {
        match self {
            Self::Posts | Self::Authors => 0,
            Self::PostsBy(id) | Self::Tagged(id) => id,
        }
    }
}

/// The length of a list and the last milestone before the requested page.
#[derive(Debug, Clone, Copy, FromQueryResult)]
pub(crate) struct ListHead {
    total: i64,
    mark_at: Option<OffsetDateTime>,
    mark_entry: Option<i64>,
    mark_rank: Option<i64>,
}

impl ListHead {
    /// Returns whether the list is empty.
    pub(crate) const fn is_empty(&self) -> bool {
        self.total == 0
    }
}

/// The number of a page and its size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PageRequest {
    pub number: u64,
    pub per_page: u64,
}

/// The distance from the newest entry up to which a seek is used without a milestone.
const NEAR: i64 = 512;
/// A bound above the length of any list.
const FAR: i64 = i64::MAX / 2;

impl PageRequest {
    /// Returns the number of entries on the pages up to and including this one.
    fn end(self) -> i64 {
        i64::try_from(self.number.saturating_mul(self.per_page)).map_or(FAR, |end| min(end, FAR))
    }

    /// Returns the plan for a page near the newest entry, which does not depend on the length of the list.
    fn near(self) -> Option<SeekPlan> {
        let is_near = self.number >= 1 && self.end() <= NEAR;
        is_near.then(|| SeekPlan::newest((self.number - 1) * self.per_page, self.per_page))
    }

    /// Builds the page from its `rows` and the length `total` of the list.
    pub(crate) fn page<R, T: From<R>>(self, total: u64, rows: Vec<R>) -> ListPage<T> {
        ListPage {
            items: rows.into_iter().map(T::from).collect(),
            number: self.number,
            pages: page::count(total, self.per_page),
            total,
        }
    }

    /// Adds the columns of [`ListHead`] for the list with this `kind`, `key` and length `total` to `select`.
    pub(crate) fn head<E: EntityTrait>(
        self,
        mut select: Select<E>,
        kind: ListKind,
        key: Expr,
        total: Expr,
    ) -> Select<E> {
        let lower = Alias::new("lower");
        // With all recorded additions, the rank is still low enough.
        let limit = total
            .clone()
            .sub(self.end())
            .sub(change::additions(kind, key.clone()));
        let highest = Query::select()
            .expr(Func::max(Expr::col((lower.clone(), mark::Column::Rank))))
            .from_as(mark::Entity, lower.clone())
            .and_where(Expr::col((lower.clone(), mark::Column::Kind)).eq(kind))
            .and_where(Expr::col((lower.clone(), mark::Column::Key)).eq(key.clone()))
            .and_where(Expr::col((lower, mark::Column::Rank)).lte(limit))
            .to_owned();
        let nearest = Condition::all()
            .add(Expr::col((mark::Entity, mark::Column::Kind)).eq(kind))
            .add(Expr::col((mark::Entity, mark::Column::Key)).eq(key.clone()))
            .add(Expr::col((mark::Entity, mark::Column::Rank)).eq(highest));
        let rank = Expr::col((mark::Entity, mark::Column::Rank)).add(change::before_milestone(kind, key));
        QuerySelect::query(&mut select).join(JoinType::LeftJoin, mark::Entity, nearest);
        select
            .expr_as(total, "total")
            .column_as(mark::Column::At, "mark_at")
            .column_as(mark::Column::Entry, "mark_entry")
            .expr_as(rank, "mark_rank")
    }

    /// Returns the plan to read the page from a list with this `head`.
    ///
    /// # Errors
    ///
    /// Returns [`AppError::NoSuchPage`] if there is no such page.
    pub(crate) fn walk(self, head: ListHead) -> Result<SeekPlan, AppError> {
        let total = u64::try_from(head.total).map_err(|_| AppError::Internal)?;
        page::count_with(self.number, total, self.per_page)?;
        let newer = (self.number - 1) * self.per_page;
        let take = min(self.per_page, total - newer);
        let older = total - newer - take;
        let mark = match (head.mark_at, head.mark_entry, head.mark_rank.map(u64::try_from)) {
            (Some(at), Some(id), Some(Ok(rank))) if rank <= older => Some((Cursor { at, id }, rank)),
            _ => None,
        };
        let from_mark = older - mark.map_or(0, |(_, rank)| rank);
        let is_nearer = newer <= from_mark;
        Ok(SeekPlan {
            from: mark.map(|(key, _)| key).filter(|_| !is_nearer),
            is_newest_first: is_nearer,
            skip: if is_nearer { newer } else { from_mark },
            take,
            total,
        })
    }
}

/// A plan to read a page: from the newest entry backwards, or forwards from a milestone or the oldest entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SeekPlan {
    from: Option<Cursor>,
    is_newest_first: bool,
    skip: u64,
    take: u64,
    pub total: u64,
}

impl SeekPlan {
    /// Returns the plan to read at most `take` entries after the `skip` newest, for lists whose length is not needed.
    pub(crate) const fn newest(skip: u64, take: u64) -> Self {
        Self {
            from: None,
            is_newest_first: true,
            skip,
            take,
            total: take,
        }
    }

    /// Restricts `select`, ordered by `at` and `id`, to the entries of the page.
    pub(crate) fn apply<E: EntityTrait>(
        self,
        select: Select<E>,
        at: impl ColumnTrait,
        id: impl ColumnTrait,
    ) -> Select<E> {
        let order = if self.is_newest_first {
            Order::Desc
        } else {
            Order::Asc
        };
        // With a bound, even one that every entry satisfies, SQLite always seeks in the index.
        let bound = match self.from {
            Some(from) => place(at, id).gte(row_value(from)),
            None if self.is_newest_first => at.lte(datetime!(9999-12-31 0:00 UTC)),
            None => at.gte(datetime!(0000-01-01 0:00 UTC)),
        };
        select
            .filter(bound)
            .order_by(at, order.clone())
            .order_by(id, order)
            .offset(self.skip)
            .limit(self.take)
    }

    /// Returns the entries that were read, newest first.
    pub(crate) fn arranged<T>(self, mut found: Vec<T>) -> Vec<T> {
        if !self.is_newest_first {
            found.reverse();
        }
        found
    }
}

/// Returns the position of the entries as a row value.
fn place(at: impl ColumnTrait, id: impl ColumnTrait) -> Expr {
    Expr::tuple([Expr::col(at.as_column_ref()), Expr::col(id.as_column_ref())])
}

/// Returns `cursor` as a row value.
fn row_value(cursor: Cursor) -> Expr {
    Expr::tuple([Expr::value(cursor.at), Expr::value(cursor.id)])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn walk(number: u64, total: i64, rank: Option<i64>) -> Option<(bool, u64, u64)> {
        let head = ListHead {
            total,
            mark_at: rank.map(|_| OffsetDateTime::UNIX_EPOCH),
            mark_entry: rank,
            mark_rank: rank,
        };
        let walk = PageRequest { number, per_page: 5 }.walk(head).ok()?;
        assert_eq!(walk.from.is_some(), rank.is_some() && !walk.is_newest_first);
        Some((walk.is_newest_first, walk.skip, walk.take))
    }

    #[test]
    fn the_first_pages_begin_at_the_newest_entry() {
        assert_eq!(walk(1, 1_000_000, Some(999_936)), Some((true, 0, 5)));
        assert_eq!(walk(2, 1_000_000, Some(999_936)), Some((true, 5, 5)));
        assert_eq!(walk(1, 3, None), Some((true, 0, 3)));
    }

    #[test]
    fn the_last_pages_begin_at_the_oldest_entry() {
        assert_eq!(walk(200_000, 1_000_000, None), Some((false, 0, 5)));
        assert_eq!(walk(200_000, 999_998, None), Some((false, 0, 3)));
        assert_eq!(walk(199_999, 999_998, None), Some((false, 3, 5)));
    }

    #[test]
    fn any_other_page_begins_at_the_milestone_before_it() {
        assert_eq!(walk(100_000, 1_000_000, Some(499_712)), Some((false, 288, 5)));
    }

    #[test]
    fn a_page_beyond_the_last_is_none() {
        assert_eq!(walk(1, 0, None), Some((true, 0, 0)));
        for number in [0, 2, u64::MAX] {
            assert_eq!(walk(number, 5, None), None, "{number}");
        }
    }
}
