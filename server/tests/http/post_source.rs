//! Tests of the Markdown source of posts.

use axum::http::StatusCode;

use crate::persona::Site;

#[tokio::test]
async fn a_post_is_there_as_markdown() {
    let site = Site::at("https://paper.example").await;
    let ada = site.member("ada").await;
    let address = ada.publish("On mills", "It *turns*.\n\n- one\n- two").await;
    let visitor = site.visitor();
    let page = visitor.get(&address).await;
    let source = format!("{address}.md");
    assert_eq!(
        page.attributes("link[rel=alternate][type='text/markdown']", "href"),
        [source.as_str()]
    );
    let answer = visitor.get(&source).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(
        answer.header("content-type"),
        "text/markdown; charset=utf-8; variant=GFM"
    );
    let (head, text) = answer
        .body
        .strip_prefix("+++\n")
        .and_then(|rest| rest.split_once("\n+++\n"))
        .unwrap();
    assert_eq!(text, "It *turns*.\n\n- one\n- two");
    let head: toml::Table = head.parse().unwrap();
    assert_eq!(head["title"].as_str(), Some("On mills"));
    assert_eq!(head["author"].as_str(), Some("ada"));

    // Whoever has an old address is led to the present one, with every change at once.
    let change = [
        ("post", "1"),
        ("post_version", "1"),
        ("title", "On windmills"),
        ("content", "Other text"),
    ];
    ada.post("/post/update", &change).await;
    visitor.get(&source).await.redirects_to("/post/1-on-windmills.md");
    visitor
        .get("/post/1.md")
        .await
        .redirects_to("/post/1-on-windmills.md");
    let answer = visitor.get("/post/1-on-windmills.md").await;
    assert!(answer.body.ends_with("\n+++\nOther text"), "{}", answer.body);
}

#[tokio::test]
async fn a_post_that_cannot_be_read_has_no_source() {
    let site = Site::new().await;
    let (ada, visitor) = (site.member("ada").await, site.visitor());
    let address = format!("{}.md", ada.publish("On mills", "text").await);
    for path in ["/post/2-on-mills.md", "/post/nothing.md", "/post/.md"] {
        assert_eq!(visitor.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(visitor.get(&address).await.status, StatusCode::OK);
    ada.post("/post/trash", &[("id", "1")]).await;
    assert_eq!(visitor.get(&address).await.status, StatusCode::GONE);
    assert_eq!(ada.get(&address).await.status, StatusCode::GONE);
}
