//! Mails to the administrators about internal errors.

use sea_orm::{ColumnTrait, DbErr, EntityTrait, FromQueryResult, QueryFilter, QuerySelect};
use time::Duration;

use super::{
    outbox, rendering,
    template::{EmailTemplate, ErrorAlert},
    transport::Envelope,
};
use crate::{
    AppState, Scope,
    platform::{
        entity::user,
        lease::{Lease, Work},
    },
    site,
};
use shared::{error::AppError, model::account::Role};

/// The minimum interval between two mails about the same cause, across all servers.
pub const PAUSE: Duration = Duration::minutes(10);
/// The maximum number of administrators who are notified.
const TOLD: u64 = 50;

/// Queues a mail about an error to all administrators with a confirmed address. Returns `false` if a mail about the
/// same `cause` was sent within [`PAUSE`].
///
/// # Errors
///
/// Returns an error if the mails cannot be queued.
pub async fn report(state: &AppState, cause: &str, alert: ErrorAlert) -> Result<bool, AppError> {
    // Not given back, so that it expires after the pause.
    let Some(lease) = Lease::take(state, Work::Fault(cause), PAUSE).await? else {
        return Ok(false);
    };
    let queued = queue(state, EmailTemplate::Fault(alert)).await;
    if queued.is_err() {
        // Given back, so that the next occurrence is reported.
        lease.give_back(state).await?;
    }
    queued.map(|()| true)
}

/// Sends a mail about an error to all administrators with a confirmed address directly, without a job: for when
/// the database cannot be written to. Failed mails are not retried.
///
/// # Errors
///
/// Returns an error if the database cannot be read or no mail was sent.
pub async fn send(state: &AppState, alert: &ErrorAlert) -> Result<(), AppError> {
    let administrators = administrators(state).await?;
    let mut sent = administrators.is_empty();
    let site = site::current(state).await;
    for Administrator {
        username,
        display_name,
        email,
        ..
    } in administrators
    {
        let name = display_name.unwrap_or(username);
        let text = rendering::fault_report(&site, &state.settings, name, alert.clone())?;
        let envelope = Envelope {
            message_id: outbox::message_id(&state.settings)?,
            recipient: email,
            date: state.clock.now(),
        };
        match state.mailer.send(&envelope, &text).await {
            Ok(_) => sent = true,
            // The other administrators are still notified.
            Err(error) => tracing::warn!(%error, "the mail server does not accept an email about an error"),
        }
    }
    if sent { Ok(()) } else { Err(AppError::Unreachable) }
}

#[derive(FromQueryResult)]
struct Administrator {
    id: i64,
    username: String,
    display_name: Option<String>,
    email: String,
}

async fn administrators(state: &AppState) -> Result<Vec<Administrator>, DbErr> {
    user::Entity::find()
        .select_only()
        .columns([
            user::Column::Id,
            user::Column::Username,
            user::Column::DisplayName,
            user::Column::Email,
        ])
        .filter(user::Column::Role.eq(Role::Administrator))
        // An unconfirmed address may be mistyped and belong to somebody else.
        .filter(user::Column::EmailConfirmedAt.is_not_null())
        .filter(user::Column::SuspendedBecause.is_null())
        .limit(TOLD)
        .into_model()
        .all(state.db.reader())
        .await
}

async fn queue(state: &AppState, template: EmailTemplate) -> Result<(), AppError> {
    let administrators = administrators(state).await?;
    let scope = Scope::job(state.clone());
    let transaction = state.db.begin().await?;
    for Administrator { id, email, .. } in administrators {
        outbox::queue(&scope, &transaction, &email, Some(id), &template).await?;
    }
    state.db.commit(transaction).await?;
    state.jobs.wake();
    Ok(())
}
