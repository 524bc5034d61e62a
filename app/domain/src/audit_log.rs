//! The audit log, which is kept indefinitely so that people with a role can be held accountable.

use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait, QueryOrder, QuerySelect};

use crate::{
    Scope,
    platform::{entity::audit_record, list::keyset},
};
use shared::{
    error::AppError,
    model::{
        moderation::{AuditAction, AuditRecord},
        page::KeysetPage,
        position::Position,
    },
};

/// The name of whoever runs commands. No username contains a space.
pub(crate) const COMMAND_LINE: &str = "command line";
/// The number of entries per page.
const PER_PAGE: u64 = 20;

/// Records an action of the actor of `scope`. `db` is the transaction of that action.
///
/// # Errors
///
/// Returns an error if the action cannot be recorded; it must not be committed then.
pub async fn record(
    scope: &Scope,
    db: &impl ConnectionTrait,
    action: AuditAction,
    subject: &str,
    reason: &str,
) -> Result<(), AppError> {
    record_of(scope, db, &scope.actor_name().await?, action, subject, reason).await
}

/// Records an action of the user called `actor`, who is not logged in yet. `db` is the transaction of that action.
///
/// # Errors
///
/// Returns an error if the action cannot be recorded; it must not be committed then.
pub(crate) async fn record_of(
    scope: &Scope,
    db: &impl ConnectionTrait,
    actor: &str,
    action: AuditAction,
    subject: &str,
    reason: &str,
) -> Result<(), AppError> {
    let row = audit_record::ActiveModel {
        at: Set(scope.state.clock.now()),
        actor: Set(actor.to_owned()),
        action: Set(action.name().to_owned()),
        subject: Set(subject.to_owned()),
        reason: Set(reason.to_owned()),
        ..Default::default()
    };
    audit_record::Entity::insert(row)
        .exec_without_returning(db)
        .await?;
    Ok(())
}

/// Returns the latest entries, at most `limit`.
///
/// # Errors
///
/// Returns an error if the database cannot be reached.
pub async fn latest(scope: &Scope, limit: u64) -> Result<Vec<AuditRecord>, AppError> {
    let rows = audit_record::Entity::find()
        .order_by_desc(audit_record::Column::Id)
        .limit(limit)
        .all(scope.state.db.reader())
        .await?;
    Ok(rows.into_iter().filter_map(shown).collect())
}

/// Returns the page at `position` of the log.
///
/// # Errors
///
/// Returns an error if the database cannot be reached.
pub(crate) async fn list(scope: &Scope, position: Position) -> Result<KeysetPage<AuditRecord>, AppError> {
    let entries = audit_record::Entity::find();
    let columns = (audit_record::Column::At, audit_record::Column::Id);
    let page: KeysetPage<audit_record::Model> =
        keyset::page(scope.state.db.reader(), entries, columns, position, PER_PAGE).await?;
    Ok(KeysetPage {
        items: page.items.into_iter().filter_map(shown).collect(),
        newer: page.newer,
        older: page.older,
    })
}

fn shown(row: audit_record::Model) -> Option<AuditRecord> {
    Some(AuditRecord {
        at: row.at,
        actor: row.actor,
        action: AuditAction::named(&row.action)?,
        subject: row.subject,
        reason: row.reason,
    })
}
