//! Tests of the commands for user accounts.

use std::{
    io::Write,
    process::{Output, Stdio},
};

use serde_json::Value;
use tempfile::TempDir;

use crate::{
    program::{program, run, stderr, stdout},
    site::Site,
};

/// Returns an existing site without users.
fn site() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("data")).unwrap();
    folder
}

/// Runs a command with `password` on its standard input.
fn with_password(folder: &TempDir, arguments: &[&str], password: &str) -> Output {
    let mut command = program(folder, &[]);
    command
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut started = command.spawn().unwrap();
    let input = started.stdin.take();
    // A command that fails immediately does not read its input.
    let _ = writeln!(input.unwrap(), "{password}");
    started.wait_with_output().unwrap()
}

fn shown(folder: &TempDir, name: &str) -> Value {
    let output = run(folder, &[], &["user", "show", name, "--json"]);
    assert!(output.status.success(), "{}", stderr(&output));
    serde_json::from_str(&stdout(&output)).unwrap()
}

fn add(folder: &TempDir, name: &str) {
    let email = format!("{name}@example.org");
    let added = with_password(
        folder,
        &["user", "add", name, "--email", &email],
        "nine lives of a cat",
    );
    assert!(added.status.success(), "{}", stderr(&added));
}

#[test]
fn somebody_is_added_shown_listed_promoted_and_deleted() {
    let folder = site();
    add(&folder, "Ada");
    add(&folder, "bob");
    let ada = shown(&folder, "ADA@example.org");
    assert_eq!(
        (ada["username"].as_str(), ada["role"].as_str()),
        (Some("Ada"), Some("member"))
    );
    assert!(ada["email_confirmed_at"].is_string() && ada["last_seen_at"].is_null());

    let promoted = run(&folder, &[], &["user", "promote", "ada"]);
    assert_eq!(stdout(&promoted), "Ada is now an administrator.\n");
    assert_eq!(shown(&folder, "ada")["role"], "administrator");
    // A site keeps an administrator.
    let commands: [&[&str]; 2] = [
        &["user", "promote", "ada", "--role", "moderator"],
        &["user", "delete", "ada", "--yes"],
    ];
    for command in commands {
        let refused = run(&folder, &[], command);
        assert_eq!(refused.status.code(), Some(1));
        assert!(
            stderr(&refused).contains("Make somebody else an administrator first"),
            "{}",
            stderr(&refused)
        );
    }
    run(&folder, &[], &["user", "promote", "bob"]);
    run(&folder, &[], &["user", "promote", "ada", "--role", "moderator"]);
    assert_eq!(shown(&folder, "ada")["role"], "moderator");
    add(&folder, "eve");

    let names = |begin: &[&str]| {
        let arguments = [&["user", "list", "--json"], begin].concat();
        let people: Vec<Value> = serde_json::from_str(&stdout(&run(&folder, &[], &arguments))).unwrap();
        people
            .iter()
            .map(|one| one["username"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(names(&[]), ["Ada", "bob", "eve"]);
    assert_eq!(names(&["A"]), ["Ada"]);
    assert!(stdout(&run(&folder, &[], &["user", "list"])).contains("bob@example.org"));

    // There is no terminal for a confirmation.
    let asked = run(&folder, &[], &["user", "delete", "eve"]);
    assert!(
        asked.status.code() == Some(1) && stderr(&asked).contains("--yes"),
        "{}",
        stderr(&asked)
    );
    let deleted = run(&folder, &[], &["user", "delete", "eve", "--yes"]);
    assert_eq!(stdout(&deleted), "eve has been deleted.\n");
    assert_eq!(names(&[]), ["Ada", "bob"]);
}

#[test]
fn another_password_ends_all_sessions_and_is_told_by_mail() {
    let folder = site();
    add(&folder, "ada");
    let set = with_password(&folder, &["user", "set-password", "ada"], "a quite different one");
    assert!(set.status.success(), "{}", stderr(&set));
    let queue = stdout(&run(&folder, &[], &["mail", "queue"]));
    assert!(queue.contains("ada@example.org"), "{queue}");
    assert!(!stdout(&set).contains("different") && !stderr(&set).contains("different"));
}

#[test]
fn what_does_not_do_is_refused_in_one_line_and_changes_nothing() {
    let folder = site();
    add(&folder, "ada");
    let refuse = |arguments: &[&str], password: &str, code: i32, told: &str| {
        let refused = with_password(&folder, arguments, password);
        assert_eq!(
            refused.status.code(),
            Some(code),
            "{arguments:?}: {}",
            stderr(&refused)
        );
        let line = stderr(&refused);
        assert!(line.contains(told) && line.lines().count() == 1, "{line}");
    };
    let good = "nine lives of a cat";
    refuse(
        &["user", "add", "ada", "--email", "b@example.org"],
        good,
        1,
        "taken",
    );
    refuse(
        &["user", "add", "bob", "--email", "ADA@example.org"],
        good,
        1,
        "has an account",
    );
    refuse(&["user", "add", "a b", "--email", "nowhere"], "short", 1, ";");
    refuse(
        &["user", "add", "bob", "--email", "b@example.org"],
        "password",
        1,
        "password",
    );
    refuse(&["user", "add", "bob"], good, 2, "--email");
    refuse(&["user", "promote", "ada", "--role", "king"], "", 2, "moderator");
    for command in ["show", "promote", "delete", "set-password"] {
        refuse(
            &["user", command, "nobody"],
            good,
            1,
            "there is no user called nobody",
        );
    }
    let people: Vec<Value> =
        serde_json::from_str(&stdout(&run(&folder, &[], &["user", "list", "--json"]))).unwrap();
    assert_eq!(people.len(), 1);

    let empty = tempfile::tempdir().unwrap();
    let refused = run(&empty, &[], &["user", "list"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(stderr(&refused).contains("BROADSHEET_DATA_DIR"));
}

/// Returns the latest entry of the audit log, as JSON.
fn last_act(folder: &TempDir) -> Value {
    let output = run(folder, &[], &["audit", "--limit", "1", "--json"]);
    serde_json::from_str::<Vec<Value>>(&stdout(&output))
        .unwrap()
        .remove(0)
}

#[test]
fn name_address_and_words_are_changed_and_the_old_name_leads_to_the_new_one() {
    let folder = site();
    add(&folder, "ada");
    add(&folder, "bob");
    let update = |more: &[&str]| {
        let output = run(&folder, &[], &[&["user", "update"], more].concat());
        assert!(output.status.success(), "{}", stderr(&output));
        stdout(&output)
    };
    assert_eq!(
        update(&["ada", "--name", "Lovelace", "--about", "Counts.\r\nAnd weaves. "]),
        "ada is now called Lovelace.\n"
    );
    let act = last_act(&folder);
    assert_eq!(
        (&act["action"], &act["actor"]),
        (&"update-user".into(), &"command line".into())
    );
    assert_eq!(
        (&act["subject"], &act["reason"]),
        (&"ada".into(), &"username (now Lovelace), about".into())
    );
    let lovelace = shown(&folder, "lovelace");
    assert_eq!(lovelace["about"], "Counts.\nAnd weaves.");
    assert_eq!(lovelace["email"], "ada@example.org");

    let told = update(&["Lovelace", "--email", "ada@new.example"]);
    assert!(
        told.contains("ada@new.example") && told.contains("ada@example.org"),
        "{told}"
    );
    assert!(
        !last_act(&folder)["reason"].as_str().unwrap().contains('@'),
        "moderators read it"
    );
    let lovelace = shown(&folder, "ada@new.example");
    assert!(lovelace["username"] == "Lovelace" && lovelace["email_confirmed_at"].is_string());
    // The old address receives a mail about the change.
    let queue = stdout(&run(&folder, &[], &["mail", "queue"]));
    assert!(
        queue.contains("to ada@example.org") && queue.lines().count() == 2,
        "{queue}"
    );
    // An address that differs only in case is the same address.
    update(&["Lovelace", "--email", "Ada@new.example"]);
    assert_eq!(stdout(&run(&folder, &[], &["mail", "queue"])), queue);
    assert_eq!(shown(&folder, "lovelace")["email"], "Ada@new.example");

    let running = Site::start(&folder, &[]);
    let old = running.visitor().get("/user/ada").unwrap();
    assert_eq!((old.status, old.location.as_str()), (308, "/user/Lovelace"));
    running.end();
}

#[test]
fn a_display_name_is_given_changed_and_removed() {
    let folder = site();
    let add = |name: &str, display_name: &str| {
        let email = format!("{name}@example.org");
        let arguments = [
            "user",
            "add",
            name,
            "--email",
            &email,
            "--display-name",
            display_name,
        ];
        with_password(&folder, &arguments, "nine lives of a cat")
    };
    let refused = add("eve", "\u{202e}evE");
    assert_eq!(refused.status.code(), Some(1), "{}", stderr(&refused));
    assert!(stderr(&refused).contains("display name"), "{}", stderr(&refused));
    let added = add("ada", "Ada  Lovelace");
    assert!(added.status.success(), "{}", stderr(&added));
    assert_eq!(shown(&folder, "ada")["display_name"], "Ada Lovelace");
    assert!(stdout(&run(&folder, &[], &["user", "show", "ada"])).contains("shown as    Ada Lovelace"));
    let update = |name: &str| {
        let output = run(&folder, &[], &["user", "update", "ada", "--display-name", name]);
        assert!(output.status.success(), "{}", stderr(&output));
        shown(&folder, "ada")
    };
    assert_eq!(update("Countess")["display_name"], "Countess");
    assert_eq!(last_act(&folder)["reason"], "display name");
    // Another change keeps it.
    run(&folder, &[], &["user", "update", "ada", "--about", "Counts."]);
    assert_eq!(shown(&folder, "ada")["display_name"], "Countess");
    assert_eq!(update("")["display_name"], Value::Null);
}

#[test]
fn a_change_of_somebody_that_does_not_do_is_refused_in_one_line_and_changes_nothing() {
    let folder = site();
    add(&folder, "ada");
    add(&folder, "bob");
    let before = shown(&folder, "ada");
    let long = "x".repeat(141);
    for (more, code, told) in [
        (&["ada", "--name", "Bob"][..], 1, "taken"),
        (&["ada", "--name", "a b"], 1, "username"),
        (&["ada", "--name", "admin"], 1, "reserved"),
        (&["ada", "--email", "BOB@example.org"], 1, "has an account"),
        (
            &["ada", "--email", "nowhere", "--name", "eve"],
            1,
            "email address",
        ),
        (&["ada", "--about", long.as_str()], 1, "140"),
        (&["nobody", "--about", ""], 1, "there is no user called nobody"),
        (&["ada", "--display-name", "\u{301}"], 1, "letter or digit"),
        (&["ada"], 2, "--name, --email, --display-name or --about"),
    ] {
        let refused = run(&folder, &[], &[&["user", "update"], more].concat());
        let line = stderr(&refused);
        assert_eq!(refused.status.code(), Some(code), "{more:?}: {line}");
        assert!(
            line.contains(told) && line.lines().count() == 1,
            "{more:?}: {line}"
        );
    }
    assert_eq!(shown(&folder, "ada"), before);
    assert!(stdout(&run(&folder, &[], &["mail", "queue"])).starts_with("0 waiting"));
}

#[test]
fn one_is_not_said_as_many() {
    let folder = site();
    add(&folder, "ada");
    let published = with_password(&folder, &["post", "add", "One", "--author", "ada"], "Text.");
    assert!(published.status.success(), "{}", stderr(&published));
    let list = stdout(&run(&folder, &[], &["user", "list"]));
    assert!(list.contains(" 1 post "), "{list}");
    let asked = run(&folder, &[], &["export", "one.zip"]);
    assert!(
        stdout(&asked).contains(
            "contains 1 person, 1 post, 0 revisions, 0 comments, 0 drafts, 0 pages, 0 redirects and 0 picture files."
        ),
        "{}",
        stdout(&asked)
    );
    let backup = stdout(&run(&folder, &[], &["backup", "one-backup.zip"]));
    assert!(
        backup.contains("1 person, 1 post and 0 picture files"),
        "{backup}"
    );
    let other = tempfile::tempdir().unwrap();
    let demo = run(&other, &[], &["demo", "--users", "1", "--posts", "1"]);
    assert!(
        stdout(&demo).starts_with("Added 1 person and 1 post."),
        "{}",
        stdout(&demo)
    );
}

#[test]
fn the_audit_log_is_a_table_in_which_nothing_is_a_formula() {
    let folder = site();
    add(&folder, "ada");
    run(&folder, &[], &["user", "promote", "ada", "--role", "moderator"]);
    let output = run(&folder, &[], &["audit", "--limit", "1", "--csv"]);
    let table = stdout(&output);
    let mut lines = table.lines();
    assert_eq!(lines.next(), Some("at,actor,action,subject,reason"));
    let entry = lines.next().unwrap();
    assert!(
        entry.ends_with(",command line,promote,ada,a moderator"),
        "{entry}"
    );
    assert_eq!(lines.next(), None);
}
