//! What a machine can do to the program: each has its own clear message.

use std::{
    fs::{self, File},
    io::Write,
    net::TcpListener,
    path::PathBuf,
    process::{Command, Output},
};

use sea_orm::{ConnectionTrait, Database};
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::{
    program::{program, run, stderr},
    site::Site,
};

/// The program, where the data folder is a file system of its own with these mount options.
fn on_a_disk(folder: &TempDir, options: &str, settings: &[(&str, &str)]) -> Command {
    fs::create_dir_all(folder.path().join("data")).unwrap();
    let script = format!("mount -t tmpfs -o {options} tmpfs data && exec \"$0\" \"$@\"");
    let mut command = Command::new("unshare");
    command
        .args(["--user", "--map-root-user", "--mount", "sh", "-c", &script])
        .arg(program(folder, settings).get_program())
        .current_dir(folder.path())
        .env_clear()
        .env("PATH", "/usr/bin:/bin:/usr/sbin:/sbin")
        .envs(settings.iter().copied());
    command
}

fn refused(output: &Output, told: &str) {
    assert_eq!(output.status.code(), Some(2), "{}", stderr(output));
    let line = stderr(output);
    assert!(line.contains(told) && line.lines().count() == 1, "{line}");
}

// DUR-05
#[test]
fn on_a_full_disk_nothing_is_written_everything_can_be_read_and_room_is_all_it_takes() {
    let folder = tempfile::tempdir().unwrap();
    let command = |settings: &[(&str, &str)]| on_a_disk(&folder, "size=12m", settings);
    let site = Site::run(command, folder.path(), &[]);
    let ada = site.member("ada");
    assert_eq!(ada.publish("Before", "Text.").unwrap().status, 303);
    // The disk as the program sees it.
    let data = PathBuf::from(format!("/proc/{}/root", site.process.id()))
        .join(folder.path().strip_prefix("/").unwrap())
        .join("data");
    let mut filler = File::create(data.join("filler")).unwrap();
    while filler.write_all(&[0; 4096]).is_ok() {}

    let text = "Much text. ".repeat(8_000);
    let refused = ada.publish("Meanwhile", &text).unwrap();
    assert_eq!(refused.status, 503);
    assert!(refused.retry_after.is_some());
    assert!(refused.text().contains("Much text."), "the text comes back");
    for person in [&ada, &site.visitor()] {
        for path in ["/", "/user/ada", "/login", "/explore"] {
            let status = person.get(path).unwrap().status;
            assert!(status < 400, "{path} {status}");
        }
    }
    drop(filler);
    fs::remove_file(data.join("filler")).unwrap();
    let answer = ada.publish("After", &text).unwrap();
    assert_eq!(answer.status, 303);
    assert!(site.visitor().get("/").unwrap().text().contains("After"));
    site.end();
}

#[test]
fn a_folder_that_cannot_be_written_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let output = on_a_disk(&folder, "ro", &[]).output().unwrap();
    refused(
        &output,
        "BROADSHEET_DATABASE_URL: ./data/broadsheet.sqlite3.lock cannot be opened: Read-only",
    );
    let database = format!("sqlite://{}/x.sqlite3", folder.path().display());
    let settings = [("BROADSHEET_DATABASE_URL", database.as_str())];
    let output = on_a_disk(&folder, "ro", &settings).output().unwrap();
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
    refused(&output, &format!("BROADSHEET_LISTEN: {address}"));
}

#[test]
fn a_second_server_of_the_same_database_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let site = Site::start(&folder, &[]);
    let output = run(&folder, &[("BROADSHEET_LISTEN", "127.0.0.1:0")], &[]);
    refused(&output, "another broadsheet serves");
    assert_eq!(site.visitor().get("/").unwrap().status, 200);
    // However the first has ended.
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
        let db = Database::connect(url).await.unwrap();
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
