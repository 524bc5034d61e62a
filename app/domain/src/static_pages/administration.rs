//! The list of the administrators, and changes from it.

use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select,
    sea_query::{Expr, ExprTrait},
};

use crate::{
    Scope,
    accounts::reauthentication::SensitiveAct,
    audit_log,
    platform::{db::Transaction, entity::static_page, list::keyset, topic::Topic},
    policy::{self, Action, Target, may},
};
use shared::{
    error::AppError,
    model::{
        account::Viewer,
        moderation::AuditAction,
        position::Position,
        static_page::{StaticPageCard, StaticPages, describe_static_page},
    },
    paths,
};

/// The number of pages in a page of the list.
const PER_PAGE: u64 = 20;

/// Returns the page at `position` of all static pages, those that were changed last first.
///
/// # Errors
///
/// Returns [`AppError::RoleRequired`] unless `viewer` is an administrator.
pub async fn list(scope: &Scope, viewer: &Viewer, position: Position) -> Result<StaticPages, AppError> {
    may(viewer.into(), Action::Administer, Target::Site)?;
    let db = scope.state.db.reader();
    let columns = (static_page::Column::UpdatedAt, static_page::Column::Id);
    let pages = keyset::page(db, cards(), columns, position, PER_PAGE).await?;
    let moved = cards()
        .filter(static_page::Column::Slug.is_in(paths::claimed()))
        .order_by_asc(static_page::Column::Slug)
        .into_model::<StaticPageCard>()
        .all(db)
        .await?;
    Ok(StaticPages { pages, moved })
}

/// Selects only the columns that the list shows.
fn cards() -> Select<static_page::Entity> {
    static_page::Entity::find().select_only().columns([
        static_page::Column::Id,
        static_page::Column::Slug,
        static_page::Column::Title,
        static_page::Column::Place,
        static_page::Column::IsPublished,
        static_page::Column::UpdatedAt,
    ])
}

/// Publishes the page with this id, or makes it a draft again.
///
/// # Errors
///
/// Returns [`AppError::RoleRequired`] unless `viewer` is an administrator, and [`AppError::NotFound`] if there is no such
/// page.
pub async fn set_published(
    scope: &Scope,
    viewer: &Viewer,
    id: i64,
    is_published: bool,
) -> Result<(), AppError> {
    let transaction = scope.state.db.begin().await?;
    require(&transaction, viewer).await?;
    let page = found(&transaction, id).await?;
    if page.is_published == is_published {
        return Ok(());
    }
    static_page::Entity::update_many()
        .col_expr(static_page::Column::IsPublished, Expr::value(is_published))
        .col_expr(
            static_page::Column::Version,
            Expr::col(static_page::Column::Version).add(1),
        )
        .col_expr(
            static_page::Column::UpdatedAt,
            Expr::value(scope.state.clock.now()),
        )
        .filter(static_page::Column::Id.eq(id))
        .exec(&transaction)
        .await?;
    let action = if is_published {
        AuditAction::PublishPage
    } else {
        AuditAction::UnpublishPage
    };
    audited(scope, &transaction, action, &page).await?;
    transaction.invalidate([Topic::Pages]);
    scope.state.db.commit(transaction).await?;
    Ok(())
}

/// Deletes the page with this id. It cannot be restored.
///
/// # Errors
///
/// Returns [`AppError::RoleRequired`] unless `viewer` is an administrator, [`AppError::ReauthenticationRequired`] if they
/// have not entered their password recently, and [`AppError::NotFound`] if there is no such page.
pub async fn delete(scope: &Scope, viewer: &Viewer, id: i64) -> Result<(), AppError> {
    may(viewer.into(), Action::Administer, Target::Site)?;
    scope
        .require_recent_authentication(SensitiveAct::DeletePage)
        .await?;
    let transaction = scope.state.db.begin().await?;
    require(&transaction, viewer).await?;
    let page = found(&transaction, id).await?;
    static_page::Entity::delete_by_id(id).exec(&transaction).await?;
    audited(scope, &transaction, AuditAction::DeletePage, &page).await?;
    transaction.invalidate([Topic::Pages]);
    scope.state.db.commit(transaction).await?;
    Ok(())
}

/// Checks that `viewer` is still an administrator, and locks their row, which serializes their requests.
pub(super) async fn require(transaction: &Transaction, viewer: &Viewer) -> Result<(), AppError> {
    let actor = policy::lock(transaction, viewer).await?;
    may(actor, Action::Administer, Target::Site)
}

/// Returns the page with this id.
pub(super) async fn found(db: &impl ConnectionTrait, id: i64) -> Result<static_page::Model, AppError> {
    let page = static_page::Entity::find_by_id(id).one(db).await?;
    page.ok_or(AppError::NotFound)
}

/// Records an action on `page` in the audit log.
pub(super) async fn audited(
    scope: &Scope,
    transaction: &Transaction,
    action: AuditAction,
    page: &static_page::Model,
) -> Result<(), AppError> {
    let subject = describe_static_page(&page.slug, &page.title);
    audit_log::record(scope, transaction, action, &subject, "").await
}
