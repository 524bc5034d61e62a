//! The log of what people with a role do to others. It is kept for ever: whoever has power answers for it.

use sea_orm::{
    ActiveValue::Set, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait, QueryOrder, QuerySelect,
};

use crate::{AppState, platform::entity::audit_record};
use shared::{
    error::AppError,
    model::{
        moderation::{AuditAction, AuditRecord},
        page::{self, Page},
    },
};

/// Who it is at the command line; no username has a space.
pub const COMMAND_LINE: &str = "command line";
/// Entries on a page.
const PER_PAGE: u64 = 20;

/// Notes that `actor` has done something. `db` is the transaction in which it is done.
///
/// # Errors
/// When it cannot be noted. Then it should not be done.
pub async fn record(
    db: &impl ConnectionTrait,
    state: &AppState,
    actor: &str,
    action: AuditAction,
    subject: &str,
    reason: &str,
) -> Result<(), DbErr> {
    let row = audit_record::ActiveModel {
        at: Set(state.clock.now()),
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

/// The latest records, at most `limit`.
///
/// # Errors
/// When the database cannot be reached.
pub async fn latest(state: &AppState, limit: u64) -> Result<Vec<AuditRecord>, AppError> {
    let rows = audit_record::Entity::find()
        .order_by_desc(audit_record::Column::Id)
        .limit(limit)
        .all(state.db.reader())
        .await?;
    Ok(rows.into_iter().filter_map(shown).collect())
}

/// Page `number` of all records, latest first.
///
/// # Errors
/// [`AppError::NoSuchPage`] when there is no such page.
pub(crate) async fn list(state: &AppState, number: u64) -> Result<Page<AuditRecord>, AppError> {
    // People do this by hand: there are never many.
    let total = audit_record::Entity::find().count(state.db.reader()).await?;
    let pages = page::count_with(number, total, PER_PAGE)?;
    let rows = audit_record::Entity::find()
        .order_by_desc(audit_record::Column::Id)
        .offset((number - 1) * PER_PAGE)
        .limit(PER_PAGE)
        .all(state.db.reader())
        .await?;
    Ok(Page {
        items: rows.into_iter().filter_map(shown).collect(),
        number,
        pages,
        total,
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
