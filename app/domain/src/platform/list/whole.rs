//! Site-wide lists.

use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, QueryFilter, QuerySelect, Select,
    sea_query::{Expr, ExprTrait, Func, LockBehavior, LockType, Order, Query, SelectStatement},
};

use super::{ListHead, PageRequest, SeekPlan};
use crate::{
    Scope,
    platform::{
        db::Transaction,
        entity::{list_kind::ListKind, total},
    },
};
use shared::{error::AppError, model::page::ListPage};

/// A site-wide list, whose length is stored in the totals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SiteWideList {
    /// All posts.
    Posts,
    /// All authors.
    Authors,
}

impl SiteWideList {
    const fn kind(self) -> ListKind {
        match self {
            Self::Posts => ListKind::Posts,
            Self::Authors => ListKind::Authors,
        }
    }

    /// Adds `change` to the length, in a part that no other transaction has locked. If there is none, waits for one.
    pub(super) async fn change_length(self, transaction: &Transaction, change: i64) -> Result<(), DbErr> {
        if change == 0 {
            return Ok(());
        }
        let mut free = self.part();
        free.lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
        if change_part(transaction, free, change).await? == 0 {
            let mut any = self.part();
            any.order_by_expr(Func::random().into(), Order::Asc);
            change_part(transaction, any, change).await?;
        }
        Ok(())
    }

    /// Selects the name of a part of the length.
    fn part(self) -> SelectStatement {
        Query::select()
            .column(total::Column::Name)
            .from(total::Entity)
            .and_where(total::Column::Kind.eq(self.kind()))
            .limit(1)
            .to_owned()
    }

    /// Returns the length.
    pub(super) async fn count(self, db: &impl ConnectionTrait) -> Result<i64, DbErr> {
        let length: Option<i64> = total::Entity::find()
            .select_only()
            .expr_as(self.length(), "length")
            .into_tuple()
            .one(db)
            .await?;
        Ok(length.unwrap_or_default())
    }

    /// Reads the page `wanted` of `entries`, which are ordered by `at` and `id`.
    ///
    /// # Errors
    ///
    /// Returns [`AppError::NoSuchPage`] if there is no such page.
    pub(crate) async fn page<E, R, T>(
        self,
        scope: &Scope,
        wanted: PageRequest,
        entries: impl Fn() -> Select<E>,
        (at, id): (impl ColumnTrait, impl ColumnTrait),
    ) -> Result<ListPage<T>, AppError>
    where
        E: EntityTrait,
        R: FromQueryResult + Send + Sync,
        T: From<R>,
    {
        let reader = scope.state.db.reader();
        if let Some(walk) = wanted.near() {
            let rows = walk.apply(entries(), at, id).expr_as(self.length(), "total");
            let rows: Vec<Counted<R>> = rows.into_model().all(reader).await?;
            // No rows: either a page beyond the last, or the first page of an empty list.
            if let Some(first) = rows.first() {
                let total = u64::try_from(first.total).map_err(|_| AppError::Internal)?;
                return Ok(wanted.page(total, rows.into_iter().map(|counted| counted.row).collect()));
            }
        }
        let walk = self.way(scope, wanted).await?;
        let rows: Vec<R> = walk.apply(entries(), at, id).into_model().all(reader).await?;
        Ok(wanted.page(walk.total, walk.arranged(rows)))
    }

    /// Returns the length as a subquery.
    fn length(self) -> Expr {
        let length = Query::select()
            .expr(Func::sum(Expr::col((total::Entity, total::Column::Number))).cast_as("bigint"))
            .from(total::Entity)
            .and_where(total::Column::Kind.eq(self.kind()))
            .to_owned();
        Expr::SubQuery(None, Box::new(length.into()))
    }

    /// Returns the plan to read the page `wanted`.
    async fn way(self, scope: &Scope, wanted: PageRequest) -> Result<SeekPlan, AppError> {
        let head: Option<ListHead> = wanted
            .head(
                total::Entity::find()
                    .select_only()
                    .filter(total::Column::Kind.eq(self.kind())),
                self.kind(),
                Expr::value(0),
                self.length(),
            )
            .into_model()
            .one(scope.state.db.reader())
            .await?;
        wanted.walk(head.ok_or(AppError::Internal)?)
    }
}

/// Adds `change` to the part that `part` selects. Returns the number of changed rows, 0 or 1.
async fn change_part(transaction: &Transaction, part: SelectStatement, change: i64) -> Result<u64, DbErr> {
    let changed = total::Entity::update_many()
        .col_expr(
            total::Column::Number,
            Expr::col(total::Column::Number).add(change),
        )
        // With `IN`, the subquery might be executed, and lock a part, more than once.
        .filter(Expr::col(total::Column::Name).eq(Expr::SubQuery(None, Box::new(part.into()))))
        .exec(transaction)
        .await?;
    Ok(changed.rows_affected)
}

/// A row with the length of the whole list.
#[derive(FromQueryResult)]
struct Counted<R: FromQueryResult> {
    #[sea_orm(nested)]
    row: R,
    total: i64,
}
