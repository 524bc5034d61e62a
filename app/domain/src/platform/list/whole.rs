//! Lists that are everybody's.

use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, QuerySelect, Select,
    sea_query::{Expr, Query},
};

use super::{List, ListHead, PageRequest, SeekPlan};
use crate::{Ctx, platform::entity::total};
use shared::{error::AppError, model::page::Page};

/// A list that is everybody's: its length stands in the totals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SiteWideList {
    /// All posts.
    Posts,
    /// Everybody who has published.
    Writers,
}

impl SiteWideList {
    /// What its length is called.
    pub(crate) const fn total(self) -> &'static str {
        match self {
            Self::Posts => "posts",
            Self::Writers => "writers",
        }
    }

    const fn list(self) -> List {
        match self {
            Self::Posts => List::Posts,
            Self::Writers => List::Writers,
        }
    }

    /// The page that is `wanted` of what `entries` selects, which stand in the list by `at` and `id`.
    ///
    /// # Errors
    /// [`AppError::NoSuchPage`] when there is no such page.
    pub(crate) async fn page<E, R, T>(
        self,
        ctx: &Ctx,
        wanted: PageRequest,
        entries: impl Fn() -> Select<E>,
        (at, id): (impl ColumnTrait, impl ColumnTrait),
    ) -> Result<Page<T>, AppError>
    where
        E: EntityTrait,
        R: FromQueryResult + Send + Sync,
        T: From<R>,
    {
        let reader = ctx.state.db.reader();
        if let Some(walk) = wanted.near() {
            let rows = walk.of(entries(), at, id).expr_as(self.length(), "total");
            let rows: Vec<Counted<R>> = rows.into_model().all(reader).await?;
            // Without any, it is a page beyond the last, or the first one of nothing.
            if let Some(first) = rows.first() {
                let total = u64::try_from(first.total).map_err(|_| AppError::Internal)?;
                return Ok(wanted.page(total, rows.into_iter().map(|counted| counted.row).collect()));
            }
        }
        let walk = self.way(ctx, wanted).await?;
        let rows: Vec<R> = walk.of(entries(), at, id).into_model().all(reader).await?;
        Ok(wanted.page(walk.total, walk.arranged(rows)))
    }

    /// How long it is.
    fn length(self) -> Expr {
        let length = Query::select()
            .column(total::Column::Number)
            .from(total::Entity)
            .and_where(total::Column::Name.eq(self.total()))
            .to_owned();
        Expr::SubQuery(None, Box::new(length.into()))
    }

    /// The way to the page that is `wanted`.
    async fn way(self, ctx: &Ctx, wanted: PageRequest) -> Result<SeekPlan, AppError> {
        let head: Option<ListHead> = wanted
            .head(
                total::Entity::find_by_id(self.total()).select_only(),
                Expr::value(self.list().number()),
                Expr::col((total::Entity, total::Column::Number)),
            )
            .into_model()
            .one(ctx.state.db.reader())
            .await?;
        wanted.walk(head.ok_or(AppError::Internal)?)
    }
}

/// A row of a page, and how long the whole list is.
#[derive(FromQueryResult)]
struct Counted<R: FromQueryResult> {
    #[sea_orm(nested)]
    row: R,
    total: i64,
}
