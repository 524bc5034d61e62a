//! Tests of static pages and of redirects, as a browser without JavaScript sees them.

use std::collections::BTreeSet;

use app::pages::route::PageRoute;
use axum::{
    body::Body,
    http::{
        Method, StatusCode,
        header::{ACCEPT, LOCATION},
    },
};
use domain::{Scope, accounts::administration, administration::settings, platform::topic::Topic};
use sea_orm::ConnectionTrait;
use server::router::{files_and_checks, routes};
use shared::model::{account::Role, site::Setting};

use crate::persona::{Answer, Persona, Site};

/// Creates a site with the administrator grace.
async fn administered() -> (Site, Persona) {
    let site = Site::new().await;
    let grace = site.member("grace").await;
    administration::set_role(
        &Scope::command_line(site.state.clone()),
        "grace",
        Role::Administrator,
    )
    .await
    .unwrap();
    (site, grace)
}

const IMPRINT: &[(&str, &str)] = &[
    ("title", "Imprint"),
    ("address", "imprint"),
    ("place", "footer"),
    ("content", "We are *somebody*."),
];

/// Returns the fields of [`IMPRINT`] with other values for some of them, and additional ones.
fn imprint<'a>(changes: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let kept = IMPRINT
        .iter()
        .filter(|(name, _)| !changes.iter().any(|(other, _)| other == name));
    kept.copied().chain(changes.iter().copied()).collect()
}

async fn as_data(person: &Persona, path: &str) -> Answer {
    let mut request = person.request(Method::GET, path).body(Body::empty()).unwrap();
    request
        .headers_mut()
        .insert(ACCEPT, "application/json".parse().unwrap());
    person.send(request).await
}

#[tokio::test]
async fn a_page_is_written_published_changed_and_deleted() {
    let (site, grace) = administered().await;
    let reader = site.visitor();
    assert_eq!(reader.get("/imprint").await.status, StatusCode::NOT_FOUND);

    let saved = grace
        .post("/admin/pages/new", &imprint(&[("intent", "save")]))
        .await;
    saved.redirects_to("/admin/pages/update?id=1");
    assert_eq!(reader.get("/imprint").await.status, StatusCode::NOT_FOUND);
    let editor = grace.get("/admin/pages/update?id=1").await;
    assert_eq!(editor.text("#content"), "We are *somebody*.");
    assert_eq!(editor.attributes("#address", "value"), ["imprint"]);
    assert_eq!(editor.texts("option[selected]"), ["In the footer"]);

    grace
        .post("/admin/pages/publish", &[("id", "1")])
        .await
        .redirects_to("/admin/pages");
    let page = reader.get("/imprint").await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(page.text("h1"), "Imprint");
    assert_eq!(page.texts(".prose em"), ["somebody"]);
    assert!(page.text("title").starts_with("Imprint"));
    assert_eq!(
        page.attributes("link[rel=canonical]", "href"),
        ["http://localhost:3000/imprint"]
    );
    let home = reader.get("/").await;
    assert!(
        home.attributes(".footer a", "href")
            .contains(&"/imprint".to_owned())
    );
    assert!(reader.get("/sitemap/pages.xml").await.body.contains("/imprint"));
    let data = as_data(&reader, "/_/page?slug=imprint").await;
    assert!(data.body.contains("<em>somebody</em>"), "{}", data.body);

    let changed = imprint(&[
        ("id", "1"),
        ("version", "2"),
        ("title", "Legal"),
        ("place", "bar"),
    ]);
    grace
        .post("/admin/pages/update?id=1", &changed)
        .await
        .redirects_to("/imprint");
    assert_eq!(reader.get("/imprint").await.text("h1"), "Legal");
    let home = reader.get("/").await;
    assert!(home.attributes(".nav a", "href").contains(&"/imprint".to_owned()));
    assert!(
        !home
            .attributes(".footer a", "href")
            .contains(&"/imprint".to_owned())
    );

    let question = grace.get("/admin/pages/delete?id=1").await;
    assert_eq!(question.text("h1"), "Delete this page?");
    grace
        .post("/admin/pages/delete", &[("id", "1")])
        .await
        .redirects_to("/admin/pages");
    assert_eq!(reader.get("/imprint").await.status, StatusCode::NOT_FOUND);
    let log = grace
        .get("/moderation")
        .await
        .texts("section:last-of-type")
        .join("");
    for act in [
        "grace added the page “Imprint” (/imprint)",
        "grace published the page “Imprint” (/imprint)",
        "grace changed the page “Legal” (/imprint)",
        "grace deleted the page “Legal” (/imprint)",
    ] {
        assert!(log.contains(act), "{act}: {log}");
    }
}

#[tokio::test]
async fn the_page_about_the_site_is_the_one_that_was_written() {
    let (site, grace) = administered().await;
    let reader = site.visitor();
    let default = reader.get("/about").await;
    assert_eq!(default.status, StatusCode::OK);
    assert!(default.text("h1").starts_with("About"));
    grace
        .post(
            "/admin/pages/new",
            &imprint(&[("title", "Who we are"), ("address", "about")]),
        )
        .await
        .redirects_to("/about");
    assert_eq!(reader.get("/about").await.text("h1"), "Who we are");
    grace.post("/admin/pages/unpublish", &[("id", "1")]).await;
    assert_eq!(reader.get("/about").await.text("h1"), default.text("h1"));
}

#[tokio::test]
async fn a_refused_page_comes_back_with_everything_that_was_typed() {
    let (_site, grace) = administered().await;
    grace
        .post("/admin/pages/new", IMPRINT)
        .await
        .redirects_to("/imprint");
    for (address, message) in [
        ("imprint", "Enter another address: this one is taken"),
        (
            "login",
            "Enter another address: the site itself uses this one, or may use it later",
        ),
        (
            "a b",
            "Enter an address that has only a–z, 0–9 and “-”, such as “imprint”",
        ),
    ] {
        let fields = imprint(&[("address", address), ("title", "Another"), ("place", "bar")]);
        let refused = grace.post("/admin/pages/new", &fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(refused.texts(".field-error"), [message]);
        assert_eq!(refused.attributes("#title", "value"), ["Another"]);
        assert_eq!(refused.attributes("#address", "value"), [address]);
        assert_eq!(refused.texts("option[selected]"), ["In the bar at the top"]);
        assert_eq!(refused.text("#content"), "We are *somebody*.");
    }
}

#[tokio::test]
async fn a_conflict_shows_both_texts_and_the_next_submission_replaces_the_other() {
    let (site, grace) = administered().await;
    grace
        .post("/admin/pages/new", IMPRINT)
        .await
        .redirects_to("/imprint");
    let theirs = imprint(&[("id", "1"), ("version", "1"), ("content", "Theirs")]);
    grace
        .post("/admin/pages/update?id=1", &theirs)
        .await
        .redirects_to("/imprint");
    let mine = imprint(&[("id", "1"), ("version", "1"), ("content", "Mine")]);
    let conflict = grace.post("/admin/pages/update?id=1", &mine).await;
    assert_eq!(conflict.status, StatusCode::CONFLICT);
    assert_eq!(conflict.text("#content"), "Mine");
    assert_eq!(conflict.text(".other-text textarea"), "Theirs");
    assert_eq!(conflict.attributes("[name=version]", "value"), ["2"]);
    let again = imprint(&[("id", "1"), ("version", "2"), ("content", "Mine")]);
    grace
        .post("/admin/pages/update?id=1", &again)
        .await
        .redirects_to("/imprint");
    assert_eq!(site.visitor().get("/imprint").await.text(".prose"), "Mine");
}

#[tokio::test]
async fn a_preview_stores_nothing() {
    let (_site, grace) = administered().await;
    let preview = grace
        .post("/admin/pages/new", &imprint(&[("intent", "preview")]))
        .await;
    assert_eq!(preview.status, StatusCode::OK);
    assert_eq!(preview.texts(".plain-preview em"), ["somebody"]);
    assert_eq!(preview.attributes("#address", "value"), ["imprint"]);
    assert!(grace.get("/admin/pages").await.texts(".row").is_empty());
}

#[tokio::test]
async fn a_page_whose_address_the_program_has_claimed_is_below_page() {
    let (site, grace) = administered().await;
    let sql = "INSERT INTO pages (slug, title, content, html, excerpt, renderer, place, is_published, version, \
               created_at, updated_at, has_moved) VALUES ('explore', 'Mine', 'Text', '<p>Text</p>', '', 0, 'footer', true, \
               1, '2026-01-02T03:04:05Z', '2026-01-02T03:04:05Z', false)";
    site.state.db.writer().execute_unprepared(sql).await.unwrap();
    let reader = site.visitor();
    assert_eq!(reader.get("/explore").await.text("h1"), "Writers");
    let page = reader.get("/page/explore").await;
    assert_eq!((page.status, page.text("h1").as_str()), (StatusCode::OK, "Mine"));
    let notice = grace.get("/admin/pages").await.texts(".notice").join("");
    assert!(
        notice.contains("moved from /explore to /page/explore"),
        "{notice}"
    );
    // Other pages have one address.
    grace
        .post("/admin/pages/new", IMPRINT)
        .await
        .redirects_to("/imprint");
    let other = reader.get("/page/imprint").await;
    assert_eq!(other.status, StatusCode::PERMANENT_REDIRECT);
    assert_eq!(other.location(), "/imprint");
    reader.get("/imprint/").await.redirects_to("/imprint");
    assert_eq!(reader.get("/page/nothing").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn no_static_page_can_have_an_address_of_the_program() {
    let addresses = routes().into_iter().chain(files_and_checks());
    let first = addresses.filter_map(|(_, path)| path.split('/').nth(1).map(str::to_owned));
    let first: BTreeSet<String> = first.collect();
    for name in first {
        let is_possible = matches!(PageRoute::at(&format!("/{name}")), Some(PageRoute::StaticPage));
        assert!(!is_possible, "{name}");
    }
}

#[tokio::test]
async fn an_old_address_leads_to_the_new_one_until_its_redirect_is_deleted() {
    let (site, grace) = administered().await;
    let reader = site.visitor();
    assert_eq!(reader.get("/2015/03/x").await.status, StatusCode::NOT_FOUND);
    let fields = [("old_path", "/2015/03/x/"), ("target", "/about")];
    grace
        .post("/admin/redirects", &fields)
        .await
        .redirects_to("/admin/redirects");
    for old in ["/2015/03/x/", "/2015/03/x", "/2015/03/x?utm=1"] {
        let led = reader.get(old).await;
        assert_eq!(led.status, StatusCode::PERMANENT_REDIRECT, "{old}");
        assert_eq!(led.location(), "/about", "{old}");
        assert_eq!(as_data(&reader, old).await.location(), "/about", "{old}");
    }
    let fields = [("old_path", "/?p=12"), ("target", "/explore")];
    grace.post("/admin/redirects", &fields).await;
    reader.get("/?p=12").await.redirects_to("/explore");
    assert_eq!(reader.get("/?p=13").await.status, StatusCode::OK);
    assert_eq!(reader.get("/").await.status, StatusCode::OK);

    let list = grace.get("/admin/redirects").await;
    assert_eq!(list.texts(".row").len(), 2);
    let found = grace.get("/admin/redirects?path=%2F2015%2F03%2Fx").await;
    assert_eq!(found.texts(".row-title"), ["/2015/03/x → /about"]);
    let none = grace.get("/admin/redirects?path=%2Fy").await;
    assert!(
        none.text(".explore-summary")
            .starts_with("No redirect from “/y”.")
    );

    grace
        .post("/admin/redirects/delete", &[("id", "1")])
        .await
        .redirects_to("/admin/redirects");
    assert_eq!(reader.get("/2015/03/x").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_refused_redirect_says_why_and_comes_back() {
    let (_site, grace) = administered().await;
    grace
        .post("/admin/redirects", &[("old_path", "/a"), ("target", "/b")])
        .await
        .redirects_to("/admin/redirects");
    for (old, new, message) in [
        (
            "/b",
            "/a",
            "Enter another new address: this one leads back to the old one",
        ),
        (
            "/c",
            "https://evil.example/",
            "Enter an address of this site that begins with “/”, such as “/about”",
        ),
        (
            "/login",
            "/a",
            "Enter another old address: the site itself uses this one",
        ),
        (
            "/a",
            "/c",
            "Enter another old address: this one has a redirect already",
        ),
    ] {
        let refused = grace
            .post("/admin/redirects", &[("old_path", old), ("target", new)])
            .await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(refused.texts(".field-error"), [message]);
        assert_eq!(refused.attributes("#old_path", "value"), [old]);
        assert_eq!(refused.attributes("#target", "value"), [new]);
    }
}

#[tokio::test]
async fn an_unknown_address_is_answered_from_memory() {
    let site = Site::new().await;
    site.state.db.changes().watch(true);
    let reader = site.visitor();
    assert_eq!(reader.get("/nothing").await.status, StatusCode::NOT_FOUND);
    // Any statement about these fails from now on.
    for table in ["pages", "redirects"] {
        let sql = format!("DROP TABLE {table}");
        site.state.db.writer().execute_unprepared(&sql).await.unwrap();
    }
    for path in [
        "/nothing-else",
        "/nothing/at/all",
        "/wp-login.php",
        "/nothing?a=b",
    ] {
        let answer = reader.get(path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(answer.headers.get(LOCATION), None, "{path}");
    }
    // Once something has changed, they are asked about again.
    site.state.db.changes().record([Topic::Redirects]);
    let asked = reader.get("/nothing").await;
    assert!(asked.status.is_server_error(), "{}", asked.status);
}

#[tokio::test]
async fn a_page_answers_no_other_method_than_reading() {
    let (_site, grace) = administered().await;
    grace
        .post("/admin/pages/new", IMPRINT)
        .await
        .redirects_to("/imprint");
    let posted = grace.post("/imprint", &[]).await;
    assert_eq!(posted.status, StatusCode::METHOD_NOT_ALLOWED);
}

/// Sets the static page that takes the place of home.
async fn set_home(site: &Site, page: &str, posts: &str) {
    let operator = Scope::command_line(site.state.clone());
    for (setting, value) in [(Setting::HomePage, page), (Setting::HomePosts, posts)] {
        let value = setting.parse(value).unwrap();
        settings::set(&operator, setting, value).await.unwrap();
    }
}

#[tokio::test]
async fn a_page_takes_the_place_of_home_above_the_posts_or_alone() {
    let (site, grace) = administered().await;
    let reader = site.visitor();
    for number in 1..=6 {
        grace.publish(&format!("Post {number}"), "text").await;
    }
    assert_eq!(reader.get("/posts").await.status, StatusCode::PERMANENT_REDIRECT);
    reader.get("/posts").await.redirects_to("/");
    reader.get("/posts?page=2").await.redirects_to("/?page=2");
    let fields = imprint(&[("title", "Welcome"), ("address", "welcome")]);
    grace
        .post("/admin/pages/new", &fields)
        .await
        .redirects_to("/welcome");

    set_home(&site, "/welcome", "on").await;
    let home = reader.get("/").await;
    assert_eq!(home.text("h1"), "Welcome");
    assert_eq!(home.texts(".card").len(), 5);
    let second = reader.get("/?page=2").await;
    assert_eq!(
        (second.texts(".card").len(), second.texts(".prose").len()),
        (1, 0)
    );
    reader.get("/posts").await.redirects_to("/");

    set_home(&site, "welcome", "off").await;
    let home = reader.get("/").await;
    assert_eq!(home.text("h1"), "Welcome");
    assert_eq!(home.texts(".card").len(), 0);
    assert_eq!(
        home.attributes("link[rel=canonical]", "href"),
        ["http://localhost:3000/"]
    );
    let posts = reader.get("/posts").await;
    assert_eq!((posts.status, posts.texts(".card").len()), (StatusCode::OK, 5));
    assert!(
        posts
            .attributes(".pager a", "href")
            .contains(&"/posts?page=2".to_owned())
    );
    assert_eq!(reader.get("/posts?page=2").await.texts(".card").len(), 1);
    reader.get("/?page=2").await.redirects_to("/posts?page=2");

    // Without the page, home is what it was.
    grace.post("/admin/pages/unpublish", &[("id", "1")]).await;
    assert_eq!(reader.get("/").await.texts(".card").len(), 5);
    reader.get("/posts").await.redirects_to("/");
}
