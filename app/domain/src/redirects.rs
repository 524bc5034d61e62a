//! Redirects from old addresses, such as those of a site that was imported.

use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseBackend, EntityTrait, PaginatorTrait,
    QueryFilter, QuerySelect, sea_query::OnConflict,
};
use time::OffsetDateTime;

use crate::{
    Scope, audit_log,
    platform::{
        db::Transaction,
        entity::{redirect, static_page},
        list::keyset,
        topic::Topic,
        unique::on_unique,
    },
    policy::{self, Action, Target, may},
};
use shared::{
    error::AppError,
    forms::{
        Field, FieldErrors, FieldProblem,
        redirect::{NewRedirect, REDIRECTS_MAX, key},
    },
    model::{
        account::Viewer,
        moderation::AuditAction,
        page::KeysetPage,
        position::Position,
        redirect::{Redirect, describe_redirect},
    },
};

/// The old paths, in memory.
mod index;

pub(crate) use index::RedirectIndex;

/// The number of redirects in a page of the list.
const PER_PAGE: u64 = 50;
/// The maximum number of redirects that are followed to find where an old address leads.
const HOPS_MAX: usize = 10;

/// Returns where `path` with this `query` leads, or `None` if it has no redirect. The database is asked only about paths
/// that have one.
///
/// # Errors
///
/// Returns an error if the database cannot be reached.
pub async fn find(scope: &Scope, path: &str, query: Option<&str>) -> Result<Option<String>, AppError> {
    if let Some(query) = query
        && let Some(target) = find_exactly(scope, &format!("{path}?{query}")).await?
    {
        return Ok(Some(target));
    }
    find_exactly(scope, path).await
}

/// Returns where `address`, a path that may have a query, leads, or `None` if it has no redirect of its own.
///
/// # Errors
///
/// Returns an error if the database cannot be reached.
pub async fn find_exactly(scope: &Scope, address: &str) -> Result<Option<String>, AppError> {
    let mut found: Option<String> = None;
    // A redirect to another one leads to the end at once.
    for _ in 0..=HOPS_MAX {
        let Some(path) = key(found.as_deref().unwrap_or(address)) else {
            return Ok(found);
        };
        if !scope.state.reads.redirects.may_contain(scope, &path).await? {
            return Ok(found);
        }
        match target_of(scope.state.db.reader(), &path).await? {
            Some(target) => found = Some(target),
            None => return Ok(found),
        }
    }
    // Whatever happened to the database, no visitor is led round in circles.
    Ok(None)
}

async fn target_of(db: &impl ConnectionTrait, path: &str) -> Result<Option<String>, AppError> {
    let target = redirect::Entity::find()
        .select_only()
        .column(redirect::Column::Target)
        .filter(redirect::Column::Path.eq(path))
        .into_tuple()
        .one(db)
        .await?;
    Ok(target)
}

/// Returns the page at `position` of all redirects, newest first, or the one from `path` alone.
///
/// # Errors
///
/// Returns [`AppError::RoleRequired`] unless `viewer` is an administrator.
pub async fn list(
    scope: &Scope,
    viewer: &Viewer,
    position: Position,
    path: Option<&str>,
) -> Result<KeysetPage<Redirect>, AppError> {
    may(viewer.into(), Action::Administer, Target::Site)?;
    let db = scope.state.db.reader();
    let Some(path) = path else {
        let columns = (redirect::Column::CreatedAt, redirect::Column::Id);
        return keyset::page(db, redirect::Entity::find(), columns, position, PER_PAGE).await;
    };
    let items = match key(path) {
        Some(path) => {
            redirect::Entity::find()
                .filter(redirect::Column::Path.eq(path))
                .into_model()
                .all(db)
                .await?
        }
        None => Vec::new(),
    };
    Ok(KeysetPage {
        items,
        newer: None,
        older: None,
    })
}

/// Adds a redirect. Does nothing if it exists.
///
/// # Errors
///
/// Returns [`AppError::RoleRequired`] unless `viewer` is an administrator, and [`AppError::Invalid`] if the old address has
/// another redirect or a page, if the new one leads back to it, or if there are too many redirects.
pub async fn add(scope: &Scope, viewer: &Viewer, new: NewRedirect) -> Result<(), AppError> {
    let transaction = scope.state.db.begin().await?;
    require(&transaction, viewer).await?;
    let subject = describe_redirect(&new.path, &new.target);
    lock(&transaction).await?;
    let has_room = redirect::Entity::find().count(&transaction).await? < REDIRECTS_MAX as u64;
    if !add_in(&transaction, new, scope.state.clock.now(), has_room).await? {
        return Ok(());
    }
    audit_log::record(scope, &transaction, AuditAction::AddRedirect, &subject, "").await?;
    scope.state.db.commit(transaction).await?;
    Ok(())
}

/// Adds a redirect if the table `has_room` for it, and returns `false` if it exists already.
///
/// # Errors
///
/// Returns [`AppError::Invalid`] if it cannot be added.
pub(crate) async fn add_in(
    transaction: &Transaction,
    new: NewRedirect,
    now: OffsetDateTime,
    has_room: bool,
) -> Result<bool, AppError> {
    let refused = |field, problem| Err(FieldErrors::one(field, problem).into());
    lock(transaction).await?;
    match target_of(transaction, &new.path).await? {
        Some(target) if target == new.target => return Ok(false),
        Some(_) => return refused(Field::OldPath, FieldProblem::Taken),
        None => {}
    }
    if is_page(transaction, &new.path).await? {
        return refused(Field::OldPath, FieldProblem::PathInUse);
    }
    if !leads_elsewhere(transaction, &new).await? {
        return refused(Field::Target, FieldProblem::Loop);
    }
    if !has_room {
        return refused(Field::OldPath, FieldProblem::TooManyRedirects);
    }
    let row = redirect::ActiveModel {
        path: Set(new.path),
        target: Set(new.target),
        created_at: Set(now),
        ..Default::default()
    };
    redirect::Entity::insert(row)
        .exec_without_returning(transaction)
        .await
        .map_err(|error| on_unique(error, &[("path", Field::OldPath)]))?;
    transaction.invalidate([Topic::Redirects]);
    Ok(true)
}

/// Locks the table on PostgreSQL, so that no two redirects that are added at once lead to each other.
async fn lock(transaction: &Transaction) -> Result<(), AppError> {
    if transaction.get_database_backend() == DatabaseBackend::Postgres {
        let sql = "LOCK TABLE redirects IN SHARE ROW EXCLUSIVE MODE";
        transaction.execute_unprepared(sql).await?;
    }
    Ok(())
}

/// Returns whether a published static page has the address `path`.
async fn is_page(transaction: &Transaction, path: &str) -> Result<bool, AppError> {
    let slug = path.trim_start_matches('/');
    let pages = static_page::Entity::find()
        .filter(static_page::Column::Slug.eq(slug))
        .filter(static_page::Column::IsPublished.eq(true));
    Ok(pages.count(transaction).await? > 0)
}

/// Returns whether following the redirects from the target of `new` does not lead back to its path.
async fn leads_elsewhere(transaction: &Transaction, new: &NewRedirect) -> Result<bool, AppError> {
    let mut target = new.target.clone();
    for _ in 0..HOPS_MAX {
        let Some(path) = key(&target).filter(|path| *path != new.path) else {
            return Ok(false);
        };
        match target_of(transaction, &path).await? {
            Some(next) => target = next,
            None => return Ok(true),
        }
    }
    Ok(false)
}

/// Deletes the redirect with this id. Does nothing if there is none.
///
/// # Errors
///
/// Returns [`AppError::RoleRequired`] unless `viewer` is an administrator.
pub async fn delete(scope: &Scope, viewer: &Viewer, id: i64) -> Result<(), AppError> {
    let transaction = scope.state.db.begin().await?;
    require(&transaction, viewer).await?;
    let Some(row) = redirect::Entity::find_by_id(id).one(&transaction).await? else {
        return Ok(());
    };
    redirect::Entity::delete_by_id(id).exec(&transaction).await?;
    let subject = describe_redirect(&row.path, &row.target);
    audit_log::record(scope, &transaction, AuditAction::DeleteRedirect, &subject, "").await?;
    transaction.invalidate([Topic::Redirects]);
    scope.state.db.commit(transaction).await?;
    Ok(())
}

/// Redirects the address `from` of a page that has moved to `to`.
///
/// # Errors
///
/// Returns an error if the database cannot be reached.
pub(crate) async fn follow(
    transaction: &Transaction,
    from: &str,
    to: &str,
    now: OffsetDateTime,
) -> Result<(), AppError> {
    lock(transaction).await?;
    // A page is at the new address by now, and nothing may lead away from it.
    redirect::Entity::delete_many()
        .filter(redirect::Column::Path.eq(to))
        .exec(transaction)
        .await?;
    let row = redirect::ActiveModel {
        path: Set(from.to_owned()),
        target: Set(to.to_owned()),
        created_at: Set(now),
        ..Default::default()
    };
    let latest = OnConflict::column(redirect::Column::Path)
        .update_columns([redirect::Column::Target, redirect::Column::CreatedAt])
        .to_owned();
    redirect::Entity::insert(row)
        .on_conflict(latest)
        .exec_without_returning(transaction)
        .await?;
    transaction.invalidate([Topic::Redirects]);
    Ok(())
}

async fn require(transaction: &Transaction, viewer: &Viewer) -> Result<(), AppError> {
    let actor = policy::actor(transaction, viewer).await?;
    may(actor, Action::Administer, Target::Site)
}
