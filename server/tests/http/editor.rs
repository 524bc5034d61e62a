//! Tests of the editor without JavaScript: drafts, previews, conflicts, and texts whose post has been deleted.

use axum::http::StatusCode;
use domain::platform::entity::post;
use sea_orm::{EntityTrait, sea_query::Expr};
use shared::forms::post::CONTENT_MAX;

use crate::persona::{Answer, Persona, Site};

/// Returns the hidden fields of the form on `page`, together with `more`.
fn fields<'a>(page: &'a Answer, more: &[(&'a str, &'a str)]) -> Vec<(String, String)> {
    let names = page.attributes(".form input[type=hidden]", "name");
    let values = page.attributes(".form input[type=hidden]", "value");
    let more = more
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    names.into_iter().zip(values).chain(more).collect()
}

/// Submits the form on `page` with the fields in `more`.
async fn send(person: &Persona, page: &Answer, more: &[(&str, &str)]) -> Answer {
    let fields = fields(page, more);
    let fields: Vec<(&str, &str)> = fields
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let action = page.attributes("form.form", "action").remove(0);
    person.post(&action, &fields).await
}

#[tokio::test]
async fn a_draft_is_saved_found_again_and_published() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    let page = ada.get("/post/new").await;
    let typed = [("title", "A title"), ("content", "A <text>"), ("intent", "save")];
    let saved = send(&ada, &page, &typed).await;
    saved.redirects_to("/post/new?draft=1");
    let draft = ada.get("/post/new?draft=1").await;
    assert_eq!(draft.text(".flash"), "Your draft has been saved.");
    assert_eq!(draft.text("#content"), "A <text>");
    assert!(draft.text(".editor-save-status").starts_with("Draft saved"));
    assert_eq!(site.visitor().get("/").await.texts(".card"), [""; 0]);

    let drafts = ada.get("/account/drafts").await;
    assert_eq!(drafts.texts(".row-title"), ["A title"]);
    assert_eq!(drafts.attributes(".row-title a", "href"), ["/post/new?draft=1"]);
    let published = send(&ada, &draft, &[("title", "A title"), ("content", "A text")]).await;
    published.redirects_to("/post/1-a-title");
    assert!(
        ada.get("/account/drafts")
            .await
            .body
            .contains("You have no drafts.")
    );
}

#[tokio::test]
async fn a_text_can_be_seen_whatever_is_wrong_with_its_title_and_tags() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    let page = ada.get("/post/new").await;
    let (title, tags) = ("A".repeat(200), "&&&, a, b, c, d, e, f");
    let fields = [
        ("title", title.as_str()),
        ("tags", tags),
        ("content", "It *weaves*"),
        ("intent", "preview"),
    ];
    let preview = send(&ada, &page, &fields).await;
    assert_eq!(preview.status, 200);
    assert_eq!(preview.text(".plain-preview .prose em"), "weaves");
    assert_eq!(preview.attributes("#tags", "value"), [tags]);
}

#[tokio::test]
async fn a_preview_shows_what_the_post_will_look_like_and_keeps_the_form() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    let page = ada.get("/post/new").await;
    let text = "It *weaves* <script>alert(1)</script>\n\n</textarea>";
    let preview = send(
        &ada,
        &page,
        &[("title", "A <title>"), ("content", text), ("intent", "preview")],
    )
    .await;
    assert_eq!(preview.status, 200);
    assert_eq!(preview.text("title"), "New post · Broadsheet");
    assert_eq!(preview.text(".plain-preview-title"), "A <title>");
    assert_eq!(preview.text(".plain-preview .prose em"), "weaves");
    assert_eq!(preview.text("#content"), text);
    assert_eq!(preview.attributes("#title", "value"), ["A <title>"]);
    assert!(preview.texts(".summary").is_empty());

    let published = send(&ada, &preview, &[("title", "A <title>"), ("content", text)]).await;
    let address = published.location();
    let shown = ada.get(&address).await;
    assert_eq!(
        shown.texts(".post .prose"),
        preview.texts(".plain-preview .prose")
    );
}

#[tokio::test]
async fn an_author_changes_a_post_and_readers_see_when() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    let address = ada.publish("First title", "First text").await;
    let post = ada.get(&address).await;
    assert_eq!(
        post.attributes(".post-tools > a", "href"),
        [
            "/post/update?post=1",
            "/post/history?post=1",
            "/post/delete?post=1"
        ]
    );
    let page = ada.get("/post/update?post=1").await;
    assert_eq!(page.text("h1"), "Update post");
    assert_eq!(page.attributes("#title", "value"), ["First title"]);
    assert_eq!(page.text("#content"), "First text");

    site.state.clock.advance(time::Duration::days(2));
    let updated = send(
        &ada,
        &page,
        &[("title", "Second title"), ("content", "Second text")],
    )
    .await;
    updated.redirects_to("/post/1-second-title");
    let post = ada.get("/post/1-second-title").await;
    assert_eq!(post.text(".flash"), "Your changes have been published.");
    assert_eq!(post.text(".prose"), "Second text");
    assert!(post.text(".byline-updated").starts_with("Updated"));
    site.visitor()
        .get("/post/1-first-title")
        .await
        .redirects_to("/post/1-second-title");
}

#[tokio::test]
async fn a_published_post_is_changed_as_a_draft_first() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    let address = ada.publish("A title", "First").await;
    let page = ada.get("/post/update?post=1").await;
    let saved = send(
        &ada,
        &page,
        &[("title", "A title"), ("content", "Second"), ("intent", "save")],
    )
    .await;
    saved.redirects_to("/post/update?post=1");
    assert_eq!(site.visitor().get(&address).await.text(".prose"), "First");
    let page = ada.get("/post/update?post=1").await;
    assert_eq!(page.text("#content"), "Second");
    let drafts = ada.get("/account/drafts").await;
    assert_eq!(drafts.text(".row .badge"), "Changes to a post");

    let discarded = ada.post("/draft/discard", &[("id", "1")]).await;
    discarded.redirects_to("/account/drafts");
    assert_eq!(ada.get("/post/update?post=1").await.text("#content"), "First");
}

// DUR-08
#[tokio::test]
async fn a_conflict_shows_both_texts_and_the_second_sending_decides() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    let address = ada.publish("A title", "First").await;
    let (one, other) = (
        ada.get("/post/update?post=1").await,
        ada.get("/post/update?post=1").await,
    );
    let typed = |text| [("title", "A title"), ("content", text)];
    send(&ada, &one, &typed("By one window"))
        .await
        .redirects_to(&address);
    let conflict = send(&ada, &other, &typed("By the other")).await;
    assert_eq!(conflict.status, 409);
    assert_eq!(conflict.text("#content"), "By the other");
    assert_eq!(conflict.text(".other-text textarea"), "By one window");
    assert!(
        conflict.text(".summary").contains("changed elsewhere")
            || conflict.text(".summary").contains("in another window")
    );
    assert_eq!(ada.get(&address).await.text(".prose"), "By one window");

    send(&ada, &conflict, &typed("By the other"))
        .await
        .redirects_to(&address);
    assert_eq!(ada.get(&address).await.text(".prose"), "By the other");
}

#[tokio::test]
async fn a_refused_change_does_not_pass_over_a_newer_one_the_next_time() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    let address = ada.publish("A title", "First").await;
    let (one, other) = (
        ada.get("/post/update?post=1").await,
        ada.get("/post/update?post=1").await,
    );
    send(&ada, &one, &[("title", "A title"), ("content", "By one window")])
        .await
        .redirects_to(&address);
    let refused = send(&ada, &other, &[("title", ""), ("content", "By the other")]).await;
    assert_eq!(refused.status, 422);
    let conflict = send(
        &ada,
        &refused,
        &[("title", "A title"), ("content", "By the other")],
    )
    .await;
    assert_eq!(conflict.status, 409);
    assert_eq!(ada.get(&address).await.text(".prose"), "By one window");
}

#[tokio::test]
async fn a_text_whose_post_was_deleted_meanwhile_is_kept_and_can_be_saved() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    ada.publish("A title", "First").await;
    let page = ada.get("/post/update?post=1").await;
    ada.post("/post/trash", &[("id", "1")])
        .await
        .redirects_to("/account/trash");
    let typed = [("title", "A title"), ("content", "Much work")];
    let gone = send(&ada, &page, &typed).await;
    assert_eq!(gone.status, 410);
    assert_eq!(gone.text("#content"), "Much work");
    assert!(gone.text(".summary").contains("Save your text as a draft"));

    let typed = [("title", "A title"), ("content", "Much work"), ("intent", "save")];
    let saved = send(&ada, &gone, &typed).await;
    saved.redirects_to("/post/new?draft=1");
    let draft = ada.get("/post/new?draft=1").await;
    assert_eq!(draft.text("#content"), "Much work");
}

#[tokio::test]
async fn nobody_else_changes_a_post_or_opens_a_draft() {
    let site = Site::new().await;
    let (ada, grace) = (site.member("ada").await, site.member("grace").await);
    let address = ada.publish("By Ada", "text").await;
    let page = ada.get("/post/new").await;
    send(
        &ada,
        &page,
        &[("title", "Draft"), ("content", "x"), ("intent", "save")],
    )
    .await;

    assert!(grace.get(&address).await.texts(".post-tools").is_empty());
    assert!(site.visitor().get(&address).await.texts(".post-tools").is_empty());
    for path in ["/post/update?post=1", "/post/delete?post=1"] {
        assert_eq!(grace.get(path).await.status, 403, "{path}");
        site.visitor()
            .get(path)
            .await
            .redirects_to(&shared::paths::login_then(path));
    }
    assert_eq!(grace.get("/post/new?draft=1").await.status, 404);
    let fields = [
        ("post", "1"),
        ("post_version", "1"),
        ("title", "Mine"),
        ("content", "x"),
    ];
    let refused = grace.post("/post/update", &fields).await;
    assert_eq!(refused.status, 403);
    assert_eq!(refused.attributes("#title", "value"), ["Mine"]);
    assert_eq!(site.visitor().get(&address).await.text("h1"), "By Ada");
}

#[tokio::test]
async fn what_is_no_post_and_no_draft_is_a_clear_404() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    for path in [
        "/post/update",
        "/post/update?post=7",
        "/post/update?post=x",
        "/post/delete?post=7",
        "/post/new?draft=7",
        "/post/new?draft=x",
        "/post/new?draft=-1",
        "/account/trash?page=9",
    ] {
        let answer = ada.get(path).await;
        assert_eq!(answer.status, 404, "{path}");
        let what = if path.contains("draft") { "Draft" } else { "Page" };
        assert_eq!(answer.text("h1"), format!("{what} not found"));
    }
}

#[tokio::test]
async fn a_text_with_too_much_markup_is_refused_beside_its_field_and_kept_as_a_draft() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    let links = "[a](/b) ".repeat(12_400);
    let typed = [("title", "Links"), ("content", links.as_str())];
    let page = ada.get("/post/new").await;
    let refused = send(&ada, &page, &typed).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let reason = "Use less formatting: headings, links, notes, table cells and coloured code make this text several times \
                  as long for readers. Shorten it, or publish it in parts";
    assert_eq!(refused.texts(".summary li"), [reason]);
    assert_eq!(refused.text("#content-error"), reason);
    assert_eq!(refused.text("#content"), links.trim());
    assert!(site.visitor().get("/").await.texts(".card").is_empty());

    let preview = send(&ada, &page, &[&typed[..], &[("intent", "preview")]].concat()).await;
    assert_eq!(preview.text(".plain-preview p:last-child"), format!("{reason}."));
    assert_eq!(preview.text("#content"), links.trim());
    let form = [("title", "Links"), ("content", &links)];
    let answer = ada.post("/_/preview", &form).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);

    let saved = send(&ada, &page, &[&typed[..], &[("intent", "save")]].concat()).await;
    saved.redirects_to("/post/new?draft=1");
    assert_eq!(ada.get("/post/new?draft=1").await.text("#content"), links.trim());
    // The same for a change of a post.
    ada.publish("A title", "text").await;
    let changed = [
        ("post", "1"),
        ("post_version", "1"),
        ("title", "Links"),
        ("content", &links),
    ];
    let refused = ada.post("/post/update", &changed).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(site.visitor().get("/post/1-a-title").await.text(".prose"), "text");
}

#[tokio::test]
async fn a_post_that_came_in_longer_than_texts_may_be_can_be_changed_as_long_as_it_does_not_grow() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    let new = ada.get("/post/new").await;
    assert_eq!(new.texts("input[name=content_max]"), [""; 0]);
    assert!(new.text("#content-hint").ends_with("At most 100,000 characters."));
    let typed = [("title", "A title"), ("content", "A text")];
    send(&ada, &new, &typed).await.redirects_to("/post/1-a-title");
    let long = "word ".repeat((CONTENT_MAX + 2_000) / 5);
    post::Entity::update_many()
        .col_expr(post::Column::Content, Expr::value(long.as_str()))
        .exec(site.state.db.writer())
        .await
        .unwrap();

    let page = ada.get("/post/update?post=1").await;
    assert!(
        page.text("#content-hint").contains("102,000"),
        "{}",
        page.text("#content-hint")
    );
    let longer = format!("{long}!");
    let refused = send(&ada, &page, &[("title", "A title"), ("content", &longer)]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        refused
            .text("#content-error")
            .contains("at most 102,000 characters")
    );
    assert_eq!(refused.text("#content").len(), longer.len(), "nothing is lost");
    for intent in ["preview", "save"] {
        let typed = [
            ("title", "Another title"),
            ("content", long.as_str()),
            ("intent", intent),
        ];
        let kept = send(&ada, &refused, &typed).await;
        assert!(
            kept.status.is_success() || kept.status.is_redirection(),
            "{intent}: {}",
            kept.status
        );
        assert!(
            kept.texts(".plain-preview .prose")
                .iter()
                .all(|text| text.len() > CONTENT_MAX)
        );
    }
    let page = ada.get("/post/update?post=1").await;
    let changed = long.replacen("word", "Word", 1);
    send(&ada, &page, &[("title", "A title"), ("content", &changed)])
        .await
        .redirects_to("/post/1-a-title");
    // The limit that the form itself contains is not trusted.
    let fields = [
        ("title", "New"),
        ("content", long.as_str()),
        ("content_max", "1000000"),
    ];
    assert_eq!(
        ada.post("/post/new", &fields).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
}
