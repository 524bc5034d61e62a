//! The work that an update of the program makes necessary for static pages: their texts are rendered again, and an
//! address that the program needs by now is taken from them.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};

use crate::{
    Scope, audit_log,
    markdown::{self, RENDERER},
    platform::{entity::static_page, topic::Topic},
};
use shared::{
    error::AppError,
    model::{moderation::AuditAction, static_page::describe_static_page},
    paths,
};

/// Renders the pages again that an older version has rendered, and records in the audit log which pages have moved because
/// the program has claimed their addresses. Does nothing if it has been done.
///
/// # Errors
///
/// Returns an error if the database cannot be reached.
pub async fn after_upgrade(scope: &Scope) -> Result<(), AppError> {
    render_old(scope).await?;
    record_moved(scope).await
}

async fn render_old(scope: &Scope) -> Result<(), AppError> {
    let old = static_page::Entity::find()
        .filter(static_page::Column::Renderer.lt(RENDERER))
        .all(scope.state.db.reader())
        .await?;
    for page in old {
        let rendered = markdown::render(page.content).await?;
        static_page::Entity::update_many()
            .col_expr(static_page::Column::Html, Expr::value(rendered.html))
            .col_expr(static_page::Column::Excerpt, Expr::value(rendered.excerpt))
            .col_expr(static_page::Column::Renderer, Expr::value(RENDERER))
            .filter(static_page::Column::Id.eq(page.id))
            .filter(static_page::Column::Version.eq(page.version))
            .exec(scope.state.db.writer())
            .await?;
    }
    Ok(())
}

async fn record_moved(scope: &Scope) -> Result<(), AppError> {
    let moved = static_page::Entity::find()
        .filter(static_page::Column::Slug.is_in(paths::claimed()))
        .filter(static_page::Column::HasMoved.eq(false))
        .all(scope.state.db.reader())
        .await?;
    for page in moved {
        let transaction = scope.state.db.begin().await?;
        // Of several servers that start, one records it.
        let changed = static_page::Entity::update_many()
            .col_expr(static_page::Column::HasMoved, Expr::value(true))
            .filter(static_page::Column::Id.eq(page.id))
            .filter(static_page::Column::HasMoved.eq(false))
            .exec(&transaction)
            .await?;
        if changed.rows_affected == 0 {
            continue;
        }
        let subject = describe_static_page(&page.slug, &page.title);
        let reason = format!("The site itself now uses the address /{}", page.slug);
        audit_log::record(scope, &transaction, AuditAction::MovePage, &subject, &reason).await?;
        transaction.invalidate([Topic::Pages]);
        scope.state.db.commit(transaction).await?;
    }
    Ok(())
}
