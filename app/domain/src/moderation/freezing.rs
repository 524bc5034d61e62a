//! Freezing accounts: for some days, their users can only read, and delete what they have written.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr};
use time::{Duration, OffsetDateTime};

use super::{Person, SHOWN, require, tell};
use crate::{
    Scope, audit_log,
    decisions::{self, CaseTarget, NewDecision},
    mail::template::EmailTemplate,
    platform::{db::Transaction, entity::user, topic::Topic},
    policy::Action,
};
use shared::{
    error::AppError,
    forms::{Username, moderation::NewFreeze},
    model::{
        account::Viewer,
        decision::Act,
        moderation::{AuditAction, Frozen},
    },
};

/// The time within which the same freeze is treated as a repeated request.
const REPEATED: Duration = Duration::minutes(10);
/// The number of accounts that are unfrozen in one transaction.
const BATCH: u64 = 100;

/// Freezes the account of a user, or changes until when and why it is frozen. The user is notified by mail.
///
/// # Errors
///
/// Returns [`AppError::RoleRequired`] unless `viewer` outranks the user, and [`AppError::NotFound`] if there is no such user.
pub async fn freeze(scope: &Scope, viewer: &Viewer, new: NewFreeze) -> Result<(), AppError> {
    let NewFreeze {
        username,
        days,
        ground,
        reason,
    } = new;
    let until = scope.state.clock.now() + Duration::days(days.into());
    let transaction = scope.state.db.begin().await?;
    let person = locked(&transaction, viewer, &username).await?;
    if is_same(&person, until, &reason) {
        return Ok(());
    }
    write(&transaction, person.id, Some((until, &reason))).await?;
    let lasts = if days == 1 {
        "1 day".to_owned()
    } else {
        format!("{days} days")
    };
    let noted = format!("{lasts}: {reason}");
    audit_log::record(scope, &transaction, AuditAction::Freeze, &person.username, &noted).await?;
    let decision = NewDecision {
        person: person.id,
        act: Act::Freeze,
        target: CaseTarget::User(person.id),
        subject: &person.username,
        ground,
        facts: &reason,
        until: Some(until),
    };
    decisions::record(scope, &transaction, decision).await?;
    tell(
        &transaction,
        scope,
        &person,
        &EmailTemplate::Frozen { lasts, reason },
    )
    .await?;
    scope.state.db.commit(transaction).await?;
    scope.state.jobs.wake();
    Ok(())
}

/// Unfreezes the account of a user, who is notified by mail.
///
/// # Errors
///
/// Returns [`AppError::RoleRequired`] unless `viewer` outranks the user, and [`AppError::NotFound`] if no account of that name
/// is frozen.
pub async fn unfreeze(scope: &Scope, viewer: &Viewer, username: &str) -> Result<(), AppError> {
    let username = Username::parse(username).map_err(|_| AppError::NotFound)?;
    let transaction = scope.state.db.begin().await?;
    let person = locked(&transaction, viewer, &username).await?;
    person.frozen_until.ok_or(AppError::NotFound)?;
    write(&transaction, person.id, None).await?;
    audit_log::record(scope, &transaction, AuditAction::Unfreeze, &person.username, "").await?;
    tell(&transaction, scope, &person, &EmailTemplate::Unfrozen).await?;
    scope.state.db.commit(transaction).await?;
    scope.state.jobs.wake();
    Ok(())
}

/// Unfreezes all accounts whose time has come, and returns their number.
///
/// # Errors
///
/// Returns an error if the database cannot be reached.
pub async fn end_freezes(job: &Scope) -> Result<u64, AppError> {
    let mut ended = 0;
    loop {
        let transaction = job.state.db.begin().await?;
        let people: Vec<i64> = user::Entity::find()
            .select_only()
            .column(user::Column::Id)
            .filter(user::Column::FrozenUntil.lte(job.state.clock.now()))
            .order_by_asc(user::Column::Id)
            .limit(BATCH)
            // Another server that does the same waits here, and then finds nothing.
            .lock_exclusive()
            .into_tuple()
            .all(&transaction)
            .await?;
        if people.is_empty() {
            return Ok(ended);
        }
        ended += people.len() as u64;
        for id in people {
            write(&transaction, id, None).await?;
        }
        job.state.db.commit(transaction).await?;
    }
}

/// Returns the users whose accounts are frozen, those that are unfrozen first at the beginning.
pub(super) async fn list(scope: &Scope) -> Result<Vec<Frozen>, AppError> {
    let rows: Vec<(String, Option<OffsetDateTime>, Option<String>)> = user::Entity::find()
        .select_only()
        .columns([
            user::Column::Username,
            user::Column::FrozenUntil,
            user::Column::FrozenBecause,
        ])
        .filter(user::Column::FrozenUntil.is_not_null())
        .order_by_asc(user::Column::FrozenUntil)
        .limit(SHOWN)
        .into_tuple()
        .all(scope.state.db.reader())
        .await?;
    let frozen = rows.into_iter().filter_map(|(username, until, reason)| {
        let freeze = user::freeze(until, reason)?;
        Some(Frozen { username, freeze })
    });
    Ok(frozen.collect())
}

/// Locks the user called `username`, and checks that `viewer` may freeze their account.
async fn locked(transaction: &Transaction, viewer: &Viewer, username: &Username) -> Result<Person, AppError> {
    let person: Option<Person> = user::Entity::find()
        .filter(user::Column::UsernameKey.eq(username.key()))
        .lock_exclusive()
        .into_model()
        .one(transaction)
        .await?;
    let person = person.ok_or(AppError::NotFound)?;
    require(transaction, viewer, Action::Freeze, &person).await?;
    Ok(person)
}

/// Returns whether the account of `person` has just been frozen for the same reason and the same number of days.
fn is_same(person: &Person, until: OffsetDateTime, reason: &str) -> bool {
    let is_near = |before: OffsetDateTime| (until - before).abs() < REPEATED;
    person.frozen_because.as_deref() == Some(reason) && person.frozen_until.is_some_and(is_near)
}

/// Writes until when and why the account of the user with this id is frozen.
pub(super) async fn write(
    transaction: &Transaction,
    id: i64,
    freeze: Option<(OffsetDateTime, &str)>,
) -> Result<(), AppError> {
    let (until, reason) = freeze.unzip();
    user::Entity::update_many()
        .col_expr(user::Column::FrozenUntil, Expr::value(until))
        .col_expr(user::Column::FrozenBecause, Expr::value(reason))
        .filter(user::Column::Id.eq(id))
        .exec(transaction)
        .await?;
    transaction.invalidate([Topic::User(id)]);
    Ok(())
}
