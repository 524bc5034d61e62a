//! Tests that a database that cannot be used is rejected with one line and exit code 2, and is not changed.

use std::net::TcpListener;

use tempfile::TempDir;

use crate::{
    database,
    program::{run, stderr},
    site::Site,
    sql::sql,
};

fn refused(folder: &TempDir, url: &str, arguments: &[&str], told: &str) {
    let settings = [("BROADSHEET_DATABASE_URL", url)];
    let output = run(folder, &settings, arguments);
    let line = stderr(&output);
    assert_eq!(output.status.code(), Some(2), "{arguments:?}: {line}");
    assert!(
        line.contains(told) && line.lines().count() == 1,
        "{arguments:?}: {line}"
    );
    assert!(!line.contains("hunter2"), "{line}");
}

const COMMANDS: &[&[&str]] = &[&[], &["user", "list"], &["migrate", "up"]];

#[test]
fn a_database_that_is_not_there_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let nowhere = database::url(folder.path()).replacen("/t", "/no-such-t", 1);
    for arguments in COMMANDS.iter().copied() {
        refused(
            &folder,
            "postgres://ada:hunter2@127.0.0.1:1/x",
            arguments,
            "BROADSHEET_DATABASE_URL",
        );
        refused(
            &folder,
            "postgres://ada:hunter2@no-such-host.invalid/x",
            arguments,
            "BROADSHEET_DATABASE_URL",
        );
        refused(&folder, &nowhere, arguments, "does not exist");
    }
}

#[test]
fn a_database_that_says_nothing_is_given_up() {
    let folder = tempfile::tempdir().unwrap();
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("postgres://ada:hunter2@{}/x", silent.local_addr().unwrap());
    refused(&folder, &url, &[], "BROADSHEET_DATABASE_URL");
}

#[test]
fn a_database_in_which_nothing_may_be_made_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let owner = database::url(folder.path());
    sql(&owner, "CREATE ROLE reader LOGIN");
    let reader = owner.replacen("postgres@", "reader@", 1);
    refused(&folder, &reader, &[], "permission denied");
    let tables = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'";
    assert_eq!(sql(&owner, tables), "0");
}

#[test]
fn a_database_of_a_newer_version_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let url = database::url(folder.path());
    Site::start(&folder, &[("BROADSHEET_DATABASE_URL", &url)]).end();
    sql(
        &url,
        "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m29990101_000099_fly', 0)",
    );
    for arguments in COMMANDS.iter().copied() {
        refused(
            &folder,
            &url,
            arguments,
            "m29990101_000099_fly, which this version does not know",
        );
    }
}
