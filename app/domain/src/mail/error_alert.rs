//! Faults of the program's own, of which administrators are told by mail.

use sea_orm::{ColumnTrait, DbErr, EntityTrait, FromQueryResult, QueryFilter, QuerySelect};
use serde::{Deserialize, Serialize};
use time::Duration;

use super::{
    outbox,
    template::{self, EmailTemplate},
    transport::Envelope,
};
use crate::{
    AppState,
    platform::{
        entity::user::{self, Role},
        lease::{Lease, Work},
    },
};
use shared::error::AppError;

/// Of one cause, a mail at most so often, however many servers meet it.
pub const PAUSE: Duration = Duration::minutes(10);
/// So many administrators are told.
const TOLD: u64 = 50;

/// What the mail says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorAlert {
    /// The line of the log.
    pub line: String,
    /// When (RFC 3339).
    pub at: String,
    /// How often it has happened since the last mail, without this time.
    pub before: u32,
}

/// Has all administrators with a confirmed address told of a fault, unless they were told of the same `cause` a short time ago; then it is `false`.
///
/// # Errors
/// When the mails cannot be queued.
pub async fn tell(state: &AppState, cause: &str, report: ErrorAlert) -> Result<bool, AppError> {
    // Kept until it ends by itself.
    let Some(lease) = Lease::take(state, Work::Fault(cause), PAUSE).await? else {
        return Ok(false);
    };
    let queued = queue(state, EmailTemplate::Fault(report)).await;
    if queued.is_err() {
        // The next time is the first that is told.
        lease.give_back(state).await?;
    }
    queued.map(|()| true)
}

/// Sends all administrators with a confirmed address a mail about a fault at once, without the outbox: for when the database
/// cannot be written to. Nobody tries again.
///
/// # Errors
/// When the database cannot be read, or no mail has left.
pub async fn tell_directly(state: &AppState, report: &ErrorAlert) -> Result<(), AppError> {
    let administrators = administrators(state).await?;
    let mut sent = administrators.is_empty();
    for Administrator { username, email, .. } in administrators {
        let text = template::fault_report(&state.settings, username, report.clone())?;
        let envelope = Envelope {
            message_id: outbox::message_id(&state.settings)?,
            recipient: email,
            date: state.clock.now(),
        };
        match state.mailer.send(&envelope, &text).await {
            Ok(_) => sent = true,
            // The others are told all the same.
            Err(error) => tracing::warn!(%error, "the mail server does not accept an email about an error"),
        }
    }
    if sent { Ok(()) } else { Err(AppError::Unreachable) }
}

#[derive(FromQueryResult)]
struct Administrator {
    id: i64,
    username: String,
    email: String,
}

async fn administrators(state: &AppState) -> Result<Vec<Administrator>, DbErr> {
    user::Entity::find()
        .select_only()
        .columns([user::Column::Id, user::Column::Username, user::Column::Email])
        .filter(user::Column::Role.eq(Role::Administrator))
        // A mistyped address is somebody else's.
        .filter(user::Column::EmailConfirmedAt.is_not_null())
        .filter(user::Column::SuspendedBecause.is_null())
        .limit(TOLD)
        .into_model()
        .all(state.db.reader())
        .await
}

async fn queue(state: &AppState, template: EmailTemplate) -> Result<(), AppError> {
    let administrators = administrators(state).await?;
    let transaction = state.db.begin().await?;
    for Administrator { id, email, .. } in administrators {
        outbox::queue(&transaction, state, &email, Some(id), &template).await?;
    }
    state.db.commit_private(transaction).await?;
    state.outbox.wake();
    Ok(())
}
