//! Tests of the log of a running site: as JSON, as plain text, and in rotated files.

use std::{
    fs,
    io::{Read, Write},
    net::TcpStream,
    path::PathBuf,
    process::{Child, Stdio},
    thread::sleep,
    time::Duration,
};

use mail_parser::MessageParser;
use sea_orm::{ConnectionTrait, Database};
use serde_json::Value;
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::{
    program::{program, run, stderr},
    site::Site,
    wait::{lines, until},
};

/// A running site, which is killed when this is dropped.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn start(folder: &TempDir, settings: &[(&str, &str)]) -> Running {
    let mut command = program(folder, &[("BROADSHEET_LISTEN", "127.0.0.1:0")]);
    command.envs(settings.iter().copied()).stdout(Stdio::piped());
    Running(command.spawn().unwrap())
}

/// Returns the events that the site logs, as they are written.
fn events(site: &mut Running) -> impl Iterator<Item = Value> + use<> {
    let lines = lines(site.0.stdout.take().unwrap());
    lines.map(|line| serde_json::from_str(&line).unwrap())
}

/// Requests the front page at `address`.
fn visit(address: &str) {
    let mut socket = TcpStream::connect(address).unwrap();
    socket
        .write_all(b"GET / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")
        .unwrap();
    let mut answer = String::new();
    socket.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}

/// Requests the front page at `address` as often as fills a good part of a log.
fn visit_often(address: &str) {
    for _ in 0..20 {
        visit(address);
    }
}

#[test]
fn a_program_that_reads_the_log_finds_an_object_on_each_line() {
    let folder = tempfile::tempdir().unwrap();
    let mut site = start(&folder, &[]);
    let mut events = events(&mut site);
    let serving = events.find(|event| event["message"] == "serving").unwrap();
    assert_eq!(serving["level"], "INFO");
    visit(serving["address"].as_str().unwrap());
}

#[test]
fn a_first_start_tells_of_the_whole_schema_in_one_line() {
    let folder = tempfile::tempdir().unwrap();
    let mut site = start(&folder, &[]);
    let before: Vec<Value> = events(&mut site)
        .take_while(|event| event["message"] != "serving")
        .collect();
    let of_schema = |event: &&Value| event["message"] == "the database schema is up to date";
    assert_eq!(before.iter().filter(of_schema).count(), 1, "{before:#?}");
    assert!(before.len() < 5, "{before:#?}");
}

#[test]
fn a_log_file_is_put_aside_when_it_is_full() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("logs/site.log");
    let settings = [
        ("BROADSHEET_LOG_FILE", file.to_str().unwrap()),
        ("BROADSHEET_LOG_FILE_MEGABYTES", "1"),
        ("BROADSHEET_LOG_FILES", "2"),
        ("BROADSHEET_LOG", "trace"),
    ];
    let _site = start(&folder, &settings);
    let read = |path: &PathBuf| fs::read_to_string(path).unwrap_or_default();
    let mut address = String::new();
    until("the site serves", || {
        let log = read(&file);
        let mut events = log
            .lines()
            .filter_map(|line| serde_json::from_str::<Value>(line).ok());
        let serving = events.find(|event| event["message"] == "serving");
        address = serving.map_or(String::new(), |event| {
            event["address"].as_str().unwrap().to_owned()
        });
        !address.is_empty()
    });
    let aside = |number: u8| file.with_file_name(format!("site.log.{number}"));
    until("a second log is put aside", || {
        visit_often(&address);
        aside(2).exists()
    });
    let before = fs::read(aside(1)).unwrap();
    until("a third log is put aside", || {
        visit_often(&address);
        fs::read(aside(1)).unwrap_or_default() != before
    });
    assert!(!aside(3).exists());
    assert!(fs::metadata(aside(2)).unwrap().len() < 1_200_000);
}

#[test]
fn a_log_file_that_cannot_be_written_stops_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let refused = run(&folder, &[("BROADSHEET_LOG_FILE", "/dev/null/site.log")], &[]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(
        stderr(&refused).contains("BROADSHEET_LOG_FILE"),
        "{}",
        stderr(&refused)
    );
}

#[test]
fn administrators_get_one_mail_about_a_fault_however_often_it_happens() {
    let folder = tempfile::tempdir().unwrap();
    let site = Site::start(&folder, &[("BROADSHEET_ERROR_MAILS", "on")]);
    let ada = site.member("ada");
    site.member("grace");
    let promoted = run(&folder, &[], &["user", "promote", "ada"]);
    assert!(promoted.status.success(), "{}", stderr(&promoted));
    let confirmed = "UPDATE users SET email_confirmed_at = created_at";
    assert!(
        run(&folder, &[], &["shell", "--write", confirmed])
            .status
            .success()
    );
    let url = format!(
        "sqlite://{}",
        folder.path().join("data/broadsheet.sqlite3").display()
    );
    Runtime::new().unwrap().block_on(async {
        let db = Box::pin(Database::connect(url)).await.unwrap();
        db.execute_unprepared("ALTER TABLE posts RENAME TO gone")
            .await
            .unwrap();
        db.close().await.unwrap();
    });
    for _ in 0..5 {
        assert_eq!(ada.get("/").unwrap().status, 500);
    }
    let mails = || {
        // The folder is created with the first mail.
        let files = fs::read_dir(folder.path().join("data/mail"))
            .into_iter()
            .flatten();
        let text = files.filter_map(|file| fs::read_to_string(file.unwrap().path()).ok());
        text.filter(|text| text.contains("Subject: An error on Broadsheet"))
            .collect::<Vec<_>>()
    };
    until("a mail has come", || !mails().is_empty());
    sleep(Duration::from_secs(1));
    let mails = mails();
    assert_eq!(mails.len(), 1, "{mails:#?}");
    let mail = MessageParser::new().parse(mails.first().unwrap()).unwrap();
    let to = mail.to().and_then(|to| to.first()).unwrap().address();
    assert_eq!(to, Some("ada@example.org"));
    let text = mail.body_text(0).unwrap();
    assert!(text.contains("no such table: posts"), "{text}");
    site.end();
}
