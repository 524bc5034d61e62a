//! The decisions about a person.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use time::OffsetDateTime;

use crate::{Scope, platform::entity::decision};
use shared::{
    error::AppError,
    model::{
        account::Viewer,
        decision::{APPEALABLE, Appeal, AppealOutcome, DecisionCard},
    },
};

/// The number of decisions that are shown.
const SHOWN: u64 = 50;

/// Returns the newest decisions about `viewer`, at most 50.
///
/// # Errors
///
/// Returns an error if the database cannot be reached.
pub async fn of_viewer(scope: &Scope, viewer: &Viewer) -> Result<Vec<DecisionCard>, AppError> {
    of_person(scope, viewer.id, SHOWN).await
}

/// Returns the newest decisions about the user with the id `person`, at most `limit`.
///
/// # Errors
///
/// Returns an error if the database cannot be reached.
pub(crate) async fn of_person(scope: &Scope, person: i64, limit: u64) -> Result<Vec<DecisionCard>, AppError> {
    let rows: Vec<decision::Model> = decision::Entity::find()
        .filter(decision::Column::UserId.eq(person))
        .order_by_desc(decision::Column::Id)
        .limit(limit)
        .all(scope.state.db.reader())
        .await?;
    let now = scope.state.clock.now();
    Ok(rows.into_iter().map(|row| card(row, now)).collect())
}

/// Returns `row` as it is shown at this time.
pub(crate) fn card(row: decision::Model, now: OffsetDateTime) -> DecisionCard {
    let outcome = row.answered_at.map(|_| AppealOutcome {
        is_reversed: row.is_reversed,
        answer: row.answer.unwrap_or_default(),
    });
    let appeal = row.appealed_at.map(|created_at| Appeal {
        content: row.appeal.unwrap_or_default(),
        created_at,
        outcome,
    });
    DecisionCard {
        id: row.id,
        act: row.act,
        subject: row.subject,
        ground: row.ground,
        facts: row.facts,
        until: row.until,
        created_at: row.created_at,
        is_appealable: appeal.is_none() && now - row.created_at < APPEALABLE,
        appeal,
    }
}
