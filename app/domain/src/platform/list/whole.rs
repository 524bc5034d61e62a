//! Site-wide lists.

use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, QuerySelect, Select,
    sea_query::{Expr, Query},
};

use super::{List, ListHead, PageRequest, SeekPlan};
use crate::{Scope, platform::entity::total};
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
    /// Returns the name of the list in the totals.
    pub(crate) const fn total(self) -> &'static str {
        match self {
            Self::Posts => "posts",
            Self::Authors => "writers",
        }
    }

    const fn list(self) -> List {
        match self {
            Self::Posts => List::Posts,
            Self::Authors => List::Authors,
        }
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
            .column(total::Column::Number)
            .from(total::Entity)
            .and_where(total::Column::Name.eq(self.total()))
            .to_owned();
        Expr::SubQuery(None, Box::new(length.into()))
    }

    /// Returns the plan to read the page `wanted`.
    async fn way(self, scope: &Scope, wanted: PageRequest) -> Result<SeekPlan, AppError> {
        let head: Option<ListHead> = wanted
            .head(
                total::Entity::find_by_id(self.total()).select_only(),
                Expr::value(self.list().number()),
                Expr::col((total::Entity, total::Column::Number)),
            )
            .into_model()
            .one(scope.state.db.reader())
            .await?;
        wanted.walk(head.ok_or(AppError::Internal)?)
    }
}

/// A row with the length of the whole list.
#[derive(FromQueryResult)]
struct Counted<R: FromQueryResult> {
    #[sea_orm(nested)]
    row: R,
    total: i64,
}
