//! Tests of metadata for crawlers and for programs that show links.

use axum::{
    body::Body,
    http::{Method, StatusCode},
};
use domain::{Scope, accounts::administration};
use futures::future::join_all;
use roxmltree::Document;
use serde_json::Value;
use shared::model::account::Role;

use crate::persona::{Answer, Persona, Site};

const HOSTILE: &str = "</script><script>alert(1)</script> \"quotes\" & <b>";

async fn publish(person: &Persona, title: &str) -> String {
    let fields = [
        ("title", title),
        ("tags", "rust, web"),
        ("content", "It *begins* here."),
    ];
    person.post("/post/new", &fields).await.location()
}

fn meta(page: &Answer, name: &str) -> Vec<String> {
    page.attributes(
        &format!("meta[property='{name}'], meta[name='{name}']"),
        "content",
    )
}

fn data(page: &Answer) -> Vec<Value> {
    let texts = page.texts("script[type='application/ld+json']");
    texts
        .iter()
        .map(|text| serde_json::from_str(text).expect("JSON"))
        .collect()
}

fn locations(answer: &Answer) -> Vec<String> {
    let document = Document::parse(&answer.body).expect("well-formed");
    let found = document
        .descendants()
        .filter(|node| node.tag_name().name() == "loc");
    found.map(|node| node.text().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_post_says_what_it_is() {
    let site = Site::at("https://paper.example").await;
    let ada = site.member("ada").await;
    let address = publish(&ada, HOSTILE).await;
    let page = site.visitor().get(&address).await;
    let own = format!("https://paper.example{address}");
    assert_eq!(page.attributes("link[rel=canonical]", "href"), [own.as_str()]);
    assert_eq!(meta(&page, "description"), ["It begins here."]);
    assert_eq!(meta(&page, "og:title"), [HOSTILE]);
    assert_eq!(meta(&page, "og:type"), ["article"]);
    assert_eq!(meta(&page, "og:url"), [own.as_str()]);
    assert_eq!(meta(&page, "article:tag"), ["rust", "web"]);
    assert_eq!(meta(&page, "twitter:card"), ["summary_large_image"]);
    let [posting, trail] = &data(&page)[..] else {
        panic!("two parts")
    };
    assert_eq!(posting["@type"], "BlogPosting");
    assert_eq!(posting["headline"], HOSTILE);
    assert_eq!(posting["author"]["url"], "https://paper.example/user/ada");
    assert_eq!(trail["itemListElement"].as_array().unwrap().len(), 3);
    assert!(page.texts("script").iter().all(|script| script != "alert(1)"));
}

#[tokio::test]
async fn people_and_lists_say_what_they_are() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    for number in 0..11 {
        publish(&ada, &format!("Post {number}")).await;
    }
    let reader = site.visitor();
    let page = reader.get("/user/ada").await;
    assert_eq!(data(&page)[0]["mainEntity"]["name"], "ada");
    assert_eq!(meta(&page, "og:type"), ["profile"]);
    for list in ["/", "/user/ada", "/tag/rust"] {
        let page = reader.get(&format!("{list}?page=2&from=a-mail")).await;
        let at = |rel: &str| page.attributes(&format!("head link[rel={rel}]"), "href");
        let url = format!("http://localhost:3000{list}");
        assert_eq!(at("canonical"), [format!("{url}?page=2")]);
        assert_eq!(at("prev"), [url.as_str()]);
        assert_eq!(at("next"), [format!("{url}?page=3")]);
    }
    // An error page has no description; a form has only a description.
    assert!(meta(&reader.get("/nowhere").await, "description").is_empty());
    assert_eq!(meta(&reader.get("/login").await, "description").len(), 1);
}

#[tokio::test]
async fn a_post_has_a_picture_that_is_drawn_once() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    let address = publish(&ada, "On engines").await;
    let reader = site.visitor();
    let path = async || {
        let page = reader.get(&address).await;
        meta(&page, "og:image")[0]
            .strip_prefix("http://localhost:3000")
            .unwrap()
            .to_owned()
    };
    let first = path().await;
    let card = reader.get(&first).await;
    assert_eq!(
        (card.status.as_u16(), card.header("content-type")),
        (200, "image/png")
    );
    assert_eq!(card.header("cross-origin-resource-policy"), "cross-origin");
    assert!(card.header("cache-control").contains("immutable"));
    let kept = site
        .folder()
        .join("media")
        .join(first.strip_prefix("/media/").unwrap());
    let drawn = std::fs::metadata(&kept).unwrap().modified().unwrap();
    assert_eq!(reader.get(&first).await.bytes, card.bytes);
    assert_eq!(std::fs::metadata(&kept).unwrap().modified().unwrap(), drawn);

    let fields = [
        ("post", "1"),
        ("post_version", "1"),
        ("title", "On bread"),
        ("content", "text"),
    ];
    ada.post("/post/update", &fields).await;
    let old = reader.get(&first).await;
    assert_eq!(old.status, StatusCode::SEE_OTHER);
    let page = reader.get("/post/1-on-bread").await;
    assert!(meta(&page, "og:image")[0].ends_with(&old.location()));
    assert_ne!(reader.get(&old.location()).await.bytes, card.bytes);
    ada.post("/post/trash", &[("id", "1")]).await;
    assert_eq!(reader.get(&old.location()).await.status, StatusCode::GONE);
}

#[tokio::test]
async fn crawlers_that_ask_for_many_pictures_at_once_wait_for_them() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    let mut pictures = Vec::new();
    for number in 0..14 {
        let address = publish(&ada, &format!("Post {number}")).await;
        let picture = meta(&site.visitor().get(&address).await, "og:image").remove(0);
        pictures.push(picture.replace("http://localhost:3000", ""));
    }
    let asking = pictures.iter().enumerate().map(async |(number, path)| {
        let crawler = site.visitor_from(&format!("192.0.2.{number}"));
        crawler.get(path).await.status.as_u16()
    });
    assert_eq!(join_all(asking).await, [200; 14]);
}

#[tokio::test]
async fn every_public_address_is_in_the_sitemap() {
    let site = Site::at("https://paper.example").await;
    let ada = site.member("ada").await;
    site.member("grace").await;
    let address = publish(&ada, "A title & more").await;
    publish(&ada, "Deleted").await;
    ada.post("/post/trash", &[("id", "2")]).await;
    let crawler = site.visitor();
    let robots = crawler.get("/robots.txt").await;
    assert!(robots.body.contains("Sitemap: https://paper.example/sitemap.xml"));
    assert!(robots.body.contains("Disallow: /account"));
    let mut found = Vec::new();
    for file in locations(&crawler.get("/sitemap.xml").await) {
        let file = crawler
            .get(file.strip_prefix("https://paper.example").unwrap())
            .await;
        assert_eq!(file.header("content-type"), "application/xml; charset=utf-8");
        found.extend(locations(&file));
    }
    let expected = [
        "/",
        "/about",
        "/explore",
        &address,
        "/user/ada",
        "/tag/rust",
        "/tag/web",
    ];
    assert_eq!(found, expected.map(|path| format!("https://paper.example{path}")));
    for nowhere in [
        "/sitemap/posts-2.xml",
        "/sitemap/posts-0.xml",
        "/sitemap/users.xml",
    ] {
        assert_eq!(
            crawler.get(nowhere).await.status,
            StatusCode::NOT_FOUND,
            "{nowhere}"
        );
    }
}

#[tokio::test]
async fn programs_find_what_they_look_for_at_fixed_addresses() {
    let site = Site::with("https://paper.example", |config| {
        config.security_contact = Some("mailto:security@paper.example".to_owned());
    })
    .await;
    let reader = site.visitor();
    let security = reader.get("/.well-known/security.txt").await;
    assert!(
        security
            .body
            .starts_with("Contact: mailto:security@paper.example\nExpires: ")
    );
    reader
        .get("/.well-known/change-password")
        .await
        .redirects_to("/account/password");
    let manifest = reader.get("/manifest.webmanifest").await;
    let manifest: Value = serde_json::from_str(&manifest.body).unwrap();
    assert_eq!(manifest["icons"].as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn a_file_comes_in_parts_and_every_page_answers_who_asks_for_its_head() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    let address = publish(&ada, "A title").await;
    let reader = site.visitor();
    let picture = meta(&reader.get(&address).await, "og:image").remove(0);
    let picture = picture.strip_prefix("http://localhost:3000").unwrap();
    let whole = reader.get(picture).await;
    assert_eq!(whole.header("accept-ranges"), "bytes");
    for (range, status, part) in [
        ("bytes=0-3", 206, whole.bytes.get(..4)),
        ("bytes=-5", 206, whole.bytes.get(whole.bytes.len() - 5..)),
        ("bytes=-999999", 200, whole.bytes.get(..)),
        ("bytes=999999-", 416, Some(&[][..])),
        ("bytes=0-1,3-4", 200, whole.bytes.get(..)),
        ("lines=1-2", 200, whole.bytes.get(..)),
    ] {
        let request = reader.request(Method::GET, picture).header("range", range);
        let answer = reader.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(
            (answer.status.as_u16(), Some(&answer.bytes[..])),
            (status, part),
            "{range}"
        );
        assert_eq!(
            answer.header("cache-control").contains("immutable"),
            status != 416,
            "{range}"
        );
    }
    for path in [
        "/",
        &address,
        "/user/ada",
        "/explore",
        "/atom.xml",
        "/sitemap.xml",
        "/robots.txt",
    ] {
        let request = reader.request(Method::HEAD, path).body(Body::empty()).unwrap();
        let head = reader.send(request).await;
        assert_eq!((head.status.as_u16(), head.bytes.len()), (200, 0), "{path}");
    }
}

#[tokio::test]
async fn what_is_hidden_or_gone_is_in_no_list_for_programs() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    let grace = site.member("grace").await;
    administration::set_role(&Scope::command_line(site.state.clone()), "grace", Role::Moderator)
        .await
        .unwrap();
    let address = publish(&ada, "Secret words").await;
    let reader = site.visitor();
    let card = meta(&reader.get(&address).await, "og:image")[0].replace("http://localhost:3000", "");
    let lists = [
        "/atom.xml",
        "/rss.xml",
        "/feed.json",
        "/user/ada/atom.xml",
        "/tag/rust/rss.xml",
        "/tag/rust",
        "/sitemap/posts-1.xml",
        "/explore",
    ];
    let found = async || {
        let mut found = Vec::new();
        for path in lists {
            let body = reader.get(path).await.body;
            found.push(body.contains("secret-words") || body.contains("href=\"/tag/rust\""));
        }
        found
    };
    assert!(found().await.iter().all(|is_there| *is_there));
    let known = reader.get("/rss.xml").await;
    let since = async || {
        let request = reader.request(Method::GET, "/rss.xml");
        let request = request.header("if-modified-since", known.header("last-modified"));
        reader.send(request.body(Body::empty()).unwrap()).await.status
    };
    assert_eq!(since().await, StatusCode::NOT_MODIFIED);

    grace
        .post("/moderation/hide", &[("post", "1"), ("reason", "x")])
        .await;
    assert!(found().await.iter().all(|is_there| !is_there));
    assert_eq!(
        since().await,
        StatusCode::OK,
        "who has the old feed gets the new one"
    );
    // The social preview is gone for those who can still see the post as well, because it would be cached for everyone.
    for person in [&reader, &ada, &grace] {
        let answer = person.get(&card).await;
        assert_eq!(answer.status, StatusCode::GONE);
        assert!(!answer.header("cache-control").contains("public"));
    }
    grace.post("/moderation/show", &[("id", "1")]).await;
    assert!(found().await.iter().all(|is_there| *is_there));
    let fields = [("current_password", "ada-secret!")];
    ada.post("/account/delete", &fields).await.redirects_to("/");
    assert!(found().await.iter().all(|is_there| !is_there));
}
