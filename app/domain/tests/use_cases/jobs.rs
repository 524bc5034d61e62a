//! Tests of the queue of jobs.

use std::collections::BTreeMap;

use domain::{
    accounts::deletion,
    audit_log,
    jobs::{self, JobState, Lane, administration, worker},
};
use shared::{error::AppError, forms::Secret, model::moderation::AuditAction};
use time::Duration;

use crate::chores::{ATTEMPTS, Chore, Household};

#[tokio::test]
async fn of_several_workers_one_does_each_job() {
    let mut household = Household::new().await;
    for _ in 0..60 {
        household.queue(Lane::Bulk, Chore::Note, None).await;
    }
    let workers = [(); 3].map(|()| household.start());
    for worker in workers {
        worker.await.unwrap();
    }
    let mut attempts = BTreeMap::new();
    for job in household.begun() {
        *attempts.entry(job.key).or_insert(0) += 1;
    }
    assert_eq!(attempts.len(), 60);
    for (key, attempts) in attempts {
        assert_eq!((attempts, household.notes(&key).await), (1, 1), "{key}");
    }
    assert!(household.open().await.is_empty());
}

#[tokio::test]
async fn a_job_whose_worker_was_killed_is_taken_over_when_its_lease_has_expired() {
    let mut household = Household::new().await;
    let key = household.queue(Lane::Bulk, Chore::NoteBehindGate, None).await;
    let worker = household.start();
    household.next().await;
    worker.abort();
    assert_eq!(household.run().await, 0, "its lease still holds");
    household.expire();
    assert_eq!(household.run().await, 1);
    let job = household.job().await;
    assert_eq!((job.state, job.attempts), (JobState::Done, 2));
    assert_eq!(household.notes(&key).await, 1);
}

#[tokio::test]
async fn who_has_lost_the_lease_commits_nothing_and_ends_nothing() {
    let mut household = Household::new().await;
    let key = household.queue(Lane::Bulk, Chore::NoteBehindGate, None).await;
    let suspended = household.start();
    household.next().await;
    household.expire();
    assert_eq!(household.run().await, 1);
    let done = household.job().await;
    assert_eq!((done.state, household.notes(&key).await), (JobState::Done, 1));
    household.open_gate();
    suspended.await.unwrap();
    assert_eq!(household.job().await, done);
    assert_eq!(household.notes(&key).await, 1);
}

#[tokio::test]
async fn who_has_lost_the_lease_does_not_say_how_the_attempt_of_another_ended() {
    let mut household = Household::new().await;
    household.queue(Lane::Bulk, Chore::FailBehindGate, None).await;
    let suspended = household.start();
    household.next().await;
    household.expire();
    assert_eq!(household.run().await, 1);
    let job = household.job().await;
    let now = household.site.state.clock.now();
    assert_eq!((job.attempts, job.due_at), (2, now + Duration::minutes(2)));
    household.open_gate();
    suspended.await.unwrap();
    assert_eq!(household.job().await, job);
}

// DUR-10
#[tokio::test]
async fn changes_of_the_database_happen_once_however_often_workers_are_killed() {
    let mut household = Household::new().await;
    let mut keys = Vec::new();
    for _ in 0..100 {
        keys.push(household.queue(Lane::Bulk, Chore::Note, None).await);
    }
    for kills in 1..=4 {
        let workers = [(); 3].map(|()| household.start());
        for _ in 0..kills * 5 {
            household.next().await;
        }
        for worker in workers {
            worker.abort();
            assert!(worker.await.is_err());
        }
        household.begun();
        household.expire();
    }
    while !household.open().await.is_empty() {
        household.run().await;
        household.expire();
    }
    for key in keys {
        assert_eq!(household.notes(&key).await, 1, "{key}");
    }
}

#[tokio::test]
async fn a_job_that_panics_is_given_up_in_the_end_and_holds_up_no_other() {
    let mut household = Household::new().await;
    household.queue(Lane::Awaited, Chore::Panic, None).await;
    let other = household.queue(Lane::Bulk, Chore::Note, None).await;
    assert_eq!(household.run().await, 2);
    assert_eq!(household.notes(&other).await, 1);
    let clock = household.site.state.clock.clone();
    let job = household.open().await.remove(0);
    assert_eq!(job.last_error.as_deref(), Some("it panicked: on purpose"));
    assert_eq!(job.due_at, clock.now() + Duration::minutes(1));
    for minutes in [1, 2] {
        assert_eq!(household.run().await, 0, "not before it is due");
        clock.advance(Duration::minutes(minutes));
        assert_eq!(household.run().await, 1);
    }
    let job = household.open().await.remove(0);
    assert_eq!((job.state, job.attempts), (JobState::Failed, ATTEMPTS));
    assert_eq!(job.finished_at, Some(clock.now()));
    clock.advance(Duration::days(1));
    assert_eq!(household.run().await, 0, "given up");
    assert_eq!(household.begun().len(), 4);
}

#[tokio::test]
async fn a_job_that_hangs_ends_with_its_time() {
    let household = Household::with_timeout(std::time::Duration::from_millis(50)).await;
    household.queue(Lane::Bulk, Chore::Hang, None).await;
    assert_eq!(household.run().await, 1);
    let job = household.job().await;
    assert_eq!(job.last_error.as_deref(), Some("it took longer than 50ms"));
    assert!(job.state == JobState::Waiting && job.holder.is_none());
}

#[tokio::test]
async fn a_job_that_fails_is_tried_again_later_and_its_error_is_kept_in_short() {
    let household = Household::new().await;
    household.queue(Lane::Bulk, Chore::Fail, None).await;
    for minutes in [1, 2, 4] {
        assert_eq!(household.run().await, 1);
        household.site.state.clock.advance(Duration::minutes(minutes));
    }
    let job = household.job().await;
    assert_eq!((job.state, job.attempts), (JobState::Failed, ATTEMPTS));
    assert_eq!(job.last_error.unwrap().len(), 500);
}

#[tokio::test]
async fn a_job_that_ends_every_server_is_given_up() {
    let mut household = Household::new().await;
    household.queue(Lane::Bulk, Chore::Hang, None).await;
    for _ in 0..5 {
        let worker = household.start();
        household.next().await;
        worker.abort();
        assert!(worker.await.is_err());
        household.expire();
    }
    household.run().await;
    assert!(household.begun().is_empty(), "it was not tried once more");
    let job = household.job().await;
    assert_eq!(job.state, JobState::Failed);
    assert_eq!(
        job.last_error.as_deref(),
        Some("5 servers in a row have ended while they did it")
    );
}

#[tokio::test]
async fn the_jobs_of_a_deleted_account_end_with_it_also_while_they_are_done() {
    let mut household = Household::new().await;
    let ada = household.site.member("ada").await;
    let running = household
        .queue(Lane::Bulk, Chore::NoteBehindGate, Some(ada.id))
        .await;
    let worker = household.start();
    household.next().await;
    household.queue(Lane::Bulk, Chore::Note, Some(ada.id)).await;
    let others = household.queue(Lane::Bulk, Chore::Note, None).await;
    let scope = household.site.signed_in("ada").await;
    deletion::delete(&scope, &ada, Secret::from("ada-secret!"))
        .await
        .unwrap();
    household.open_gate();
    worker.await.unwrap();
    household.run().await;
    assert_eq!(household.notes(&running).await, 0);
    let begun = household.begun();
    assert_eq!(begun.len(), 1, "{begun:?}");
    assert_eq!(household.notes(&others).await, 1);
    assert!(household.open().await.iter().all(|job| job.kind != "chore"));
}

#[tokio::test]
async fn jobs_that_somebody_waits_for_come_first() {
    let mut household = Household::new().await;
    for _ in 0..10 {
        household.queue(Lane::Bulk, Chore::Nothing, None).await;
    }
    for _ in 0..8 {
        household.queue(Lane::Awaited, Chore::Nothing, None).await;
    }
    assert_eq!(household.run().await, 18);
    let lanes: Vec<Lane> = household.begun().iter().map(|job| job.lane).collect();
    // All slots are used for the first ones, before any other is begun.
    assert_eq!(lanes[..6], [Lane::Awaited; 6]);
    assert_eq!(lanes.iter().filter(|lane| **lane == Lane::Awaited).count(), 8);
}

#[tokio::test]
async fn bulk_jobs_that_hang_leave_slots_for_those_that_somebody_waits_for() {
    let mut household = Household::new().await;
    for _ in 0..10 {
        household.queue(Lane::Bulk, Chore::NoteBehindGate, None).await;
    }
    let worker = tokio::spawn(worker::work(household.site.state.clone()));
    for _ in 0..4 {
        household.next().await;
    }
    let awaited = household.queue(Lane::Awaited, Chore::Note, None).await;
    household.site.state.jobs.wake();
    assert_eq!(household.next().await.key, awaited);
    worker.abort();
}

#[tokio::test]
async fn a_worker_that_is_closed_ends_after_the_jobs_that_it_does() {
    let mut household = Household::new().await;
    let key = household.queue(Lane::Bulk, Chore::NoteBehindGate, None).await;
    let worker = tokio::spawn(worker::work(household.site.state.clone()));
    household.next().await;
    household.site.state.jobs.close();
    let late = household.queue(Lane::Bulk, Chore::Note, None).await;
    household.open_gate();
    worker.await.unwrap();
    assert_eq!(household.notes(&key).await, 1);
    assert_eq!(household.notes(&late).await, 0, "left for the next start");
}

#[tokio::test]
async fn a_job_that_was_done_keeps_nothing_about_anybody_and_is_deleted_after_a_week() {
    let household = Household::new().await;
    let ada = household.site.member("ada").await;
    household.site.mails().await;
    household.queue(Lane::Bulk, Chore::Nothing, Some(ada.id)).await;
    household.run().await;
    let state = &household.site.state;
    let done = administration::list(&household.site.job(), Some(JobState::Done), 10)
        .await
        .unwrap();
    assert_eq!(done.len(), 1);
    let job = &done[0];
    assert_eq!((&job.payload, job.user_id, &job.last_error), (&None, None, &None));
    state.clock.advance(Duration::days(7) - Duration::seconds(1));
    assert_eq!(jobs::sweep(state).await.unwrap(), 0);
    state.clock.advance(Duration::seconds(1));
    assert_eq!(jobs::sweep(state).await.unwrap(), 1);
}

#[tokio::test]
async fn a_job_that_was_given_up_is_deleted_after_a_month_and_one_that_waits_never() {
    let household = Household::new().await;
    household.queue(Lane::Bulk, Chore::Fail, None).await;
    let state = &household.site.state;
    for _ in 0..ATTEMPTS {
        household.run().await;
        state.clock.advance(Duration::minutes(10));
    }
    household.queue(Lane::Bulk, Chore::Nothing, None).await;
    state.clock.advance(Duration::days(29));
    assert_eq!(jobs::sweep(state).await.unwrap(), 0);
    state.clock.advance(Duration::days(1));
    assert_eq!(jobs::sweep(state).await.unwrap(), 1);
    assert_eq!(household.job().await.state, JobState::Waiting);
}

#[tokio::test]
async fn an_administrator_retries_releases_and_drops_jobs_and_the_audit_log_says_so() {
    let household = Household::new().await;
    let scope = household.site.command_line();
    household.queue(Lane::Bulk, Chore::Fail, None).await;
    for _ in 0..ATTEMPTS {
        household.run().await;
        household.site.state.clock.advance(Duration::minutes(10));
    }
    let id = household.job().await.id;
    administration::retry(&scope, id).await.unwrap();
    let job = household.job().await;
    assert_eq!((job.state, job.attempts), (JobState::Waiting, 0));
    assert_eq!(administration::retry(&scope, id).await, Err(AppError::NotFound));
    assert_eq!(administration::retry_all(&scope).await, Ok(0));

    let db = household.site.state.db.clone();
    assert_eq!(administration::hold_all(db.writer()).await, Ok(1));
    assert_eq!(household.run().await, 0, "it waits for an administrator");
    assert_eq!(
        administration::count(db.reader()).await,
        Ok(vec![("chore".to_owned(), JobState::Held, 1)])
    );
    assert_eq!(administration::release(&scope).await, Ok(1));
    assert_eq!(household.run().await, 1);

    administration::remove(&scope, id).await.unwrap();
    assert_eq!(administration::remove(&scope, id).await, Err(AppError::NotFound));
    assert!(household.open().await.is_empty());
    let acts: Vec<(AuditAction, String)> = audit_log::latest(&scope, 10)
        .await
        .unwrap()
        .into_iter()
        .map(|act| (act.action, act.subject))
        .collect();
    let job = format!("job {id} (chore)");
    assert_eq!(
        acts,
        [
            (AuditAction::DropJob, job.clone()),
            (AuditAction::ReleaseJobs, "all jobs that were held".to_owned()),
            (AuditAction::RetryJobs, job),
        ]
    );
}
