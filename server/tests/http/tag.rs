//! Tests of tags.

use axum::http::StatusCode;
use domain::posts::trash::KEPT;

use crate::persona::{Persona, Site};

async fn publish(person: &Persona, title: &str, tags: &str) -> String {
    let fields = [("title", title), ("tags", tags), ("content", "text")];
    person.post("/post/new", &fields).await.location()
}

#[tokio::test]
async fn posts_are_found_by_their_tags() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    let address = publish(&ada, "On engines", "Rust, #Web Development, rust").await;
    publish(&ada, "On bread", "bread").await;
    let reader = site.visitor();
    let post = reader.get(&address).await;
    assert_eq!(post.texts(".tags .tag"), ["rust", "web-development"]);
    assert_eq!(
        post.attributes(".tags .tag", "href"),
        ["/tag/rust", "/tag/web-development"]
    );
    let list = reader.get("/tag/rust").await;
    assert_eq!(list.text("h1"), "rust");
    assert_eq!(list.texts(".card-title"), ["On engines"]);
    let explore = reader.get("/explore").await;
    assert_eq!(explore.texts(".popular-tags .tag").len(), 3);
    assert_eq!(reader.get("/tag/nothing").await.status, StatusCode::NOT_FOUND);
    // Any other spelling redirects to the normalized one.
    for (typed, path) in [
        ("/tag/Rust", "/tag/rust"),
        ("/tag/WEB%20development", "/tag/web-development"),
    ] {
        let moved = reader.get(typed).await;
        assert_eq!((moved.status.as_u16(), moved.location().as_str()), (308, path));
    }
}

#[tokio::test]
async fn a_post_leaves_the_lists_of_tags_that_it_no_longer_has() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    publish(&ada, "A title", "one, two").await;
    let form = ada.get("/post/update?post=1").await;
    assert_eq!(form.attributes("#tags", "value"), ["one, two"]);
    let fields = [
        ("post", "1"),
        ("post_version", "1"),
        ("title", "A title"),
        ("tags", "two, three"),
        ("content", "text"),
    ];
    ada.post("/post/update", &fields).await.location();
    let status = async |tag: &str| ada.get(&format!("/tag/{tag}")).await.status.as_u16();
    assert_eq!(
        [status("one").await, status("two").await, status("three").await],
        [404, 200, 200]
    );

    ada.post("/post/trash", &[("id", "1")]).await;
    assert_eq!([status("two").await, status("three").await], [404, 404]);
    ada.post("/post/restore", &[("id", "1")]).await;
    assert_eq!([status("two").await, status("three").await], [200, 200]);
    ada.post("/post/trash", &[("id", "1")]).await;
    site.state.clock.advance(KEPT * 2);
    domain::posts::trash::sweep(&domain::Scope::job(site.state.clone()))
        .await
        .unwrap();
    assert_eq!(status("two").await, 404);
}

#[tokio::test]
async fn a_draft_keeps_its_tags() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    let fields = [("title", "A title"), ("tags", "one, Two"), ("intent", "save")];
    let draft = ada.post("/post/new", &fields).await.location();
    assert_eq!(ada.get(&draft).await.attributes("#tags", "value"), ["one, two"]);
    assert_eq!(ada.get("/tag/two").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn tags_that_cannot_be_are_refused_and_kept_in_the_form() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    let long = "a".repeat(31);
    for (tags, problem) in [
        ("a, b, c, d, e, f", "Enter at most 5 tags, separated by commas"),
        (long.as_str(), "Enter tags of at most 30 characters each"),
        ("a/b", "Enter tags with letters or digits"),
    ] {
        let fields = [("title", "A title"), ("tags", tags), ("content", "text")];
        let refused = ada.post("/post/new", &fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{tags}");
        assert!(
            refused.text("#tags-error").contains(problem),
            "{}",
            refused.text("#tags-error")
        );
        assert_eq!(refused.attributes("#tags", "value"), [tags]);
        assert_eq!(refused.text("#content").trim(), "text");
    }
}
