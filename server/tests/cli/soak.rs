//! A long-running test of a site with many users, some of whom are malicious.
//!
//! If `TEST_LONG` is set, it runs for ten minutes, otherwise for a few seconds. `SOAK_SECONDS` sets another duration,
//! and `SOAK_SEED` another seed of the requests.

use std::{
    collections::{BTreeMap, HashMap},
    env,
    io::Write,
    net::TcpStream,
    sync::{
        Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, sleep},
    time::{Duration, Instant},
};

use domain::platform::db::snapshot;
use fastrand::Rng;
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::{
    durability::{database, is_long, rows},
    hostile_pictures,
    process::{descriptors, memory},
    site::{Answer, Person, Site, png},
};

/// The maximum growth in memory between a tenth of the time and the end, in bytes. The caches are full by then, and
/// content is not kept in memory.
const MEMORY_GROWTH_MAX: usize = 48 * 1024 * 1024;
/// The minimum time for filling caches and starting threads. Memory is only compared if a tenth of the total time is
/// longer.
const WARM_UP: Duration = Duration::from_secs(5);
/// The maximum growth in the number of open files and sockets.
const DESCRIPTORS_GROWTH_MAX: usize = 32;
/// A small page cache, which is full early.
const PAGE_CACHE: (&str, &str) = ("BROADSHEET_PAGE_CACHE_MEGABYTES", "8");
/// The number of failures after which a thread stops.
const FAILURES_MAX: usize = 20;

/// The kind of requests that a thread sends.
#[derive(Debug, Clone, Copy)]
enum Role {
    Reader,
    Writer,
    Photographer,
    Newcomer,
    Attacker,
}

const ROLES: &[Role] = &[
    Role::Reader,
    Role::Reader,
    Role::Reader,
    Role::Writer,
    Role::Writer,
    Role::Photographer,
    Role::Newcomer,
    Role::Attacker,
];

const PAGES: &[&str] = &[
    "/",
    "/?page=2",
    "/?page=999999999999",
    "/explore",
    "/explore?q=w",
    "/user/person3",
    "/user/person4?page=2",
    "/tag/soak",
    "/login",
    "/register",
    "/about",
    "/robots.txt",
    "/sitemap.xml",
    "/healthz",
    "/post/999999",
    "/nothing",
];

const FEEDS: &[&str] = &[
    "/atom.xml",
    "/rss.xml",
    "/feed.json",
    "/user/person3/atom.xml",
    "/tag/soak/rss.xml",
];

const ATTACKED: &[&str] = &[
    "/post/1'%20OR%201=1--",
    "/explore?q=%27%3B%20DROP%20TABLE%20posts%3B--",
    "/explore?q=%25%25%25%5f%5c",
    "/media/picture/..%2f..%2f..%2fbroadsheet.sqlite3",
    "/login?next=//example.org",
    "/tag/%00",
    "/_/post?id=-1",
    "/_/draft/open?id=1",
];

const SCRIPTS: &[&str] = &[
    "</title><script>alert(1)</script>",
    "</textarea><img src=x onerror=alert(1)>",
    "[a](javascript:alert(1)) ![b](data:text/html,x)",
    "<svg onload=alert(1)><!--",
    "'; DROP TABLE posts; --",
];

/// The state that all threads share.
struct Soak<'a> {
    site: &'a Site,
    seed: u64,
    is_stopping: AtomicBool,
    /// The addresses of published posts.
    addresses: Mutex<Vec<String>>,
    hostile: Vec<Vec<u8>>,
}

/// The log of one thread.
#[derive(Default)]
struct Log {
    times: BTreeMap<&'static str, Vec<Duration>>,
    failures: Vec<String>,
    is_over: bool,
    /// The confirmed posts, images, accounts, and deletions of accounts.
    posts: Vec<String>,
    images: Vec<String>,
    members: Vec<String>,
    former: Vec<String>,
}

impl Log {
    /// Sends a request, and logs its duration and any failure.
    fn ask(
        &mut self,
        soak: &Soak,
        kind: &'static str,
        request: impl FnOnce() -> Result<Answer, ureq::Error>,
    ) -> Option<Answer> {
        let begun = Instant::now();
        match request() {
            Ok(answer) => {
                self.times.entry(kind).or_default().push(begun.elapsed());
                if answer.status >= 500 {
                    self.fail(format!("{kind}: {} {}", answer.status, answer.text()));
                }
                Some(answer)
            }
            // A site that has been asked to stop eventually refuses connections.
            Err(_) if soak.is_stopping.load(Ordering::SeqCst) => {
                self.is_over = true;
                None
            }
            Err(error) => {
                self.fail(format!("{kind}: {error}"));
                None
            }
        }
    }

    /// Sends a request that has to be confirmed.
    fn confirmed(
        &mut self,
        soak: &Soak,
        kind: &'static str,
        request: impl FnOnce() -> Result<Answer, ureq::Error>,
    ) -> Option<Answer> {
        let answer = self.ask(soak, kind, request)?;
        if answer.status == 303 {
            return Some(answer);
        }
        if answer.status < 500 {
            self.fail(format!("{kind}: {} {}", answer.status, answer.text()));
        }
        None
    }

    fn fail(&mut self, failure: String) {
        self.failures.push(failure.chars().take(300).collect());
        self.is_over |= self.failures.len() >= FAILURES_MAX;
    }
}

/// Sends the requests of `role` until the site has stopped.
fn work(soak: &Soak, role: Role, person: &Person, name: &str) -> Log {
    let mut rng = Rng::with_seed(soak.seed.wrapping_add(name.bytes().map(u64::from).sum()));
    let mut log = Log::default();
    for turn in 0.. {
        if log.is_over {
            break;
        }
        match role {
            Role::Reader => read(soak, &mut log, &mut rng, person),
            Role::Writer => write(soak, &mut log, &mut rng, person, &format!("{name}-{turn}")),
            Role::Photographer => photograph(soak, &mut log, &mut rng, person),
            Role::Newcomer => register(soak, &mut log, &mut rng, &format!("{name}-{turn}")),
            Role::Attacker => attack(soak, &mut log, &mut rng, person, &format!("{name}-{turn}")),
        }
    }
    log
}

fn one_of<'a>(rng: &mut Rng, of: &[&'a str]) -> &'a str {
    rng.choice(of).copied().unwrap_or_default()
}

fn read(soak: &Soak, log: &mut Log, rng: &mut Rng, person: &Person) {
    // Half of the readers are logged in, so that their pages are not cached.
    let reader = if rng.bool() {
        person.clone()
    } else {
        soak.site.visitor()
    };
    match rng.u8(..10) {
        0..4 => {
            log.ask(soak, "page", || reader.get(one_of(rng, PAGES)));
        }
        4 => {
            log.ask(soak, "feed", || reader.get(one_of(rng, FEEDS)));
        }
        _ => {
            let address = rng.choice(&*soak.addresses.lock().unwrap()).cloned();
            let Some(address) = address else { return };
            let page = log.ask(soak, "post", || reader.get(&address));
            let text = page.map(|page| page.text()).unwrap_or_default();
            let card = text.find("/media/card/").and_then(|at| text.get(at..));
            if let Some(card) = card.and_then(|card| card.split('"').next())
                && rng.u8(..10) == 0
            {
                log.ask(soak, "card", || reader.get(card));
            }
        }
    }
}

fn write(soak: &Soak, log: &mut Log, rng: &mut Rng, person: &Person, title: &str) {
    let content = content(title);
    let mut fields = vec![("title", title), ("content", content.as_str()), ("tags", "soak")];
    match rng.u8(..4) {
        0 => {
            fields.push(("intent", "preview"));
            log.ask(soak, "preview", || person.post("/post/new", &fields));
        }
        1 => {
            fields.push(("intent", "save"));
            // The number of drafts per user is limited, so saving fails at some point.
            log.ask(soak, "draft", || person.post("/post/new", &fields));
        }
        _ => {
            let answer = log.confirmed(soak, "publish", || person.post("/post/new", &fields));
            if let Some(answer) = answer {
                log.posts.push(title.to_owned());
                soak.addresses.lock().unwrap().push(answer.location);
            }
        }
    }
}

fn content(title: &str) -> String {
    format!("{title} is *written*. ").repeat(50).trim().to_owned()
}

fn photograph(soak: &Soak, log: &mut Log, rng: &mut Rng, person: &Person) {
    if rng.bool() {
        log.confirmed(soak, "picture", || person.upload(&png()));
        return;
    }
    let answer = log.confirmed(soak, "image", || person.send_file("/post/image", "image", &png()));
    let name = answer.and_then(|answer| Some(answer.location.split_once('=')?.1.to_owned()));
    log.images.extend(name);
}

/// Registers an account and logs in to it. Every second account is deleted afterwards.
fn register(soak: &Soak, log: &mut Log, rng: &mut Rng, name: &str) {
    let (person, email) = (soak.site.visitor(), format!("{name}@example.org"));
    let password = "correct horse battery";
    let fields = [
        ("username", name),
        ("email", &email),
        ("password", password),
        ("confirm_password", password),
    ];
    if log
        .confirmed(soak, "register", || person.post("/register", &fields))
        .is_none()
    {
        return;
    }
    let wrong = [("login", name), ("password", "another horse")];
    log.ask(soak, "log in, wrongly", || person.post("/login", &wrong));
    let right = [("login", name), ("password", password)];
    let is_in = log
        .confirmed(soak, "log in", || person.post("/login", &right))
        .is_some();
    if !is_in || rng.bool() {
        log.members.push(name.to_owned());
        log.ask(soak, "log out", || person.post("/logout", &[]));
        return;
    }
    let fields = [("current_password", password)];
    if log
        .confirmed(soak, "delete", || person.post("/account/delete", &fields))
        .is_some()
    {
        log.former.push(name.to_owned());
    }
}

fn attack(soak: &Soak, log: &mut Log, rng: &mut Rng, person: &Person, name: &str) {
    match rng.u8(..6) {
        0 => {
            log.ask(soak, "hostile address", || person.get(one_of(rng, ATTACKED)));
        }
        1 => {
            let file = rng.choice(&soak.hostile).map_or(&[][..], Vec::as_slice);
            log.ask(soak, "hostile picture", || person.upload(file));
        }
        2 => {
            let title = format!("{} {name}", one_of(rng, SCRIPTS));
            let content = one_of(rng, SCRIPTS).repeat(100);
            // Some of the texts are rejected.
            let answer = log.ask(soak, "hostile post", || person.publish(&title, &content));
            if let Some(answer) = answer.filter(|answer| answer.status == 303) {
                log.posts.push(title);
                soak.addresses.lock().unwrap().push(answer.location);
            }
        }
        3 => {
            let nested = one_of(rng, &["> ", "- ", "[", "`", "# a\n", "<b>", "|a|b\n"]).repeat(3_000);
            let fields = [("title", name), ("content", &nested), ("intent", "preview")];
            log.ask(soak, "hostile preview", || person.post("/post/new", &fields));
        }
        4 => {
            let fields = [("login", "person3"), ("password", &"x".repeat(40_000))];
            log.ask(soak, "hostile login", || person.post("/login", &fields));
        }
        _ => {
            // A client that disconnects in the middle of a request.
            if let Ok(mut connection) = TcpStream::connect(("127.0.0.1", soak.site.port)) {
                let _ = connection.write_all(b"POST /login HTTP/1.1\r\nContent-Length: 1000\r\nHost: ");
            }
        }
    }
}

/// A measurement of the memory and file descriptors of the program.
#[derive(Debug, Clone, Copy)]
struct Sample {
    memory: usize,
    descriptors: usize,
}

impl Sample {
    fn of(site: &Site, moment: &str) -> Self {
        let sample = Self {
            memory: memory(site),
            descriptors: descriptors(site),
        };
        println!(
            "{moment}: {} MiB of memory, {} descriptors",
            sample.memory / 1024 / 1024,
            sample.descriptors
        );
        sample
    }
}

fn number(name: &str, default: u64) -> u64 {
    env::var(name).map_or(default, |value| value.parse().unwrap())
}

// P1, P7, AVL-09
#[test]
fn a_site_that_is_used_for_long_answers_everything_grows_by_nothing_and_keeps_what_it_has_confirmed() {
    let seconds = number("SOAK_SECONDS", if is_long() { 600 } else { 4 });
    let seed = number("SOAK_SEED", 1);
    let time = Duration::from_secs(seconds);
    let folder = tempfile::tempdir().unwrap();
    let mut site = Site::start(&folder, &[PAGE_CACHE]);
    let people: Vec<(String, Person)> = (0..ROLES.len())
        .map(|number| format!("person{number}"))
        .map(|name| (name.clone(), site.member(&name)))
        .collect();
    let soak = Soak {
        site: &site,
        seed,
        is_stopping: AtomicBool::new(false),
        addresses: Mutex::default(),
        hostile: hostile_pictures::all().into_iter().map(|it| it.bytes).collect(),
    };
    println!("{seconds} seconds, seed {seed}, {} people", ROLES.len());
    let (logs, samples) = thread::scope(|scope| {
        let working: Vec<_> = ROLES
            .iter()
            .zip(&people)
            .map(|(role, (name, person))| scope.spawn(|| work(&soak, *role, person, name)))
            .collect();
        sleep(time / 10);
        let start = Sample::of(&site, "start");
        sleep(time * 4 / 10);
        let middle = Sample::of(&site, "middle");
        sleep(time / 2);
        let end = Sample::of(&site, "end");
        soak.is_stopping.store(true, Ordering::SeqCst);
        site.signal("-TERM");
        let logs: Vec<Log> = working.into_iter().map(|work| work.join().unwrap()).collect();
        (logs, [start, middle, end])
    });
    drop(soak);
    assert_eq!(site.process.wait().unwrap().code(), Some(0));

    print(&logs);
    let failures: Vec<&String> = logs.iter().flat_map(|log| &log.failures).collect();
    assert!(failures.is_empty(), "{failures:#?}");
    let [start, _, end] = samples;
    let is_warm = time / 10 >= WARM_UP;
    assert!(
        !is_warm || end.memory <= start.memory + MEMORY_GROWTH_MAX,
        "{samples:?}"
    );
    assert!(
        end.descriptors <= start.descriptors + DESCRIPTORS_GROWTH_MAX,
        "{samples:?}"
    );
    assert_kept(&folder, &logs);
}

/// Prints the number of requests of each kind, and the 99th percentile of their duration.
fn print(logs: &[Log]) {
    let mut times: BTreeMap<&str, Vec<Duration>> = BTreeMap::new();
    for (kind, of_log) in logs.iter().flat_map(|log| &log.times) {
        times.entry(kind).or_default().extend(of_log);
    }
    for (kind, times) in &mut times {
        times.sort_unstable();
        let p99 = times.get(times.len() * 99 / 100).unwrap();
        println!("{kind:<16} {:>8} requests, p99 {p99:.1?}", times.len());
    }
    let count = |of: fn(&Log) -> usize| logs.iter().map(of).sum::<usize>();
    println!(
        "{} requests, {} errors; confirmed: {} posts, {} images, {} accounts, {} deletions",
        times.values().map(Vec::len).sum::<usize>(),
        count(|log| log.failures.len()),
        count(|log| log.posts.len()),
        count(|log| log.images.len()),
        count(|log| log.members.len()),
        count(|log| log.former.len()),
    );
}

/// Asserts that the database of the stopped site contains everything that was confirmed, once.
fn assert_kept(folder: &TempDir, logs: &[Log]) {
    Runtime::new().unwrap().block_on(async {
        let copy = folder.path().join("copy.sqlite3");
        snapshot::take(&database(folder), &copy).await.unwrap();
        let db = snapshot::open(&copy).await.unwrap();
        assert_eq!(snapshot::faults(&db).await.unwrap(), [""; 0]);

        let posts = rows(&db, "SELECT title, content FROM posts").await;
        for (title, text) in posts.iter().filter(|(title, _)| title.starts_with("person")) {
            assert_eq!(*text, content(title), "half a post");
        }
        let times = counted(posts);
        assert!(times.values().all(|times| *times == 1), "a post is there twice");
        for title in logs.iter().flat_map(|log| &log.posts) {
            assert_eq!(times.get(title), Some(&1), "{title}");
        }

        let images = counted(rows(&db, "SELECT name, '' FROM images").await);
        for name in logs.iter().flat_map(|log| &log.images) {
            assert_eq!(images.get(name), Some(&1), "{name}");
            let file = folder.path().join("data/media/image").join(name);
            assert!(file.exists(), "{name}");
        }

        let people = counted(rows(&db, "SELECT username, '' FROM users").await);
        for name in logs.iter().flat_map(|log| &log.members) {
            assert_eq!(people.get(name), Some(&1), "{name}");
        }
        for name in logs.iter().flat_map(|log| &log.former) {
            assert_eq!(people.get(name), None, "{name}");
        }
        db.close().await.unwrap();
    });
}

/// Returns how often each value of the first column occurs.
fn counted(rows: Vec<(String, String)>) -> HashMap<String, usize> {
    let mut times = HashMap::new();
    for (name, _) in rows {
        *times.entry(name).or_default() += 1;
    }
    times
}
