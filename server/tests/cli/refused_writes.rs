//! Tests that a full or broken disk rejects writes without losing anything that was confirmed before, during or after.
//! If `TEST_LONG` is set, they run in full.

use std::{
    collections::BTreeSet,
    env, fs,
    path::{Path, PathBuf},
    thread::sleep,
    time::Duration,
};

use crate::{
    at_once::at_once,
    disk::Disk,
    faulty::Faulty,
    mail_server::MailServer,
    place::Place,
    program::stderr,
    site::{Site, png},
    story::{Restart, Write, play},
};

/// Returns all combinations if `TEST_LONG` is set, or else a selection that finds most errors.
fn cells() -> Vec<(Write, usize, Restart)> {
    if env::var_os("TEST_LONG").is_none() {
        return vec![
            (Write::Post, 2, Restart::Killed),
            (Write::ShortPost, 40, Restart::None),
            (Write::Draft, 4, Restart::Killed),
            (Write::Registration, 2, Restart::Killed),
            (Write::Login, 1, Restart::Stopped),
            (Write::Logout, 2, Restart::None),
            (Write::Password, 4, Restart::Killed),
            (Write::Upload, 2, Restart::Stopped),
            (Write::Mail, 2, Restart::Killed),
        ];
    }
    let restarts = [Restart::Killed, Restart::Stopped, Restart::None];
    let mut cells = Vec::new();
    for write in Write::ALL {
        for refused in [1, 2, 4, 40] {
            cells.extend(restarts.map(|restart| (write, refused, restart)));
        }
    }
    cells
}

// DUR-05, P1
#[test]
fn a_full_disk_takes_nothing_away_from_what_was_confirmed() {
    let played = at_once(cells(), |(write, refused, restart)| {
        let folder = tempfile::tempdir().unwrap();
        let disk = Disk::mount(&folder, "size=24m");
        play(&disk, folder.path(), write, refused, restart);
        assert_eq!(disk.query("PRAGMA integrity_check"), ["ok"]);
        println!("a full disk: {write:?}, {refused} refused, {restart:?}");
    });
    println!("{} cells of a full disk", played.len());
}

// P1
#[test]
fn errors_of_a_disk_take_nothing_away_from_what_was_confirmed() {
    let is_long = env::var_os("TEST_LONG").is_some();
    let failing = ["posix/io/rw/pwrite", "posix/io/sync/fsync"];
    let each = cells().into_iter();
    let mut cells: Vec<_> = each.flat_map(|cell| failing.map(|call| (call, cell))).collect();
    if !is_long {
        // A selection is sufficient, because the database receives the same errors for all writes.
        cells.retain(|(_, (write, ..))| matches!(write, Write::Post | Write::Logout));
    }
    let played = at_once(cells, |(call, (write, refused, restart))| {
        let folder = tempfile::tempdir().unwrap();
        if let Some(place) = Faulty::new(&folder, call) {
            play(&place, folder.path(), write, refused, restart);
            assert_eq!(place.query("PRAGMA integrity_check"), ["ok"]);
            println!("{call} fails: {write:?}, {refused} refused, {restart:?}");
        }
    });
    println!("{} cells of errors", played.len());
}

/// Makes the registered user ada an administrator with a confirmed email address.
fn promote(place: &impl Place) {
    let promoted = place.program(&[]).args(["user", "promote", "ada"]).output();
    assert!(promoted.unwrap().status.success());
    let confirm = "UPDATE users SET email_confirmed_at = created_at";
    let confirmed = place.program(&[]).args(["shell", "--write", confirm]).output();
    assert!(confirmed.unwrap().status.success());
}

/// Returns the errors in a JSON log.
fn errors(log: &Path) -> Vec<String> {
    let log = fs::read_to_string(log).unwrap();
    let errors = log.lines().filter(|line| line.contains(r#""level":"ERROR""#));
    errors.map(ToOwned::to_owned).collect()
}

#[test]
fn a_full_disk_is_logged_once_and_mailed_without_the_outbox() {
    let folder = tempfile::tempdir().unwrap();
    let disk = Disk::mount(&folder, "size=24m");
    let mut mail_server = MailServer::start(&[]);
    let smtp = format!("smtp://127.0.0.1:{}", mail_server.port);
    let log = folder.path().join("site.log");
    let settings = [
        ("BROADSHEET_SMTP_URL", smtp.as_str()),
        ("BROADSHEET_ERROR_MAILS", "on"),
        ("BROADSHEET_LOG_FILE", log.to_str().unwrap()),
    ];
    let site = Site::run(|settings| disk.program(settings), folder.path(), &settings);
    let ada = site.member("ada");
    mail_server.line_with("Confirm");
    promote(&disk);
    disk.refuse_writes(&site);
    for number in 0..5 {
        assert_eq!(ada.publish(&number.to_string(), "Text.").unwrap().status, 503);
    }
    let mail = mail_server.line_with("An error on");
    assert!(mail.contains("ada@example.org"), "{mail}");
    assert!(mail.contains("the disk is full"), "{mail}");
    let ready = site.visitor().get("/readyz").unwrap();
    assert_eq!(ready.status, 200);
    assert!(
        ready.text().contains(r#""writing":"disk full""#),
        "{}",
        ready.text()
    );
    disk.allow_writes(&site);
    assert_eq!(ada.publish("After", "Text.").unwrap().status, 303);
    let backup = disk.program(&[]).arg("backup").output().unwrap();
    assert!(backup.status.success(), "{}", stderr(&backup));
    site.end();
    let errors = errors(&log);
    assert_eq!(errors.len(), 1, "{errors:#?}");
}

#[test]
fn a_site_whose_database_cannot_be_written_is_not_ready_until_it_can() {
    let folder = tempfile::tempdir().unwrap();
    let Some(place) = Faulty::new(&folder, "posix/io/sync/fsync") else {
        return;
    };
    let log = folder.path().join("site.log");
    let settings = [("BROADSHEET_LOG_FILE", log.to_str().unwrap())];
    let site = Site::run(|settings| place.program(settings), folder.path(), &settings);
    let ada = site.member("ada");
    let visitor = site.visitor();
    assert_eq!(visitor.get("/readyz").unwrap().status, 200);
    place.refuse_writes(&site);
    for number in 0..5 {
        assert_eq!(ada.publish(&number.to_string(), "Text.").unwrap().status, 503);
    }
    let ready = visitor.get("/readyz").unwrap();
    assert_eq!(ready.status, 503);
    assert!(
        ready.text().contains(r#""writing":"failing""#),
        "{}",
        ready.text()
    );
    assert_eq!(visitor.get("/").unwrap().status, 200);
    place.allow_writes(&site);
    // The site must recover without any further writes by users.
    for _ in 0..600 {
        if visitor.get("/readyz").unwrap().status == 200 {
            assert_eq!(ada.publish("After", "Text.").unwrap().status, 303);
            site.end();
            let errors = errors(&log);
            assert_eq!(errors.len(), 1, "{errors:#?}");
            return;
        }
        sleep(Duration::from_millis(50));
    }
    panic!("the site is not ready although the database can be written to");
}

fn files_below(folder: &Path) -> BTreeSet<PathBuf> {
    let mut files = BTreeSet::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(files_below(&path));
        } else {
            files.insert(path);
        }
    }
    files
}

// UPL-09
#[test]
fn pictures_on_a_full_disk_are_refused_and_leave_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let disk = Disk::mount(&folder, "size=1m");
    let database = format!("sqlite://{}", folder.path().join("site.sqlite3").display());
    let settings = [("BROADSHEET_DATABASE_URL", database.as_str())];
    let site = Site::run(|settings| disk.program(settings), folder.path(), &settings);
    let ada = site.member("ada");
    assert_eq!(ada.upload(&png()).unwrap().status, 303);
    let files = || files_below(&disk.data().join("media"));
    let before = files();
    assert!(!before.is_empty());
    disk.refuse_writes(&site);
    for _ in 0..4 {
        let refused = ada.upload(&png()).unwrap();
        assert_eq!(refused.status, 503, "{}", refused.text());
        assert!(refused.retry_after.is_some());
        // Writes other than pictures still succeed.
        assert_eq!(ada.publish("Meanwhile", "Text.").unwrap().status, 303);
    }
    assert_eq!(files(), before);
    disk.allow_writes(&site);
    assert_eq!(ada.upload(&png()).unwrap().status, 303);
    site.end();
}
