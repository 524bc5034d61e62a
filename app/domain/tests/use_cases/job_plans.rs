//! Tests of what the queue of jobs costs.

use std::sync::{Arc, Mutex};

use domain::jobs::{self, JobState, Lane, administration, worker};
use sea_orm::{ConnectionTrait, Statement};
use time::Duration;

use crate::{
    chores::{Chore, Household},
    plan::plan,
};

/// The number of jobs that were done.
const DONE: u32 = 20_000;
/// The number of jobs that are due later.
const LATER: u32 = 1_000;

/// Inserts jobs that were done a moment ago, and some that are due tomorrow.
async fn insert(household: &Household) {
    let state = &household.site.state;
    let backend = state.db.writer().get_database_backend();
    let now = state.clock.now();
    let sql = format!(
        "INSERT INTO jobs (key, kind, lane, created_at, due_at, attempts, lost, state, finished_at) \
         WITH RECURSIVE numbers (number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM numbers WHERE number < {DONE} + {LATER}) \
         SELECT 'job ' || number, 'chore', number % 2, $1, CASE WHEN number > {DONE} THEN $2 ELSE $1 END, 1, 0, \
         CASE WHEN number > {DONE} THEN 'waiting' ELSE 'done' END, CASE WHEN number > {DONE} THEN NULL ELSE $1 END \
         FROM numbers"
    );
    let values = [now.into(), (now + Duration::days(1)).into()];
    let insert = Statement::from_sql_and_values(backend, sql, values);
    state.db.writer().execute_raw(insert).await.unwrap();
    state
        .db
        .writer()
        .execute_unprepared("ANALYZE jobs")
        .await
        .unwrap();
}

#[tokio::test]
async fn jobs_that_were_done_cost_nothing() {
    let mut household = Household::new().await;
    insert(&household).await;
    for lane in [Lane::Awaited, Lane::Bulk] {
        for chore in [Chore::Nothing, Chore::Fail] {
            household.queue(lane, chore, None).await;
        }
    }
    let seen: Arc<Mutex<Vec<Statement>>> = Arc::default();
    let statements = Arc::clone(&seen);
    household.site.state.db.on_statement(move |statement, _| {
        statements.lock().unwrap().push(statement.clone());
    });
    let state = household.site.state.clone();
    let scope = household.site.command_line();
    let mut checked = 0;
    let mut check = async |what: &str, indexes: &[&str]| {
        let statements: Vec<Statement> = std::mem::take(&mut *seen.lock().unwrap());
        let of_jobs = statements
            .iter()
            .filter(|statement| statement.sql.contains("jobs"));
        for statement in of_jobs.filter(|statement| !statement.sql.starts_with("INSERT")) {
            checked += 1;
            let steps = plan(&household.site, statement, &[]).await;
            let uses = |index: &&str| steps.iter().any(|step| step.contains(*index));
            assert!(indexes.iter().any(uses), "{what}: {steps:#?}\n{}", statement.sql);
            for step in &steps {
                let is_scan = step.contains("Seq Scan on jobs")
                    || (step.contains("SCAN jobs") && !step.contains("jobs_open_idx"));
                assert!(
                    !is_scan && !step.contains("TEMP B-TREE"),
                    "{what}: {step}\n{}",
                    statement.sql
                );
            }
        }
        // Those of the plans.
        seen.lock().unwrap().clear();
    };
    worker::run_due(&state).await.unwrap();
    check("doing jobs", &["jobs_due_idx", "PRIMARY KEY", "jobs_pkey"]).await;
    worker::run_due(&state).await.unwrap();
    check("looking for jobs", &["jobs_due_idx"]).await;
    administration::count(state.db.reader()).await.unwrap();
    check("counting", &["jobs_open_idx"]).await;
    administration::list(&scope, None, 100).await.unwrap();
    administration::list(&scope, Some(JobState::Failed), 100)
        .await
        .unwrap();
    check("listing", &["jobs_open_idx"]).await;
    administration::list(&scope, Some(JobState::Done), 100)
        .await
        .unwrap();
    check("listing what was done", &["jobs_finished_idx"]).await;
    administration::retry_all(&scope).await.unwrap();
    administration::release(&scope).await.unwrap();
    jobs::withdraw(state.db.writer(), "chore", &Chore::Hang)
        .await
        .unwrap();
    check("changing", &["jobs_open_idx"]).await;
    jobs::sweep(&state).await.unwrap();
    check("sweeping", &["jobs_finished_idx"]).await;
    assert!(checked >= 15, "{checked}");
}

#[tokio::test]
async fn many_jobs_that_were_done_are_all_deleted_after_a_week() {
    let household = Household::new().await;
    insert(&household).await;
    let state = &household.site.state;
    state.clock.advance(Duration::days(7));
    assert_eq!(jobs::sweep(state).await.unwrap(), u64::from(DONE));
    assert_eq!(jobs::sweep(state).await.unwrap(), 0);
}
