//! Tests that everything a response has confirmed is on disk, whatever happens next. If `TEST_LONG` is set, they run in
//! full.

use std::{
    collections::HashMap,
    env, fs,
    path::Path,
    process::Stdio,
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread::{self, sleep},
    time::{Duration, Instant},
};

use domain::platform::db::snapshot;
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, Statement};
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::{
    program::{program, run, stderr},
    site::Site,
    wait::DEADLINE,
};

/// Returns whether the slow tests run in full.
pub fn is_long() -> bool {
    env::var_os("TEST_LONG").is_some()
}

/// Returns the path of the database of a stopped site.
pub fn database(folder: &TempDir) -> std::path::PathBuf {
    folder.path().join("data/broadsheet.sqlite3")
}

/// Returns the first two columns of the rows of `query`.
pub async fn rows(db: &DatabaseConnection, query: &str) -> Vec<(String, String)> {
    let statement = Statement::from_string(db.get_database_backend(), query);
    let rows = db.query_all_raw(statement).await.unwrap();
    let text = |row: &sea_orm::QueryResult, column| row.try_get_by_index::<String>(column).unwrap();
    rows.iter().map(|row| (text(row, 0), text(row, 1))).collect()
}

// DUR-02, P1
#[test]
fn every_post_that_was_confirmed_is_there_once_after_the_site_was_killed() {
    let cycles = if is_long() { 25 } else { 4 };
    let folder = tempfile::tempdir().unwrap();
    let confirmed = Mutex::new(Vec::new());
    for cycle in 0..cycles {
        let site = Site::start(&folder, &[]);
        let person = site.visitor();
        if cycle == 0 {
            site.member("ada");
        }
        person.log_in("ada");
        let is_dead = AtomicBool::new(false);
        thread::scope(|scope| {
            for writer in 0..8 {
                let (person, confirmed, is_dead) = (person.clone(), &confirmed, &is_dead);
                scope.spawn(move || {
                    for number in 0.. {
                        let title = format!("Post {cycle}-{writer}-{number}");
                        match person.publish(&title, &content(&title)) {
                            Ok(answer) if answer.status == 303 => confirmed.lock().unwrap().push(title),
                            Ok(answer) => panic!("{}", answer.text()),
                            Err(error) => {
                                assert!(is_dead.load(Ordering::SeqCst), "{error}");
                                break;
                            }
                        }
                    }
                });
            }
            // The delay is different in each cycle.
            sleep(Duration::from_millis(300 + 137 * (cycle * 7 % 11)));
            is_dead.store(true, Ordering::SeqCst);
            site.signal("-KILL");
        });
    }
    let confirmed = confirmed.into_inner().unwrap();
    println!("{} posts were confirmed in {cycles} lives", confirmed.len());
    assert!(confirmed.len() > 30, "{}", confirmed.len());

    Runtime::new().unwrap().block_on(async {
        let copy = folder.path().join("copy.sqlite3");
        snapshot::take(&database(&folder), &copy).await.unwrap();
        let db = snapshot::open(&copy).await.unwrap();
        assert_eq!(snapshot::faults(&db).await.unwrap(), [""; 0]);
        let mut times: HashMap<String, usize> = HashMap::new();
        for (title, text) in rows(&db, "SELECT title, content FROM posts").await {
            assert_eq!(text, content(&title), "half a post");
            *times.entry(title).or_default() += 1;
        }
        for title in &confirmed {
            assert_eq!(times.get(title), Some(&1), "{title}");
        }
        assert!(times.values().all(|times| *times == 1));
    });
}

// P1
#[test]
fn every_comment_that_was_confirmed_is_there_once_after_the_site_was_killed() {
    let cycles = if is_long() { 25 } else { 3 };
    let folder = tempfile::tempdir().unwrap();
    let confirmed = Mutex::new(Vec::new());
    for cycle in 0..cycles {
        let site = Site::start(&folder, &[]);
        let person = site.visitor();
        if cycle == 0 {
            site.member("ada").publish("On mills", "They turn.").unwrap();
        }
        person.log_in("ada");
        let is_dead = AtomicBool::new(false);
        thread::scope(|scope| {
            for writer in 0..8 {
                let (person, confirmed, is_dead) = (person.clone(), &confirmed, &is_dead);
                scope.spawn(move || {
                    for number in 0.. {
                        let text = format!("Comment {cycle}-{writer}-{number}");
                        let fields = [("post", "1"), ("comment_content", text.as_str())];
                        match person.post("/comments/new", &fields) {
                            Ok(answer) if answer.status == 303 => confirmed.lock().unwrap().push(text),
                            Ok(answer) => panic!("{}", answer.text()),
                            Err(error) => {
                                assert!(is_dead.load(Ordering::SeqCst), "{error}");
                                break;
                            }
                        }
                    }
                });
            }
            sleep(Duration::from_millis(300 + 137 * (cycle * 7 % 11)));
            is_dead.store(true, Ordering::SeqCst);
            site.signal("-KILL");
        });
    }
    let confirmed = confirmed.into_inner().unwrap();
    println!("{} comments were confirmed in {cycles} lives", confirmed.len());
    assert!(confirmed.len() > 30, "{}", confirmed.len());

    Runtime::new().unwrap().block_on(async {
        let copy = folder.path().join("copy.sqlite3");
        snapshot::take(&database(&folder), &copy).await.unwrap();
        let db = snapshot::open(&copy).await.unwrap();
        assert_eq!(snapshot::faults(&db).await.unwrap(), [""; 0]);
        let mut times: HashMap<String, usize> = HashMap::new();
        for (text, path) in rows(&db, "SELECT content, path FROM comments").await {
            assert_eq!(path.len(), 9, "half a comment");
            *times.entry(text).or_default() += 1;
        }
        for text in &confirmed {
            assert_eq!(times.get(text), Some(&1), "{text}");
        }
        assert_eq!(
            domain::comments::drift(&db).await.unwrap(),
            domain::comments::Drift::default()
        );
    });
}

fn content(title: &str) -> String {
    format!("{title}. ").repeat(100).trim().to_owned()
}

/// Holds the lock of the database on another connection for this time.
fn hold(database: &Path, time: Duration, is_over: &AtomicBool) {
    Runtime::new().unwrap().block_on(async {
        let url = format!("sqlite://{}", database.display());
        let db = Box::pin(Database::connect(url)).await.unwrap();
        db.execute_unprepared("BEGIN IMMEDIATE").await.unwrap();
        tokio::time::sleep(time).await;
        db.execute_unprepared("ROLLBACK").await.unwrap();
        is_over.store(true, Ordering::SeqCst);
    });
}

// DUR-06
#[test]
fn writing_waits_for_another_program_that_has_the_database_for_three_seconds() {
    let folder = tempfile::tempdir().unwrap();
    let site = Site::start(&folder, &[]);
    let ada = site.member("ada");
    let is_over = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| hold(&database(&folder), Duration::from_secs(3), &is_over));
        sleep(Duration::from_millis(300));
        for number in 0..20 {
            let ada = ada.clone();
            scope.spawn(move || {
                let answer = ada.publish(&format!("Post {number}"), "Text.").unwrap();
                assert_eq!(answer.status, 303, "{}", answer.text());
            });
        }
    });
    site.end();
}

// DUR-06
#[test]
fn while_another_program_has_the_database_for_long_writers_are_told_so_and_readers_notice_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let site = Site::start(&folder, &[]);
    let ada = site.member("ada");
    ada.publish("Before", "Text.").unwrap();
    let is_over = AtomicBool::new(false);
    let time = Duration::from_secs(if is_long() { 30 } else { 12 });
    let (read, slowest) = (AtomicUsize::new(0), Mutex::new(Duration::ZERO));
    thread::scope(|scope| {
        scope.spawn(|| hold(&database(&folder), time, &is_over));
        sleep(Duration::from_millis(300));
        for person in [ada.clone(), site.visitor()] {
            let (is_over, read, slowest) = (&is_over, &read, &slowest);
            scope.spawn(move || {
                while !is_over.load(Ordering::SeqCst) {
                    let begun = Instant::now();
                    assert_eq!(person.get("/").unwrap().status, 200);
                    let mut slowest = slowest.lock().unwrap();
                    *slowest = begun.elapsed().max(*slowest);
                    read.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        let refused = ada.publish("Meanwhile", "Text.").unwrap();
        assert_eq!(refused.status, 503, "{}", refused.text());
        assert!(refused.retry_after.is_some());
        assert!(refused.text().contains("Meanwhile"), "the text comes back");
    });
    println!("{read:?} pages were read meanwhile, the slowest in {slowest:?}");
    // If reads waited for the lock, each would take five seconds, and there would be far fewer of them.
    assert!(read.load(Ordering::Relaxed) > 50, "{read:?}");
    assert_eq!(ada.publish("After", "Text.").unwrap().status, 303);
    site.end();
}

// DUR-09
#[test]
fn a_schema_whose_making_was_killed_at_any_point_ends_as_any_other() {
    let reference = tempfile::tempdir().unwrap();
    let begun = migrate(&reference, None);
    let wanted = schema(&reference);
    assert!(wanted.len() > 20, "{wanted:?}");
    let (mut halves, mut lives) = (0, 0);
    while halves < HALVES {
        assert!(lives < 20 * HALVES, "{halves} of {lives} were killed half-way");
        lives += 1;
        let folder = tempfile::tempdir().unwrap();
        migrate(&folder, Some(begun * (lives % 10 + 1) / 11));
        halves += u32::from(database(&folder).exists() && schema(&folder) != wanted);
        let again = run(&folder, &[], &["migrate", "up"]);
        assert!(again.status.success(), "{}", stderr(&again));
        assert_eq!(schema(&folder), wanted);
    }
    println!("{halves} of {lives} were killed half-way");
}

/// The number of programs that are to be killed during the migration.
const HALVES: u32 = 5;

/// Applies the migrations, and kills the program after `time`, counted from the creation of the database. Returns how
/// long it ran.
fn migrate(folder: &TempDir, time: Option<Duration>) -> Duration {
    fs::create_dir(folder.path().join("data")).unwrap();
    let mut command = program(folder, &[]);
    let mut running = command
        .args(["migrate", "up"])
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let called = Instant::now();
    while !database(folder).exists() {
        assert!(called.elapsed() < DEADLINE, "the program has made no database");
        thread::yield_now();
    }
    let begun = Instant::now();
    match time {
        Some(time) => {
            sleep(time);
            running.kill().unwrap();
            running.wait().unwrap();
        }
        None => assert!(running.wait().unwrap().success()),
    }
    begun.elapsed()
}

/// Returns the tables and indices in the schema of the database, and its migrations.
fn schema(folder: &TempDir) -> Vec<(String, String)> {
    Runtime::new().unwrap().block_on(async {
        let url = format!("sqlite://{}", database(folder).display());
        let db = Box::pin(Database::connect(url)).await.unwrap();
        let mut found = rows(
            &db,
            "SELECT name, coalesce(sql, '') FROM sqlite_master ORDER BY name",
        )
        .await;
        if found.iter().any(|(name, _)| name == "seaql_migrations") {
            found.extend(rows(&db, "SELECT version, '' FROM seaql_migrations ORDER BY version").await);
        }
        db.close().await.unwrap();
        found
    })
}
