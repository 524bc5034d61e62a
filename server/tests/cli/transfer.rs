//! Tests of exporting and importing a site or the data of one person.

use std::{fs, path::Path};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{
    program::{run, stderr, stdout},
    site::{Site, png},
};

mod external;
mod trust;

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
