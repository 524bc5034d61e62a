//! Tests of the commands for jobs.

use std::fs;

use serde_json::Value;
use tempfile::TempDir;

use crate::{
    program::{run, stderr, stdout},
    site::Site,
    wait::until,
};

/// Returns the folder of a site without people.
fn empty_site() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("data")).unwrap();
    assert!(listed(&folder).starts_with("0 waiting, 0 given up, 0 held"));
    folder
}

/// Inserts a mail to `name` with this number into the queue.
fn insert(folder: &TempDir, id: u32, name: &str, state: &str) {
    let (due, finished, error) = match state {
        "failed" => ("2999-01-01", "'2999-01-01T00:00:00Z'", "'no such mailbox'"),
        "later" => ("2999-01-01", "NULL", "'greylisted'"),
        _ => ("2026-01-01", "NULL", "NULL"),
    };
    let state = if state == "later" { "waiting" } else { state };
    let sql = format!(
        "INSERT INTO jobs (id, key, kind, lane, payload, created_at, due_at, attempts, lost, state, finished_at, \
         last_error) VALUES ({id}, '{id}@example.org', 'mail', 0, '{{\"recipient\":\"{name}@example.org\",\
         \"template\":{{\"kind\":\"register\",\"username\":\"{name}\",\"password_hash\":\"none\"}}}}', \
         '2026-01-01T00:00:00Z', '{due}T00:00:00Z', 1, 0, '{state}', {finished}, {error})"
    );
    let inserted = run(folder, &[], &["shell", "--write", &sql]);
    assert!(inserted.status.success(), "{}", stderr(&inserted));
}

fn listed(folder: &TempDir) -> String {
    stdout(&run(folder, &[], &["jobs"]))
}

/// Runs the command, which has to succeed, and returns its output.
fn done(folder: &TempDir, arguments: &[&str]) -> String {
    let output = run(folder, &[], arguments);
    assert!(output.status.success(), "{arguments:?}: {}", stderr(&output));
    stdout(&output)
}

/// Runs the command, which has to fail with this code, and returns its error.
fn refused(folder: &TempDir, arguments: &[&str], code: i32) -> String {
    let output = run(folder, &[], arguments);
    assert_eq!(
        output.status.code(),
        Some(code),
        "{arguments:?}: {}",
        stderr(&output)
    );
    stderr(&output)
}

#[test]
fn jobs_are_listed_with_their_states_attempts_and_errors() {
    let folder = empty_site();
    insert(&folder, 1, "ada", "failed");
    insert(&folder, 2, "grace", "later");
    insert(&folder, 3, "mary", "held");
    let text = listed(&folder);
    assert_eq!(text, done(&folder, &["jobs", "list"]));
    assert_eq!(text, done(&folder, &["mail", "queue"]));
    let lines: Vec<&str> = text.lines().collect();
    let expected = [
        "1 waiting, 1 given up, 1 held",
        "     1  mail register to ada@example.org, queued 2026-01-01T00:00:00Z, 1 attempt, given up at 2999-01-01T00:00:00Z: no such mailbox",
        "     3  mail register to mary@example.org, queued 2026-01-01T00:00:00Z, 1 attempt, held",
        "     2  mail register to grace@example.org, queued 2026-01-01T00:00:00Z, 1 attempt, next try at 2999-01-01T00:00:00Z: greylisted",
    ];
    assert_eq!(lines, expected);

    let json = done(&folder, &["jobs", "list", "--state", "failed", "--json"]);
    let jobs: Vec<Value> = serde_json::from_str(&json).unwrap();
    assert_eq!(jobs.len(), 1);
    assert_eq!(
        jobs[0],
        serde_json::json!({
            "id": 1,
            "key": "1@example.org",
            "kind": "mail",
            "summary": "mail register to ada@example.org",
            "state": "failed",
            "attempts": 1,
            "created_at": "2026-01-01T00:00:00Z",
            "due_at": "2999-01-01T00:00:00Z",
            "finished_at": "2999-01-01T00:00:00Z",
            "last_error": "no such mailbox",
        })
    );
    let limited = run(&folder, &[], &["jobs", "list", "--limit", "1"]);
    assert_eq!(stdout(&limited).lines().count(), 2);
    assert!(stderr(&limited).contains("--limit"));
    assert!(
        refused(&folder, &["jobs", "list", "--state", "lost"], 2).contains("waiting, failed, held or done")
    );
}

#[test]
fn jobs_are_retried_released_and_dropped_and_the_audit_log_says_so() {
    let folder = empty_site();
    insert(&folder, 1, "ada", "failed");
    insert(&folder, 2, "grace", "failed");
    insert(&folder, 3, "mary", "held");
    assert!(refused(&folder, &["jobs", "drop", "1"], 1).contains("--yes"));
    assert!(listed(&folder).starts_with("0 waiting, 2 given up, 1 held"));
    assert!(done(&folder, &["jobs", "drop", "1", "--yes"]).contains("Job 1 has been deleted"));
    assert!(refused(&folder, &["jobs", "drop", "1", "--yes"], 1).contains("there is no job 1"));

    refused(&folder, &["jobs", "retry"], 2);
    refused(&folder, &["jobs", "retry", "2", "--all"], 2);
    assert!(refused(&folder, &["jobs", "retry", "3"], 1).contains("no job 3 was given up"));
    assert!(done(&folder, &["jobs", "retry", "2"]).contains("Job 2 will be tried again"));
    assert!(done(&folder, &["jobs", "retry", "--all"]).contains("No jobs were given up"));
    assert!(done(&folder, &["jobs", "release"]).contains("1 job will be done"));
    assert!(done(&folder, &["jobs", "release"]).contains("No jobs are held"));
    assert!(listed(&folder).starts_with("2 waiting, 0 given up, 0 held"));

    let log = done(&folder, &["audit"]);
    for act in [
        "command line dropped job 1 (mail)",
        "command line retried job 2 (mail)",
        "command line released all jobs that were held",
    ] {
        assert!(log.contains(act), "{act}\n{log}");
    }
    assert!(log.lines().count() == 3 && !log.contains('@'), "{log}");
}

/// Returns whether a mail to `name` was written to a file.
fn has_mail(folder: &TempDir, name: &str) -> bool {
    let files = fs::read_dir(folder.path().join("data/mail"))
        .into_iter()
        .flatten();
    let mut texts = files.map(|file| fs::read_to_string(file.unwrap().path()).unwrap_or_default());
    texts.any(|text| text.contains(&format!("To: {name}@example.org")))
}

#[test]
fn the_jobs_of_a_restored_site_wait_for_an_administrator() {
    let folder = empty_site();
    insert(&folder, 1, "ada", "waiting");
    insert(&folder, 2, "grace", "failed");
    done(&folder, &["backup", "backup.zip"]);
    let restored = done(&folder, &["restore", "backup.zip", "--force"]);
    assert!(
        restored.contains("1 job that had not been done") && restored.contains("broadsheet jobs release"),
        "{restored}"
    );
    assert!(listed(&folder).starts_with("0 waiting, 1 given up, 1 held"));

    let site = Site::start(&folder, &[]);
    site.visitor().register("mary");
    until("a new mail is sent", || has_mail(&folder, "mary"));
    assert!(!has_mail(&folder, "ada"));
    done(&folder, &["jobs", "release"]);
    until("the mail that was held is sent", || has_mail(&folder, "ada"));
    site.end();
    let done_jobs = done(&folder, &["jobs", "list", "--state", "done"]);
    assert!(done_jobs.contains("     1  mail, queued"), "{done_jobs}");
    assert!(!has_mail(&folder, "grace"));
}
