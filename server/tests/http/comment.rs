//! Tests of comments over HTTP, as a browser without JavaScript sees them.

use axum::{
    body::Body,
    http::{
        Method, StatusCode,
        header::{ACCEPT, ACCEPT_ENCODING},
    },
};
use domain::{Scope, administration::settings};
use roxmltree::Document;
use scraper::Html;
use serde_json::Value;
use shared::model::site::Setting;

use crate::persona::{Answer, Persona, Site};

/// Comments on the post 1 as `person`, and returns the response.
async fn say(person: &Persona, parent: &str, content: &str) -> Answer {
    let fields = [("post", "1"), ("parent", parent), ("comment_content", content)];
    person.post("/comments/new", &fields).await
}

async fn set(site: &Site, setting: Setting, value: &str) {
    let operator = Scope::command_line(site.state.clone());
    settings::set(&operator, setting, value.to_owned()).await.unwrap();
}

fn data(page: &Answer) -> Value {
    let texts = page.texts("script[type='application/ld+json']");
    serde_json::from_str(texts.first().unwrap()).unwrap()
}

#[tokio::test]
async fn a_comment_is_on_the_page_of_its_post_and_has_one_of_its_own() {
    let site = Site::at("https://paper.example").await;
    // Links of new members are text.
    set(&site, Setting::Trust, "off").await;
    let (ada, grace) = (site.member("ada").await, site.member("grace").await);
    let post = ada.publish("On mills", "They turn.").await;
    let first = say(&grace, "", "They *do*, see [here](https://mill.example).").await;
    first.redirects_to(&format!("{post}#comment-1"));
    say(&ada, "1", "Indeed")
        .await
        .redirects_to(&format!("{post}#comment-2"));

    let reader = site.visitor();
    let page = reader.get(&post).await;
    assert_eq!(page.texts("#comment-1 em"), ["do"]);
    let rel = page.attributes("#comment-1 .comment-text a", "rel");
    assert_eq!(rel, ["ugc nofollow noopener external"]);
    assert_eq!(page.text("#comments-heading"), "2 comments");
    assert_eq!(page.attributes("#comment-2", "data-depth"), ["1"]);
    // Visitors are led to the login, and back to a form.
    let reply = page.attributes("#comment-1 .comment-tools a", "href");
    assert_eq!(reply, ["/comments/new?post=1&parent=1", "/report?comment=1"]);
    reader
        .get(&reply[0])
        .await
        .redirects_to("/login?next=%2Fcomments%2Fnew%3Fpost%3D1%26parent%3D1");
    assert_eq!(page.texts("form textarea"), [""; 0]);
    let posting = data(&page);
    assert_eq!(posting["commentCount"], 2);
    assert_eq!(posting["comment"][0]["url"], "https://paper.example/comments/1");
    assert_eq!(posting["comment"][0]["text"], "They do, see here.");
    assert_eq!(posting["comment"][0]["author"]["name"], "grace");

    let own = reader.get("/comments/1").await;
    assert_eq!(own.status, StatusCode::OK);
    assert_eq!(own.text("h1"), "Comment by grace");
    assert_eq!(own.texts(".comment").len(), 2);
    assert_eq!(
        own.attributes("link[rel=canonical]", "href"),
        [format!("https://paper.example{post}")]
    );
    assert_eq!(own.attributes("meta[name=robots]", "content"), ["noindex"]);
    assert!(
        reader
            .get("/")
            .await
            .text(".card-comments")
            .starts_with("2 comments")
    );
}

#[tokio::test]
async fn the_form_of_a_reply_is_below_the_comment_that_it_answers() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    let post = ada.publish("On mills", "They turn.").await;
    say(&ada, "", "One").await;
    say(&ada, "", "Two").await;
    let page = ada.get(&post).await;
    assert_eq!(page.attributes("form.form input[name=parent]", "value"), [""; 0]);
    let replies = page.attributes("#comment-1 .comment-tools a[rel=nofollow]", "href");
    assert_eq!(replies, [format!("{post}?reply=1#reply")]);
    let page = ada.get(&format!("{post}?reply=1")).await;
    assert_eq!(
        page.attributes("#comment-1 + #reply input[name=parent]", "value"),
        ["1"]
    );
    assert_eq!(page.texts("form textarea").len(), 1);
    // One that is not on this page.
    let page = ada.get(&format!("{post}?reply=9")).await;
    assert!(page.text(".comments .notice").contains("is not on this page"));
    assert!(page.body.contains("/comments/9?reply=9#reply"));
    // The form is for a comment on the post itself.
    assert_eq!(page.texts("form textarea").len(), 1);
    assert_eq!(page.attributes("form.form input[name=parent]", "value"), [""; 0]);
}

#[tokio::test]
async fn a_refused_comment_is_shown_again_with_its_text() {
    let site = Site::new().await;
    let (ada, grace) = (site.member("ada").await, site.member("grace").await);
    ada.publish("On mills", "They turn.").await;
    let long = "a".repeat(10_001);
    let answer = say(&grace, "", &long).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(answer.text("form textarea"), long);
    assert!(answer.text(".summary").contains("at most 10,000 characters"));
    // The longest that is accepted, with each character escaped.
    let longest = "\u{1f980}".repeat(10_000);
    assert_eq!(say(&grace, "", &longest).await.status, StatusCode::SEE_OTHER);

    ada.post("/comments/close", &[("post", "1")]).await;
    let late = say(&grace, "1", "Too late").await;
    assert_eq!(late.status, StatusCode::FORBIDDEN);
    assert_eq!(late.text("form textarea"), "Too late");
    ada.post("/comments/reopen", &[("post", "1")]).await;
    ada.post("/post/trash", &[("id", "1")]).await;
    let gone = say(&grace, "", "Too late").await;
    assert_eq!(gone.status, StatusCode::GONE);
    assert_eq!(gone.text("form textarea"), "Too late");
    let nobody = say(&site.visitor(), "", "Who am I?").await;
    assert_eq!(nobody.status, StatusCode::UNAUTHORIZED);
    assert_eq!(nobody.text("form textarea"), "Who am I?");
}

#[tokio::test]
async fn a_preview_publishes_nothing() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    ada.publish("On mills", "They turn.").await;
    let fields = [
        ("post", "1"),
        ("parent", ""),
        ("comment_content", "They *turn*."),
        ("intent", "preview"),
    ];
    let page = ada.post("/comments/new?post=1", &fields).await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(page.texts(".comment-preview em"), ["turn"]);
    assert_eq!(page.text("form textarea"), "They *turn*.");
    assert_eq!(ada.get("/comments/1").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn hostile_comments_are_text_wherever_they_are_shown() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    let post = ada.publish("On mills", "They turn.").await;
    let hostile = [
        "</textarea><script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[a](javascript:alert(1))",
        "</script><script>alert(1)</script> ]]>",
        "\u{202e}reversed <b>bold</b>",
    ];
    for (number, text) in hostile.iter().enumerate() {
        let parent = if number == 0 {
            String::new()
        } else {
            number.to_string()
        };
        assert_eq!(
            say(&ada, &parent, text).await.status,
            StatusCode::SEE_OTHER,
            "{text}"
        );
    }
    let reader = site.visitor();
    let pages = [
        reader.get(&post).await,
        reader.get("/comments/2").await,
        ada.get("/comments/update?comment=1").await,
        ada.get("/comments/delete?comment=1").await,
        ada.get("/comments/new?post=1&parent=2").await,
    ];
    for page in &pages {
        assert_eq!(page.status, StatusCode::OK);
        for selector in [
            "script:not([nonce])",
            "[onerror]",
            "a[href^=javascript]",
            ".comment-text b",
        ] {
            assert_eq!(page.attributes(selector, "class"), [""; 0]);
            assert_eq!(page.texts(selector), [""; 0], "{selector}");
        }
    }
    let feed = reader.get(&format!("{post}/comments.atom")).await;
    let document = Document::parse(&feed.body).expect("well-formed");
    for content in document
        .descendants()
        .filter(|node| node.tag_name().name() == "content")
    {
        let html = Html::parse_fragment(content.text().unwrap());
        assert!(!html.html().contains("<script") && !html.html().contains("<img"));
    }
}

#[tokio::test]
async fn the_comments_on_a_post_have_a_feed_with_threads() {
    let site = Site::at("https://paper.example").await;
    let ada = site.member("ada").await;
    let post = ada.publish("On mills", "They turn.").await;
    let feed = format!("{post}/comments.atom");
    let reader = site.visitor();
    let empty = reader.get(&feed).await;
    assert_eq!(empty.status, StatusCode::OK);
    assert_eq!(
        empty.header("content-type"),
        "application/atom+xml; charset=utf-8"
    );
    say(&ada, "", "One, [there](/about)").await;
    say(&ada, "1", "Two").await;
    let answer = reader.get(&feed).await;
    let document = Document::parse(&answer.body).expect("well-formed");
    let threads = "http://purl.org/syndication/thread/1.0";
    let answered: Vec<&str> = document
        .descendants()
        .filter(|node| node.has_tag_name((threads, "in-reply-to")))
        .map(|node| node.attribute("ref").unwrap())
        .collect();
    assert_eq!(
        answered,
        ["https://paper.example/comments/1", "https://paper.example/post/1"]
    );
    assert!(
        answer.body.contains("https://paper.example/about"),
        "{}",
        answer.body
    );
    let known = reader
        .request(Method::GET, &feed)
        .header("if-none-match", answer.header("etag"));
    let known = reader.send(known.body(Body::empty()).unwrap()).await;
    assert_eq!(known.status, StatusCode::NOT_MODIFIED);
    let page = reader.get(&post).await;
    assert!(page.attributes("link[rel=alternate]", "href").contains(&feed));
    reader.get("/post/1/comments.atom").await.redirects_to(&feed);
    assert_eq!(
        reader.get("/post/9-x/comments.atom").await.status,
        StatusCode::NOT_FOUND
    );

    // The feeds of posts say how many there are.
    let atom = reader.get("/atom.xml").await;
    let document = Document::parse(&atom.body).expect("well-formed");
    let counts: Vec<&str> = document
        .descendants()
        .filter_map(|node| node.attribute((threads, "count")))
        .collect();
    assert_eq!(counts, ["2", "2"]);
    assert!(
        reader
            .get("/rss.xml")
            .await
            .body
            .contains("<slash:comments>2</slash:comments>")
    );

    set(&site, Setting::Comments, "members").await;
    assert_eq!(reader.get(&feed).await.status, StatusCode::UNAUTHORIZED);
    assert!(!reader.get("/atom.xml").await.body.contains("thr:count"));
    assert!(!reader.get(&post).await.body.contains("comments.atom"));
    set(&site, Setting::Comments, "off").await;
    assert_eq!(reader.get(&feed).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_site_without_comments_does_not_mention_them() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    let post = ada.publish("On mills", "They turn.").await;
    say(&ada, "", "Hello").await;
    set(&site, Setting::Comments, "off").await;
    for person in [&ada, &site.visitor()] {
        let page = person.get(&post).await;
        assert_eq!(page.texts(".comments"), [""; 0]);
        assert!(!person.get("/").await.body.contains("comment"));
    }
    assert_eq!(say(&ada, "", "Hello?").await.status, StatusCode::FORBIDDEN);
    set(&site, Setting::Comments, "members").await;
    let page = site.visitor().get(&post).await;
    assert!(
        page.text(".comments")
            .contains("Members can see and write comments")
    );
    assert!(!page.body.contains("Hello"));
    assert!(ada.get(&post).await.body.contains("Hello"));
    site.visitor()
        .get("/comments/1")
        .await
        .redirects_to("/login?next=%2Fcomments%2F1");
}

#[tokio::test]
async fn a_deleted_comment_is_gone_with_its_thread_kept() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    ada.publish("On mills", "They turn.").await;
    say(&ada, "", "One").await;
    say(&ada, "1", "Two").await;
    ada.post("/comments/delete", &[("comment", "1")])
        .await
        .redirects_to("/post/1-on-mills#comments");
    let gone = site.visitor().get("/comments/1").await;
    assert_eq!(gone.status, StatusCode::GONE);
    assert_eq!(gone.texts(".comment").len(), 2);
    assert!(gone.text("#comment-1").contains("This comment was deleted."));
    ada.post("/comments/delete", &[("comment", "2")]).await;
    say(&ada, "", "Three").await;
    for path in ["/comments/1", "/comments/2"] {
        assert_eq!(site.visitor().get(path).await.status, StatusCode::GONE, "{path}");
    }
    for path in [
        "/comments/99",
        "/comments/x",
        "/comments/3?after=x",
        "/post/1-on-mills?comments=x",
    ] {
        let page = site.visitor().get(path).await;
        let is_post = path.starts_with("/post");
        assert_eq!(page.status == StatusCode::NOT_FOUND, !is_post, "{path}");
    }
    // The last comment of the page before has been deleted.
    say(&ada, "3", "Four").await;
    ada.post("/comments/delete", &[("comment", "4")]).await;
    let page = site.visitor().get("/comments/3?after=4").await;
    assert_eq!(page.status, StatusCode::OK);
}

#[tokio::test]
async fn comments_leave_the_cached_pages_of_other_posts_as_they_are() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    ada.publish("On mills", "They turn.").await;
    let other = ada.publish("On looms", "They weave.").await;
    let before = async |path: &str| site.visitor().get(path).await.body;
    let pages = [other.as_str(), "/", "/user/ada", "/explore", "/atom.xml"];
    let mut cached = Vec::new();
    for path in pages {
        cached.push(before(path).await);
    }
    let commented = before("/post/1-on-mills").await;
    for number in 0..100 {
        assert_eq!(
            say(&ada, "", &number.to_string()).await.status,
            StatusCode::SEE_OTHER
        );
    }
    for (path, cached) in pages.iter().zip(&cached) {
        assert!(before(path).await == *cached, "{path}");
    }
    let page = before("/post/1-on-mills").await;
    assert_ne!(page, commented);
    assert_eq!(before("/post/1-on-mills").await, page);
}

/// Returns the size of the page at `path`, compressed as browsers receive it.
async fn compressed(reader: &Persona, path: &str) -> usize {
    let request = reader
        .request(Method::GET, path)
        .header(ACCEPT, "text/html")
        .header(ACCEPT_ENCODING, "gzip, deflate, br, zstd");
    let answer = reader.send(request.body(Body::empty()).unwrap()).await;
    assert!(!answer.header("content-encoding").is_empty());
    answer.bytes.len()
}

#[tokio::test]
async fn a_full_page_of_comments_is_no_larger_than_it_may_be() {
    let site = Site::new().await;
    let people = [site.member("ada").await, site.member("grace").await];
    let post = people[0].publish("On mills", "They turn.").await;
    let text = |number: usize| {
        let starts = [
            "mil", "wa", "ri", "stone", "flo", "gra", "whe", "tur", "bar", "sluice",
        ];
        let ends = ["l", "ter", "ver", "s", "ur", "in", "el", "ning", "ley", "way"];
        let word = |place: usize| {
            let mixed = (number * 7_919 + place * 104_729) ^ (number * place);
            format!("{}{}", starts[mixed % 10], ends[mixed / 10 % 10])
        };
        (0..25).map(word).collect::<Vec<_>>().join(" ")
    };
    for number in 0..20 {
        say(&people[number % 2], "", &text(number)).await;
    }
    let twenty = compressed(&site.visitor(), &post).await;
    for root in 1..=20 {
        for number in 0..20 {
            say(
                &people[number % 2],
                &root.to_string(),
                &text(100 + root * 20 + number),
            )
            .await;
        }
    }
    let full = compressed(&site.visitor(), &post).await;
    assert_eq!(site.visitor().get(&post).await.texts(".comment").len(), 420);
    println!("a page with 20 comments has {twenty} bytes, and a full one {full}");
    // A first visit also loads the style sheet, the font and the scripts, about 22 KB.
    assert!(twenty < 8_000, "{twenty}");
    assert!(full < 38_000, "{full}");
}
