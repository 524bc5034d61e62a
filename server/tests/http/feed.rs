//! Feeds, as programs read them.

use axum::{
    body::Body,
    http::{Method, StatusCode},
};
use roxmltree::Document;
use serde_json::Value;

use crate::persona::{Answer, Persona, Site};

const HOSTILE: &str = "</title><script>alert(1)</script> & \"quotes\" ]]>";

async fn publish(person: &Persona, title: &str, tags: &str, content: &str) -> String {
    let fields = [("title", title), ("tags", tags), ("content", content)];
    person.post("/post/new", &fields).await.location()
}

/// The texts of all elements called `name`.
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
