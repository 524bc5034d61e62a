//! Tests of the commands for posts and sessions.

use std::{
    fs,
    io::Write,
    process::{Output, Stdio},
};

use serde_json::Value;
use tempfile::TempDir;

use crate::{
    program::{program, run, stderr, stdout},
    site::Site,
    wait::until,
};

fn listed(folder: &TempDir, more: &[&str]) -> Vec<Value> {
    let arguments = [&["post", "list", "--json"], more].concat();
    let output = run(folder, &[], &arguments);
    assert!(output.status.success(), "{}", stderr(&output));
    serde_json::from_str(&stdout(&output)).unwrap()
}

fn told(folder: &TempDir, arguments: &[&str]) -> String {
    let output = run(folder, &[], arguments);
    assert!(output.status.success(), "{}", stderr(&output));
    stdout(&output)
}

#[test]
fn posts_are_listed_shown_deleted_and_brought_back() {
    let folder = tempfile::tempdir().unwrap();
    run(
        &folder,
        &[],
        &["demo", "--users", "3", "--posts", "20", "--seed", "7"],
    );
    assert_eq!(listed(&folder, &[]).len(), 20);
    let newest = listed(&folder, &["--limit", "1"]).remove(0);
    let (id, title) = (newest["id"].to_string(), newest["title"].as_str().unwrap());
    let author = newest["author"].as_str().unwrap();
    assert!(
        listed(&folder, &["--author", author])
            .iter()
            .all(|post| post["author"] == author)
    );
    let shown = told(&folder, &["post", "show", &id]);
    assert!(shown.contains(title) && shown.contains(author), "{shown}");

    let is_deleted = || !listed(&folder, &["--limit", "1"])[0]["deleted_at"].is_null();
    for _ in 0..2 {
        assert!(told(&folder, &["post", "delete", &id]).contains(&format!("post restore {id}")));
        assert!(is_deleted());
    }
    told(&folder, &["post", "restore", &id]);
    assert!(!is_deleted());

    for arguments in [
        &["post", "show", "999"][..],
        &["post", "delete", "999"],
        &["post", "restore", "999"],
        &["post", "list", "--author", "nobody"],
        &["session", "revoke", "nobody"],
    ] {
        let refused = run(&folder, &[], arguments);
        assert_eq!(refused.status.code(), Some(1), "{arguments:?}");
        assert!(stderr(&refused).contains("there is no"), "{}", stderr(&refused));
    }
    assert_eq!(
        told(&folder, &["session", "revoke", author]),
        format!("All sessions of {author} have ended.\n")
    );
}

#[test]
fn what_a_command_does_is_seen_on_a_page_that_the_server_keeps() {
    let folder = tempfile::tempdir().unwrap();
    let site = Site::start(&folder, &[]);
    let ada = site.member("ada");
    ada.publish("Soon gone", "Text.").unwrap();
    let home = || site.visitor().get("/").unwrap().text();
    let kept = home();
    assert!(kept.contains("Soon gone"));
    assert_eq!(home(), kept, "kept");
    told(&folder, &["post", "delete", "1"]);
    until("the post is not shown", || !home().contains("Soon gone"));
}

/// Runs a command with `input` on its standard input.
fn given(folder: &TempDir, arguments: &[&str], input: &[u8]) -> Output {
    let mut command = program(folder, &[]);
    command
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut started = command.spawn().unwrap();
    // A command that fails immediately does not read its input.
    let _ = started.stdin.take().unwrap().write_all(input);
    started.wait_with_output().unwrap()
}

fn audit_log(folder: &TempDir) -> Vec<(String, String)> {
    let records: Vec<Value> = serde_json::from_str(&told(folder, &["audit", "--json"])).unwrap();
    let text = |record: &Value, name: &str| record.get(name).and_then(Value::as_str).unwrap().to_owned();
    records
        .iter()
        .map(|record| (text(record, "action"), text(record, "subject")))
        .collect()
}

#[test]
fn a_post_is_published_for_somebody_and_changed_in_parts() {
    let folder = tempfile::tempdir().unwrap();
    let site = Site::start(&folder, &[]);
    let ada = site.member("ada");
    let file = folder.path().join("first.md");
    fs::write(&file, "\u{feff}# Begun\r\n\r\nIn *Markdown*.\n\n").unwrap();
    let file = file.to_str().unwrap();
    let added = [
        "post",
        "add",
        "First words",
        "--author",
        "ADA@example.org",
        "--tags",
        "Old Maps, craft",
        "--file",
        file,
    ];
    assert_eq!(
        told(&folder, &added),
        "“First words” by ada has been published as post 1.\n"
    );
    let page = site.visitor().get("/post/1-first-words").unwrap().text();
    assert!(
        page.contains("<em>Markdown</em>") && page.contains("/tag/old-maps"),
        "{page}"
    );
    let second = given(
        &folder,
        &["post", "add", "Second", "--author", "ada"],
        b"By standard input.",
    );
    assert_eq!(stdout(&second), "“Second” by ada has been published as post 2.\n");

    assert_eq!(
        told(&folder, &["post", "update", "1", "--title", "Other words"]),
        "“Other words” by ada has been changed.\n"
    );
    let read = || site.visitor().get("/post/1-other-words").unwrap().text();
    until("the new title is shown", || read().contains("Other words"));
    assert!(read().contains("<em>Markdown</em>") && read().contains("/tag/old-maps"));
    told(&folder, &["post", "update", "1", "--tags", ""]);
    until("the tags are gone", || !read().contains("/tag/old-maps"));
    assert!(
        given(&folder, &["post", "update", "1", "--file", "-"], b"Another text.")
            .status
            .success()
    );
    until("the new text is shown", || read().contains("Another text."));

    // Only its author can see a draft.
    let draft = given(
        &folder,
        &["post", "add", "Soon", "--author", "ada", "--draft"],
        b"Not yet.",
    );
    assert_eq!(stdout(&draft), "“Soon” has been saved as a draft of ada.\n");
    assert!(ada.get("/account/drafts").unwrap().text().contains("Soon"));
    assert!(!site.visitor().get("/").unwrap().text().contains("Soon"));
    assert_eq!(
        audit_log(&folder),
        [
            ("add-draft", "ada"),
            ("update-post", "“Other words” by ada (post 1)"),
            ("update-post", "“Other words” by ada (post 1)"),
            ("update-post", "“Other words” by ada (post 1)"),
            ("add-post", "“Second” by ada (post 2)"),
            ("add-post", "“First words” by ada (post 1)"),
        ]
        .map(|(deed, subject)| (deed.to_owned(), subject.to_owned()))
    );
    site.end();
}

#[test]
fn what_cannot_be_a_post_is_refused_in_one_line_and_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let site = Site::start(&folder, &[]);
    let ada = site.member("ada");
    ada.publish("There", "Text.").unwrap();
    ada.publish("Gone", "Text.").unwrap();
    told(&folder, &["post", "delete", "2"]);
    let before = audit_log(&folder);
    let long = "x".repeat(100_001);
    for (arguments, input, code, said) in [
        (
            &["post", "add", "A title", "--author", "nobody"][..],
            "text",
            1,
            "there is no user called nobody",
        ),
        (
            &["post", "add", "A title", "--author", "ada"],
            "",
            1,
            "Enter some content",
        ),
        (
            &["post", "add", "A title", "--author", "ada"],
            "<!-- nothing -->",
            1,
            "Enter some content",
        ),
        (
            &["post", "add", " ", "--author", "ada"],
            "text",
            1,
            "Enter a title",
        ),
        (
            &[
                "post",
                "add",
                "A title",
                "--author",
                "ada",
                "--tags",
                "a,b,c,d,e,f",
            ],
            "text",
            1,
            "5 tags",
        ),
        (
            &["post", "add", "A title", "--author", "ada"],
            long.as_str(),
            1,
            "100,000",
        ),
        (
            &["post", "add", "A title", "--author", "ada", "--file", "none.md"],
            "",
            2,
            "none.md cannot be read",
        ),
        (&["post", "add", "A title"], "text", 2, "--author"),
        (&["post", "update", "1"], "", 2, "--title, --tags or --file"),
        (&["post", "update", "1", "--title", ""], "", 1, "Enter a title"),
        (
            &["post", "update", "2", "--title", "Back"],
            "",
            1,
            "post restore 2",
        ),
        (
            &["post", "update", "9", "--title", "None"],
            "",
            1,
            "there is no post 9",
        ),
    ] {
        let refused = given(&folder, arguments, input.as_bytes());
        let line = stderr(&refused);
        assert_eq!(refused.status.code(), Some(code), "{arguments:?}: {line}");
        assert!(
            line.contains(said) && line.lines().count() == 1,
            "{arguments:?}: {line}"
        );
    }
    let bytes = given(&folder, &["post", "add", "A title", "--author", "ada"], b"\xff");
    assert!(stderr(&bytes).contains("UTF-8"), "{}", stderr(&bytes));
    assert_eq!(audit_log(&folder), before);
    assert_eq!(listed(&folder, &[]).len(), 2);
    site.end();
}
