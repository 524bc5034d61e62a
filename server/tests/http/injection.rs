//! No user text becomes markup.

use scraper::Selector;

use crate::persona::{Answer, Site};

const HOSTILE: [&str; 6] = [
    "</title><script>alert(1)</script>",
    "</textarea><script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "</script><script>alert(1)</script>",
    "<svg onload=alert(1)>",
    "<!--<script>alert(1)//",
];

/// No element and no attribute that runs something, other than leptos' own scripts in this page.
#[track_caller]
fn assert_inert(answer: &Answer) {
    let page = answer.page();
    for element in page.select(&Selector::parse("*").unwrap()) {
        let name = element.value().name();
        assert!(
            !matches!(name, "iframe" | "object" | "embed" | "svg" | "math" | "base"),
            "{name} in {}",
            answer.body
        );
        assert!(
            name != "script" || element.attr("nonce").is_some(),
            "a script in {}",
            answer.body
        );
        for (attribute, value) in element.value().attrs() {
            assert!(!attribute.starts_with("on"), "{attribute} in {}", answer.body);
            let value = value.trim().to_ascii_lowercase();
            assert!(
                !value.starts_with("javascript:") && !value.starts_with("data:"),
                "{value} in {}",
                answer.body
            );
        }
    }
}

#[tokio::test]
async fn a_hostile_title_is_text_on_every_page() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    for title in HOSTILE {
        let address = ada.publish(title, "text").await;
        for path in [address.as_str(), "/", "/user/ada"] {
            assert_inert(&ada.get(path).await);
        }
        let post = ada.get(&address).await;
        assert_eq!(post.text("title"), format!("{title} · Broadsheet"));
        assert_eq!(post.text("h1"), title);
    }
}

#[tokio::test]
async fn hostile_content_is_sanitised_on_every_page() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    for content in HOSTILE.into_iter().chain([
        "[x](javascript:alert(1))",
        "![x](data:image/svg+xml,x)",
        "<a href='javascript:x'>y</a>",
    ]) {
        let address = ada.publish("A title", &format!("text {content}")).await;
        for path in [address.as_str(), "/", "/user/ada"] {
            assert_inert(&ada.get(path).await);
        }
    }
}

#[tokio::test]
async fn a_hostile_form_comes_back_as_text() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    for text in HOSTILE {
        let answer = ada.post("/post/new", &[("title", ""), ("content", text)]).await;
        assert_eq!(answer.status, 422);
        assert_inert(&answer);
        assert_eq!(answer.text("#content"), text);

        let answer = site
            .visitor()
            .post("/register", &[("username", text), ("email", text)])
            .await;
        assert_inert(&answer);
        assert_eq!(answer.attributes("#username", "value"), [text]);
    }
}

#[tokio::test]
async fn hostile_addresses_are_text() {
    let site = Site::new().await;
    for text in HOSTILE {
        let escaped: String = form_urlencoded::byte_serialize(text.as_bytes()).collect();
        for path in ["/user/", "/post/", "/login?next=", "/?page=", "/nowhere/"] {
            assert_inert(&site.visitor().get(&format!("{path}{escaped}")).await);
        }
        let visitor = site.visitor();
        visitor.set_cookie("flash", &escaped);
        let home = visitor.get("/").await;
        assert_inert(&home);
        assert_eq!(home.text(".flash"), "");
    }
}

#[tokio::test]
async fn sql_in_any_parameter_is_a_literal() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    ada.publish("A title", "text").await;
    for sql in [
        "' OR '1'='1",
        "ada'--",
        "\"; DROP TABLE users; --",
        "1 OR 1=1",
        "%' OR 1=1 --",
    ] {
        let answer = site
            .visitor()
            .post("/login", &[("login", sql), ("password", sql)])
            .await;
        assert_eq!(answer.status, 401, "{sql}");
        let escaped: String = form_urlencoded::byte_serialize(sql.as_bytes()).collect();
        let escaped = escaped.replace('+', "%20");
        for path in ["/user/", "/post/", "/?page="] {
            assert_eq!(
                site.visitor().get(&format!("{path}{escaped}")).await.status,
                404,
                "{path}{sql}"
            );
        }
    }
    assert_eq!(ada.get("/").await.texts(".card").len(), 1);
}
