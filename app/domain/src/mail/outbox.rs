//! The queue of mails to be sent. A use-case queues a mail in its own transaction; a worker sends it, and retries
//! until it succeeds or the mail server refuses it permanently.
//!
//! A row contains the parameters of a template. The text is rendered when the mail is sent, together with the token
//! that it may need, so that the database never contains a token in plain text.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use futures::{StreamExt, stream};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, sea_query::Expr,
};
use time::{Duration, OffsetDateTime};
use tokio::sync::Notify;

use super::{
    template::{self, EmailTemplate},
    transport::{Envelope, SENDING, SendError},
};
use crate::{
    AppState, SiteSettings,
    platform::{digest, entity::mail},
};
use shared::{error::AppError, forms::Secret};

/// The number of mails that are sent concurrently, which bounds the effect of a slow mail server.
const AT_ONCE: usize = 4;
/// The number of mails per query.
const BATCH: u64 = 32;
/// The interval between queries for mails that another server queued or that are due again.
const POLL: std::time::Duration = std::time::Duration::from_secs(2);
/// The delay before a new mail is sent. The response is sent by then, so its timing does not reveal whether there was
/// anything to send.
const PAUSE: std::time::Duration = std::time::Duration::from_millis(200);
/// How long a mail is reserved for the worker that sends it; longer than sending takes.
const LEASE: Duration = Duration::seconds(2 * SENDING.as_secs().cast_signed());
/// The maximum delay between two attempts while the server cannot be reached.
const OUTAGE: Duration = Duration::seconds(30);
/// The maximum delay between two attempts while the server replies with temporary errors (RFC 5321, 4.5.4.1: at least
/// half an hour between later attempts).
const LONGEST: Duration = Duration::minutes(30);
/// The age at which an unsent mail is given up (RFC 5321, 4.5.4.1: four to five days).
const GIVE_UP: Duration = Duration::days(4);
/// How long a mail that was given up is kept.
const DEAD_FOR: Duration = Duration::days(30);
/// The number of characters of the server's reply that are kept.
const ERROR_MAX: usize = 500;

/// A handle to the worker that sends mails.
#[derive(Debug, Clone, Default)]
pub struct Outbox {
    wake: Arc<Notify>,
    closed: Arc<AtomicBool>,
    tokens: Arc<Mutex<HashMap<i64, Secret>>>,
}

impl Outbox {
    /// Wakes the worker because a mail was queued.
    pub fn wake(&self) {
        self.wake.notify_one();
    }

    /// Returns the token of the mail with this id if an earlier attempt of this process has issued one.
    pub(crate) fn token(&self, id: i64) -> Option<Secret> {
        let tokens = self.tokens.lock().unwrap_or_else(PoisonError::into_inner);
        tokens.get(&id).cloned()
    }

    /// Keeps the token of a mail for its next attempts.
    pub(crate) fn keep_token(&self, id: i64, token: Secret) {
        let mut tokens = self.tokens.lock().unwrap_or_else(PoisonError::into_inner);
        tokens.insert(id, token);
    }

    fn forget_token(&self, id: i64) {
        let mut tokens = self.tokens.lock().unwrap_or_else(PoisonError::into_inner);
        tokens.remove(&id);
    }

    /// Makes the worker stop after the mails that are being sent.
    pub fn close(&self) {
        self.closed.store(true, Ordering::Release);
        self.wake();
    }
}

/// Queues a mail to `recipient`. `db` is the transaction of the use-case; after the commit, call [`Outbox::wake`] to
/// send the mail without delay. A mail with a `user_id` is deleted with that user.
///
/// # Errors
///
/// Returns an error if the mail cannot be queued.
pub async fn queue(
    db: &impl ConnectionTrait,
    state: &AppState,
    recipient: &str,
    user_id: Option<i64>,
    template: &EmailTemplate,
) -> Result<(), AppError> {
    let now = state.clock.now();
    let row = mail::ActiveModel {
        message_id: Set(message_id(&state.settings)?),
        recipient: Set(recipient.to_owned()),
        template: Set(serialize(template)?),
        user_id: Set(user_id),
        created_at: Set(now),
        attempts: Set(0),
        due_at: Set(now),
        ..Default::default()
    };
    mail::Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

/// Returns a unique `Message-ID` (RFC 5322, 3.6.4).
///
/// # Errors
///
/// Returns an error if the system provides no random numbers.
pub fn message_id(settings: &SiteSettings) -> Result<String, AppError> {
    Ok(format!(
        "{}@{}",
        digest::random::<16>()?,
        settings.site_url.host()
    ))
}

/// Deletes queued mails of this template to this address, which are out of date.
///
/// # Errors
///
/// Returns an error if the database cannot be reached.
pub(crate) async fn withdraw(
    db: &impl ConnectionTrait,
    email: &str,
    template: &EmailTemplate,
) -> Result<(), AppError> {
    mail::Entity::delete_many()
        .filter(mail::Column::Recipient.eq(email.to_ascii_lowercase()))
        .filter(mail::Column::Template.eq(serialize(template)?))
        .exec(db)
        .await?;
    Ok(())
}

fn serialize(template: &EmailTemplate) -> Result<String, AppError> {
    serde_json::to_string(template).map_err(|error| {
        tracing::error!(%error, "a template cannot be queued");
        AppError::Internal
    })
}

/// Queues every mail that was given up again, and returns their number.
///
/// # Errors
///
/// Returns an error if the database cannot be reached.
pub async fn retry(state: &AppState) -> Result<u64, DbErr> {
    let now = state.clock.now();
    let revived = mail::Entity::update_many()
        .col_expr(mail::Column::DeadAt, Expr::value(None::<OffsetDateTime>))
        .col_expr(mail::Column::DueAt, Expr::value(now))
        .col_expr(mail::Column::CreatedAt, Expr::value(now))
        .filter(mail::Column::DeadAt.is_not_null())
        .exec(state.db.writer())
        .await?;
    Ok(revived.rows_affected)
}

/// Sends mails that are due until the outbox is closed.
pub async fn work(state: AppState) {
    while !state.outbox.closed.load(Ordering::Acquire) {
        match deliver(&state).await {
            Ok(0) => {}
            Ok(_) => continue,
            Err(error) => tracing::warn!(%error, "the outbox cannot be read"),
        }
        // Nothing is due: waits until the worker is woken or the next query is due.
        let woken = tokio::time::timeout(POLL, state.outbox.wake.notified()).await;
        if woken.is_ok() && !state.outbox.closed.load(Ordering::Acquire) {
            tokio::time::sleep(PAUSE).await;
        }
    }
}

/// Attempts to send each mail that is due, and returns the number of attempts.
///
/// # Errors
///
/// Returns an error if the outbox cannot be read.
pub async fn deliver(state: &AppState) -> Result<usize, DbErr> {
    let due: Vec<mail::Model> = mail::Entity::find()
        .filter(mail::Column::DeadAt.is_null())
        .filter(mail::Column::DueAt.lte(state.clock.now()))
        .order_by_asc(mail::Column::DueAt)
        .order_by_asc(mail::Column::Id)
        .limit(BATCH)
        .all(state.db.reader())
        .await?;
    let tried = stream::iter(due)
        .map(|row| async move {
            match attempt(state, row).await {
                Ok(tried) => usize::from(tried),
                Err(error) => {
                    shared::error::log(&error);
                    0
                }
            }
        })
        .buffer_unordered(AT_ONCE)
        .collect::<Vec<usize>>()
        .await;
    Ok(tried.into_iter().sum())
}

/// Returns every unsent mail, the oldest first.
///
/// # Errors
///
/// Returns an error if the outbox cannot be read.
pub async fn waiting(state: &AppState) -> Result<Vec<mail::Model>, DbErr> {
    mail::Entity::find()
        .order_by_asc(mail::Column::Id)
        .all(state.db.reader())
        .await
}

/// Returns the numbers of mails that wait to be sent and of those that were given up.
///
/// # Errors
///
/// Returns an error if the outbox cannot be read.
pub async fn count(state: &AppState) -> Result<(u64, u64), DbErr> {
    let mails = mail::Entity::find();
    let waiting = mails.clone().filter(mail::Column::DeadAt.is_null());
    let dead = mails.filter(mail::Column::DeadAt.is_not_null());
    let db = state.db.reader();
    Ok((waiting.count(db).await?, dead.count(db).await?))
}

/// Deletes the mails that were given up more than 30 days ago and returns their number, so that addresses are not
/// kept indefinitely.
///
/// # Errors
///
/// Returns an error if the database cannot be reached.
pub async fn sweep(state: &AppState) -> Result<u64, DbErr> {
    let swept = mail::Entity::delete_many()
        .filter(mail::Column::DeadAt.lte(state.clock.now() - DEAD_FOR))
        .exec(state.db.writer())
        .await?;
    Ok(swept.rows_affected)
}

/// Attempts to send one mail, unless another worker has claimed it.
async fn attempt(state: &AppState, row: mail::Model) -> Result<bool, DbErr> {
    // After the outbox was closed, the rest of a batch is left for the next start.
    if state.outbox.closed.load(Ordering::Acquire) || !claim(state, &row).await? {
        return Ok(false);
    }
    let attempts = row.attempts + 1;
    let sent = match template::render(state, &row).await {
        Ok(Some((recipient, text))) => {
            let envelope = Envelope {
                message_id: row.message_id.clone(),
                recipient,
                date: row.created_at,
            };
            state.mailer.send(&envelope, &text).await
        }
        // The mail no longer concerns anybody, or the user was deleted before the token was stored.
        Ok(None) | Err(AppError::NotFound) => return forget(state, row.id).await.map(|()| true),
        // Retried, because the cause may be temporary, such as an unreachable database.
        Err(error) => Err(SendError::NotNow(format!(
            "it cannot be written: {}",
            error.title()
        ))),
    };
    match sent {
        Ok(file) => {
            if let Some(file) = file {
                tracing::info!(file = %file.display(), "an email was written to a file, because no mail server is configured");
            }
            forget(state, row.id).await?;
        }
        Err(error) => postpone(state, &row, attempts, &error).await?,
    }
    Ok(true)
}

/// Claims the mail for [`LEASE`]. Of several workers, in this process or in others, one succeeds.
async fn claim(state: &AppState, row: &mail::Model) -> Result<bool, DbErr> {
    let claimed = mail::Entity::update_many()
        .col_expr(mail::Column::DueAt, Expr::value(state.clock.now() + LEASE))
        .col_expr(mail::Column::Attempts, Expr::value(row.attempts + 1))
        .filter(mail::Column::Id.eq(row.id))
        .filter(mail::Column::Attempts.eq(row.attempts))
        .filter(mail::Column::DueAt.eq(row.due_at))
        .exec(state.db.writer())
        .await?;
    Ok(claimed.rows_affected == 1)
}

async fn forget(state: &AppState, id: i64) -> Result<(), DbErr> {
    state.outbox.forget_token(id);
    mail::Entity::delete_by_id(id).exec(state.db.writer()).await?;
    Ok(())
}

/// Records why a mail was not sent and when it is retried, if at all.
async fn postpone(
    state: &AppState,
    row: &mail::Model,
    attempts: i32,
    error: &SendError,
) -> Result<(), DbErr> {
    let now = state.clock.now();
    let due = next_attempt(error, attempts, now).filter(|_| now - row.created_at < GIVE_UP);
    if let Some(due) = due {
        tracing::warn!(id = row.id, attempts, %due, "an email was not sent: {error}");
    } else {
        state.outbox.forget_token(row.id);
        tracing::error!(id = row.id, attempts, "an email was given up: {error}");
    }
    let error: String = error.to_string().chars().take(ERROR_MAX).collect();
    mail::Entity::update_many()
        .col_expr(mail::Column::DueAt, Expr::value(due.unwrap_or(now)))
        .col_expr(mail::Column::DeadAt, Expr::value(due.is_none().then_some(now)))
        .col_expr(mail::Column::LastError, Expr::value(error))
        .filter(mail::Column::Id.eq(row.id))
        .exec(state.db.writer())
        .await?;
    Ok(())
}

/// Returns when to retry after the given number of attempts, with exponential backoff; `None` after a permanent
/// error.
fn next_attempt(error: &SendError, attempts: i32, now: OffsetDateTime) -> Option<OffsetDateTime> {
    let doublings = attempts.clamp(1, 16).cast_unsigned() - 1;
    let doubled = |first: Duration, longest: Duration| now + (first * 2_i32.pow(doublings)).min(longest);
    match error {
        // Not caused by this mail, so the delay stays short and all mails are sent soon after the server is back.
        SendError::Unreachable(_) => Some(doubled(Duration::seconds(1), OUTAGE)),
        SendError::NotNow(_) => Some(doubled(Duration::minutes(1), LONGEST)),
        SendError::Refused(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attempts_grow_apart_and_an_outage_never_costs_more_than_half_a_minute() {
        let now = OffsetDateTime::UNIX_EPOCH;
        let after = |error: &SendError, attempts| {
            next_attempt(error, attempts, now).map(|due| (due - now).whole_seconds())
        };
        let down = SendError::Unreachable(String::new());
        assert_eq!(
            [1, 2, 3, 9, 10_000].map(|attempts| after(&down, attempts)),
            [1, 2, 4, 30, 30].map(Some)
        );
        let busy = SendError::NotNow(String::new());
        assert_eq!(
            [1, 2, 5, 9].map(|attempts| after(&busy, attempts)),
            [60, 120, 960, 1800].map(Some)
        );
        assert_eq!(after(&SendError::Refused(String::new()), 1), None);
    }
}
