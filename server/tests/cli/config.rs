//! Tests of settings from all sources, as they are printed.

use std::fs;

use serde_json::Value;
use tempfile::TempDir;

use crate::program::{run, stderr, stdout};

/// Returns the effective settings in `folder` as JSON.
fn printed(folder: &TempDir, settings: &[(&str, &str)], arguments: &[&str]) -> Value {
    let arguments = [arguments, &["config", "print", "--json"]].concat();
    let output = run(folder, settings, &arguments);
    assert!(output.status.success(), "{}", stderr(&output));
    serde_json::from_str(&stdout(&output)).unwrap()
}

fn setting<'a>(printed: &'a Value, name: &str) -> (&'a str, &'a str) {
    let setting = &printed[name];
    (
        setting["value"].as_str().unwrap_or("-"),
        setting["source"].as_str().unwrap(),
    )
}

#[test]
fn a_flag_wins_over_the_environment_that_over_the_file_and_that_over_the_default() {
    let folder = tempfile::tempdir().unwrap();
    let file = "posts_per_page = 7\nregistration = \"private\"\nlog = \"debug\"\ntrusted_proxies = [\"10.0.0.0/8\", \"::1\"]\noutgoing_allow = [\"10.1.0.0/16\"]\nlimits = false\n";
    fs::write(folder.path().join("broadsheet.toml"), file).unwrap();
    let environment = [
        ("BROADSHEET_POSTS_PER_PAGE", "8"),
        ("BROADSHEET_REGISTRATION", "open"),
    ];
    let all = printed(&folder, &environment, &["--posts-per-page", "9"]);
    for (name, value, source) in [
        ("BROADSHEET_POSTS_PER_PAGE", "9", "flag"),
        ("BROADSHEET_REGISTRATION", "open", "environment"),
        ("BROADSHEET_LOG", "debug", "file"),
        ("BROADSHEET_TRUSTED_PROXIES", "10.0.0.0/8,::1", "file"),
        ("BROADSHEET_OUTGOING_ALLOW", "10.1.0.0/16", "file"),
        ("BROADSHEET_LIMITS", "off", "file"),
        ("BROADSHEET_DATA_DIR", "./data", "default"),
        ("BROADSHEET_SMTP_URL", "-", "not set"),
    ] {
        assert_eq!(setting(&all, name), (value, source), "{name}");
    }

    fs::write(folder.path().join("other.toml"), "log = \"error\"").unwrap();
    let named = printed(&folder, &[("BROADSHEET_CONFIG", "other.toml")], &[]);
    assert_eq!(setting(&named, "BROADSHEET_LOG"), ("error", "file"));
    assert_eq!(setting(&named, "BROADSHEET_POSTS_PER_PAGE"), ("-", "not set"));
}

#[test]
fn another_way_to_say_the_same_wins_over_the_file_as_well_and_is_shown() {
    let folder = tempfile::tempdir().unwrap();
    let file = "listen = \"127.0.0.1:1\"\ndatabase_url = \"sqlite:///nowhere/x\"\nmail_from = \"file@example.org\"\n";
    fs::write(folder.path().join("broadsheet.toml"), file).unwrap();
    let all = printed(&folder, &[], &[]);
    assert_eq!(setting(&all, "BROADSHEET_LISTEN"), ("127.0.0.1:1", "file"));

    fs::write(folder.path().join("from"), "other@example.org").unwrap();
    let told = [
        ("DATABASE_URL", "sqlite://told.sqlite3"),
        ("BROADSHEET_MAIL_FROM_FILE", "from"),
    ];
    let all = printed(&folder, &told, &["--port", "8080"]);
    for (name, value, source) in [
        ("BROADSHEET_LISTEN", "-", "not set"),
        ("PORT", "8080", "flag"),
        ("BROADSHEET_DATABASE_URL", "-", "not set"),
        ("DATABASE_URL", "sqlite://told.sqlite3", "environment"),
        ("BROADSHEET_MAIL_FROM", "-", "not set"),
    ] {
        assert_eq!(setting(&all, name), (value, source), "{name}");
    }
    let up = run(&folder, &told, &["migrate", "up"]);
    assert!(
        up.status.success() && folder.path().join("told.sqlite3").exists(),
        "{}",
        stderr(&up)
    );
}

#[test]
fn no_password_is_printed() {
    let folder = tempfile::tempdir().unwrap();
    let secrets = [
        ("BROADSHEET_DATABASE_URL", "postgres://ada:hunter2@db/x"),
        ("BROADSHEET_SMTP_URL", "smtps://ada:hunter2@mail.example.org"),
    ];
    for more in [&[][..], &["--json"]] {
        let arguments = [&["config", "print"], more].concat();
        let output = run(&folder, &secrets, &arguments);
        assert!(
            stdout(&output).contains("postgres://ada:***@db/x"),
            "{}",
            stdout(&output)
        );
        assert!(!stdout(&output).contains("hunter2") && !stderr(&output).contains("hunter2"));
    }
}

// OPS-03
#[test]
fn a_file_that_is_wrong_is_one_line_that_names_the_setting() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("broadsheet.toml");
    for (file, told) in [
        (
            "post_per_page = 7",
            "post_per_page is not a setting; did you mean posts_per_page?",
        ),
        ("posts_per_page = 700", "BROADSHEET_POSTS_PER_PAGE"),
        ("posts_per_page = [[1]]", "posts_per_page must be"),
        ("[limits]\nlogin = 1", "limits must be"),
        ("smtp_url = \"smtp://ada:hunter2", "line 1 is not valid TOML"),
    ] {
        fs::write(&path, file).unwrap();
        let refused = run(&folder, &[], &["config", "print"]);
        assert_eq!(refused.status.code(), Some(2), "{file}");
        let line = stderr(&refused);
        assert!(
            line.contains(told) && line.lines().count() == 1 && !line.contains("hunter2"),
            "{line}"
        );
    }
    let refused = run(&folder, &[], &["--config", "nowhere.toml", "check"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(
        stderr(&refused).contains("nowhere.toml: cannot be read"),
        "{}",
        stderr(&refused)
    );
}
