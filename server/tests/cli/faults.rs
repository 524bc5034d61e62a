//! Tests that each fault of the machine has a clear error message of its own.

use std::{net::TcpListener, process::Output};

use sea_orm::{ConnectionTrait, Database};
use tokio::runtime::Runtime;

use crate::{
    disk::Disk,
    place::Place,
    program::{run, stderr},
    site::Site,
};

fn refused(output: &Output, told: &str) {
    assert_eq!(output.status.code(), Some(2), "{}", stderr(output));
    let line = stderr(output);
    assert!(line.contains(told) && line.lines().count() == 1, "{line}");
}

#[test]
fn a_folder_that_cannot_be_written_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let disk = Disk::mount(&folder, "ro");
    let output = disk.program(&[]).output().unwrap();
    refused(
        &output,
        "BROADSHEET_DATABASE_URL: ./data/broadsheet.sqlite3.lock cannot be opened: Read-only",
    );
    let database = format!("sqlite://{}/x.sqlite3", folder.path().display());
    let settings = [("BROADSHEET_DATABASE_URL", database.as_str())];
    let output = disk.program(&settings).output().unwrap();
    refused(
        &output,
        "BROADSHEET_MEDIA_URL: the folder ./data/media cannot be used: Read-only",
    );
}

#[test]
fn a_port_that_is_taken_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let other = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = other.local_addr().unwrap().to_string();
    let output = run(&folder, &[("BROADSHEET_LISTEN", &address)], &[]);
    refused(&output, &format!("BROADSHEET_LISTEN: cannot listen on {address}"));
}

#[test]
fn a_second_server_of_the_same_database_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let site = Site::start(&folder, &[]);
    let output = run(&folder, &[("BROADSHEET_LISTEN", "127.0.0.1:0")], &[]);
    refused(&output, "another broadsheet is already using");
    assert_eq!(site.visitor().get("/").unwrap().status, 200);
    // The lock is released however the first program ended.
    site.signal("-KILL");
    drop(site);
    Site::start(&folder, &[]).end();
}

#[test]
fn a_database_of_a_newer_version_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    Site::start(&folder, &[]).end();
    let url = format!(
        "sqlite://{}",
        folder.path().join("data/broadsheet.sqlite3").display()
    );
    Runtime::new().unwrap().block_on(async {
        let db = Box::pin(Database::connect(url)).await.unwrap();
        let newer = "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m29990101_000099_fly', 0)";
        db.execute_unprepared(newer).await.unwrap();
        db.close().await.unwrap();
    });
    for arguments in [&[][..], &["user", "list"], &["migrate", "up"], &["demo"]] {
        refused(
            &run(&folder, &[], arguments),
            "m29990101_000099_fly, which this version does not know",
        );
    }
}
