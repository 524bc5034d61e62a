//! Tests of several servers with a shared database.

use std::{
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread::{self, sleep},
    time::{Duration, Instant},
};

use crate::{
    balanced::Balanced,
    database,
    site::{Person, Site, png},
    sql::sql,
};

#[test]
fn servers_that_start_together_make_the_schema_once() {
    let folders = [(); 3].map(|()| tempfile::tempdir().unwrap());
    let url = database::url(folders[0].path());
    let settings = [("BROADSHEET_DATABASE_URL", url.as_str())];
    let sites = thread::scope(|scope| {
        let starting = folders
            .each_ref()
            .map(|folder| scope.spawn(move || Site::start(folder, &settings)));
        starting.map(|site| site.join().unwrap())
    });
    for site in sites {
        assert_eq!(site.visitor().get("/").unwrap().status, 200);
        site.end();
    }
}

// SES-05
#[test]
fn what_is_done_on_one_server_holds_on_all() {
    let site = Balanced::start(&[]);
    let [first, second, third] = site.servers.as_slice() else {
        panic!("three servers")
    };
    let ada = first.member("ada");
    assert_eq!(ada.at(second).get("/account").unwrap().status, 200, "signed in");
    let posted = ada.publish("Seen everywhere", "Text.").unwrap();
    // Another server shows the flash message.
    let shown = ada.at(third).get(&posted.location).unwrap().text();
    assert!(shown.contains("Your post has been published."), "{shown}");
    for server in [second, third] {
        assert!(
            server
                .visitor()
                .get("/")
                .unwrap()
                .text()
                .contains("Seen everywhere")
        );
        assert!(
            server
                .visitor()
                .get("/atom.xml")
                .unwrap()
                .text()
                .contains("Seen everywhere")
        );
    }
    assert_eq!(ada.at(first).upload(&png()).unwrap().status, 303);
    let page = second.visitor().get("/user/ada").unwrap().text();
    let at = page.find("/media/picture/").unwrap();
    let picture = page.get(at..).unwrap().split(['"', ' ']).next().unwrap();
    assert_eq!(third.visitor().get(picture).unwrap().status, 200);

    let elsewhere = second.visitor();
    elsewhere.log_in("ada");
    let fields = [
        ("current_password", "ada-secret!"),
        ("new_password", "ada-another!"),
        ("confirm_password", "ada-another!"),
    ];
    assert_eq!(
        ada.at(first).post("/account/password", &fields).unwrap().status,
        303
    );
    assert_eq!(
        ada.at(third).get("/account").unwrap().status,
        200,
        "her own session goes on"
    );
    assert_eq!(
        elsewhere.at(third).get("/account").unwrap().status,
        303,
        "the other has ended"
    );
}

/// Waits until the page at `path` shows `text` to `reader`. Returns how long that took.
fn until_shown(reader: &Person, path: &str, text: &str) -> Duration {
    let begun = Instant::now();
    while !reader.get(path).unwrap().text().contains(text) {
        assert!(
            begun.elapsed() < Duration::from_secs(10),
            "{text} is not shown at {path}"
        );
        sleep(Duration::from_millis(5));
    }
    begun.elapsed()
}

#[test]
fn pages_that_one_server_keeps_are_made_anew_when_another_has_changed_them() {
    let site = Balanced::start(&[]);
    let [first, second, third] = site.servers.as_slice() else {
        panic!("three servers")
    };
    let ada = first.member("ada");
    let grace = first.member("grace");
    let keep = |server: &Site| {
        let pages = [(); 2].map(|()| server.visitor().get("/").unwrap().text());
        assert_eq!(pages[0], pages[1], "kept");
        assert_eq!(grace.at(server).get("/").unwrap().status, 200);
    };
    for title in ["Heard of", "And again"] {
        for server in [second, third] {
            keep(server);
        }
        ada.publish(title, "Text.").unwrap();
        let late = [first, second, third].map(|server| {
            let readers = [server.visitor(), grace.at(server)];
            readers.map(|reader| until_shown(&reader, "/", title))
        });
        let late = late.as_flattened();
        eprintln!(
            "a post is seen on all servers after {:?}",
            late.iter().max().unwrap()
        );
    }
    // The servers miss the following notification: they are suspended while their connections are terminated and the
    // post is published.
    for server in [second, third] {
        keep(server);
        server.signal("-STOP");
    }
    let listening = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity \
                     WHERE datname = current_database() AND application_name = 'broadsheet listener'";
    assert_eq!(sql(site.database(), listening), "3");
    ada.publish("Missed", "Text.").unwrap();
    for server in [second, third] {
        server.signal("-CONT");
    }
    let late = [second, third].map(|server| {
        let readers = [server.visitor(), grace.at(server)];
        readers.map(|reader| until_shown(&reader, "/", "Missed"))
    });
    let late = late.as_flattened();
    eprintln!(
        "and after {:?} when they have not heard of it",
        late.iter().max().unwrap()
    );
}

#[test]
fn what_is_published_makes_no_other_page_anew_on_any_server() {
    let site = Balanced::start(&[]);
    let servers: Vec<&Site> = site.servers.iter().collect();
    let (ada, grace) = (servers[0].member("ada"), servers[0].member("grace"));
    let post = grace.publish("On looms", "Text.").unwrap().location;
    for server in &servers {
        until_shown(&server.visitor(), "/", "On looms");
    }
    let others = [post.as_str(), "/user/grace", "/user/grace/atom.xml", "/about"];
    // A page that is made anew has another nonce.
    let look = |server: &Site| others.map(|path| server.visitor().get(path).unwrap().text());
    let before: Vec<_> = servers.iter().map(|server| look(server)).collect();
    for number in 0..10 {
        let title = format!("Engine {number}");
        ada.at(servers[number % servers.len()])
            .publish(&title, "Text.")
            .unwrap();
        for (server, before) in servers.iter().zip(&before) {
            until_shown(&server.visitor(), "/", &title);
            until_shown(&server.visitor(), "/user/ada", &title);
            assert!(look(server) == *before, "{title}");
        }
    }
}

// AVL-06
#[test]
fn servers_count_together_how_often_somebody_tries() {
    let site = Balanced::start(&[
        ("BROADSHEET_LIMITS", "on"),
        ("BROADSHEET_LIMIT_LOGIN_ADDRESS", "5/1h"),
    ]);
    let visitor = site.visitor();
    let attempt = || {
        visitor
            .post("/login", &[("login", "nobody"), ("password", "a wrong one")])
            .unwrap()
    };
    let statuses: Vec<u16> = (0..8).map(|_| attempt().status).collect();
    assert_eq!(statuses, [401, 401, 401, 401, 401, 429, 429, 429]);
}

// P9
#[test]
fn servers_that_are_replaced_one_by_one_drop_no_request_and_no_mail() {
    let mut site = Balanced::start(&[]);
    let (is_over, posted, read) = (
        AtomicBool::new(false),
        Mutex::new(Vec::new()),
        AtomicUsize::new(0),
    );
    let members = Mutex::new(Vec::new());
    let begun = Instant::now();
    thread::scope(|scope| {
        for writer in 0..3 {
            let (person, is_over, posted) = (site.visitor(), &is_over, &posted);
            site.servers.first().unwrap().member(&format!("writer{writer}"));
            person.log_in(&format!("writer{writer}"));
            members
                .lock()
                .unwrap()
                .push(format!("writer{writer}@example.org"));
            scope.spawn(move || {
                for number in (0..).take_while(|_| !is_over.load(Ordering::SeqCst)) {
                    let title = format!("Post {writer}-{number}");
                    let answer = person.publish(&title, "Text.").unwrap();
                    assert_eq!(answer.status, 303, "{}", answer.text());
                    posted.lock().unwrap().push(title);
                }
            });
        }
        for reader in 0..3 {
            let (person, is_over, read, members) = (site.visitor(), &is_over, &read, &members);
            scope.spawn(move || {
                for number in (0..).take_while(|_| !is_over.load(Ordering::SeqCst)) {
                    let answer = person.get("/").unwrap();
                    assert_eq!(answer.status, 200, "{}", answer.text());
                    read.fetch_add(1, Ordering::SeqCst);
                    if number % 20 == 0 {
                        let name = format!("reader{reader}-{number}");
                        person.register(&name);
                        members.lock().unwrap().push(format!("{name}@example.org"));
                    }
                }
            });
        }
        sleep(Duration::from_secs(1));
        site.roll();
        sleep(Duration::from_secs(1));
        is_over.store(true, Ordering::SeqCst);
    });
    let (posted, mut members) = (posted.into_inner().unwrap(), members.into_inner().unwrap());
    println!(
        "{} posts, {} registrations and {read:?} pages in {:?}, while three servers were replaced",
        posted.len(),
        members.len(),
        begun.elapsed()
    );
    let (mut posted, mut there) = (posted, site.titles());
    posted.sort();
    there.sort();
    assert_eq!(there, posted);

    let mut mailed = site.recipients();
    for _ in 0..500 {
        if mailed.len() >= members.len() {
            break;
        }
        sleep(Duration::from_millis(20));
        mailed = site.recipients();
    }
    // No mail is lost or sent twice, and none is sent late.
    sleep(Duration::from_secs(3));
    mailed = site.recipients();
    mailed.sort();
    members.sort();
    assert_eq!(mailed, members);
}
