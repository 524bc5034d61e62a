//! Static pages, such as the imprint: pages of the site itself that administrators write.

use std::{sync::PoisonError, time::Duration};

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use time::OffsetDateTime;
use tokio::time::timeout;

use crate::{
    Scope,
    markdown::{self, RENDERER},
    platform::{entity::static_page, topic::Topic},
};
use shared::{
    error::AppError,
    model::static_page::{PageLinks, StaticPage},
    paths,
};

/// The list of the administrators, and changes from it.
pub mod administration;
/// Writing static pages.
mod editing;
/// The addresses of all published pages.
mod published;
/// The work that an update of the program makes necessary for static pages.
mod upgrade;

pub use editing::{SavedPage, open, save};
pub use upgrade::after_upgrade;

pub(crate) use published::PublishedPages;

/// How long a page waits for the links on it, which may be the ones that were last known.
const PATIENCE: Duration = Duration::from_secs(1);

/// Returns the published page with this slug. Whether there is one is known without asking the database.
///
/// # Errors
///
/// Returns [`AppError::NotFound`] if there is none.
pub async fn read(scope: &Scope, slug: &str) -> Result<StaticPage, AppError> {
    if !is_published(scope, slug).await? {
        return Err(AppError::NotFound);
    }
    let read = async |scope: &Scope| read_stored(scope, slug).await;
    let page = scope
        .state
        .reads
        .static_page
        .get(scope, slug.to_owned(), read)
        .await?;
    Ok((*page).clone())
}

async fn read_stored(scope: &Scope, slug: &str) -> Result<StaticPage, AppError> {
    scope.reads([Topic::Pages]);
    let row = static_page::Entity::find()
        .filter(static_page::Column::Slug.eq(slug))
        .filter(static_page::Column::IsPublished.eq(true))
        .one(scope.state.db.reader())
        .await?
        .ok_or(AppError::NotFound)?;
    let (html, excerpt) = if row.renderer == RENDERER {
        (row.html, row.excerpt)
    } else {
        let rendered = markdown::render(row.content).await?;
        (rendered.html, rendered.excerpt)
    };
    Ok(StaticPage {
        id: row.id,
        slug: row.slug,
        title: row.title,
        html,
        excerpt,
    })
}

/// Returns whether there is a published page with this slug.
///
/// # Errors
///
/// Returns an error if the database cannot be reached.
pub async fn is_published(scope: &Scope, slug: &str) -> Result<bool, AppError> {
    Ok(published::all(scope).await?.contains(slug))
}

/// Returns the pages that are linked on every page. While the database cannot be reached, these are the ones that were last
/// known, so that what needs no database is shown nevertheless.
pub async fn links(scope: &Scope) -> PageLinks {
    let last = &scope.state.reads.last_links;
    if let Ok(Ok(published)) = timeout(PATIENCE, published::all(scope)).await {
        let links = published.links();
        let mut last = last.lock().unwrap_or_else(PoisonError::into_inner);
        last.clone_from(&links);
        return links;
    }
    // What shows these is outdated at once.
    scope.reads([Topic::Everything]);
    last.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

/// Returns the paths of all published pages with the times of their last changes, for sitemaps.
///
/// # Errors
///
/// Returns an error if the database cannot be reached.
pub async fn addresses(scope: &Scope) -> Result<Vec<(String, OffsetDateTime)>, AppError> {
    let published = published::all(scope).await?;
    let addresses = published.pages();
    Ok(addresses
        .map(|page| (paths::static_page(&page.slug), page.updated_at))
        .collect())
}
