//! The background tasks of a running site.

use std::time::Duration;

use domain::{
    AppState, Scope,
    accounts::{impersonation, invitations, session_store::DbSessionStore},
    comments, jobs,
    media::{self, inline_images},
    moderation,
    platform::{db::WriteState, lease, list, token},
    posts::{self, preview_links, schedule, trash},
    static_pages, trust,
};
use futures::FutureExt;
use sea_orm::DbErr;
use tokio::{
    task::JoinSet,
    time::{interval, sleep, timeout},
};
use tokio_util::task::AbortOnDropHandle;

use super::watch;
use crate::{
    config::Config,
    ops::{
        backup,
        error_alerts::{self, Faults},
    },
};

/// The interval between two rounds of cleanup.
const SWEEP: Duration = Duration::from_mins(1);
/// The number of rounds between two removals of expired sessions and tokens, which do no harm in the meantime.
const HOURLY: u64 = 60;
/// The interval between two checks whether a database that refused writes accepts them again.
const RETRY: Duration = Duration::from_secs(2);
/// The minimum time between two checks.
const PAUSE: Duration = Duration::from_millis(100);
/// The maximum time between two looks for drafts that are due. Another server may have scheduled one, and the clock may have
/// been changed.
const DUE: Duration = Duration::from_secs(10);
/// The time after which drafts are tried again that could not be published although they were due.
const DUE_AGAIN: Duration = Duration::from_secs(1);
/// The maximum time that a stop waits for jobs that are being done, such as mails that are being sent.
const LAST_JOBS: Duration = Duration::from_secs(5);

/// The background tasks of a site, which are aborted when it is dropped.
pub struct Background {
    state: AppState,
    /// The task that does jobs. It ends by itself when the queue is closed.
    worker: AbortOnDropHandle<()>,
    /// Tasks that may be aborted at any moment.
    others: JoinSet<()>,
}

impl Background {
    /// Starts all background tasks.
    pub async fn start(state: &AppState, store: DbSessionStore, config: &Config) -> Self {
        let mut others = JoinSet::new();
        others.spawn(sweep(state.clone(), store));
        others.spawn(render_old(state.clone()));
        others.spawn(check_writing(state.clone()));
        others.spawn(publish_scheduled(state.clone()));
        others.spawn(backup::work(state.clone(), config.clone()));
        if config.page_cache > 0 || config.read_cache > 0 {
            let url = config.database.url.clone();
            others.spawn(watch::start(state.db.clone(), url).await);
        }
        Self {
            worker: AbortOnDropHandle::new(tokio::spawn(jobs::worker::work(state.clone()))),
            others,
            state: state.clone(),
        }
    }

    /// Starts a task that sends the errors that `errors` receives to the administrators by mail.
    pub fn mail_errors(&mut self, errors: Faults) {
        self.others.spawn(error_alerts::mail(self.state.clone(), errors));
    }

    /// Stops all background tasks. A job that is being done has a few seconds to complete.
    pub async fn stop(mut self) {
        self.others.abort_all();
        self.state.jobs.close();
        if timeout(LAST_JOBS, self.worker).await.is_err() {
            tracing::warn!("a job was still being done; it will be done again");
        }
    }
}

/// Deletes expired data and updates the milestones of lists at regular intervals.
async fn sweep(state: AppState, store: DbSessionStore) {
    let job = Scope::job(state.clone());
    let mut minutely = interval(SWEEP);
    for round in 0_u64.. {
        minutely.tick().await;
        if let Err(error) = moderation::end_freezes(&job).await {
            tracing::warn!(?error, "accounts whose time is over could not be unfrozen");
        }
        if let Err(error) = trust::review(&job).await {
            tracing::warn!(?error, "the levels of accounts could not be looked at");
        }
        if let Err(error) = state.limits.sweep(&state.db).await {
            tracing::warn!(%error, "expired rate limits could not be removed");
        }
        if let Err(error) = list::maintain(&state).await {
            tracing::warn!(?error, "the milestones of lists could not be updated");
        }
        fill_skeletons(&job).await;
        media::sweep(&state).await;
        if round.is_multiple_of(HOURLY) {
            report("sessions", store.sweep().await);
            report("deleted posts", trash::sweep(&job).await);
            report("pictures not used in any text", inline_images::sweep(&job).await);
            report("jobs", jobs::sweep(&state).await);
            report("leases", lease::sweep(&state).await);
            report("tokens", token::sweep(state.db.writer(), state.clock.now()).await);
            report(
                "fingerprints of texts",
                trust::sweep(state.db.writer(), state.clock.now()).await,
            );
            report(
                "invitations",
                invitations::sweep(state.db.writer(), state.clock.now()).await,
            );
            report(
                "links to drafts",
                preview_links::sweep(state.db.writer(), state.clock.now()).await,
            );
        }
    }
}

/// Checks whether a database that refused a write accepts writes again. Until then, the site is not ready.
///
/// A write that was refused because `fsync` failed stays in SQLite's write-ahead log until another write replaces it,
/// and would reappear after a crash. Therefore each refusal is followed by a new write.
async fn check_writing(state: AppState) {
    let health = state.db.write_health();
    loop {
        // Waits for the next refusal or until the next check is due, whichever comes first.
        let _ = timeout(RETRY, health.next_refusal()).await;
        if health.state() == WriteState::Ok {
            continue;
        }
        if let Err(error) = lease::check_writing(&state).await {
            tracing::debug!(?error, "the database still cannot be written to");
            // The check itself was refused as well. This refusal must not trigger another check.
            let _ = health.next_refusal().now_or_never();
        }
        sleep(PAUSE).await;
    }
}

/// Publishes scheduled drafts when they are due.
async fn publish_scheduled(state: AppState) {
    let job = Scope::job(state.clone());
    let mut are_told = false;
    loop {
        if !are_told {
            let told = schedule::tell_of_restoration(&job).await;
            are_told = told
                .inspect_err(|error| tracing::warn!(?error, "authors of held drafts could not be told"))
                .is_ok();
        }
        if let Err(error) = schedule::publish_due(&job).await {
            tracing::warn!(
                ?error,
                "scheduled posts could not be published; they are tried again"
            );
        }
        let next = schedule::next(&job).await.ok().flatten();
        let pause = next.map_or(DUE, |at| {
            let left = Duration::try_from(at - state.clock.now()).unwrap_or(DUE_AGAIN);
            left.clamp(PAUSE, DUE)
        });
        // Ends early if a draft was scheduled on this server.
        let _ = timeout(pause, state.schedule_changed.notified()).await;
    }
}

/// Computes the skeletons of names that another version of the program has written.
async fn fill_skeletons(job: &Scope) {
    loop {
        match impersonation::fill(job).await {
            Ok(0) => return,
            Ok(_) => {}
            Err(error) => {
                return tracing::warn!(?error, "the names of people could not be prepared for comparison");
            }
        }
    }
}

/// Renders all texts again that were rendered by an older version, and checks the addresses of static pages.
async fn render_old(state: AppState) {
    let job = Scope::job(state);
    if let Err(error) = static_pages::after_upgrade(&job).await {
        tracing::warn!(
            ?error,
            "static pages could not be checked; their addresses are checked at the next start"
        );
    }
    let mut texts = 0;
    loop {
        let rendered = match posts::render_old(&job).await {
            Ok(0) => comments::render_old(&job).await,
            rendered => rendered,
        };
        match rendered {
            Ok(0) if texts == 0 => return,
            Ok(0) => return tracing::info!(texts, "rendered again for this version"),
            Ok(some) => texts += some,
            Err(error) => {
                return tracing::warn!(
                    ?error,
                    "posts and comments could not be rendered again; each post is rendered when it is read"
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
