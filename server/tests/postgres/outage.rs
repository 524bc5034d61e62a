//! Tests of a database that becomes unavailable and comes back.

use std::{
    collections::HashMap,
    env,
    process::{Command, Stdio},
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread::{self, sleep},
    time::{Duration, Instant},
};

use crate::{
    database,
    program::{run, stdout},
    site::{Person, Site},
};

/// The number of outages.
const OUTAGES: usize = 5;
/// The time within which the site must have recovered by itself.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Kills the server, as in a crash of its machine, and restarts it.
fn restart() {
    let control = env::var("TEST_DATABASE_CONTROL").unwrap();
    let restart = format!("{control} restart --wait --mode=immediate");
    assert!(
        Command::new("sh")
            .args(["-c", &restart])
            .status()
            .unwrap()
            .success()
    );
}

/// A refused post: when its request was sent, and when it was answered.
struct Refusal {
    sent: Instant,
    answered: Instant,
}

/// Writes posts until it `is_over`, and records the confirmed ones and the refusals. Asserts that a refusal says when to
/// retry.
fn write(
    person: &Person,
    writer: usize,
    is_over: &AtomicBool,
    confirmed: &Mutex<Vec<String>>,
    refusals: &Mutex<Vec<Refusal>>,
) {
    for number in 0.. {
        if is_over.load(Ordering::SeqCst) {
            return;
        }
        let title = format!("Post {writer}-{number}");
        let sent = Instant::now();
        let answer = person.publish(&title, &title.repeat(50)).unwrap();
        match answer.status {
            303 => confirmed.lock().unwrap().push(title),
            503 => {
                assert!(answer.retry_after.is_some());
                assert!(answer.text().contains(&title), "the text comes back");
                refusals.lock().unwrap().push(Refusal {
                    sent,
                    answered: Instant::now(),
                });
            }
            status => panic!("{status} {}", answer.text()),
        }
    }
}

// DUR-07
#[test]
fn a_database_that_dies_five_times_loses_no_confirmed_post_and_the_site_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let url = database::url(folder.path());
    let settings = [
        ("BROADSHEET_DATABASE_URL", url.as_str()),
        // Cached pages need no database, so the cache is disabled.
        ("BROADSHEET_PAGE_CACHE_MEGABYTES", "0"),
        ("BROADSHEET_READ_CACHE_MEGABYTES", "0"),
    ];
    let mut site = Site::start(&folder, &settings);
    let ada = site.member("ada");
    let (is_over, confirmed) = (AtomicBool::new(false), Mutex::default());
    let refusals: Mutex<Vec<Refusal>> = Mutex::default();
    let (read, unread) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let mut outages = Vec::new();
    thread::scope(|scope| {
        for writer in 0..4 {
            let (ada, is_over, confirmed, refusals) = (ada.clone(), &is_over, &confirmed, &refusals);
            scope.spawn(move || write(&ada, writer, is_over, confirmed, refusals));
        }
        for person in [ada.clone(), site.visitor()] {
            let (is_over, read, unread) = (&is_over, &read, &unread);
            scope.spawn(move || {
                while !is_over.load(Ordering::SeqCst) {
                    let counted = match person.get("/").unwrap().status {
                        200 => read,
                        503 => unread,
                        status => panic!("{status}"),
                    };
                    counted.fetch_add(1, Ordering::SeqCst);
                }
            });
        }
        for _ in 0..OUTAGES {
            sleep(Duration::from_secs(1));
            let (begun, before) = (Instant::now(), confirmed.lock().unwrap().len());
            restart();
            while confirmed.lock().unwrap().len() < before + 8 {
                assert!(begun.elapsed() < TIMEOUT, "nobody can write any more");
                sleep(Duration::from_millis(20));
            }
            outages.push((begun, Instant::now()));
        }
        sleep(Duration::from_secs(1));
        is_over.store(true, Ordering::SeqCst);
    });
    let refusals = refusals.into_inner().unwrap();
    for refusal in &refusals {
        assert!(
            outages
                .iter()
                .any(|(begun, ended)| *begun <= refusal.answered && refusal.sent <= *ended),
            "a post was refused when the site had recovered"
        );
    }
    let windows: Vec<Duration> = outages
        .iter()
        .map(|(begun, ended)| {
            let of_outage = refusals.iter().filter(|refusal| refusal.sent <= *ended);
            let last = of_outage.map(|refusal| refusal.answered).max();
            last.map_or(Duration::ZERO, |last| last.duration_since(*begun))
        })
        .collect();
    assert!(
        site.process.try_wait().unwrap().is_none(),
        "the program has ended"
    );
    let confirmed = confirmed.into_inner().unwrap();
    println!(
        "{} posts confirmed, {} refused; the last refusals after {windows:?}",
        confirmed.len(),
        refusals.len()
    );
    println!("{read:?} pages read, {unread:?} refused");

    // The shell prints a limited number of rows.
    let mut rows: Vec<HashMap<String, String>> = Vec::new();
    loop {
        let query = format!(
            "SELECT title, content FROM posts ORDER BY id LIMIT 500 OFFSET {}",
            rows.len()
        );
        let output = run(&folder, &settings, &["shell", "--json", &query]);
        let page: Vec<HashMap<String, String>> = serde_json::from_str(&stdout(&output)).unwrap();
        if page.is_empty() {
            break;
        }
        rows.extend(page);
    }
    let mut times: HashMap<&str, usize> = HashMap::new();
    for row in &rows {
        assert_eq!(row["content"], row["title"].repeat(50), "half a post");
        *times.entry(&row["title"]).or_default() += 1;
    }
    for title in &confirmed {
        assert_eq!(times.get(title.as_str()), Some(&1), "{title}");
    }
    site.end();
}

// DUR-06
#[test]
fn while_another_program_holds_a_table_writers_are_told_so_and_readers_notice_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let url = database::url(folder.path());
    let site = Site::start(&folder, &[("BROADSHEET_DATABASE_URL", &url)]);
    let ada = site.member("ada");
    ada.publish("Before", "Text.").unwrap();
    let hold = "BEGIN; LOCK TABLE posts IN EXCLUSIVE MODE; SELECT pg_sleep(60); COMMIT";
    let mut holder = Command::new("psql")
        .args([&url, "-qc", hold])
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    sleep(Duration::from_millis(300));
    let (waiting, read) = (AtomicUsize::new(12), AtomicUsize::new(0));
    thread::scope(|scope| {
        for number in 0..12 {
            let (ada, waiting) = (ada.clone(), &waiting);
            scope.spawn(move || {
                let refused = ada.publish(&format!("Meanwhile {number}"), "Text.").unwrap();
                waiting.fetch_sub(1, Ordering::SeqCst);
                assert_eq!(refused.status, 503, "{}", refused.text());
                assert!(refused.text().contains("Meanwhile"), "the text comes back");
            });
        }
        let visitor = site.visitor();
        while waiting.load(Ordering::SeqCst) > 0 {
            // Pages with such a query are not cached.
            let number = read.fetch_add(1, Ordering::SeqCst);
            let page = visitor.get(&format!("/?read={number}")).unwrap();
            assert!(page.text().contains("Before"), "{}", page.status);
        }
    });
    // If reads waited for the lock, each would take five seconds, and there would be far fewer of them.
    assert!(read.load(Ordering::SeqCst) > 50, "{read:?}");
    let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'BEGIN; LOCK%'";
    let ended = Command::new("psql")
        .args([&url, "-qc", end])
        .stdout(Stdio::null())
        .status();
    assert!(ended.unwrap().success());
    holder.wait().unwrap();
    assert_eq!(ada.publish("After", "Text.").unwrap().status, 303);
    site.end();
}
