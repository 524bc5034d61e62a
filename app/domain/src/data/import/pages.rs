//! Import of static pages, which are rendered by the current renderer.

use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use time::OffsetDateTime;

use super::{Counted, Numbers, advance, moment, number};
use crate::data::interchange::Page;
use crate::{
    Scope,
    markdown::{self, RENDERER, Rendered, slug},
    platform::{db::Transaction, entity::static_page, topic::Topic},
};
use shared::{
    error::AppError,
    forms::{Field, FieldError, FieldProblem, post::TITLE_MAX, static_page::ADDRESS_MAX},
    paths,
};

/// The number of addresses that are tried for a page whose own is taken.
const ATTEMPTS: usize = 1_000;

/// Adds the pages that do not exist yet, rendered by the current renderer. A page whose address is taken gets another one.
///
/// # Errors
///
/// Returns an error if the database cannot be reached. None of the pages is added then.
pub async fn pages(scope: &Scope, numbers: &mut Numbers, pages: Vec<Page>) -> Result<Counted, AppError> {
    let mut counted = Counted::default();
    let mut rendered = Vec::with_capacity(pages.len());
    for page in pages {
        let html = markdown::render(page.content.clone()).await?;
        rendered.push((page, html));
    }
    let transaction = scope.state.db.begin().await?;
    for (mut incoming, rendered) in rendered {
        incoming.created_at = moment(incoming.created_at);
        incoming.title = incoming.title.chars().take(TITLE_MAX).collect();
        let old_path = incoming.old_path.take();
        if !rendered.is_in_proportion_to(&incoming.content) {
            let error = FieldError {
                field: Field::Content,
                problem: FieldProblem::TooMuchMarkup,
            };
            counted.refused.push((incoming.title, error));
            continue;
        }
        let slug = match address(&transaction, &incoming).await? {
            Address::There(slug) => {
                counted.count(false);
                slug
            }
            Address::Free(slug) => {
                counted.count(true);
                add(&transaction, &slug, incoming, rendered).await?;
                slug
            }
            Address::None => {
                let error = FieldError {
                    field: Field::Address,
                    problem: FieldProblem::Taken,
                };
                counted.refused.push((incoming.title, error));
                continue;
            }
        };
        numbers.lead(old_path, paths::static_page(&slug));
    }
    advance(&transaction, "pages").await?;
    transaction.invalidate([Topic::Everything]);
    scope.state.db.commit(transaction).await?;
    Ok(counted)
}

/// The address of an imported page.
enum Address {
    /// The page exists, with this slug.
    There(String),
    /// The page does not exist, and this slug is free.
    Free(String),
    /// All slugs that were tried are taken.
    None,
}

/// Returns the address of `incoming`: its own or, if another page has that, one with a number.
async fn address(transaction: &Transaction, incoming: &Page) -> Result<Address, AppError> {
    let own = slug::from_text(&incoming.slug, "page");
    for attempt in 1..=ATTEMPTS {
        let number = match attempt {
            1 => String::new(),
            _ => format!("-{attempt}"),
        };
        let begin: String = own.chars().take(ADDRESS_MAX - number.len()).collect();
        let slug = format!("{}{number}", begin.trim_end_matches('-'));
        let there: Option<(String, OffsetDateTime)> = static_page::Entity::find()
            .select_only()
            .columns([static_page::Column::Title, static_page::Column::CreatedAt])
            .filter(static_page::Column::Slug.eq(slug.as_str()))
            .into_tuple()
            .one(transaction)
            .await?;
        let Some((title, at)) = there else {
            return Ok(Address::Free(slug));
        };
        if title == incoming.title && (incoming.is_undated || at == incoming.created_at) {
            return Ok(Address::There(slug));
        }
    }
    Ok(Address::None)
}

async fn add(
    transaction: &Transaction,
    slug: &str,
    incoming: Page,
    rendered: Rendered,
) -> Result<(), AppError> {
    let is_taken = match incoming.id {
        Some(id) => static_page::Entity::find_by_id(id)
            .one(transaction)
            .await?
            .is_some(),
        None => true,
    };
    let row = static_page::ActiveModel {
        id: number(incoming.id, is_taken),
        slug: Set(slug.to_owned()),
        title: Set(incoming.title),
        content: Set(incoming.content),
        html: Set(rendered.html),
        excerpt: Set(rendered.excerpt),
        renderer: Set(RENDERER),
        place: Set(incoming.place),
        is_published: Set(incoming.is_published),
        version: Set(incoming.version.clamp(1, 1 << 40)),
        created_at: Set(incoming.created_at),
        updated_at: Set(moment(incoming.updated_at)),
        has_moved: Set(false),
    };
    static_page::Entity::insert(row)
        .exec_without_returning(transaction)
        .await?;
    Ok(())
}
