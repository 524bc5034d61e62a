//! Writing static pages.

use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};
use time::{Duration, OffsetDateTime};

use super::administration::{audited, found, require};
use crate::{
    Scope,
    markdown::{RENDERER, Rendered},
    platform::{db::Transaction, entity::static_page, topic::Topic, unique::on_unique},
    policy::{Action, Target, may},
    posts, redirects,
};
use shared::{
    error::AppError,
    forms::{
        Field, FieldErrors, FieldProblem,
        post::{CONTENT_MAX, Intent},
        static_page::{NewStaticPage, require_free},
    },
    model::{account::Viewer, moderation::AuditAction, static_page::StaticPageDocument},
    paths,
};

/// The time within which the same new page is treated as a repeated request.
const REPEATED: Duration = Duration::minutes(1);

/// A page that was saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedPage {
    /// The id.
    pub id: i64,
    /// The slug.
    pub slug: String,
    /// Whether it is published.
    pub is_published: bool,
}

/// Returns the page with this id for the editor.
///
/// # Errors
///
/// Returns [`AppError::RoleRequired`] unless `viewer` is an administrator, and [`AppError::NotFound`] if there is no such
/// page.
pub async fn open(scope: &Scope, viewer: &Viewer, id: i64) -> Result<StaticPageDocument, AppError> {
    may(viewer.into(), Action::Administer, Target::Site)?;
    let row = found(scope.state.db.reader(), id).await?;
    Ok(StaticPageDocument {
        id: Some(row.id),
        version: row.version,
        title: row.title,
        slug: row.slug,
        place: row.place,
        is_published: row.is_published,
        content_max: row.content.chars().count().max(CONTENT_MAX),
        content: row.content,
    })
}

/// Creates or changes a page, and publishes it if that is the intent.
///
/// # Errors
///
/// Returns [`AppError::RoleRequired`] unless `viewer` is an administrator, [`AppError::Invalid`] if the address is taken or
/// reserved or the text is not valid, [`AppError::Conflict`] if the page has another version, and [`AppError::NotFound`] if
/// there is no such page. Nothing has changed then.
pub async fn save(scope: &Scope, viewer: &Viewer, new: NewStaticPage) -> Result<SavedPage, AppError> {
    may(viewer.into(), Action::Administer, Target::Site)?;
    scope.state.limits.write.check(&scope.state.db, viewer.id).await?;
    let rendered = posts::seen(&new.content).await?;
    let now = scope.state.clock.now();
    let transaction = scope.state.db.begin().await?;
    require(&transaction, viewer).await?;
    let (saved, action) = match new.id {
        None => create(&transaction, new, rendered, now).await?,
        Some(id) => {
            let before = found(&transaction, id).await?;
            update(&transaction, before, new, rendered, now).await?
        }
    };
    if let Some(action) = action {
        audited(scope, &transaction, action, &saved).await?;
        transaction.invalidate([Topic::Pages]);
    }
    scope.state.db.commit(transaction).await?;
    Ok(SavedPage {
        id: saved.id,
        slug: saved.slug,
        is_published: saved.is_published,
    })
}

/// A row, and what was done to it.
type Done = (static_page::Model, Option<AuditAction>);

async fn create(
    transaction: &Transaction,
    new: NewStaticPage,
    rendered: Rendered,
    now: OffsetDateTime,
) -> Result<Done, AppError> {
    require_free(&new.slug)?;
    require_length(&new.content, 0)?;
    let there = static_page::Entity::find()
        .filter(static_page::Column::Slug.eq(new.slug.as_str()))
        .one(transaction)
        .await?;
    if let Some(there) = there {
        let is_again = there.created_at > now - REPEATED && is_same(&there, &new);
        return if is_again {
            Ok((there, None))
        } else {
            Err(FieldErrors::one(Field::Address, FieldProblem::Taken).into())
        };
    }
    let is_published = new.intent == Intent::Publish;
    let row = static_page::ActiveModel {
        slug: Set(new.slug),
        title: Set(new.title),
        content: Set(new.content),
        html: Set(rendered.html),
        excerpt: Set(rendered.excerpt),
        renderer: Set(RENDERER),
        place: Set(new.place),
        is_published: Set(is_published),
        version: Set(1),
        created_at: Set(now),
        updated_at: Set(now),
        has_moved: Set(false),
        ..Default::default()
    };
    let saved = row.insert(transaction).await.map_err(on_slug)?;
    let action = if is_published {
        AuditAction::PublishPage
    } else {
        AuditAction::AddPage
    };
    Ok((saved, Some(action)))
}

async fn update(
    transaction: &Transaction,
    before: static_page::Model,
    new: NewStaticPage,
    rendered: Rendered,
    now: OffsetDateTime,
) -> Result<Done, AppError> {
    let is_published = before.is_published || new.intent == Intent::Publish;
    if is_same(&before, &new) && is_published == before.is_published {
        return Ok((before, None));
    }
    if before.version != new.version {
        return Err(AppError::Conflict);
    }
    if before.slug != new.slug {
        require_free(&new.slug)?;
    }
    require_length(&new.content, before.content.chars().count())?;
    let saved = static_page::Model {
        title: new.title,
        place: new.place,
        content: new.content,
        is_published,
        version: before.version + 1,
        updated_at: now,
        has_moved: before.has_moved && before.slug == new.slug,
        slug: new.slug,
        ..before.clone()
    };
    let changed = static_page::Entity::update_many()
        .col_expr(static_page::Column::Slug, Expr::value(saved.slug.as_str()))
        .col_expr(static_page::Column::Title, Expr::value(saved.title.as_str()))
        .col_expr(static_page::Column::Place, Expr::value(saved.place))
        .col_expr(static_page::Column::Content, Expr::value(saved.content.as_str()))
        .col_expr(static_page::Column::Html, Expr::value(rendered.html))
        .col_expr(static_page::Column::Excerpt, Expr::value(rendered.excerpt))
        .col_expr(static_page::Column::Renderer, Expr::value(RENDERER))
        .col_expr(static_page::Column::IsPublished, Expr::value(is_published))
        .col_expr(static_page::Column::Version, Expr::value(saved.version))
        .col_expr(static_page::Column::UpdatedAt, Expr::value(now))
        .col_expr(static_page::Column::HasMoved, Expr::value(saved.has_moved))
        .filter(static_page::Column::Id.eq(before.id))
        .filter(static_page::Column::Version.eq(before.version))
        .exec(transaction)
        .await
        .map_err(on_slug)?;
    if changed.rows_affected == 0 {
        return Err(AppError::Conflict);
    }
    if before.is_published && before.slug != saved.slug {
        let (from, to) = (paths::static_page(&before.slug), paths::static_page(&saved.slug));
        redirects::follow(transaction, &from, &to, now).await?;
    }
    let action = if is_published && !before.is_published {
        AuditAction::PublishPage
    } else {
        AuditAction::UpdatePage
    };
    Ok((saved, Some(action)))
}

fn on_slug(error: sea_orm::DbErr) -> AppError {
    on_unique(error, &[("slug", Field::Address)])
}

fn is_same(row: &static_page::Model, new: &NewStaticPage) -> bool {
    row.slug == new.slug && row.title == new.title && row.place == new.place && row.content == new.content
}

/// Checks the length of `content`, which replaces a text of `before` characters. An imported text may stay as long as it
/// is.
fn require_length(content: &str, before: usize) -> Result<(), FieldErrors> {
    let most = before.max(CONTENT_MAX);
    if content.chars().count() > most {
        return Err(FieldErrors::one(Field::Content, FieldProblem::TooLong(most)));
    }
    Ok(())
}
