//! Tests of display names and profiles, as visitors, crawlers and moderators see them.

use domain::{Scope, accounts::administration, site::values::fixed_by_flag};
use serde_json::Value;
use shared::model::{account::Role, site::Setting};

use crate::persona::{Answer, Persona, Site};

const BASIC: &[(&str, &str)] = &[("username", "ada"), ("email", "ada@example.org")];

/// Saves the profile of ada with these fields.
async fn save(ada: &Persona, fields: &[(&str, &str)]) -> Answer {
    ada.post("/account", &[BASIC, fields].concat()).await
}

fn data(page: &Answer, part: usize) -> Value {
    let parts = page.texts("script[type='application/ld+json']");
    serde_json::from_str(parts.get(part).unwrap()).unwrap()
}

#[tokio::test]
async fn a_profile_shows_what_somebody_says_about_themselves() {
    // Links of new members are text.
    let site = Site::with("http://localhost:3000", |config| {
        config.site = fixed_by_flag([(Setting::Trust, "off")]);
    })
    .await;
    let ada = site.member("ada").await;
    let fields = [
        ("display_name", "Ada Lovelace"),
        ("pronouns", "she/her"),
        ("location", "London"),
        ("website", "ada.example"),
        ("links", "https://social.example/@ada\r\ncode.example/ada/"),
        (
            "biography",
            "I *count*.\r\n\r\n[Numbers](https://numbers.example)",
        ),
    ];
    save(&ada, &fields).await.redirects_to("/account");
    let form = ada.get("/account").await;
    assert_eq!(form.attributes("#display_name", "value"), ["Ada Lovelace"]);
    assert_eq!(form.attributes("#website", "value"), ["https://ada.example"]);
    assert_eq!(
        form.text("#links"),
        "https://social.example/@ada\nhttps://code.example/ada/"
    );
    assert_eq!(
        form.text("#biography"),
        "I *count*.\n\n[Numbers](https://numbers.example)"
    );
    assert_eq!(form.text(".nav-person"), "ada", "the bar shows the username");

    let page = site.visitor().get("/user/ada").await;
    assert_eq!(page.text("title"), "Ada Lovelace · Broadsheet");
    assert_eq!(page.text(".h-card h1.p-name"), "Ada Lovelace");
    assert_eq!(page.text(".h-card .p-nickname"), "ada");
    assert_eq!(page.text(".h-card .p-pronouns"), "she/her");
    assert_eq!(page.text(".h-card .p-locality"), "London");
    assert_eq!(page.text(".h-card .person-biography em"), "count");
    assert_eq!(page.attributes(".h-card .u-uid", "value"), ["/user/ada"]);
    let links = [
        "https://ada.example",
        "https://social.example/@ada",
        "https://code.example/ada/",
    ];
    assert_eq!(page.attributes(".h-card a[rel~=me].u-url", "href"), links);
    assert_eq!(
        page.texts(".h-card a[rel~=me]"),
        ["ada.example", "social.example/@ada", "code.example/ada"]
    );
    let person = &data(&page, 0)["mainEntity"];
    assert_eq!(
        (&person["name"], &person["alternateName"]),
        (&"Ada Lovelace".into(), &"ada".into())
    );
    assert_eq!(person["sameAs"].as_array().unwrap().len(), 3);
    assert_eq!(
        page.attributes("meta[property='og:title']", "content"),
        ["Ada Lovelace"]
    );
    assert_eq!(
        page.attributes("meta[property='profile:username']", "content"),
        ["ada"]
    );

    save(&ada, &[]).await.redirects_to("/account");
    let page = site.visitor().get("/user/ada").await;
    assert_eq!(
        page.text("h1"),
        "Ada Lovelace",
        "a form without these fields changes nothing"
    );

    let fields = [
        "display_name",
        "pronouns",
        "biography",
        "location",
        "website",
        "links",
    ];
    save(&ada, &fields.map(|field| (field, "")))
        .await
        .redirects_to("/account");
    let page = site.visitor().get("/user/ada").await;
    assert_eq!(page.text("h1"), "ada");
    assert!(
        page.texts(".p-nickname, .p-locality, .person-links, .person-biography")
            .is_empty()
    );
}

#[tokio::test]
async fn a_post_is_by_the_display_name_in_the_page_and_in_feeds() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    let address = ada.publish("On engines", "text").await;
    let reader = site.visitor();
    assert_eq!(reader.get("/").await.text(".byline-author"), "ada");
    save(&ada, &[("display_name", "Ada Lovelace")])
        .await
        .redirects_to("/account");

    let home = reader.get("/").await;
    assert_eq!(home.text(".h-feed .h-entry .p-author.h-card"), "Ada Lovelace");
    assert_eq!(home.attributes(".h-entry .p-author", "href"), ["/user/ada"]);
    let post = reader.get(&address).await;
    assert_eq!(post.text(".h-entry .p-name"), "On engines");
    assert_eq!(post.text(".h-entry .p-author"), "Ada Lovelace");
    assert_eq!(post.attributes(".h-entry .u-url", "value"), [address.as_str()]);
    assert_eq!(post.attributes(".h-entry .dt-published", "datetime").len(), 1);
    assert_eq!(post.text(".h-entry .e-content"), "text");
    assert_eq!(data(&post, 0)["author"]["name"], "Ada Lovelace");
    assert_eq!(
        post.attributes("meta[property='og:image:alt']", "content"),
        ["“On engines” by Ada Lovelace"]
    );
    let explore = reader.get("/explore").await;
    assert_eq!(explore.text(".author-name"), "Ada Lovelace @ada");
    for (path, author) in [
        ("/atom.xml", "<name>Ada Lovelace</name>"),
        ("/rss.xml", "<dc:creator>Ada Lovelace</dc:creator>"),
        ("/feed.json", "\"name\":\"Ada Lovelace\""),
        ("/user/ada/atom.xml", "<title>Ada Lovelace · Broadsheet</title>"),
    ] {
        let feed = reader.get(path).await;
        assert!(feed.body.contains(author), "{path}: {}", feed.body);
        // RSS has only the names of authors.
        let has_address = feed.body.contains("/user/ada") || path == "/rss.xml";
        assert!(has_address, "the username stays in the address: {path}");
    }
}

#[tokio::test]
async fn refused_parts_of_a_profile_are_told_beside_their_fields_and_kept() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    let fields = [
        ("display_name", "\u{301}\u{302}"),
        ("pronouns", "she\u{202e}"),
        ("location", &"x".repeat(61)),
        ("website", "javascript:alert(1)"),
        (
            "links",
            "a.example\nb.example\nc.example\nd.example\ne.example\nf.example",
        ),
        ("biography", &"x".repeat(2_001)),
    ];
    let answer = save(&ada, &fields).await;
    assert_eq!(answer.status, 422);
    for (field, message) in [
        (
            "display_name",
            "Enter a display name with at least one letter or digit",
        ),
        (
            "pronouns",
            "Enter pronouns without control characters, invisible characters or stacked accents",
        ),
        ("location", "Enter a location of at most 60 characters"),
        ("website", "Enter a web address like https://example.com"),
        ("links", "Enter at most 5 links, one on each line"),
        ("biography", "Enter a biography of at most 2,000 characters"),
    ] {
        assert_eq!(answer.text(&format!("#{field}-error")), message);
    }
    assert_eq!(answer.attributes("#display_name", "value"), [fields[0].1]);
    assert_eq!(answer.attributes("#website", "value"), [fields[3].1]);
    assert_eq!(answer.text("#links"), fields[4].1);
    assert_eq!(site.visitor().get("/user/ada").await.text("h1"), "ada");
}

#[tokio::test]
async fn only_moderators_are_warned_of_a_name_that_looks_like_another() {
    let site = Site::new().await;
    let (ada, joan) = (site.member("ada").await, site.member("joan").await);
    site.member("grace").await;
    for (name, role) in [("grace", Role::Administrator), ("joan", Role::Moderator)] {
        let scope = Scope::command_line(site.state.clone());
        administration::set_role(&scope, name, role).await.unwrap();
    }
    assert!(
        !joan
            .get("/moderation")
            .await
            .body
            .contains("Names that look alike")
    );
    save(&ada, &[("display_name", "Grасе")])
        .await
        .redirects_to("/account");
    let warning = "This name looks like that of grace, an administrator.";
    assert!(joan.get("/user/ada").await.text(".notice").starts_with(warning));
    for person in [&site.visitor(), &ada] {
        assert!(person.get("/user/ada").await.texts(".notice").is_empty());
    }
    let overview = joan.get("/moderation").await;
    let rows = overview.texts("section .row").join(" ");
    assert!(
        rows.contains("Grасе @adaLooks like that of grace, an administrator"),
        "{rows}"
    );
}
