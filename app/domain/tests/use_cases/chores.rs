//! A kind of jobs whose ends tests control.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use domain::{
    AppState,
    jobs::{
        self, AttemptError, Backoff, GiveUp, Handler, Job, Jobs, Lane, NewJob, Outcome, Rules,
        administration, worker,
    },
    platform::entity::audit_record,
};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde::{Deserialize, Serialize};
use tokio::{
    sync::{
        Semaphore,
        mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
    },
    time::timeout,
};

use crate::site::Site;

/// The time limit for every wait.
const DEADLINE: Duration = Duration::from_secs(30);
/// The number of attempts after which a chore is given up.
pub const ATTEMPTS: i32 = 3;

/// The end of a chore.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub enum Chore {
    /// It changes nothing.
    Nothing,
    /// It adds an entry with the key of the job to the audit log.
    Note,
    /// The first attempt waits until the gate is opened. Then the entry is added.
    NoteBehindGate,
    /// It fails.
    Fail,
    /// The first attempt waits until the gate is opened. Then it fails.
    FailBehindGate,
    /// It panics.
    Panic,
    /// It never ends.
    Hang,
}

struct Chores {
    timeout: Duration,
    started: UnboundedSender<Job>,
    gate: Arc<Semaphore>,
}

#[async_trait]
impl Handler for Chores {
    fn kind(&self) -> &'static str {
        "chore"
    }

    fn rules(&self) -> Rules {
        Rules {
            timeout: self.timeout,
            backoff: Backoff {
                first: time::Duration::minutes(1),
                longest: time::Duration::hours(1),
            },
            give_up: GiveUp::AfterAttempts(ATTEMPTS),
        }
    }

    fn summary(&self, payload: &str) -> String {
        payload.to_owned()
    }

    async fn run(&self, state: &AppState, job: &Job) -> Result<Outcome, AttemptError> {
        self.started.send(job.clone()).unwrap();
        let chore = jobs::payload(job)?;
        if matches!(chore, Chore::NoteBehindGate | Chore::FailBehindGate) && job.attempts == 1 {
            self.gate.acquire().await.unwrap().forget();
        }
        match chore {
            Chore::Nothing => return Ok(Outcome::Done),
            Chore::Fail | Chore::FailBehindGate => {
                return Err(AttemptError::temporary("on purpose ".repeat(100)));
            }
            Chore::Panic => panic!("on purpose"),
            Chore::Hang => std::future::pending().await,
            Chore::Note | Chore::NoteBehindGate => {}
        }
        let transaction = state.db.begin().await?;
        let entry = audit_record::ActiveModel {
            at: Set(state.clock.now()),
            actor: Set("chore".to_owned()),
            action: Set("note".to_owned()),
            subject: Set(job.key.clone()),
            reason: Set(String::new()),
            ..Default::default()
        };
        audit_record::Entity::insert(entry)
            .exec_without_returning(&transaction)
            .await?;
        Ok(Outcome::Changed(transaction))
    }
}

/// A site that does chores.
pub struct Household {
    pub site: Site,
    started: UnboundedReceiver<Job>,
    gate: Arc<Semaphore>,
}

impl Household {
    pub async fn new() -> Self {
        Self::with_timeout(2 * DEADLINE).await
    }

    /// Creates a site on which an attempt may take so long.
    pub async fn with_timeout(limit: Duration) -> Self {
        let mut site = Site::new().await;
        let (sender, started) = unbounded_channel();
        let gate = Arc::new(Semaphore::new(0));
        site.state.jobs = Jobs::new(vec![Box::new(Chores {
            timeout: limit,
            started: sender,
            gate: Arc::clone(&gate),
        })]);
        Self { site, started, gate }
    }

    /// Queues a chore. Returns its key.
    pub async fn queue(&self, lane: Lane, chore: Chore, user_id: Option<i64>) -> String {
        let mut job = NewJob::new("chore", lane, &chore).unwrap();
        job.user_id = user_id;
        let key = job.key.clone();
        let state = &self.site.state;
        jobs::queue(state.db.writer(), &state.clock, job).await.unwrap();
        key
    }

    /// Does all chores that are due, and returns the number of attempts.
    pub async fn run(&self) -> usize {
        let done = timeout(DEADLINE, worker::run_due(&self.site.state));
        done.await.unwrap().unwrap()
    }

    /// Starts to do all chores that are due.
    pub fn start(&self) -> tokio::task::JoinHandle<()> {
        let state = self.site.state.clone();
        tokio::spawn(async move {
            // A worker that is killed may have left a transaction behind for a moment.
            while worker::run_due(&state).await.is_err() {}
        })
    }

    /// Returns the next chore that an attempt was begun to do.
    pub async fn next(&mut self) -> Job {
        timeout(DEADLINE, self.started.recv()).await.unwrap().unwrap()
    }

    /// Returns the chores that attempts were begun to do since the last call.
    pub fn begun(&mut self) -> Vec<Job> {
        std::iter::from_fn(|| self.started.try_recv().ok()).collect()
    }

    /// Lets one attempt pass the gate.
    pub fn open_gate(&self) {
        self.gate.add_permits(1);
    }

    /// Lets as much time pass that every lease expires.
    pub fn expire(&self) {
        self.site.state.clock.advance(time::Duration::seconds(31));
    }

    /// Returns the only job.
    pub async fn job(&self) -> Job {
        let mut jobs = domain::platform::entity::job::Entity::find()
            .all(self.site.state.db.reader())
            .await
            .unwrap();
        assert_eq!(jobs.len(), 1, "{jobs:?}");
        jobs.remove(0)
    }

    /// Returns the jobs that are not done.
    pub async fn open(&self) -> Vec<Job> {
        administration::list(&self.site.job(), None, 1_000).await.unwrap()
    }

    /// Returns how often the job with this key has added its entry.
    pub async fn notes(&self, key: &str) -> u64 {
        audit_record::Entity::find()
            .filter(audit_record::Column::Subject.eq(key))
            .count(self.site.state.db.reader())
            .await
            .unwrap()
    }
}
