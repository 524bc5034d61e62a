//! The outbox: mails that are sent by jobs. A use-case queues a mail in its own transaction, and it is sent until that
//! succeeds or the mail server refuses it permanently.
//!
//! A job contains the parameters of a template. The text is rendered when the mail is sent, together with the token
//! that it may need, so that the database never contains a token in plain text.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use async_trait::async_trait;
use sea_orm::ConnectionTrait;
use serde::{Deserialize, Serialize};
use time::Duration;

use super::{
    rendering,
    template::EmailTemplate,
    transport::{Envelope, SENDING, SendError},
};
use crate::{
    AppState, Scope, SiteSettings,
    jobs::{self, AttemptError, Backoff, GiveUp, Handler, Job, NewJob, Outcome, Rules},
    platform::digest,
};
use shared::{error::AppError, forms::Secret};

/// The kind of the jobs.
pub(super) const KIND: &str = "mail";
/// The delays between attempts while the server cannot be reached. That is not caused by the mail, so they stay short and
/// all mails are sent soon after the server is back.
const OUTAGE: Backoff = Backoff {
    first: Duration::seconds(1),
    longest: Duration::seconds(30),
};
/// The delays between attempts while the server replies with temporary errors (RFC 5321, 4.5.4.1: at least half an hour
/// between later attempts).
const TEMPORARY: Backoff = Backoff {
    first: Duration::minutes(1),
    longest: Duration::minutes(30),
};
/// The rules for mails. One that is not sent is given up after four to five days (RFC 5321, 4.5.4.1).
const RULES: Rules = Rules {
    // Rendering takes a moment as well.
    timeout: SENDING.saturating_mul(2),
    backoff: TEMPORARY,
    give_up: GiveUp::AfterAge(Duration::days(4)),
};

/// Sends mails, with the tokens of those that were not sent at their first attempts.
#[derive(Debug, Default)]
pub struct Outbox(Mutex<HashMap<i64, Secret>>);

/// A mail as it is stored in a job.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct QueuedMail {
    /// The address to which it was queued.
    pub recipient: String,
    /// The template with its parameters.
    pub template: EmailTemplate,
}

impl Outbox {
    /// Returns the token of the mail with this id if an earlier attempt of this process has issued one.
    pub(crate) fn token(&self, id: i64) -> Option<Secret> {
        let tokens = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        tokens.get(&id).cloned()
    }

    /// Keeps the token of a mail for its next attempts.
    pub(crate) fn keep_token(&self, id: i64, token: Secret) {
        let mut tokens = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        tokens.insert(id, token);
    }

    fn forget_token(&self, id: i64) {
        let mut tokens = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        tokens.remove(&id);
    }
}

#[async_trait]
impl Handler for Outbox {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn rules(&self) -> Rules {
        RULES
    }

    fn summary(&self, payload: &str) -> String {
        serde_json::from_str(payload).map_or_else(
            |_| "unknown".to_owned(),
            |QueuedMail { recipient, template }| format!("{} to {recipient}", template.name()),
        )
    }

    async fn run(&self, state: &AppState, job: &Job) -> Result<Outcome, AttemptError> {
        let mail: QueuedMail = jobs::payload(job)?;
        match rendering::render(state, self, job, &mail).await {
            Ok(Some((recipient, text))) => {
                let envelope = Envelope {
                    message_id: job.key.clone(),
                    recipient,
                    date: job.created_at,
                };
                let file = state.mailer.send(&envelope, &text).await?;
                if let Some(file) = file {
                    tracing::info!(file = %file.display(), "an email was written to a file, because no mail server is configured");
                }
            }
            // The mail no longer concerns anybody, or the user was deleted before the token was stored.
            Ok(None) | Err(AppError::NotFound) => {}
            // Retried, because the cause may be temporary, such as an unreachable database.
            Err(error) => {
                let message = format!("it cannot be written: {}", error.title());
                return Err(SendError::NotNow(message).into());
            }
        }
        self.forget_token(job.id);
        Ok(Outcome::Done)
    }

    /// Not in the module of jobs, whose errors are mailed: this one would be mailed by the same server.
    fn given_up(&self, job: &Job, error: &str) {
        self.forget_token(job.id);
        let (id, attempts) = (job.id, job.attempts);
        tracing::error!(id, attempts, "an email was given up: {error}");
    }
}

impl From<SendError> for AttemptError {
    fn from(error: SendError) -> Self {
        let retry = match error {
            SendError::Unreachable(_) => Some(OUTAGE),
            SendError::NotNow(_) => Some(TEMPORARY),
            SendError::Refused(_) => None,
        };
        Self {
            message: error.to_string(),
            retry,
        }
    }
}

/// Queues a mail to `recipient`. `db` is the transaction of the use-case; after the commit, call
/// [`Jobs::wake`](jobs::Jobs::wake) to send the mail without delay. A mail with a `user_id` is deleted with that user.
///
/// # Errors
///
/// Returns an error if the mail cannot be queued.
pub async fn queue(
    scope: &Scope,
    db: &impl ConnectionTrait,
    recipient: &str,
    user_id: Option<i64>,
    template: &EmailTemplate,
) -> Result<(), AppError> {
    let mail = QueuedMail {
        recipient: recipient.to_owned(),
        template: template.clone(),
    };
    let mut job = NewJob::new(KIND, template.lane(), &mail)?;
    job.key = message_id(&scope.state.settings)?;
    job.user_id = user_id;
    jobs::queue(db, &scope.state.clock, job).await
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
    let mail = QueuedMail {
        recipient: email.to_ascii_lowercase(),
        template: template.clone(),
    };
    jobs::withdraw(db, KIND, &mail).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attempts_grow_apart_and_an_outage_never_costs_more_than_half_a_minute() {
        let after = |error: &SendError, attempts| {
            let retry = AttemptError::from(error.clone()).retry;
            retry.map(|backoff| backoff.delay(attempts).whole_seconds())
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
