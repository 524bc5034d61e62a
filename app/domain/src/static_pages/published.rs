//! The addresses of all published pages, in memory.

use std::{collections::BTreeMap, sync::Arc};

use sea_orm::{ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QuerySelect};
use serde::Serialize;
use time::OffsetDateTime;

use crate::{
    Scope,
    platform::{entity::static_page, topic::Topic},
};
use shared::{
    error::AppError,
    model::static_page::{PageLink, PageLinks, Place},
    paths,
};

/// All published pages without their texts, by slug.
#[derive(Debug, Serialize)]
pub(crate) struct PublishedPages(BTreeMap<String, PublishedPage>);

/// A published page without its text.
#[derive(Debug, Serialize, FromQueryResult)]
pub(super) struct PublishedPage {
    pub slug: String,
    title: String,
    place: Place,
    #[serde(with = "time::serde::timestamp")]
    pub updated_at: OffsetDateTime,
}

impl PublishedPages {
    /// Returns whether there is a page with this slug.
    pub(super) fn contains(&self, slug: &str) -> bool {
        self.0.contains_key(slug)
    }

    /// Returns all pages in the order of their slugs.
    pub(super) fn pages(&self) -> impl Iterator<Item = &PublishedPage> {
        self.0.values()
    }

    /// Returns the links to the pages that have a place, in the order of their slugs.
    pub(super) fn links(&self) -> PageLinks {
        let mut links = PageLinks::default();
        for page in self.pages() {
            let link = PageLink {
                path: paths::static_page(&page.slug),
                title: page.title.clone(),
            };
            match page.place {
                Place::None => {}
                Place::Bar => links.bar.push(link),
                Place::Footer => links.footer.push(link),
            }
        }
        links
    }
}

/// Returns all published pages.
///
/// # Errors
///
/// Returns an error if the database cannot be reached.
pub(super) async fn all(scope: &Scope) -> Result<Arc<PublishedPages>, AppError> {
    let read = async |scope: &Scope| {
        scope.reads([Topic::Pages]);
        let pages: Vec<PublishedPage> = static_page::Entity::find()
            .select_only()
            .columns([
                static_page::Column::Slug,
                static_page::Column::Title,
                static_page::Column::Place,
                static_page::Column::UpdatedAt,
            ])
            .filter(static_page::Column::IsPublished.eq(true))
            .into_model()
            .all(scope.state.db.reader())
            .await?;
        let pages = pages.into_iter().map(|page| (page.slug.clone(), page));
        Ok(PublishedPages(pages.collect()))
    };
    scope.state.reads.published_pages.get(scope, (), read).await
}
