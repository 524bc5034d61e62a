//! Tests of exporting and importing a site or the data of one person.

use std::{fs, path::Path};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{
    program::{run, stderr, stdout},
    site::{Site, png},
};

fn export(folder: &TempDir, file: &Path, more: &[&str]) -> Value {
    let arguments = [&["export", file.to_str().unwrap(), "--json"], more].concat();
    let output = run(folder, &[], &arguments);
    assert!(output.status.success(), "{}", stderr(&output));
    serde_json::from_str(&stdout(&output)).unwrap()
}

fn import(folder: &TempDir, file: &Path) -> Value {
    let output = run(
        folder,
        &[],
        &["import", file.to_str().unwrap(), "--yes", "--json"],
    );
    assert!(output.status.success(), "{}", stderr(&output));
    serde_json::from_str(&stdout(&output)).unwrap()
}

fn counted(added: u32, there: u32) -> Value {
    json!({ "added": added, "there": there, "left_out": 0 })
}

/// Returns a stopped site with everything that an export can contain.
fn full_site() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let site = Site::start(&folder, &[]);
    let (ada, grace) = (site.member("Ada"), site.member("grace"));
    assert_eq!(ada.upload(&png()).unwrap().status, 303);
    let text = "# Ünïcödé\r\n\r\n+++\n\n\\ \" ''' \u{1f980}\n";
    ada.publish("“Quotes” & \\ +++", text).unwrap();
    grace.publish("Thrown away", "Text.").unwrap();
    grace.post("/post/trash", &[("id", "2")]).unwrap();
    let fields = [
        ("title", "Same title"),
        ("tags", "engines, 日本語"),
        ("content", "One"),
    ];
    assert_eq!(ada.post("/post/new", &fields).unwrap().status, 303);
    ada.publish("Same title", "Two").unwrap();
    let fields = [
        ("post", "1"),
        ("post_version", "1"),
        ("title", "Changed"),
        ("tags", "draft"),
        ("content", "New"),
        ("intent", "save"),
    ];
    assert_eq!(ada.post("/post/update?post=1", &fields).unwrap().status, 303);
    let fields = [("title", ""), ("content", "Unfinished"), ("intent", "save")];
    assert_eq!(grace.post("/post/new", &fields).unwrap().status, 303);
    let comments = [
        (&grace, "", "First +++ \\\n+++\n\n''' \u{1f980}"),
        (&ada, "1", "An answer"),
        (&grace, "2", "An answer to the answer"),
        (&ada, "", "Hidden"),
        (&grace, "", "Changed"),
    ];
    for (person, parent, content) in comments {
        let fields = [("post", "1"), ("parent", parent), ("comment_content", content)];
        assert_eq!(person.post("/comments/new", &fields).unwrap().status, 303);
    }
    let steps: [(&str, &[(&str, &str)]); 4] = [
        ("/comments/hide", &[("comment", "5"), ("reason", "A “reason”")]),
        ("/comments/pin", &[("comment", "1")]),
        ("/comments/delete", &[("comment", "2")]),
        ("/comments/close", &[("post", "1")]),
    ];
    for (path, fields) in steps {
        assert_eq!(ada.post(path, fields).unwrap().status, 303, "{path}");
    }
    let fields = [
        ("username", "Grace-H"),
        ("email", "grace@example.org"),
        ("display_name", "“Grace” Hopper 日本語"),
        ("pronouns", "she/her"),
        ("about", "Compiles."),
        (
            "biography",
            "# Ships\r\n\r\n+++\r\n\r\n\"\"\" and ''' *compilers* \\ \"",
        ),
        ("location", "Arlington"),
        ("website", "https://grace.example/ü"),
        ("links", "social.example/@grace\ncode.example/grace"),
    ];
    assert_eq!(grace.post("/account", &fields).unwrap().status, 303);
    site.end();
    run(&folder, &[], &["user", "promote", "Ada"]);
    folder
}

/// Returns the ids of posts in the feed of a site at `address`.
fn ids(folder: &TempDir, address: &str) -> Vec<String> {
    let site = Site::start(folder, &[("BROADSHEET_SITE_URL", address)]);
    let feed = site.visitor().get("/feed.json").unwrap();
    assert_eq!(feed.status, 200, "{}", feed.location);
    let feed: Value = serde_json::from_slice(&feed.body).unwrap();
    let items = feed.get("items").and_then(Value::as_array).unwrap().iter();
    let items = items.map(|item| {
        let text = |name: &str| item.get(name).and_then(Value::as_str).unwrap().to_owned();
        assert!(text("url").starts_with(address));
        text("id")
    });
    let ids = items.collect();
    site.end();
    ids
}

#[test]
fn an_imported_site_names_its_posts_in_feeds_as_before() {
    let folder = full_site();
    let before = ids(&folder, "http://localhost:3000");
    assert_eq!(before.last().unwrap(), "http://localhost:3000/post/1");
    let file = folder.path().join("site.zip");
    export(&folder, &file, &[]);
    let other = tempfile::tempdir().unwrap();
    import(&other, &file);
    assert_eq!(ids(&other, "http://localhost:4000"), before);
}

#[test]
fn an_export_imported_into_an_empty_site_exports_the_same_bytes() {
    let folder = full_site();
    let first = folder.path().join("first.zip");
    let exported = export(&folder, &first, &[]);
    assert_eq!(exported["people"], 2);
    assert_eq!(exported["posts"], 4);
    assert_eq!(exported["drafts"], 2);
    assert_eq!(exported["pictures"], 2);

    let other = tempfile::tempdir().unwrap();
    let imported = import(&other, &first);
    assert_eq!(imported["posts"], counted(4, 0));
    let second = other.path().join("second.zip");
    export(&other, &second, &[]);
    assert!(
        fs::read(&first).unwrap() == fs::read(&second).unwrap(),
        "the bytes differ"
    );

    // Importing the file again changes nothing, in both the new and the original site.
    for folder in [&folder, &other] {
        let again = import(folder, &first);
        assert_eq!(again["people"], counted(0, 2));
        assert_eq!(again["posts"], counted(0, 4));
        assert_eq!(again["drafts"], counted(0, 2));
        let third = folder.path().join("third.zip");
        export(folder, &third, &[]);
        assert!(
            fs::read(&first).unwrap() == fs::read(&third).unwrap(),
            "the bytes differ"
        );
    }

    // The imported site works: passwords, lists, pictures and the trash.
    let site = Site::start(&other, &[]);
    let ada = site.visitor();
    ada.log_in("Ada");
    let profile = ada.get("/user/Ada").unwrap().text();
    assert!(profile.contains("3 posts"), "the posts are counted");
    assert!(ada.get("/tag/engines").unwrap().text().contains("Same title"));
    let grace = ada.get("/user/Grace-H").unwrap().text();
    for part in [
        "“Grace” Hopper 日本語",
        "she/her",
        "Compiles.",
        "<em>compilers</em>",
        "Arlington",
        "https://grace.example/%C3%BC",
        "https://social.example/@grace",
        "https://code.example/grace",
    ] {
        assert!(grace.contains(part), "{part}");
    }
    assert_eq!(
        ada.get("/user/grace").unwrap().status,
        308,
        "the old name leads on"
    );
    let picture = profile
        .split('"')
        .find(|part| part.starts_with(shared::paths::PICTURES))
        .unwrap();
    assert_eq!(ada.get(picture).unwrap().status, 200);
    assert_eq!(site.visitor().get("/post/2-thrown-away").unwrap().status, 410);
    site.end();
}

#[test]
fn what_belongs_to_one_person_holds_no_password_and_nothing_of_others() {
    let folder = full_site();
    let file = folder.path().join("ada.zip");
    let exported = export(&folder, &file, &["--user", "ada"]);
    assert_eq!(exported["people"], 1);
    assert_eq!(exported["posts"], 3);
    assert_eq!(exported["drafts"], 1);
    let mut zip = zip::ZipArchive::new(fs::File::open(&file).unwrap()).unwrap();
    for index in 0..zip.len() {
        let mut entry = zip.by_index(index).unwrap();
        let mut content = Vec::new();
        std::io::copy(&mut entry, &mut content).unwrap();
        let text = String::from_utf8_lossy(&content);
        assert!(
            !text.contains("argon2") && !text.contains("grace"),
            "{}",
            entry.name().unwrap()
        );
    }
    // Without a password in the file, the person has to choose a new one at the other site.
    let other = tempfile::tempdir().unwrap();
    assert_eq!(import(&other, &file)["posts"], counted(3, 0));
}

#[test]
fn what_belongs_to_one_person_has_their_profile() {
    let folder = full_site();
    let file = folder.path().join("grace.zip");
    export(&folder, &file, &["--user", "grace-h"]);
    let mut zip = zip::ZipArchive::new(fs::File::open(&file).unwrap()).unwrap();
    let entry = zip.by_name("people/Grace-H.toml").unwrap();
    let person: toml::Table = toml::from_str(&std::io::read_to_string(entry).unwrap()).unwrap();
    assert_eq!(person["display_name"].as_str(), Some("“Grace” Hopper 日本語"));
    assert_eq!(person["website"].as_str(), Some("https://grace.example/%C3%BC"));
    assert_eq!(person["links"].as_array().unwrap().len(), 2);
    assert!(person["biography"].as_str().unwrap().starts_with("# Ships\n"));
}

#[test]
fn an_import_adds_to_what_is_there_and_asks_first() {
    let folder = full_site();
    let file = folder.path().join("site.zip");
    export(&folder, &file, &[]);
    let other = tempfile::tempdir().unwrap();
    let site = Site::start(&other, &[]);
    let joan = site.member("joan");
    joan.publish("By Joan", "Text.").unwrap();
    site.end();
    let file = file.to_str().unwrap();
    let refused = run(&other, &[], &["import", file]);
    assert!(
        refused.status.code() == Some(1) && stderr(&refused).contains("--yes"),
        "{}",
        stderr(&refused)
    );
    assert_eq!(import(&other, Path::new(file))["posts"], counted(4, 0));
    let site = Site::start(&other, &[]);
    assert_eq!(
        site.visitor().get("/post/1-by-joan").unwrap().status,
        200,
        "numbers that are taken stay"
    );
    assert!(
        site.visitor()
            .get("/user/Ada")
            .unwrap()
            .text()
            .contains("3 posts")
    );
    site.end();
}

#[test]
fn a_file_that_cannot_be_imported_says_why_in_one_line_and_changes_nothing() {
    let folder = full_site();
    let before = folder.path().join("before.zip");
    export(&folder, &before, &[]);
    let backup = run(&folder, &[], &["backup", "backup.zip"]);
    assert!(backup.status.success());
    let file = |name: &str, content: &str| {
        fs::write(folder.path().join(name), content).unwrap();
        name.to_owned()
    };
    for (name, told) in [
        ("nowhere.zip".to_owned(), "No such file"),
        (file("empty", ""), "not a ZIP file"),
        (file("text", "Hello"), "not a ZIP file"),
        (file("bad.xml", "<rss>"), "not a WordPress XML file"),
        (file("other.xml", "<rss><channel/></rss>"), "WordPress"),
        (file("bad.json", "{"), "Ghost"),
        (file("other.json", "{\"a\":1}"), "Ghost"),
        (file("cut.zip", "PK\u{3}\u{4}"), "ZIP"),
        ("backup.zip".to_owned(), "broadsheet restore"),
    ] {
        let refused = run(&folder, &[], &["import", "--yes", &name]);
        assert_eq!(refused.status.code(), Some(2), "{name}: {}", stderr(&refused));
        let line = stderr(&refused);
        assert!(line.contains(told) && line.lines().count() == 1, "{name}: {line}");
    }
    let after = folder.path().join("after.zip");
    export(&folder, &after, &[]);
    assert!(fs::read(before).unwrap() == fs::read(after).unwrap());
}

const WORDPRESS: &str = r#"<?xml version="1.0" encoding="UTF-8" ?>
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
  xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
  xmlns:wp="http://wordpress.org/export/1.2/">
<channel><title>Old site</title><wp:wxr_version>1.2</wp:wxr_version>
<wp:author><wp:author_id>1</wp:author_id><wp:author_login><![CDATA[Ada.Lovelace]]></wp:author_login>
  <wp:author_email><![CDATA[ada@example.org]]></wp:author_email></wp:author>
<item><title><![CDATA[The Engine & I]]></title><dc:creator><![CDATA[Ada.Lovelace]]></dc:creator>
  <content:encoded><![CDATA[<!-- wp:paragraph --><p>It <strong>weaves</strong> <a href="https://example.org/x">patterns</a>.</p>
  <script>alert(1)</script><!-- /wp:paragraph -->]]></content:encoded>
  <excerpt:encoded><![CDATA[Not this]]></excerpt:encoded>
  <wp:post_date_gmt>2012-03-04 05:06:07</wp:post_date_gmt><wp:post_modified_gmt>2013-01-01 00:00:00</wp:post_modified_gmt>
  <category domain="category" nicename="news"><![CDATA[News]]></category>
  <category domain="post_tag" nicename="looms"><![CDATA[Looms & Cards]]></category>
  <category domain="post_tag" nicename="patterns"><![CDATA[Patterns]]></category>
  <wp:post_name>my-engine</wp:post_name><wp:status>publish</wp:status><wp:post_type>post</wp:post_type></item>
<item><title>Old editor</title><dc:creator>Ada.Lovelace</dc:creator>
  <content:encoded><![CDATA[First.

Second.]]></content:encoded><wp:post_date_gmt>0000-00-00 00:00:00</wp:post_date_gmt>
  <wp:post_date>2014-01-01 00:00:00</wp:post_date><wp:post_name></wp:post_name>
  <wp:status>draft</wp:status><wp:post_type>post</wp:post_type></item>
<item><title>About</title><content:encoded>A page</content:encoded><wp:status>publish</wp:status>
  <wp:post_type>page</wp:post_type></item>
</channel></rss>"#;

#[test]
fn a_site_of_wordpress_keeps_its_authors_dates_and_addresses() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("wordpress.xml");
    fs::write(&file, WORDPRESS).unwrap();
    let imported = import(&folder, &file);
    assert_eq!(imported["people"], counted(1, 0));
    assert_eq!(imported["posts"], counted(1, 0));
    assert_eq!(imported["drafts"], counted(1, 0));
    assert_eq!(imported["pages"], counted(1, 0));
    let again = import(&folder, &file);
    assert_eq!(
        (&again["posts"], &again["pages"]),
        (&counted(0, 1), &counted(0, 1))
    );
    let shown = run(&folder, &[], &["post", "show", "1", "--json"]);
    let post: Value = serde_json::from_str(&stdout(&shown)).unwrap();
    assert_eq!(post["title"], "The Engine & I");
    assert_eq!(post["author"], "ada-lovelace");
    assert_eq!(post["created_at"], "2012-03-04T05:06:07Z");
    assert_eq!(post["updated_at"], "2013-01-01T00:00:00Z");
    let content = post["content"].as_str().unwrap();
    assert!(
        content.contains("It **weaves** [patterns](https://example.org/x)."),
        "{content}"
    );
    let site = Site::start(&folder, &[]);
    let page = site.visitor().get("/post/1-my-engine").unwrap();
    assert_eq!(page.status, 200);
    let page = page.text();
    assert!(site.visitor().get("/about").unwrap().text().contains("A page"));
    assert!(!page.contains("alert(1)"));
    assert!(
        page.contains("/tag/patterns") && page.contains("/tag/looms-cards") && page.contains("/tag/news")
    );
    site.end();
}

#[test]
fn a_site_of_ghost_keeps_its_authors_dates_and_addresses() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ghost.json");
    let export = json!({ "db": [{ "meta": { "version": "5.0.0" }, "data": {
        "users": [
            { "id": "a1", "name": "Ada", "slug": "ada", "email": "ada@example.org", "bio": "Counts.",
              "created_at": "2020-01-01T00:00:00.000Z" },
            { "id": "b2", "name": "Grace", "slug": "grace", "email": "grace@example.org", "bio": null,
              "created_at": "2020-01-01 00:00:00" },
        ],
        "posts": [
            { "id": "p1", "title": "Numbers", "slug": "on-numbers", "html": "<p>One, <em>two</em>.</p><img src=\"https://old.example/1.jpg\">",
              "type": "post", "status": "published", "created_at": "2021-01-01T00:00:00.000Z",
              "updated_at": "2021-03-01T00:00:00.000Z", "published_at": "2021-02-03T04:05:06.000Z" },
            { "id": "p2", "title": "Not yet", "slug": "not-yet", "html": "<p>Soon.</p>", "type": "post", "status": "draft",
              "created_at": "2021-01-01T00:00:00.000Z", "updated_at": null, "published_at": null },
            { "id": "p3", "title": "About", "slug": "about", "html": "<p>A page.</p>", "type": "page", "status": "published",
              "created_at": null, "updated_at": null, "published_at": null },
        ],
        "tags": [{ "id": "t1", "name": "Arithmetic", "slug": "arithmetic" }, { "id": "t2", "name": "#internal", "slug": "hash" }],
        "posts_tags": [
            { "id": "u", "post_id": "p1", "tag_id": "t2", "sort_order": 0 },
            { "id": "v", "post_id": "p1", "tag_id": "t1", "sort_order": 1 },
        ],
        "posts_authors": [
            { "id": "x", "post_id": "p1", "author_id": "a1", "sort_order": 1 },
            { "id": "y", "post_id": "p1", "author_id": "b2", "sort_order": 0 },
            { "id": "z", "post_id": "p2", "author_id": "a1", "sort_order": 0 },
        ],
    } }] });
    fs::write(&file, export.to_string()).unwrap();
    let imported = import(&folder, &file);
    assert_eq!(imported["people"], counted(2, 0));
    assert_eq!(imported["posts"], counted(1, 0));
    assert_eq!(imported["drafts"], counted(1, 0));
    assert_eq!(imported["pages"], counted(1, 0));
    assert_eq!(imported["redirects"], counted(1, 0));
    assert_eq!(imported["pictures_elsewhere"], 1);
    let shown = run(&folder, &[], &["post", "show", "1", "--json"]);
    let post: Value = serde_json::from_str(&stdout(&shown)).unwrap();
    assert_eq!(post["author"], "grace", "the first of its authors");
    assert_eq!(post["created_at"], "2021-02-03T04:05:06Z");
    assert!(
        post["content"].as_str().unwrap().starts_with("One, *two*."),
        "{post}"
    );
    let site = Site::start(&folder, &[]);
    let page = site.visitor().get("/post/1-on-numbers").unwrap().text();
    assert!(page.contains("/tag/arithmetic") && !page.contains("/tag/internal"));
    assert!(site.visitor().get("/about").unwrap().text().contains("A page."));
    let led = site.visitor().get("/on-numbers/").unwrap();
    assert_eq!((led.status, led.location.as_str()), (308, "/post/1-on-numbers"));
    site.end();
}

#[test]
fn a_post_that_could_not_be_published_is_refused_by_name_and_the_others_come() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ghost.json");
    let post = |id: &str, title: &str, html: &str| {
        json!({ "id": id, "title": title, "slug": id, "html": html, "type": "post", "status": "published",
                "created_at": "2021-01-01T00:00:00.000Z", "updated_at": null, "published_at": "2021-02-03T04:05:06.000Z" })
    };
    let links = format!("<p>{}</p>", "<a href=\"/b\">a</a> ".repeat(6_000));
    let export = json!({ "db": [{ "meta": { "version": "5.0.0" }, "data": {
        "users": [{ "id": "a1", "name": "Ada", "slug": "ada", "email": "ada@example.org", "bio": null, "created_at": null }],
        "posts": [post("p1", "Links", &links), post("p2", "Numbers", "<p>One, two.</p>")],
        "posts_authors": [
            { "id": "x", "post_id": "p1", "author_id": "a1", "sort_order": 0 },
            { "id": "y", "post_id": "p2", "author_id": "a1", "sort_order": 0 },
        ],
    } }] });
    fs::write(&file, export.to_string()).unwrap();
    let imported = import(&folder, &file);
    assert_eq!(imported["posts"], counted(1, 0));
    let refused = imported["posts_refused"].as_array().unwrap();
    assert_eq!((refused.len(), &refused[0]["title"]), (1, &json!("Links")));
    assert!(
        refused[0]["reason"]
            .as_str()
            .unwrap()
            .starts_with("Use less formatting")
    );
    let again = run(&folder, &[], &["import", file.to_str().unwrap(), "--yes"]);
    assert!(
        stdout(&again).contains("“Links” was not added. Use less formatting"),
        "{}",
        stdout(&again)
    );
}

#[test]
fn a_stranger_s_file_brings_no_role_no_password_and_takes_nobody_s_place() {
    let folder = full_site();
    let file = folder.path().join("site.zip");
    export(&folder, &file, &[]);
    let other = tempfile::tempdir().unwrap();
    let site = Site::start(&other, &[]);
    // The site has a different user called Ada, and somebody who has registered Grace's email address without owning
    // it.
    let ada = site.member("ada");
    ada.publish("By the other Ada", "Text.").unwrap();
    let moved = "UPDATE users SET email = 'ada@other.example', email_key = 'ada@other.example'";
    assert!(run(&other, &[], &["shell", "--write", moved]).status.success());
    let fields = [
        ("username", "eve"),
        ("email", "grace@example.org"),
        ("password", "eve-secret!"),
        ("confirm_password", "eve-secret!"),
    ];
    assert_eq!(site.visitor().post("/register", &fields).unwrap().status, 303);
    let refused = run(&other, &[], &["import", file.to_str().unwrap(), "--yes"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(
        stderr(&refused).contains("eve has here but has not confirmed"),
        "{}",
        stderr(&refused)
    );
    assert_eq!(
        site.visitor().get("/user/grace").unwrap().status,
        404,
        "nothing has changed"
    );
    assert!(
        run(&other, &[], &["user", "delete", "eve", "--yes"])
            .status
            .success()
    );
    import(&other, &file);
    let shown = run(&other, &[], &["user", "show", "Ada-2", "--json"]);
    let person: Value = serde_json::from_str(&stdout(&shown)).unwrap();
    assert_eq!(person["role"], "member", "an administrator there is none here");
    assert_eq!(person["posts"], 3);
    let page = site.visitor().get("/user/ada").unwrap().text();
    assert!(
        page.contains("1 post ") || page.contains("1 post<"),
        "nothing was added to the other Ada"
    );
    let login = [("login", "Ada-2"), ("password", "Ada-secret!")];
    assert_eq!(site.visitor().post("/login", &login).unwrap().status, 401);
    site.end();

    // If the file is trusted, both are imported.
    let third = tempfile::tempdir().unwrap();
    Site::start(&third, &[]).member("joan");
    let believed = run(
        &third,
        &[],
        &["import", file.to_str().unwrap(), "--yes", "--trust"],
    );
    assert!(believed.status.success(), "{}", stderr(&believed));
    assert!(stdout(&run(&third, &[], &["acts"])).contains("command line added Ada: an administrator"));
    let site = Site::start(&third, &[]);
    site.visitor().log_in("Ada");
    site.end();
}

// NAM-02
#[test]
fn only_a_trusted_file_brings_names_that_are_reserved() {
    let folder = tempfile::tempdir().unwrap();
    let site = Site::start(&folder, &[]);
    site.member("ada");
    site.end();
    for statement in [
        "UPDATE users SET username = 'Support', username_key = 'support'",
        "INSERT INTO former_usernames (username_key, user_id) SELECT 'security', id FROM users",
    ] {
        let changed = run(&folder, &[], &["shell", "--write", statement]);
        assert!(changed.status.success(), "{}", stderr(&changed));
    }
    let file = folder.path().join("site.zip");
    export(&folder, &file, &[]);
    for (options, support, security) in [(&[][..], 404, 404), (&["--trust"], 200, 308)] {
        let other = tempfile::tempdir().unwrap();
        // The first import into a site without people is trusted.
        let site = Site::start(&other, &[]);
        site.member("joan");
        site.end();
        let file = file.to_str().unwrap();
        let arguments = [&["import", file, "--yes"], options].concat();
        let imported = run(&other, &[], &arguments);
        assert!(imported.status.success(), "{}", stderr(&imported));
        let site = Site::start(&other, &[]);
        let visitor = site.visitor();
        assert_eq!(
            visitor.get("/user/Support").unwrap().status,
            support,
            "{options:?}"
        );
        assert_eq!(
            visitor.get("/user/security").unwrap().status,
            security,
            "{options:?}"
        );
        let renamed = visitor.get("/user/Support-2").unwrap().status;
        assert_eq!(renamed == 200, options.is_empty(), "{renamed}");
        site.end();
    }
}
