//! Warning people.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use time::Duration;

use super::{Person, require, tell};
use crate::{
    Scope, audit_log,
    decisions::{self, CaseTarget, NewDecision},
    mail::template::EmailTemplate,
    platform::entity::{decision, user},
    policy::Action,
};
use shared::{
    error::AppError,
    forms::report::Warning,
    model::{account::Viewer, decision::Act, moderation::AuditAction},
};

/// The time within which the same warning is treated as a repeated request.
const REPEATED: Duration = Duration::minutes(10);

/// Warns a user by mail.
///
/// # Errors
///
/// Returns [`AppError::RoleRequired`] unless `viewer` outranks the user, and [`AppError::NotFound`] if there is no such user.
pub async fn warn(scope: &Scope, viewer: &Viewer, warning: Warning) -> Result<(), AppError> {
    let Warning {
        username,
        ground,
        reason,
    } = warning;
    let transaction = scope.state.db.begin().await?;
    let person: Option<Person> = user::Entity::find()
        .filter(user::Column::UsernameKey.eq(username.key()))
        .lock_exclusive()
        .into_model()
        .one(&transaction)
        .await?;
    let person = person.ok_or(AppError::NotFound)?;
    require(&transaction, viewer, Action::Hide, &person).await?;
    let repeated = decision::Entity::find()
        .filter(decision::Column::UserId.eq(person.id))
        .filter(decision::Column::Act.eq(Act::Warn))
        .filter(decision::Column::Facts.eq(reason.as_str()))
        .filter(decision::Column::CreatedAt.gt(scope.state.clock.now() - REPEATED))
        .one(&transaction)
        .await?;
    if repeated.is_some() {
        // The form was sent twice.
        return Ok(());
    }
    audit_log::record(scope, &transaction, AuditAction::Warn, &person.username, &reason).await?;
    let decision = NewDecision {
        person: person.id,
        act: Act::Warn,
        target: CaseTarget::User(person.id),
        subject: &person.username,
        ground,
        facts: &reason,
        until: None,
    };
    decisions::record(scope, &transaction, decision).await?;
    let template = EmailTemplate::Warned {
        reason: reason.clone(),
    };
    tell(&transaction, scope, &person, &template).await?;
    scope.state.db.commit(transaction).await?;
    scope.state.jobs.wake();
    Ok(())
}
