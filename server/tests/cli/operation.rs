//! Tests of the commands that an administrator uses before and after an upgrade.

use std::{
    net::TcpListener,
    os::{fd::OwnedFd, unix::fs::PermissionsExt},
    process::Command,
};

use serde_json::Value;
use tempfile::TempDir;

use crate::{
    program::{program, run, stderr, stdout},
    site::{Site, free_port},
};

/// Returns the result of `check`: whether it succeeded, and each finding.
fn checked(folder: &TempDir, settings: &[(&str, &str)]) -> (bool, Vec<(String, String, String)>) {
    let output = run(folder, settings, &["check", "--json"]);
    let findings: Vec<Value> = serde_json::from_str(&stdout(&output)).unwrap();
    let text = |finding: &Value, name: &str| finding[name].as_str().unwrap().to_owned();
    let findings = findings
        .iter()
        .map(|finding| (text(finding, "what"), text(finding, "how"), text(finding, "told")));
    (output.status.success(), findings.collect())
}

fn finding(findings: &[(String, String, String)], wanted: &str) -> (String, String) {
    let found = findings.iter().find(|(what, ..)| what == wanted).unwrap();
    (found.1.clone(), found.2.clone())
}

#[test]
fn check_says_what_a_new_site_has_and_lacks_and_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (is_well, findings) = checked(&folder, &[]);
    assert!(is_well);
    assert_eq!(finding(&findings, "settings").0, "warning");
    assert_eq!(finding(&findings, "database").0, "ok");
    let (how, told) = finding(&findings, "mail");
    assert!(how == "warning" && told.contains("BROADSHEET_SMTP_URL"), "{told}");
    assert!(!folder.path().join("data").exists());

    let at_home = [("BROADSHEET_SITE_URL", "https://example.org")];
    assert_eq!(finding(&checked(&folder, &at_home).1, "settings").0, "ok");
}

#[test]
fn check_warns_when_a_site_in_use_may_send_requests_to_private_addresses() {
    let folder = tempfile::tempdir().unwrap();
    let allow = ("BROADSHEET_OUTGOING_ALLOW", "10.0.0.0/8,::1");
    let https = ("BROADSHEET_SITE_URL", "https://example.org");
    for (settings, wanted) in [
        (&[][..], "ok"),
        (&[https], "ok"),
        (&[allow], "ok"),
        (&[allow, https], "warning"),
    ] {
        let (is_well, findings) = checked(&folder, settings);
        let (how, told) = finding(&findings, "outgoing");
        assert!(is_well && how == wanted, "{settings:?}: {told}");
        assert_eq!(
            told.contains("10.0.0.0/8, ::1/128"),
            settings.contains(&allow),
            "{told}"
        );
        assert_eq!(told.contains(allow.0), wanted == "warning", "{told}");
    }
}

#[test]
fn check_fails_with_what_to_do_when_the_site_cannot_run() {
    let folder = tempfile::tempdir().unwrap();
    let broken = [("BROADSHEET_DATABASE_URL", "postgres://ada@127.0.0.1:1/x")];
    let (is_well, findings) = checked(&folder, &broken);
    let (how, told) = finding(&findings, "database");
    assert!(
        !is_well && how == "error" && told.contains("BROADSHEET_DATABASE_URL"),
        "{told}"
    );
    let silent = [("BROADSHEET_SMTP_URL", "smtp://127.0.0.1:1")];
    let (how, told) = finding(&checked(&folder, &silent).1, "mail");
    assert!(how == "warning" && told.contains("does not respond"), "{told}");
}

#[test]
fn check_fails_when_another_program_has_the_port() {
    let folder = tempfile::tempdir().unwrap();
    let other = TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = other.local_addr().unwrap().to_string();
    for setting in ["BROADSHEET_LISTEN", "BROADSHEET_METRICS_LISTEN"] {
        let free = format!("127.0.0.1:{}", free_port());
        let settings = [("BROADSHEET_LISTEN", free.as_str()), (setting, &taken)];
        let (is_well, findings) = checked(&folder, &settings);
        let what = if setting == "BROADSHEET_LISTEN" {
            "address"
        } else {
            "metrics"
        };
        let (how, told) = finding(&findings, what);
        assert!(!is_well && how == "error", "{told}");
        for part in [setting, taken.as_str(), "another program"] {
            assert!(told.contains(part), "{told}");
        }
    }
    drop(other);
    let (is_well, findings) = checked(&folder, &[("BROADSHEET_LISTEN", &taken)]);
    assert!(is_well);
    assert_eq!(finding(&findings, "address").0, "ok");
    // 192.0.2.0/24 is reserved for documentation (RFC 5737).
    let (is_well, findings) = checked(&folder, &[("BROADSHEET_LISTEN", "192.0.2.1:3000")]);
    let (how, told) = finding(&findings, "address");
    assert!(
        !is_well && how == "error" && told.contains("BROADSHEET_LISTEN"),
        "{told}"
    );
}

#[test]
fn check_knows_the_site_itself_that_is_running_and_tells_it_from_another() {
    let folder = tempfile::tempdir().unwrap();
    let metrics = format!("127.0.0.1:{}", free_port());
    let site = Site::start(&folder, &[("BROADSHEET_METRICS_LISTEN", &metrics)]);
    let listen = format!("127.0.0.1:{}", site.port);
    let settings = [
        ("BROADSHEET_LISTEN", listen.as_str()),
        ("BROADSHEET_METRICS_LISTEN", &metrics),
    ];
    let (is_well, findings) = checked(&folder, &settings);
    for what in ["address", "metrics"] {
        let (how, told) = finding(&findings, what);
        assert!(is_well && how == "ok" && told.contains("running"), "{told}");
    }
    // Another site with the same port.
    let other = tempfile::tempdir().unwrap();
    let (is_well, findings) = checked(&other, &settings[..1]);
    let (how, told) = finding(&findings, "address");
    assert!(
        !is_well && how == "error" && told.contains("BROADSHEET_LISTEN"),
        "{told}"
    );
    site.end();
}

#[test]
fn check_takes_the_socket_that_a_supervisor_has_opened() {
    let folder = tempfile::tempdir().unwrap();
    let socket = TcpListener::bind("127.0.0.1:0").unwrap();
    let listen = socket.local_addr().unwrap().to_string();
    let bare = program(&folder, &[]);
    let script = "exec 3<&0 0</dev/null; LISTEN_FDS=1 LISTEN_PID=$$ exec \"$0\" check --json";
    let output = Command::new("sh")
        .args(["-c", script])
        .arg(bare.get_program())
        .current_dir(folder.path())
        .env_clear()
        .env("BROADSHEET_LISTEN", &listen)
        .stdin(OwnedFd::from(socket))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(stdout(&output).contains(&listen), "{}", stdout(&output));
}

#[test]
fn the_schema_is_listed_taken_back_and_applied_step_by_step() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("data")).unwrap();
    let status = || {
        let output = run(&folder, &[], &["migrate", "status", "--json"]);
        let steps: Vec<Value> = serde_json::from_str(&stdout(&output)).unwrap();
        let applied = steps.iter().filter(|step| step["applied"] == true).count();
        (steps.len(), applied)
    };
    let (all, applied) = status();
    assert!(all >= 13 && applied == 0, "{all} {applied}");
    let up = run(&folder, &[], &["migrate", "up"]);
    assert_eq!(stdout(&up), format!("{all} migrations applied.\n"));
    let database = folder.path().join("data/broadsheet.sqlite3");
    let mode = std::fs::metadata(database).unwrap().permissions().mode();
    assert_eq!(mode & 0o077, 0, "nobody else reads password hashes");
    assert_eq!(status(), (all, all));
    assert_eq!(
        stdout(&run(&folder, &[], &["migrate", "up"])),
        "The schema is up to date.\n"
    );

    // There is no terminal for a confirmation.
    let asked = run(&folder, &[], &["migrate", "down"]);
    assert!(
        asked.status.code() == Some(1) && stderr(&asked).contains("--yes"),
        "{}",
        stderr(&asked)
    );
    assert_eq!(status(), (all, all));
    let down = run(&folder, &[], &["migrate", "down", "--steps", "2", "--yes"]);
    assert_eq!(stdout(&down).lines().count(), 2, "{}", stderr(&down));
    assert_eq!(status(), (all, all - 2));
    let lacks = finding(&checked(&folder, &[]).1, "schema");
    assert!(
        lacks.0 == "warning" && lacks.1.contains("2 migrations"),
        "{}",
        lacks.1
    );
    // A server may still be using the current schema, so the command does not migrate it.
    let refused = run(&folder, &[], &["user", "list"]);
    assert!(
        refused.status.code() == Some(1) && stderr(&refused).contains("migrate up"),
        "{}",
        stderr(&refused)
    );
    assert_eq!(status(), (all, all - 2));
    for _ in 0..2 {
        run(&folder, &[], &["migrate", "down", "--steps", "99", "--yes"]);
        assert_eq!(status(), (all, 0));
        run(&folder, &[], &["migrate", "up"]);
        assert_eq!(status(), (all, all));
    }
}

#[test]
fn nonsense_says_what_was_wanted_and_exits_with_2() {
    let folder = tempfile::tempdir().unwrap();
    for arguments in [
        &["nonsense"][..],
        &["migrate"],
        &["migrate", "sideways"],
        &["migrate", "down", "--steps", "0"],
        &["config"],
        &["check", "--xml"],
        &["completions", "cobol"],
    ] {
        let refused = run(&folder, &[], arguments);
        assert_eq!(refused.status.code(), Some(2), "{arguments:?}");
        assert_eq!(stderr(&refused).lines().count(), 1, "{}", stderr(&refused));
    }
}

#[test]
fn a_shell_learns_the_commands() {
    let folder = tempfile::tempdir().unwrap();
    for shell in ["bash", "zsh", "fish"] {
        let script = run(&folder, &[], &["completions", shell]);
        assert!(
            script.status.success() && stdout(&script).contains("migrate"),
            "{shell}"
        );
    }
}

#[test]
fn a_reader_that_reads_no_further_is_no_fault() {
    let folder = tempfile::tempdir().unwrap();
    let made = run(&folder, &[], &["demo", "--users", "5", "--posts", "2000"]);
    assert!(made.status.success(), "{}", stderr(&made));
    let list = program(&folder, &[]);
    let script = "set -o pipefail; \"$0\" post list --limit 2000 | head -n 1";
    let mut piped = Command::new("bash");
    piped
        .args(["-c", script])
        .arg(list.get_program())
        .current_dir(folder.path())
        .env_clear()
        .env("PATH", "/usr/bin:/bin");
    let output = piped.output().unwrap();
    assert!(
        output.status.success() && stderr(&output).is_empty(),
        "{}",
        stderr(&output)
    );
    assert_eq!(stdout(&output).lines().count(), 1);
}
