//! Mail that is to be sent. A use-case queues it in the transaction that causes it; a worker sends it, again and again
//! until it has left or the mail server says never.
//!
//! A row says what a template is about. Its text is made when it is sent, with the token that it may need, so that no token
//! is ever in the database.

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

/// How many mails are sent at the same time: a slow server holds up so many, and no page.
const AT_ONCE: usize = 4;
/// How many are looked for at a time.
const BATCH: u64 = 32;
/// How often to look for what another server has queued, or what is due again.
const POLL: std::time::Duration = std::time::Duration::from_secs(2);
/// How long a new mail waits: whoever has asked for it has their answer by then, and cannot tell by the time that it took
/// whether there was something to send.
const PAUSE: std::time::Duration = std::time::Duration::from_millis(200);
/// A mail belongs to who has begun to send it for this long, which is longer than that takes.
const LEASE: Duration = Duration::seconds(2 * SENDING.as_secs().cast_signed());
/// While the server cannot be reached, at most this long between two attempts.
const OUTAGE: Duration = Duration::seconds(30);
/// When the server asks to wait (RFC 5321, 4.5.4.1, wants half an hour at least between later attempts).
const LONGEST: Duration = Duration::minutes(30);
/// A mail that has not left after this is given up (RFC 5321, 4.5.4.1: four to five days).
const GIVE_UP: Duration = Duration::days(4);
/// A mail that was given up can be seen for this long.
const DEAD_FOR: Duration = Duration::days(30);
/// Of what the server said, so much is kept.
const ERROR_MAX: usize = 500;

/// Tells the worker that there is something to send.
#[derive(Debug, Clone, Default)]
pub struct Outbox {
    wake: Arc<Notify>,
    closed: Arc<AtomicBool>,
    tokens: Arc<Mutex<HashMap<i64, Secret>>>,
}

impl Outbox {
    /// There is something to send now.
    pub fn wake(&self) {
        self.wake.notify_one();
    }

    /// The token of the mail with this number, if an earlier attempt to send it from this process has made one.
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

    /// Has the worker end when it has sent what it has begun.
    pub fn close(&self) {
        self.closed.store(true, Ordering::Release);
        self.wake();
    }
}

/// Puts a template to `recipient` into the outbox. `db` is the transaction of what causes it; after its commit,
/// [`Outbox::wake`] saves waiting. A template about a person goes with them.
///
/// # Errors
/// When it cannot be queued.
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
        template: Set(text(template)?),
        user_id: Set(user_id),
        created_at: Set(now),
        attempts: Set(0),
        due_at: Set(now),
        ..Default::default()
    };
    mail::Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

/// A name for a mail that no other has (RFC 5322, 3.6.4).
///
/// # Errors
/// When the system has no randomness to give.
pub fn message_id(settings: &SiteSettings) -> Result<String, AppError> {
    Ok(format!("{}@{}", digest::random::<16>()?, settings.host()))
}

/// Takes back a template that has not left: what it is about has changed.
///
/// # Errors
/// When the outbox cannot be reached.
pub(crate) async fn withdraw(
    db: &impl ConnectionTrait,
    email: &str,
    template: &EmailTemplate,
) -> Result<(), AppError> {
    mail::Entity::delete_many()
        .filter(mail::Column::Recipient.eq(email.to_ascii_lowercase()))
        .filter(mail::Column::Template.eq(text(template)?))
        .exec(db)
        .await?;
    Ok(())
}

fn text(template: &EmailTemplate) -> Result<String, AppError> {
    serde_json::to_string(template).map_err(|error| {
        tracing::error!(%error, "a template cannot be queued");
        AppError::Internal
    })
}

/// Has every mail that was given up tried again now, and says how many those are.
///
/// # Errors
/// When the outbox cannot be reached.
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

/// Sends what is due until the outbox is closed.
pub async fn work(state: AppState) {
    while !state.outbox.closed.load(Ordering::Acquire) {
        match deliver(&state).await {
            Ok(0) => {}
            Ok(_) => continue,
            Err(error) => tracing::warn!(%error, "the outbox cannot be read"),
        }
        // Nothing to do: until somebody wakes this, or it is time to look.
        let woken = tokio::time::timeout(POLL, state.outbox.wake.notified()).await;
        if woken.is_ok() && !state.outbox.closed.load(Ordering::Acquire) {
            tokio::time::sleep(PAUSE).await;
        }
    }
}

/// Tries once to send each mail that is due, and says for how many it was tried.
///
/// # Errors
/// When the outbox cannot be read.
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

/// Every mail that has not left, the oldest first.
///
/// # Errors
/// When the outbox cannot be read.
pub async fn waiting(state: &AppState) -> Result<Vec<mail::Model>, DbErr> {
    mail::Entity::find()
        .order_by_asc(mail::Column::Id)
        .all(state.db.reader())
        .await
}

/// How many mails have not left: those that will be tried again, and those that were given up.
///
/// # Errors
/// When the outbox cannot be read.
pub async fn count(state: &AppState) -> Result<(u64, u64), DbErr> {
    let mails = mail::Entity::find();
    let waiting = mails.clone().filter(mail::Column::DeadAt.is_null());
    let dead = mails.filter(mail::Column::DeadAt.is_not_null());
    let db = state.db.reader();
    Ok((waiting.count(db).await?, dead.count(db).await?))
}

/// Deletes what was given up long ago, and says how much: an address is not kept for ever because nobody looks.
///
/// # Errors
/// When the outbox cannot be reached.
pub async fn sweep(state: &AppState) -> Result<u64, DbErr> {
    let swept = mail::Entity::delete_many()
        .filter(mail::Column::DeadAt.lte(state.clock.now() - DEAD_FOR))
        .exec(state.db.writer())
        .await?;
    Ok(swept.rows_affected)
}

/// Tries to send one mail, unless somebody else does.
async fn attempt(state: &AppState, row: mail::Model) -> Result<bool, DbErr> {
    // Who stops leaves the rest of a batch to the next start.
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
        // There is nobody any more whom it concerns, or was nobody by the time that its token was kept.
        Ok(None) | Err(AppError::NotFound) => return forget(state, row.id).await.map(|()| true),
        // It may be written another time: the database may be back by then.
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

/// Makes the mail ours for a while: of several workers, in this process or in others, one succeeds.
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

/// Notes why a mail has not left, and when to try again, if ever.
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

/// When to try again after the attempt with this number: later each time; never for what was refused for good.
fn next_attempt(error: &SendError, attempts: i32, now: OffsetDateTime) -> Option<OffsetDateTime> {
    let doublings = attempts.clamp(1, 16).cast_unsigned() - 1;
    let doubled = |first: Duration, longest: Duration| now + (first * 2_i32.pow(doublings)).min(longest);
    match error {
        // No fault of this mail's: all of them wait only until the server is back.
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
