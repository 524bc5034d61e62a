//! Tests of the cache of pages for visitors who are not logged in.

use std::{
    collections::HashSet,
    io::Cursor,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::{
    Router,
    body::Body,
    http::{
        Method, StatusCode,
        header::{ACCEPT_ENCODING, ACCEPT_LANGUAGE, IF_NONE_MATCH, REFERER, USER_AGENT},
    },
    routing::get,
};
use domain::{Scope, accounts::administration, platform::topic::Topic};
use futures::{
    future::{join, join_all},
    poll,
};
use image::{ImageFormat, Rgb, RgbImage};
use server::router::routes;
use shared::model::account::Role;
use tokio::{
    sync::Notify,
    time::{sleep, timeout},
};

use crate::persona::{Answer, Persona, Site};

/// A cached address that no route of the site matches more closely than one of a test.
const FEED: &str = "/user/x/atom.xml";

/// Returns the page at `path` for a new visitor.
async fn seen(site: &Site, path: &str) -> Answer {
    site.visitor().get(path).await
}

fn png() -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    RgbImage::from_pixel(200, 200, Rgb([200, 30, 30]))
        .write_to(&mut bytes, ImageFormat::Png)
        .unwrap();
    bytes.into_inner()
}

/// Changes the profile of `person`, who registered as `registered`.
async fn save_profile(person: &Persona, registered: &str, username: &str, about: &str) {
    let email = format!("{registered}@example.org");
    let fields = [("username", username), ("email", &email), ("about", about)];
    let answer = person.post("/account", &fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
}

#[tokio::test]
async fn a_page_is_made_once_however_many_ask_for_it() {
    let site = Site::new().await;
    site.member("ada").await.publish("On engines", "text").await;
    let asking = (0..40).map(|_| seen(&site, "/"));
    let answers = join_all(asking).await;
    // Each page that is rendered has a different nonce.
    let first = &answers[0].body;
    assert!(first.contains("nonce=\""));
    let names: HashSet<&str> = answers
        .iter()
        .map(|answer| answer.header("x-request-id"))
        .collect();
    assert_eq!(names.len(), answers.len(), "each request has a name of its own");
    for answer in &answers {
        assert_eq!((answer.status, &answer.body), (StatusCode::OK, first));
        assert_eq!(answer.header("cache-control"), "private, no-cache");
        assert!(answer.header("content-security-policy").contains("nonce-"));
    }
    let known = site.visitor().request(Method::GET, "/");
    let known = known.header(IF_NONE_MATCH, answers[0].header("etag"));
    let known = site.visitor().send(known.body(Body::empty()).unwrap()).await;
    assert_eq!((known.status, known.bytes.len()), (StatusCode::NOT_MODIFIED, 0));
    let head = site.visitor().request(Method::HEAD, "/").body(Body::empty());
    let head = site.visitor().send(head.unwrap()).await;
    assert_eq!((head.status, head.bytes.len()), (StatusCode::OK, 0));
    assert_eq!(head.header("content-length"), first.len().to_string());
}

#[tokio::test]
async fn without_a_cache_each_page_is_made_for_whoever_asks() {
    let site = Site::with("http://localhost:3000", |config| config.page_cache = 0).await;
    assert_ne!(seen(&site, "/").await.body, seen(&site, "/").await.body);
}

#[tokio::test]
async fn what_is_changed_is_seen_at_the_next_request() {
    let site = Site::new().await;
    let (ada, grace) = (site.member("ada").await, site.member("grace").await);
    administration::set_role(&Scope::command_line(site.state.clone()), "grace", Role::Moderator)
        .await
        .unwrap();
    let all = ["/", "/user/ada", "/explore", "/atom.xml", "/tag/rust"];
    let shows = async |text: &str| {
        let pages = join_all(all.map(|path| seen(&site, path))).await;
        let shown = pages.iter().map(|page| page.body.contains(text));
        shown.collect::<Vec<bool>>()
    };

    assert_eq!(shows("On engines").await, [false; 5]);
    let fields = [("title", "On engines"), ("content", "text"), ("tags", "rust")];
    let post = ada.post("/post/new", &fields).await.location();
    assert_eq!(shows("On engines").await, [true; 5]);
    assert!(seen(&site, &post).await.body.contains("On engines"));

    let changed = [
        ("post", "1"),
        ("post_version", "1"),
        ("title", "On looms"),
        ("content", "text"),
        ("tags", "rust"),
    ];
    ada.post("/post/update", &changed).await;
    assert_eq!(shows("On engines").await, [false; 5]);
    assert_eq!(shows("On looms").await, [true; 5]);

    let hidden = [("post", "1"), ("reason", "Spam")];
    grace
        .post("/moderation/hide", &hidden)
        .await
        .redirects_to("/moderation");
    assert_eq!(shows("On looms").await, [false; 5]);
    grace
        .post("/moderation/show", &[("id", "1")])
        .await
        .redirects_to("/moderation");
    assert_eq!(shows("On looms").await, [true; 5]);

    assert!(!seen(&site, "/").await.body.contains("/media/picture/"));
    ada.upload("/account/picture", &png())
        .await
        .redirects_to("/account/picture");
    assert!(seen(&site, "/").await.body.contains("/media/picture/"));
    save_profile(&ada, "ada", "ada", "I weave.").await;
    assert!(seen(&site, "/user/ada").await.body.contains("I weave."));
    save_profile(&ada, "ada", "countess", "I weave.").await;
    assert!(seen(&site, "/").await.body.contains("/user/countess"));
    assert_ne!(seen(&site, "/user/ada").await.status, StatusCode::OK);

    ada.post("/post/trash", &[("id", "1")]).await;
    assert!(!seen(&site, "/").await.body.contains("On looms"));
    assert_eq!(
        seen(&site, &post.replace("engines", "looms")).await.status,
        StatusCode::GONE
    );
}

#[tokio::test]
async fn a_change_is_seen_on_all_pages_that_show_it() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    let fields = [("title", "On engines"), ("content", "text"), ("tags", "rust")];
    let post = ada.post("/post/new", &fields).await.location();
    let pages = ["/", "/explore", "/user/ada", "/tag/rust", post.as_str()];
    let shows = async |text: &str| {
        let pages = join_all(pages.map(|path| seen(&site, path))).await;
        pages.iter().all(|page| page.body.contains(text))
    };
    assert!(!shows("/media/picture/").await);
    ada.upload("/account/picture", &png())
        .await
        .redirects_to("/account/picture");
    assert!(shows("/media/picture/").await);
    save_profile(&ada, "ada", "countess", "").await;
    let pages = ["/", "/explore", "/user/countess", "/tag/rust", post.as_str()];
    for path in pages {
        let page = seen(&site, path).await;
        assert!(page.body.contains("/user/countess"), "{path}");
        assert!(!page.body.contains("/user/ada"), "{path}");
    }
    for path in ["/atom.xml", "/user/countess/rss.xml", "/tag/rust/feed.json"] {
        assert!(seen(&site, path).await.body.contains("countess"), "{path}");
    }
}

#[tokio::test]
async fn a_change_makes_only_those_pages_anew_that_show_it() {
    let site = Site::new().await;
    let (ada, grace) = (site.member("ada").await, site.member("grace").await);
    let fields = [("title", "On looms"), ("content", "text"), ("tags", "weaving")];
    let post = grace.post("/post/new", &fields).await.location();
    let others = [
        post.as_str(),
        "/user/grace",
        "/user/grace/atom.xml",
        "/tag/weaving",
        "/tag/weaving/rss.xml",
        "/about",
        "/login",
        "/register",
    ];
    let look = async || join_all(others.map(async |path| seen(&site, path).await.body)).await;
    // A page that is made anew has another nonce.
    let before = look().await;
    for number in 0..20 {
        let title = format!("Engine {number}");
        let fields = [("title", title.as_str()), ("content", "text"), ("tags", "rust")];
        ada.post("/post/new", &fields).await;
        for path in ["/", "/explore", "/user/ada", "/tag/rust", "/atom.xml"] {
            assert!(seen(&site, path).await.body.contains(&title), "{path}");
        }
        assert!(look().await == before, "{title}");
    }
    save_profile(&grace, "grace", "hopper", "").await;
    let after = look().await;
    let made = before.iter().zip(&after).map(|(before, after)| before != after);
    let made: Vec<bool> = made.collect();
    // The two feeds have no nonce, and her own has moved; the one of the tag has another name in it.
    assert_eq!(made, [true, true, true, true, true, false, false, false]);
}

#[tokio::test]
async fn no_page_that_somebody_got_who_is_logged_in_is_given_to_others() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    ada.publish("Shown", "text").await;
    let unfinished = [
        ("title", "Unfinished"),
        ("content", "A secret of hers."),
        ("intent", "save"),
    ];
    ada.post("/post/new", &unfinished)
        .await
        .redirects_to("/post/new?draft=1");
    for (method, path) in routes() {
        if method != Method::GET {
            continue;
        }
        let path = path
            .replace("{username}", "ada")
            .replace("{post}", "1-shown")
            .replace("{tag}", "rust")
            .replace("{file}", "a.webp")
            .replace("{token}", "none");
        let (hers, others) = (ada.get(&path).await, seen(&site, &path).await);
        for mine in ["ada@example.org", "A secret of hers.", "Log out"] {
            assert!(!others.body.contains(mine), "{path}: {mine}");
        }
        // Conversely, she does not receive cached pages.
        let again = ada.get(&path).await;
        assert_eq!(hers.status, again.status, "{path}");
        let is_page = hers.status == StatusCode::OK && hers.body.contains("<nav");
        assert_eq!(again.body.contains("Log out") && is_page, is_page, "{path}");
        let is_kept = others.status == StatusCode::OK;
        assert!(!is_kept || !others.headers.contains_key("set-cookie"), "{path}");
    }
}

#[tokio::test]
async fn what_somebody_sends_with_a_request_is_in_nobody_elses_page() {
    let site = Site::new().await;
    let mark = "5e1f-mark";
    for path in [
        "/",
        "/?page=1",
        "/explore",
        "/login",
        "/about",
        "/post/1",
        "/user/nobody",
    ] {
        let visitor = site.visitor();
        let request = visitor
            .request(Method::GET, path)
            .header(USER_AGENT, mark)
            .header(ACCEPT_LANGUAGE, mark)
            .header(REFERER, format!("http://{mark}.example"))
            .header("x-forwarded-host", mark)
            .header("x-forwarded-for", mark);
        visitor.send(request.body(Body::empty()).unwrap()).await;
        let next = seen(&site, path).await;
        assert!(!next.body.contains(mark), "{path}");
        assert!(
            next.headers
                .values()
                .all(|value| !value.to_str().unwrap().contains(mark))
        );
    }
    // An unusual query is not cached.
    let odd = "/?page=1&from=somewhere";
    assert_ne!(seen(&site, odd).await.body, seen(&site, odd).await.body);
    assert_eq!(
        seen(&site, "/?page=1").await.body,
        seen(&site, "/?page=1").await.body
    );
}

#[tokio::test]
async fn a_page_is_kept_for_each_theme_and_each_coding() {
    let site = Site::new().await;
    let dark = site.visitor();
    dark.set_cookie("theme", "dark");
    for _ in 0..2 {
        assert!(dark.get("/").await.body.contains("data-theme=\"dark\""));
        assert!(seen(&site, "/").await.body.contains("data-theme=\"system\""));
    }
    for _ in 0..2 {
        for (accepted, coding) in [
            ("gzip", Some("gzip")),
            ("br, gzip", Some("br")),
            ("identity", None),
        ] {
            let request = site.visitor().request(Method::GET, "/");
            let request = request.header(ACCEPT_ENCODING, accepted).body(Body::empty());
            let answer = site.visitor().send(request.unwrap()).await;
            let told = answer.headers.get("content-encoding");
            assert_eq!(told.map(|told| told.to_str().unwrap()), coding);
            let known = site
                .visitor()
                .request(Method::GET, "/")
                .header(ACCEPT_ENCODING, accepted);
            let known = known
                .header(IF_NONE_MATCH, answer.header("etag"))
                .body(Body::empty());
            let known = site.visitor().send(known.unwrap()).await;
            assert_eq!(known.status, StatusCode::NOT_MODIFIED);
            assert!(!known.headers.contains_key("content-encoding"));
            let is_plain = answer.body.contains("</html>");
            assert_eq!(is_plain, coding.is_none(), "{accepted}");
            let varies = answer.headers.get_all("vary");
            assert!(varies.iter().any(|value| value == "accept-encoding"));
            assert!(varies.iter().any(|value| value == "cookie"));
        }
    }
}

#[tokio::test]
async fn what_is_too_large_to_be_kept_is_there_all_the_same() {
    let large = "a".repeat(4_600_000);
    let sent = large.clone();
    let site = Site::and(Router::new().route("/user/x/y", get(async move || sent))).await;
    for _ in 0..2 {
        let answer = seen(&site, "/user/x/y").await;
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(answer.body, large);
    }
}

#[tokio::test]
async fn a_feed_is_kept_for_everybody_whatever_they_add_to_the_request() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    for number in 0..16 {
        ada.publish(&format!("Long {number}"), &"字".repeat(99_000)).await;
    }
    let files = ["atom.xml", "rss.xml", "feed.json"];
    let feeds = files.map(|file| [format!("/{file}"), format!("/user/ada/{file}")]);
    let mut kept = Vec::new();
    for path in feeds.as_flattened() {
        let feed = seen(&site, path).await;
        assert!(feed.bytes.len() > 1_000_000, "{path}: {}", feed.bytes.len());
        kept.push((path, feed.bytes));
    }
    // From here on, no page can be rendered.
    site.state.db.clone().close().await.unwrap();
    assert_ne!(
        seen(&site, "/?page=1&from=somewhere").await.status,
        StatusCode::OK
    );
    for (path, bytes) in kept {
        assert!(ada.get(path).await.bytes == bytes, "{path}, logged in");
        assert!(
            seen(&site, &format!("{path}?from=somewhere")).await.bytes == bytes,
            "{path}, with a query"
        );
        let dark = site.visitor();
        dark.set_cookie("theme", "dark");
        assert!(dark.get(path).await.bytes == bytes, "{path}, with a theme");
    }
}

#[tokio::test]
async fn a_feed_is_made_one_at_a_time_for_all_codings() {
    static BEGUN: AtomicUsize = AtomicUsize::new(0);
    static MADE: AtomicUsize = AtomicUsize::new(0);

    let feed = async || {
        assert_eq!(BEGUN.fetch_add(1, Ordering::SeqCst), MADE.load(Ordering::SeqCst));
        sleep(Duration::from_millis(20)).await;
        MADE.fetch_add(1, Ordering::SeqCst);
        "a feed"
    };
    let site = Site::and(Router::new().route(FEED, get(feed))).await;
    let asking = ["br", "gzip", "identity"].repeat(5);
    let answers = join_all(asking.into_iter().map(async |coding| {
        let request = site.visitor().request(Method::GET, FEED);
        let request = request.header(ACCEPT_ENCODING, coding).body(Body::empty());
        site.visitor().send(request.unwrap()).await.status
    }));
    assert_eq!(answers.await, [StatusCode::OK; 15]);
    assert_eq!(MADE.load(Ordering::SeqCst), 3);
}

#[tokio::test]
async fn what_is_one_persons_is_not_given_to_those_who_wait_for_the_same() {
    static COUNT: AtomicUsize = AtomicUsize::new(0);

    let personal = async || {
        sleep(Duration::from_millis(100)).await;
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        ([("set-cookie", format!("number={number}"))], "yours")
    };
    let site = Site::and(Router::new().route(FEED, get(personal))).await;
    let answers = join_all((0..3).map(|_| seen(&site, FEED))).await;
    let cookies: HashSet<String> = answers.iter().map(|answer| answer.set_cookie("number")).collect();
    assert_eq!(cookies.len(), 3, "{cookies:?}");
}

#[tokio::test]
async fn who_asks_after_a_page_was_created_is_not_told_that_it_does_not_exist() {
    let exists = Arc::new(AtomicBool::new(false));
    let (begun, go_on) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (state, begins, goes_on) = (Arc::clone(&exists), Arc::clone(&begun), Arc::clone(&go_on));
    let page = async move || {
        if state.load(Ordering::SeqCst) {
            return StatusCode::OK;
        }
        begins.notify_one();
        goes_on.notified().await;
        StatusCode::NOT_FOUND
    };
    let site = Site::and(Router::new().route(FEED, get(page))).await;
    let mut early = Box::pin(seen(&site, FEED));
    let waiting = async {
        begun.notified().await;
        exists.store(true, Ordering::SeqCst);
        site.state.db.changes().record([Topic::Post(1)]);
        let mut late = Box::pin(seen(&site, FEED));
        assert!(poll!(&mut late).is_pending());
        go_on.notify_one();
        late.await.status
    };
    let answers = timeout(Duration::from_secs(20), join(&mut early, waiting));
    let (early, late) = answers.await.unwrap();
    assert_eq!((early.status, late), (StatusCode::NOT_FOUND, StatusCode::OK));
}
