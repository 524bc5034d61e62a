//! Tests of the migration that moves the mails of the outbox into the queue of jobs.

use domain::{
    jobs::{JobState, Lane, administration},
    platform::{db::Db, entity::job},
};
use migration::{Migrator, MigratorTrait};
use sea_orm::{ConnectionTrait, Statement};

use crate::site::{Mail, Site, migrations_since};

const REGISTER: &str = r#"{"kind":"register","username":"grace","password_hash":"$argon2id$none"}"#;

/// Rows of the outbox: one that waits, one that was tried, one that was given up and one that was deleted.
const MAILS: &[&str] = &[
    "INSERT INTO outbox (id, message_id, recipient, letter, created_at, attempts, due_at) VALUES \
     (11, 'a@example.org', 'grace@example.org', '{LETTER}', '{AT}', 0, '{AT}')",
    "INSERT INTO outbox (id, message_id, recipient, letter, created_at, attempts, due_at, last_error) VALUES \
     (12, 'b@example.org', 'mary \"o''brien\"@example.org', '{LETTER}', '{AT}', 3, '{LATER}', 'greylisted')",
    "INSERT INTO outbox (id, message_id, recipient, letter, user_id, created_at, attempts, due_at, dead_at, last_error) \
     VALUES (13, 'c@example.org', 'ada@example.org', '{\"kind\":\"reinstated\"}', 1, '{AT}', 1, '{AT}', '{AT}', 'no mailbox')",
    "INSERT INTO outbox (id, message_id, recipient, letter, created_at, attempts, due_at) VALUES \
     (40, 'd@example.org', 'gone@example.org', '{LETTER}', '{AT}', 0, '{AT}')",
    "DELETE FROM outbox WHERE id = 40",
];

async fn execute(db: &Db, sql: &str) {
    let sql = sql
        .replace("{LETTER}", REGISTER)
        .replace("{AT}", "2026-01-02T03:04:05Z")
        .replace("{LATER}", "2999-01-02T03:04:05Z");
    db.writer().execute_unprepared(&sql).await.unwrap();
}

/// Returns a site of the version before with mails in its outbox.
async fn site() -> Site {
    let site = Site::new().await;
    site.register("ada").await;
    site.mails().await;
    let db = &site.state.db;
    Migrator::down(db.writer().pool(), Some(migrations_since("create_jobs")))
        .await
        .unwrap();
    for mail in MAILS {
        execute(db, mail).await;
    }
    // As in PostgreSQL, where ids that are given do not count.
    if site.is_postgres() {
        execute(db, "SELECT setval(pg_get_serial_sequence('outbox', 'id'), 40)").await;
    }
    site
}

async fn jobs(site: &Site) -> Vec<job::Model> {
    let mut jobs = administration::list(&site.job(), None, 100).await.unwrap();
    jobs.sort_by_key(|job| job.id);
    jobs
}

fn recipients(mails: &[Mail]) -> Vec<&str> {
    mails.iter().map(|mail| mail.to.as_str()).collect()
}

#[tokio::test]
async fn mails_of_the_outbox_are_jobs_after_the_upgrade() {
    let site = site().await;
    Migrator::up(site.state.db.writer().pool(), None).await.unwrap();
    let rows = jobs(&site).await;
    let seen: Vec<_> = rows
        .iter()
        .map(|job| (job.id, job.key.as_str(), job.state, job.lane, job.attempts))
        .collect();
    assert_eq!(
        seen,
        [
            (11, "a@example.org", JobState::Waiting, Lane::Awaited, 0),
            (12, "b@example.org", JobState::Waiting, Lane::Awaited, 3),
            (13, "c@example.org", JobState::Failed, Lane::Bulk, 1),
        ]
    );
    assert_eq!(rows[1].last_error.as_deref(), Some("greylisted"));
    assert_eq!(
        rows[1].payload.as_deref(),
        Some(format!(r#"{{"recipient":"mary \"o'brien\"@example.org","template":{REGISTER}}}"#).as_str())
    );
    assert!(rows[2].user_id.is_some() && rows[2].finished_at.is_some());
    assert_eq!(recipients(&site.mails().await), ["grace@example.org"]);
    site.register("grace").await;
    assert_eq!(
        jobs(&site).await.last().unwrap().id,
        41,
        "ids are never used again"
    );
}

#[tokio::test]
async fn jobs_are_mails_of_the_outbox_after_a_downgrade() {
    let site = site().await;
    let db = &site.state.db;
    Migrator::up(db.writer().pool(), None).await.unwrap();
    let before = jobs(&site).await;
    administration::hold_all(db.writer()).await.unwrap();
    execute(db, "UPDATE jobs SET state = 'waiting' WHERE id = 12").await;
    site.register("grace").await;
    site.mails().await;
    Migrator::down(db.writer().pool(), Some(migrations_since("create_jobs")))
        .await
        .unwrap();
    let sql = "SELECT message_id || ' ' || recipient || ' ' || letter || ' ' || attempts || ' ' || \
               CASE WHEN dead_at IS NULL THEN 'waits' ELSE 'given up' END || ' ' || coalesce(last_error, '') \
               FROM outbox ORDER BY id";
    let statement = Statement::from_string(db.reader().get_database_backend(), sql);
    let rows = db.reader().query_all_raw(statement).await.unwrap();
    let rows: Vec<String> = rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect();
    assert_eq!(
        rows,
        [
            format!("a@example.org grace@example.org {REGISTER} 0 given up "),
            format!("b@example.org mary \"o'brien\"@example.org {REGISTER} 3 waits greylisted"),
            "c@example.org ada@example.org {\"kind\":\"reinstated\"} 1 given up no mailbox".to_owned(),
        ]
    );
    Migrator::up(db.writer().pool(), None).await.unwrap();
    let after = jobs(&site).await;
    assert_eq!(after[1..], before[1..]);
    site.register("mary").await;
    assert_eq!(
        jobs(&site).await.last().unwrap().id,
        42,
        "ids are never used again"
    );
}

#[tokio::test]
async fn what_a_server_of_the_version_before_queues_is_sent() {
    let site = Site::new().await;
    if !site.is_postgres() {
        // It has one server.
        return;
    }
    let db = &site.state.db;
    execute(
        db,
        "INSERT INTO outbox (message_id, recipient, letter, user_id, created_at, attempts, due_at) VALUES \
         ('a@example.org', 'grace@example.org', '{LETTER}', NULL, '{AT}', 0, '{AT}')",
    )
    .await;
    let old = |sql: &str| Statement::from_string(db.reader().get_database_backend(), sql);
    let due = "SELECT id, message_id, recipient, letter, user_id, created_at, attempts, due_at, dead_at, last_error \
               FROM outbox WHERE dead_at IS NULL AND due_at <= now()";
    assert!(
        db.reader().query_all_raw(old(due)).await.unwrap().is_empty(),
        "not by them"
    );
    let id = jobs(&site).await[0].id;
    // It cannot be sent by them, withdrawn and ended.
    execute(
        db,
        "UPDATE outbox SET due_at = now(), dead_at = NULL, last_error = 'down' WHERE id = 0",
    )
    .await;
    execute(
        db,
        "DELETE FROM outbox WHERE recipient = 'grace@example.org' AND letter = 'other'",
    )
    .await;
    assert_eq!(jobs(&site).await[0].id, id);
    assert_eq!(recipients(&site.mails().await), ["grace@example.org"]);

    execute(
        db,
        "INSERT INTO outbox (message_id, recipient, letter, created_at, attempts, due_at) VALUES \
         ('b@example.org', 'grace@example.org', '{LETTER}', '{AT}', 0, '{AT}')",
    )
    .await;
    execute(
        db,
        "DELETE FROM outbox WHERE recipient = 'grace@example.org' AND letter = '{LETTER}'",
    )
    .await;
    assert!(jobs(&site).await.is_empty(), "withdrawn");
}
