//! Tests of backups: taken while the site is in use, checked, and restored.

use std::{
    fs,
    io::{Read, Seek, SeekFrom, Write},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    sync::{
        Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

use serde_json::Value;
use tempfile::TempDir;

use crate::{
    program::{run, stderr, stdout},
    site::{Site, png},
    wait::until,
};

const DATABASE: &str = "data/broadsheet.sqlite3";

/// Returns the titles of all posts.
fn titles(folder: &TempDir) -> Vec<String> {
    let listed = run(folder, &[], &["post", "list", "--limit", "10000", "--json"]);
    let posts: Vec<Value> = serde_json::from_str(&stdout(&listed)).unwrap();
    let title = |post: &Value| post["title"].as_str().unwrap().to_owned();
    posts.iter().map(title).collect()
}

/// Takes a backup and returns its path.
fn back_up(folder: &TempDir) -> PathBuf {
    let taken = run(folder, &[], &["backup", "--json"]);
    assert!(taken.status.success(), "{}", stderr(&taken));
    let told: Value = serde_json::from_str(&stdout(&taken)).unwrap();
    folder.path().join(told.get("file").unwrap().as_str().unwrap())
}

/// Returns a stopped site with one post.
fn site_with_a_post() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let site = Site::start(&folder, &[]);
    site.member("ada").publish("Before", "Text.").unwrap();
    site.end();
    folder
}

fn backups(folder: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(folder.join("data/backups")) else {
        return Vec::new();
    };
    let name = |entry: fs::DirEntry| entry.file_name().to_string_lossy().into_owned();
    let mut names: Vec<String> = entries.map(|entry| name(entry.unwrap())).collect();
    names.sort();
    names
}

// OPS-01, P10
#[test]
fn a_backup_taken_under_load_brings_back_everything_that_was_confirmed_by_then() {
    let folder = tempfile::tempdir().unwrap();
    let site = Site::start(&folder, &[]);
    let ada = site.member("ada");
    assert_eq!(ada.upload(&png()).unwrap().status, 303);
    let (is_over, confirmed) = (AtomicBool::new(false), Mutex::new(Vec::new()));
    let (before, backup) = thread::scope(|scope| {
        for writer in 0..4 {
            let (ada, is_over, confirmed) = (ada.clone(), &is_over, &confirmed);
            scope.spawn(move || {
                for number in 0.. {
                    let title = format!("Post {number} of {writer}");
                    let answer = ada.publish(&title, "Text.").unwrap();
                    assert_eq!(answer.status, 303, "{}", answer.text());
                    confirmed.lock().unwrap().push(title);
                    if is_over.load(Ordering::Relaxed) {
                        break;
                    }
                }
            });
        }
        until("20 posts are confirmed", || confirmed.lock().unwrap().len() >= 20);
        let before = confirmed.lock().unwrap().clone();
        let backup = back_up(&folder);
        is_over.store(true, Ordering::Relaxed);
        (before, backup)
    });
    site.end();
    let mode = fs::metadata(&backup).unwrap().permissions().mode();
    assert_eq!(mode & 0o077, 0, "nobody else reads password hashes");

    let other = tempfile::tempdir().unwrap();
    let restored = run(&other, &[], &["restore", backup.to_str().unwrap()]);
    assert!(restored.status.success(), "{}", stderr(&restored));
    let there = titles(&other);
    for title in &before {
        assert_eq!(there.iter().filter(|other| *other == title).count(), 1, "{title}");
    }
    let confirmed = confirmed.into_inner().unwrap();
    assert!(there.iter().all(|title| confirmed.contains(title)));

    let site = Site::start(&other, &[]);
    assert_eq!(site.visitor().get("/").unwrap().status, 200);
    let page = site.visitor().get("/user/ada").unwrap().text();
    let address = page
        .split('"')
        .find(|part| part.starts_with(shared::paths::PICTURES))
        .unwrap();
    let picture = site.visitor().get(address).unwrap();
    assert_eq!(picture.status, 200);
    image::load_from_memory(&picture.body).unwrap();
}

#[test]
fn a_site_is_replaced_only_by_force_and_what_was_there_is_kept() {
    let folder = site_with_a_post();
    let backup = back_up(&folder);
    let backup = backup.to_str().unwrap();
    let site = Site::start(&folder, &[]);
    let ada = site.visitor();
    ada.log_in("ada");
    ada.publish("After", "Text.").unwrap();

    let refused = run(&folder, &[], &["restore", backup, "--force"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(stderr(&refused).contains("stop it first"), "{}", stderr(&refused));
    // A killed program leaves its last writes in the write-ahead log beside the database.
    site.signal("-KILL");
    drop(site);
    let refused = run(&folder, &[], &["restore", backup]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(stderr(&refused).contains("--force"), "{}", stderr(&refused));
    assert_eq!(titles(&folder), ["After", "Before"]);

    let restored = run(&folder, &[], &["restore", backup, "--force"]);
    assert!(restored.status.success(), "{}", stderr(&restored));
    assert_eq!(titles(&folder), ["Before"]);
    let site = Site::start(&folder, &[]);
    assert_eq!(
        ada.at(&site).get("/account").unwrap().status,
        303,
        "nobody is signed in"
    );
    site.end();

    // The old database is intact.
    let kept = fs::read_dir(folder.path().join("data"))
        .unwrap()
        .find_map(|entry| {
            let path = entry.unwrap().path();
            let is_kept = path.to_string_lossy().contains("before-restore");
            is_kept.then_some(path)
        });
    fs::rename(kept.unwrap(), folder.path().join(DATABASE)).unwrap();
    assert_eq!(titles(&folder), ["After", "Before"]);
}

#[test]
fn a_file_that_is_no_whole_backup_changes_nothing() {
    let folder = site_with_a_post();
    let backup = back_up(&folder);
    let whole = fs::read(&backup).unwrap();
    let before = fs::read(folder.path().join(DATABASE)).unwrap();
    let damaged = folder.path().join("damaged.zip");
    let restore = || {
        let refused = run(&folder, &[], &["restore", damaged.to_str().unwrap(), "--force"]);
        assert_eq!(refused.status.code(), Some(2), "{}", stderr(&refused));
        let line = stderr(&refused);
        let last = line.lines().last().unwrap();
        assert!(last.contains("damaged.zip"), "{line}");
        assert_eq!(fs::read(folder.path().join(DATABASE)).unwrap(), before);
    };
    restore();
    fs::write(&damaged, "no ZIP").unwrap();
    restore();
    fs::write(&damaged, &whole[..whole.len() - 100]).unwrap();
    restore();
    // Changes one byte in the middle of the database.
    fs::write(&damaged, &whole).unwrap();
    let mut file = fs::File::options().read(true).write(true).open(&damaged).unwrap();
    let mut byte = [0];
    file.seek(SeekFrom::Start(2_000)).unwrap();
    file.read_exact(&mut byte).unwrap();
    file.seek(SeekFrom::Start(2_000)).unwrap();
    file.write_all(&[byte[0] ^ 1]).unwrap();
    drop(file);
    restore();
}

#[test]
fn a_backup_overwrites_no_file() {
    let folder = site_with_a_post();
    let target = folder.path().join("mine.zip");
    fs::write(&target, "mine").unwrap();
    let refused = run(&folder, &[], &["backup", "mine.zip"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(
        stderr(&refused).contains("already exists"),
        "{}",
        stderr(&refused)
    );
    assert_eq!(fs::read(&target).unwrap(), b"mine");
}

#[test]
fn the_server_takes_backups_by_itself_and_keeps_as_many_as_it_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let backups_folder = folder.path().join("data/backups");
    fs::create_dir_all(&backups_folder).unwrap();
    for year in 2020..2025 {
        fs::write(
            backups_folder.join(format!("scheduled-localhost-{year}-01-01T00-00-00Z.zip")),
            "old",
        )
        .unwrap();
    }
    fs::write(backups_folder.join("broadsheet-2020-01-01T00-00-00Z.zip"), "mine").unwrap();
    let settings = [("BROADSHEET_BACKUP_EVERY", "1d"), ("BROADSHEET_BACKUP_KEEP", "2")];
    let site = Site::start(&folder, &settings);
    until("there are three backups", || backups(folder.path()).len() == 3);
    let there = backups(folder.path());
    assert_eq!(there[0], "broadsheet-2020-01-01T00-00-00Z.zip");
    assert_eq!(there[1], "scheduled-localhost-2024-01-01T00-00-00Z.zip");
    site.end();
    // A restart before the next backup is due does not take one.
    Site::start(&folder, &settings).end();
    assert_eq!(backups(folder.path()), there);
    let newest = backups_folder.join(&there[2]);
    let other = tempfile::tempdir().unwrap();
    let restored = run(&other, &[], &["restore", newest.to_str().unwrap()]);
    assert!(restored.status.success(), "{}", stderr(&restored));
}

#[test]
fn an_upgrade_backs_the_database_up_before_it_changes_the_schema() {
    let folder = site_with_a_post();
    assert_eq!(backups(folder.path()), [""; 0], "a new site has nothing to lose");
    let down = run(&folder, &[], &["migrate", "down", "--yes"]);
    assert!(down.status.success(), "{}", stderr(&down));
    Site::start(&folder, &[]).end();
    let there = backups(folder.path());
    assert!(
        there.len() == 1 && there[0].starts_with("before-upgrade-"),
        "{there:?}"
    );

    // The folder cannot be created because a file has its name.
    run(&folder, &[], &["migrate", "down", "--yes"]);
    let blocked = [("BROADSHEET_BACKUP_DIR", "data/broadsheet.sqlite3")];
    let refused = run(&folder, &blocked, &["serve"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(
        stderr(&refused).contains("BROADSHEET_BACKUP_BEFORE_UPGRADE"),
        "{}",
        stderr(&refused)
    );
    let off = [blocked[0], ("BROADSHEET_BACKUP_BEFORE_UPGRADE", "off")];
    Site::start(&folder, &off).end();
    assert_eq!(titles(&folder), ["Before"]);

    let backup = folder.path().join("data/backups").join(&there[0]);
    let other = tempfile::tempdir().unwrap();
    let restored = run(&other, &[], &["restore", backup.to_str().unwrap()]);
    assert!(restored.status.success(), "{}", stderr(&restored));
    assert_eq!(titles(&other), ["Before"]);
}

#[test]
fn what_stands_beside_a_database_that_is_gone_does_not_come_back_into_the_restored_one() {
    let folder = site_with_a_post();
    let backup = back_up(&folder);
    let site = Site::start(&folder, &[]);
    let ada = site.visitor();
    ada.log_in("ada");
    ada.publish("After", "Text.").unwrap();
    site.signal("-KILL");
    drop(site);
    let log = folder.path().join("data/broadsheet.sqlite3-wal");
    assert!(fs::metadata(&log).unwrap().len() > 0);
    fs::remove_file(folder.path().join(DATABASE)).unwrap();
    let restored = run(&folder, &[], &["restore", backup.to_str().unwrap(), "--force"]);
    assert!(restored.status.success(), "{}", stderr(&restored));
    assert!(!log.exists());
    assert_eq!(titles(&folder), ["Before"]);
    let whole = run(&folder, &[], &["shell", "PRAGMA integrity_check"]);
    assert!(stdout(&whole).contains("ok"), "{}", stdout(&whole));
}

#[test]
fn a_backup_leaves_alone_what_is_not_its_own() {
    let folder = site_with_a_post();
    let photos = folder.path().join(".backup-photos");
    fs::create_dir(&photos).unwrap();
    let old = std::fs::FileTimes::new().set_modified(std::time::UNIX_EPOCH);
    fs::File::open(&photos).unwrap().set_times(old).unwrap();
    let taken = run(&folder, &[], &["backup", "mine.zip"]);
    assert!(taken.status.success(), "{}", stderr(&taken));
    assert!(photos.exists());
}
