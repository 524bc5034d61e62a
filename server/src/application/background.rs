//! Background tasks of a running site.

use std::time::Duration;

use domain::{
    AppState,
    accounts::session_store::DbSessionStore,
    mail::outbox,
    media::{self, inline_images},
    platform::{db::WriteState, lease, token},
    posts::{self, trash},
};
use futures::FutureExt;
use sea_orm::DbErr;
use tokio::{
    task::JoinHandle,
    time::{interval, sleep, timeout},
};

use super::watch;
use crate::{
    config::Config,
    ops::{
        backup,
        error_alerts::{self, Faults},
    },
};

/// How often what is out of date is cleared away.
const SWEEP: Duration = Duration::from_mins(1);
/// Expired sessions and tokens are in nobody's way: they wait for so many rounds.
const HOURLY: u64 = 60;
/// How soon a database that could not be written to is tried again.
const RETRY: Duration = Duration::from_secs(2);
/// The least time between two tries.
const PAUSE: Duration = Duration::from_millis(100);
/// How long a stop waits for the mails that are being sent.
const LAST_MAILS: Duration = Duration::from_secs(5);

/// The tasks of a site.
pub struct Background {
    state: AppState,
    /// The task that sends mails, which ends by itself.
    postman: JoinHandle<()>,
    /// Tasks that may be aborted at any moment.
    others: Vec<JoinHandle<()>>,
}

impl Background {
    /// Begins all of them.
    pub fn start(state: &AppState, store: DbSessionStore, config: &Config) -> Self {
        let mut others = vec![
            tokio::spawn(sweep(state.clone(), store)),
            tokio::spawn(render_old(state.clone())),
            tokio::spawn(check_writing(state.clone())),
            tokio::spawn(backup::work(state.clone(), config.clone())),
        ];
        let url = &config.database.url;
        if config.page_cache > 0 {
            others.push(tokio::spawn(watch::watch(state.db.clone(), url.clone())));
        }
        Self {
            postman: tokio::spawn(outbox::work(state.clone())),
            others,
            state: state.clone(),
        }
    }

    /// Has the administrators told of `heard` by mail, from now on.
    pub fn mail_faults(&mut self, heard: Faults) {
        self.others
            .push(tokio::spawn(error_alerts::mail(self.state.clone(), heard)));
    }

    /// Ends all of them. A mail that is being sent has a moment to get there.
    pub async fn stop(self) {
        for task in &self.others {
            task.abort();
        }
        self.state.outbox.close();
        if timeout(LAST_MAILS, self.postman).await.is_err() {
            tracing::warn!("an email was still being sent; it will be sent again");
        }
    }
}

/// Clears away what is out of date.
async fn sweep(state: AppState, store: DbSessionStore) {
    let mut minutely = interval(SWEEP);
    for round in 0_u64.. {
        minutely.tick().await;
        if let Err(error) = state.limits.sweep(&state.db).await {
            tracing::warn!(%error, "expired rate limits could not be removed");
        }
        media::sweep(&state).await;
        if round.is_multiple_of(HOURLY) {
            report("sessions", store.sweep().await);
            report("deleted posts", trash::sweep(&state).await);
            report(
                "pictures not used in any text",
                inline_images::sweep(&state).await,
            );
            report("mails", outbox::sweep(&state).await);
            report("leases", lease::sweep(&state).await);
            report("tokens", token::sweep(state.db.writer(), state.clock.now()).await);
        }
    }
}

/// Finds out when a database can be written to again whose files could not be: until then the site is not ready.
///
/// A write that was refused because `fsync` failed stays in SQLite's write-ahead log until another one takes its place, and
/// would be there again after a crash. That is why a new write follows each refusal.
async fn check_writing(state: AppState) {
    let health = state.db.write_health();
    loop {
        // The next refusal, or the time for another try.
        let _ = timeout(RETRY, health.next_refusal()).await;
        if health.state() == WriteState::Ok {
            continue;
        }
        if let Err(error) = lease::check_writing(&state).await {
            tracing::debug!(?error, "the database still cannot be written to");
            // This was a refusal as well, and is not to be followed.
            let _ = health.next_refusal().now_or_never();
        }
        sleep(PAUSE).await;
    }
}

/// Renders all posts again that an older version has rendered.
async fn render_old(state: AppState) {
    let mut posts = 0;
    loop {
        match posts::render_old(&state).await {
            Ok(0) if posts == 0 => return,
            Ok(0) => return tracing::info!(posts, "rendered again for this version"),
            Ok(some) => posts += some,
            Err(error) => {
                return tracing::warn!(
                    ?error,
                    "posts could not be rendered again; each one is rendered when it is read"
                );
            }
        }
    }
}

fn report(what: &str, swept: Result<u64, DbErr>) {
    match swept {
        Ok(0) => {}
        Ok(swept) => tracing::info!(swept, "expired {what} deleted"),
        Err(error) => tracing::warn!(%error, "expired {what} could not be deleted"),
    }
}
