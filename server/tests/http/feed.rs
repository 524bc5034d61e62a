//! Tests of feeds.

use axum::{
    body::Body,
    http::{Method, StatusCode},
};
use domain::{
    Scope,
    platform::{entity::post, topic::Topic},
};
use roxmltree::Document;
use sea_orm::{EntityTrait, sea_query::Expr};
use serde_json::Value;
use server::{application::Application, config::Config};

use crate::persona::{Answer, Persona, Site};

const HOSTILE: &str = "</title><script>alert(1)</script> & \"quotes\" ]]>";

async fn publish(person: &Persona, title: &str, tags: &str, content: &str) -> String {
    let fields = [("title", title), ("tags", tags), ("content", content)];
    person.post("/post/new", &fields).await.location()
}

/// Returns the texts of all elements called `name`.
fn texts(answer: &Answer, name: &str) -> Vec<String> {
    let document = Document::parse(&answer.body).expect("well-formed");
    let found = document
        .descendants()
        .filter(|node| node.tag_name().name() == name);
    found
        .map(|node| node.text().unwrap_or_default().to_owned())
        .collect()
}

#[tokio::test]
async fn every_list_has_a_feed_in_every_format_with_whole_texts() {
    let site = Site::at("https://paper.example").await;
    let ada = site.member("ada").await;
    let content = "# Part\n\n![a](/media/image/0a-1-1.webp) [b](/about) \u{7} `</script>`\n\n".repeat(60);
    let address = publish(&ada, HOSTILE, "rust", &content).await;
    publish(&ada, "Another", "", "text").await;
    let reader = site.visitor();
    for (list, posts) in [("", 2), ("/user/ada", 2), ("/tag/rust", 1)] {
        let atom = reader.get(&format!("{list}/atom.xml")).await;
        assert_eq!(atom.header("content-type"), "application/atom+xml; charset=utf-8");
        assert_eq!(texts(&atom, "entry").len(), posts);
        let rss = reader.get(&format!("{list}/rss.xml")).await;
        assert_eq!(rss.header("content-type"), "application/rss+xml; charset=utf-8");
        assert_eq!(texts(&rss, "item").len(), posts);
        let json = reader.get(&format!("{list}/feed.json")).await;
        assert_eq!(
            json.header("content-type"),
            "application/feed+json; charset=utf-8"
        );
        let json: Value = serde_json::from_str(&json.body).unwrap();
        let item = json["items"].as_array().unwrap().last().unwrap();

        for text in [
            texts(&atom, "content").pop().unwrap(),
            texts(&rss, "encoded").pop().unwrap(),
            item["content_html"].as_str().unwrap().to_owned(),
        ] {
            assert!(text.len() > 2_000, "the whole text: {}", text.len());
            assert!(text.contains("src=\"https://paper.example/media/image/0a-1-1.webp\""));
            assert!(text.contains("href=\"https://paper.example/about\""));
            assert!(text.contains(&format!("href=\"https://paper.example{address}#in-part\"")));
            assert!(!text.contains("<script"));
        }
        assert_eq!(texts(&atom, "title").pop().unwrap(), HOSTILE);
        assert_eq!(texts(&rss, "title").pop().unwrap(), HOSTILE);
        assert_eq!(item["title"], HOSTILE);
        assert_eq!(item["id"], "https://paper.example/post/1");
        assert_eq!(item["url"], format!("https://paper.example{address}"));
        assert_eq!(item["tags"], serde_json::json!(["rust"]));
    }
    for nowhere in ["/tag/none/atom.xml", "/user/nobody/rss.xml"] {
        assert_eq!(reader.get(nowhere).await.status, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn a_page_names_its_feeds() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    let address = publish(&ada, "A title", "rust", "text").await;
    for (path, feed) in [
        ("/", "/atom.xml"),
        ("/user/ada", "/user/ada/atom.xml"),
        ("/tag/rust", "/tag/rust/atom.xml"),
        (address.as_str(), "/user/ada/atom.xml"),
    ] {
        let page = site.visitor().get(path).await;
        let feeds = page.attributes("link[rel=alternate][type='application/atom+xml']", "href");
        assert!(feeds.iter().any(|href| href == feed), "{path}: {feeds:?}");
    }
}

#[tokio::test]
async fn a_feed_that_has_not_changed_is_not_sent_again() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    publish(&ada, "A title", "", "text").await;
    let reader = site.visitor();
    let first = reader.get("/rss.xml").await;
    let again = async |name: &str, value: &str| {
        let request = reader.request(Method::GET, "/rss.xml").header(name, value);
        reader.send(request.body(Body::empty()).unwrap()).await
    };
    for (name, header) in [("if-none-match", "etag"), ("if-modified-since", "last-modified")] {
        let known = again(name, first.header(header)).await;
        assert_eq!(known.status, StatusCode::NOT_MODIFIED, "{name}");
        assert!(known.body.is_empty());
        assert_eq!(known.header("etag"), first.header("etag"));
    }
    publish(&ada, "Another", "", "text").await;
    assert_eq!(
        again("if-none-match", first.header("etag")).await.status,
        StatusCode::OK
    );
}

#[tokio::test]
async fn the_usual_addresses_of_a_feed_lead_to_that_of_the_site() {
    let site = Site::new().await;
    for (usual, feed) in [("/feed", "/atom.xml"), ("/rss", "/rss.xml")] {
        for method in [Method::GET, Method::HEAD] {
            let request = site.visitor().request(method, usual).body(Body::empty());
            let answer = site.visitor().send(request.unwrap()).await;
            assert_eq!(answer.status, StatusCode::PERMANENT_REDIRECT, "{usual}");
            assert_eq!(answer.location(), feed);
        }
    }
}

// RFC 9110, 13.1.2
#[tokio::test]
async fn what_somebody_has_is_not_sent_again_whether_their_tag_is_weak_or_not() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    let post = publish(&ada, "A title", "rust", "text").await;
    let reader = site.visitor();
    for path in [
        "/",
        "/about",
        "/explore",
        "/user/ada",
        "/tag/rust",
        &post,
        "/atom.xml",
        "/rss.xml",
        "/feed.json",
    ] {
        let tag = reader.get(path).await.header("etag").to_owned();
        let strong = tag.strip_prefix("W/").unwrap().to_owned();
        for (known, status) in [
            (vec![strong.clone()], StatusCode::NOT_MODIFIED),
            (vec![tag.clone()], StatusCode::NOT_MODIFIED),
            (vec![format!("\"x\", {strong}")], StatusCode::NOT_MODIFIED),
            (vec!["\"x\"".to_owned(), strong.clone()], StatusCode::NOT_MODIFIED),
            (vec!["*".to_owned()], StatusCode::NOT_MODIFIED),
            (vec![strong.trim_matches('"').to_owned()], StatusCode::OK),
        ] {
            let mut request = reader.request(Method::GET, path);
            for field in &known {
                request = request.header("if-none-match", field);
            }
            let answer = reader.send(request.body(Body::empty()).unwrap()).await;
            assert_eq!(answer.status, status, "{path} {known:?}");
            assert_eq!(answer.header("etag"), tag, "{path}");
        }
    }
}

/// Returns the ids and the links in the feed at `path`.
async fn named(site: &Site, path: &str) -> (Vec<String>, Vec<String>) {
    let feed = site.visitor().get(path).await;
    if path.rsplit('.').next() == Some("json") {
        let feed: Value = serde_json::from_str(&feed.body).unwrap();
        let items = feed.get("items").and_then(Value::as_array).unwrap();
        let of = |name: &str| {
            let texts = items
                .iter()
                .map(|item| item.get(name).and_then(Value::as_str).unwrap());
            texts.map(str::to_owned).collect()
        };
        return (of("id"), of("url"));
    }
    if path.ends_with("rss.xml") {
        // The link to the feed itself has its address in an attribute.
        let links = texts(&feed, "link").into_iter().filter(|link| !link.is_empty());
        return (texts(&feed, "guid"), links.collect());
    }
    let document = Document::parse(&feed.body).unwrap();
    let links = document
        .descendants()
        .filter_map(|node| node.attribute("href"))
        .map(str::to_owned);
    (texts(&feed, "id"), links.collect())
}

#[tokio::test]
async fn a_site_at_another_address_names_its_posts_as_before_and_links_to_where_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let mut config = crate::config::config("http://paper.example:8080", folder.path());
    let started = async |config: &Config| {
        let application = Application::build(config).await.unwrap();
        Site::of(application, tempfile::tempdir().unwrap())
    };
    let site = started(&config).await;
    let ada = site.member("ada").await;
    publish(&ada, "A title", "rust", "text").await;
    let lists = ["", "/user/ada", "/tag/rust"];
    let paths: Vec<String> = lists
        .into_iter()
        .flat_map(|list| ["atom.xml", "rss.xml", "feed.json"].map(|file| format!("{list}/{file}")))
        .collect();
    let mut before = Vec::new();
    for path in &paths {
        let (ids, links) = named(&site, path).await;
        assert!(
            ids.contains(&"http://paper.example:8080/post/1".to_owned()),
            "{path}: {ids:?}"
        );
        assert!(
            links
                .iter()
                .all(|link| link.starts_with("http://paper.example:8080"))
        );
        before.push(ids);
    }
    drop((ada, site));
    for address in [
        "https://paper.example",
        "https://news.example",
        "http://paper.example:8080",
    ] {
        config.site_url = address.parse().unwrap();
        let site = started(&config).await;
        for (path, before) in paths.iter().zip(&before) {
            let (ids, links) = named(&site, path).await;
            assert_eq!(&ids, before, "{path}");
            assert!(
                links.iter().all(|link| link.starts_with(address)),
                "{path}: {links:?}"
            );
        }
    }
}

#[tokio::test]
async fn the_feed_of_a_former_name_leads_to_that_of_the_new_one() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    let fields = [("username", "countess"), ("email", "ada@example.org")];
    ada.post("/account", &fields).await;
    let moved = site.visitor().get("/user/ada/atom.xml").await;
    assert_eq!(moved.status, StatusCode::PERMANENT_REDIRECT);
    assert_eq!(moved.location(), "/user/countess/atom.xml");
}

#[tokio::test]
async fn a_hub_is_named_where_there_is_one() {
    let hub = "https://hub.example/";
    let site = Site::with("http://localhost:3000", |config| {
        config.websub_hub = Some(hub.to_owned());
    })
    .await;
    let reader = site.visitor();
    for file in ["atom.xml", "rss.xml", "feed.json"] {
        let feed = reader.get(&format!("/{file}")).await;
        assert!(feed.body.contains(hub), "{file}");
        assert_eq!(
            feed.header("link"),
            format!("<{hub}>; rel=\"hub\", <http://localhost:3000/{file}>; rel=\"self\"")
        );
    }
    assert_eq!(
        Site::new().await.visitor().get("/atom.xml").await.header("link"),
        ""
    );
}

/// The maximum size of a feed, in bytes.
const FEED_MAX: usize = 2 * 1024 * 1024;

/// Returns texts with the maximum length that are expensive to send.
fn long_texts() -> [String; 5] {
    [
        "🙂".repeat(100_000),
        "\"<&>' \\ ".repeat(7_000),
        "# a\n".repeat(24_990),
        "a|b\n-|-\n".to_owned() + &"1 *2*|3\n".repeat(6_000),
        "> *[a](/b \"c\")* `d`\n\n".repeat(1_500),
    ]
}

#[tokio::test]
async fn a_feed_is_bounded_and_long_texts_lead_to_the_rest() {
    let site = Site::at("https://paper.example").await;
    let ada = site.member("ada").await;
    let long_texts = long_texts();
    let mut addresses = Vec::new();
    for number in 0..21 {
        let title = format!("{number}{}", "&".repeat(148));
        addresses.push(
            publish(
                &ada,
                &title,
                "a, b, c, d, e",
                &long_texts[number % long_texts.len()],
            )
            .await,
        );
    }
    publish(&ada, "Short", "", "A short text.").await;
    addresses.reverse();
    let reader = site.visitor();
    let atom = reader.get("/atom.xml").await;
    let rss = reader.get("/rss.xml").await;
    let json = reader.get("/feed.json").await;
    for feed in [&atom, &rss, &json] {
        assert!(feed.bytes.len() <= FEED_MAX, "{}", feed.bytes.len());
    }
    let json: Value = serde_json::from_str(&json.body).unwrap();
    let items = json["items"].as_array().unwrap();
    let items = items
        .iter()
        .map(|item| item["content_html"].as_str().unwrap().to_owned());
    for found in [texts(&atom, "content"), texts(&rss, "encoded"), items.collect()] {
        assert_eq!(found.len(), 20);
        let (short, long) = found.split_first().unwrap();
        assert_eq!(short, "<p>A short text.</p>\n");
        for (text, address) in long.iter().zip(&addresses) {
            let link = format!("<p><a href=\"https://paper.example{address}\">Read on</a></p>");
            assert!(
                text.ends_with(&link),
                "{}",
                text.chars().take(40).collect::<String>()
            );
        }
    }
}

#[tokio::test]
async fn a_post_that_is_longer_than_could_be_published_today_is_read_whole_and_cut_in_feeds() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    let address = publish(&ada, "Long ago", "", "text").await;
    let html =
        "<h2 id=\"in-a\">a<a class=\"anchor\" href=\"#in-a\" aria-label=\"Link to this part\"></a></h2>\n"
            .repeat(24_990);
    let changed = post::Entity::update_many()
        .col_expr(post::Column::Html, Expr::value(html.as_str()))
        .exec(site.state.db.writer());
    changed.await.unwrap();
    site.state.db.changes().record([Topic::Everything]);
    let page = site.visitor().get(&address).await;
    assert_eq!(page.texts(".prose h2[id]").len(), 24_990);
    let feed = site.visitor().get("/atom.xml").await;
    assert!(feed.bytes.len() < 100_000, "{}", feed.bytes.len());
    assert!(texts(&feed, "content")[0].ends_with("\">Read on</a></p>"));
}

#[tokio::test]
async fn a_post_that_an_older_renderer_made_longer_than_allowed_today_is_kept() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    let address = publish(&ada, "Long ago", "", "text").await;
    let changed = post::Entity::update_many()
        .col_expr(post::Column::Content, Expr::value("[a](/b) ".repeat(12_500)))
        .col_expr(post::Column::Renderer, Expr::value(0))
        .exec(site.state.db.writer());
    changed.await.unwrap();
    assert_eq!(
        domain::posts::render_old(&Scope::job(site.state.clone())).await,
        Ok(1)
    );
    let page = site.visitor().get(&address).await;
    assert_eq!(page.texts(".prose a").len(), 12_500);
}

#[tokio::test]
async fn a_cover_comes_before_the_text_and_another_language_is_named() {
    let site = Site::at("https://paper.example").await;
    let ada = site.member("ada").await;
    publish(&ada, "The lake", "", "text").await;
    let details = r#"{"language":"de","cover":{"image":{"name":"0a1b-2c3d-1200-800.jpg","width":1200,"height":800},
        "alt":"A \"lake\" & <b>","caption":"In May"}}"#;
    let changed = post::Entity::update_many()
        .col_expr(post::Column::Details, Expr::value(details))
        .exec(site.state.db.writer());
    changed.await.unwrap();
    site.state.db.changes().record([Topic::Everything]);
    let reader = site.visitor();
    let (atom, rss) = (reader.get("/atom.xml").await, reader.get("/rss.xml").await);
    let json: Value = serde_json::from_str(&reader.get("/feed.json").await.body).unwrap();
    let item = &json["items"][0];
    let expected = "<figure><img src=\"https://paper.example/media/image/0a1b-2c3d-1200-800.jpg\" \
        alt=\"A &quot;lake&quot; &amp; &lt;b&gt;\" width=\"1200\" height=\"800\">\
        <figcaption>In May</figcaption></figure>\n<p";
    for text in [
        texts(&atom, "content").pop().unwrap(),
        texts(&rss, "encoded").pop().unwrap(),
        item["content_html"].as_str().unwrap().to_owned(),
    ] {
        assert!(text.starts_with(expected), "{text}");
    }
    assert_eq!(
        item["image"],
        "https://paper.example/media/image/0a1b-2c3d-1200-800.jpg"
    );
    assert_eq!(item["language"], "de");
    assert!(atom.body.contains("<entry xml:lang=\"de\">"), "{}", atom.body);
}
