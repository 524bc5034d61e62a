//! Tests of importing exports of each major version of Ghost: all visible content is imported, or its loss is noted.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{
    program::{run, stderr, stdout},
    site::Site,
};

/// The address of the exported sites.
const OLD: &str = "https://old.example";
/// The note on a file without comments.
const NO_COMMENTS: &str = "comments, if there are any, which are not in the file";

/// A site after an import, with the JSON output of the import.
struct Brought {
    folder: TempDir,
    told: Value,
}

fn brought(name: &str, more: &[&str]) -> Brought {
    let file: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures/ghost")
        .join(name);
    let folder = tempfile::tempdir().unwrap();
    let arguments = [&["import", file.to_str().unwrap(), "--json"], more].concat();
    let output = run(&folder, &[], &arguments);
    assert!(output.status.success(), "{name}: {}", stderr(&output));
    let told = serde_json::from_str(&stdout(&output)).unwrap();
    Brought { folder, told }
}

/// Returns the string in the field `name` of `object`.
fn text_in(object: &Value, name: &str) -> String {
    object.get(name).and_then(Value::as_str).unwrap().to_owned()
}

impl Brought {
    fn rows(&self, sql: &str) -> Vec<Value> {
        let output = run(&self.folder, &[], &["shell", "--json", sql]);
        assert!(output.status.success(), "{}", stderr(&output));
        serde_json::from_str(&stdout(&output)).unwrap()
    }

    fn titles(&self, table: &str) -> Vec<String> {
        let rows = self.rows(&format!("SELECT title FROM {table} ORDER BY id"));
        rows.iter().map(|row| text_in(row, "title")).collect()
    }

    /// Returns the excerpts of all posts.
    fn excerpts(&self) -> Vec<String> {
        let rows = self.rows("SELECT excerpt FROM posts ORDER BY id");
        rows.iter().map(|row| text_in(row, "excerpt")).collect()
    }

    /// Returns the text called `title`, in Markdown.
    fn text(&self, title: &str) -> String {
        let sql = format!(
            "SELECT content FROM posts WHERE title = '{title}' UNION ALL SELECT content FROM drafts WHERE title = '{title}'"
        );
        let rows = self.rows(&sql);
        assert_eq!(rows.len(), 1, "{title}");
        text_in(rows.first().unwrap(), "content")
    }

    /// Asserts that a note on the text called `title` contains `part`.
    fn notes(&self, title: &str, part: &str) {
        let notes = self.told.get("notes").and_then(Value::as_array).unwrap();
        let is_said = notes
            .iter()
            .any(|note| text_in(note, "title").contains(title) && text_in(note, "what").contains(part));
        assert!(is_said, "{title}: {part}: {notes:#?}");
    }

    fn counts(&self, people: u32, posts: u32, drafts: u32, pages: u32) {
        let added = ["people", "posts", "drafts", "pages"].map(|what| {
            let added = self.told.get(what).and_then(|counted| counted.get("added"));
            added.and_then(Value::as_u64).unwrap()
        });
        assert_eq!(
            added,
            [people, posts, drafts, pages].map(u64::from),
            "{:#}",
            self.told
        );
    }
}

#[test]
fn an_older_export_with_times_in_milliseconds_is_read_with_its_page() {
    let site = brought("0.x-case.json", &[]);
    site.counts(1, 2, 0, 1);
    assert_eq!(site.titles("posts"), ["First words", "Older"]);
    assert_eq!(site.titles("pages"), ["About page"]);
    let shown = run(&site.folder, &[], &["post", "list", "--json"]);
    let posts: Value = serde_json::from_str(&stdout(&shown)).unwrap();
    assert_eq!(posts[0]["created_at"], "2015-02-28T23:00:00Z");
    assert_eq!(posts[1]["created_at"], "2010-02-28T23:00:00Z");
}

#[test]
fn texts_in_lexical_and_mobiledoc_alone_come_and_picture_and_excerpt_stay() {
    let site = brought("5-case.json", &[]);
    site.counts(1, 3, 0, 0);
    let first = site.text("Post 1");
    assert!(
        first.contains("https://old.example/top.jpg") && first.ends_with("Words."),
        "{first}"
    );
    assert!(!first.contains("A summary"), "{first}");
    assert_eq!(
        site.excerpts(),
        ["A summary", "Only in Lexical.", "Only in Mobiledoc."]
    );
    assert_eq!(site.text("Post 2"), "Only in Lexical.");
    assert_eq!(site.text("Post 3"), "Only in **Mobiledoc**.");
    assert_eq!(
        site.told["notes"],
        json!([{ "title": "", "what": NO_COMMENTS, "count": 1 }])
    );
}

#[test]
fn version_0_3_has_no_list_of_databases_and_its_text_in_markdown() {
    let site = brought("0.3.json", &[]);
    site.counts(1, 1, 0, 0);
    let text = site.text("Hello");
    assert!(
        text.starts_with("Only **Markdown**") && text.ends_with("in lines."),
        "{text}"
    );
    assert_eq!(
        site.rows("SELECT username FROM users")[0]["username"],
        "ada-example"
    );
}

#[test]
fn version_0_11_keeps_its_picture_and_names_what_it_has_beside_its_texts() {
    let site = brought("0.11.json", &["--from", &format!("{OLD}/")]);
    site.counts(2, 1, 1, 1);
    let text = site.text("Gates & walls");
    assert!(
        text.starts_with(&format!("![]({OLD}/content/images/2016/01/top.jpg)")),
        "{text}"
    );
    assert!(
        text.contains(&format!("![A gate]({OLD}/content/images/2016/01/gate.jpg)")),
        "{text}"
    );
    assert!(text.contains("One *gate*."), "{text}");
    assert_eq!(
        site.rows("SELECT tags FROM posts")[0]["tags"]
            .as_str()
            .unwrap()
            .trim_matches(','),
        "stone"
    );
    site.notes("Gates & walls", "featured");
    site.notes("Gates & walls", "search engines");
    let sql = "SELECT display_name, about, location, website FROM users ORDER BY id";
    assert_eq!(
        site.rows(sql)[0],
        json!({ "display_name": "Ada Example", "about": "Counts.", "location": "London", "website": "https://ada.example" })
    );
    assert_eq!(site.titles("pages"), ["About"]);
    for part in [
        "#secret",
        "of a tag left out",
        "of an account left out: ada (picture)",
        "settings of the site left out: title, code injection",
    ] {
        site.notes("", part);
    }
}

#[test]
fn version_1_keeps_each_card_of_mobiledoc_and_names_an_author_who_is_missing() {
    let site = brought("1.json", &["--from", OLD]);
    site.counts(1, 2, 0, 1);
    let text = site.text("Post 1");
    for part in [
        "## Lamps",
        "**Bright**",
        "[older](https://old.example/older/)",
        "<img src=\"https://old.example/content/images/2018/01/a.jpg\" alt=\"A lamp\">",
        "<figcaption>By night</figcaption>",
        "```rust\nlet x = 1;\n```",
        "[B](https://b.example/)",
        "About b",
        "[https://v.example/1](https://v.example/1)",
        "End.",
    ] {
        let found =
            text.contains(part) || part.starts_with("[https") && text.contains("<https://v.example/1>");
        assert!(found, "{part}: {text}");
    }
    assert!(text.find("one").unwrap() < text.find("two").unwrap());
    site.notes("Post 1", "embedded page");
    site.notes("Post 3", "author");
    let words = site.text("Post 3");
    assert!(
        words.contains("Words & more.") && words.ends_with("\n\nA paragraph."),
        "{words}"
    );
}

#[test]
fn version_2_has_several_authors_and_an_excerpt_is_not_said_twice() {
    let site = brought("2.json", &[]);
    site.counts(2, 2, 0, 0);
    let authors =
        site.rows("SELECT username FROM posts JOIN users ON users.id = author_id ORDER BY posts.id");
    assert_eq!(authors[0]["username"], "bob", "the first of them");
    site.notes("Post 1", "additional author left out: ada");
    assert_eq!(site.text("Post 1"), "By two.");
    assert_eq!(site.text("Post 2"), "A summary and **more**.");
    assert_eq!(site.excerpts(), ["What it is about", "A summary and more."]);
    let details = site.rows("SELECT details FROM posts ORDER BY id");
    assert_eq!(
        text_in(&details[0], "details"),
        "{\"excerpt\":\"What it is about\"}"
    );
    assert_eq!(text_in(&details[1], "details"), "", "the text begins with it");
    site.notes("Post 2", "code injection");
}

#[test]
fn version_3_shows_nobody_what_was_for_some_people_alone() {
    let site = brought("3.json", &[]);
    site.counts(1, 2, 2, 1);
    assert_eq!(site.titles("posts"), ["Post 1", "Post 3"]);
    let readers = site.rows("SELECT visibility FROM posts ORDER BY id");
    assert_eq!(
        [
            text_in(&readers[0], "visibility"),
            text_in(&readers[1], "visibility")
        ],
        ["public", "members"]
    );
    site.notes("Post 1", "search engines");
    site.notes("Post 2", "now a draft: paid");
    assert_eq!(site.titles("pages"), ["About"]);
    site.notes("Post 5", "scheduled");
}

#[test]
fn the_address_at_which_a_text_was_published_first_is_kept_unless_it_is_on_the_old_site() {
    let site = brought("5-canonical.json", &["--from", OLD]);
    site.counts(1, 3, 0, 1);
    let details = site.rows("SELECT details FROM posts ORDER BY id");
    let details: Vec<String> = details.iter().map(|row| text_in(row, "details")).collect();
    assert_eq!(
        details,
        ["{\"canonical\":\"https://first.example/text\"}", "", ""]
    );
    for title in ["Own", "No address", "A page"] {
        site.notes(title, "canonical address left out");
    }
    site.notes("", NO_COMMENTS);
    assert_eq!(site.told["notes"].as_array().map(Vec::len), Some(4));
}

#[test]
fn version_4_keeps_what_a_picture_shows_and_says_where_its_site_is_needed() {
    let site = brought("4.json", &[]);
    site.counts(1, 2, 1, 0);
    let text = site.text("Post 1");
    assert!(
        text.starts_with("<figure>\n<img src=\"/content/images/2021/01/top.jpg\" alt=\"The top\">"),
        "{text}"
    );
    assert!(text.contains("By <a href=\"https://p.example/\">P</a>"), "{text}");
    site.notes("", "--from");
    site.notes("Post 2", "newsletter");
    site.notes(
        "",
        "of an account left out: ada (picture, profiles on other sites)",
    );
    let cards = site.text("Post 3");
    for part in [
        "> 💡 Mind **this**",
        "More",
        "Behind.",
        "[Go](https://go.example/)",
        "Kept words",
    ] {
        assert!(cards.contains(part), "{part}: {cards}");
    }
    assert!(!cards.contains("first_name"), "{cards}");
    for part in ["newsletter", "paywall", "nosuch"] {
        site.notes("Post 3", part);
    }
}

#[test]
fn version_5_shows_on_its_page_whatever_lexical_can_have() {
    let site = brought("5.json", &["--from", OLD]);
    site.counts(1, 1, 0, 0);
    for part in [
        "members only",
        "embedded page",
        "video",
        "sound",
        "sign-up form",
        "newsletter only",
        "paywall",
        "poll",
    ] {
        site.notes("Everything", part);
    }
    let running = Site::start(&site.folder, &[]);
    let page = running.visitor().get("/post/1-everything").unwrap().text();
    for seen in [
        "Harbours",
        "<strong>bold</strong>",
        "<em>slanted</em>",
        "<del>struck</del>",
        "<code>code</code>",
        "<sub>2</sub>",
        "href=\"https://old.example/older/\"",
        "Said.",
        "Aside.",
        "inner",
        "<hr",
        "src=\"https://old.example/content/images/2024/01/a.jpg\" alt=\"A boat\"",
        "By day",
        "content/images/2024/01/b.jpg\" alt=\"B\"",
        "content/images/2024/01/c.jpg\" alt=\"C\"",
        "Both",
        "<em>Markdown</em>",
        "HTML",
        "href=\"https://b.example/\"",
        "Bookmarked",
        "What it is",
        "B • Bea",
        "href=\"https://v.example/1\"",
        "A film",
        "href=\"https://old.example/content/media/v.mp4\"",
        "href=\"https://old.example/content/media/s.mp3\"",
        "href=\"https://old.example/content/files/f.pdf\"",
        "To read",
        "href=\"https://go.example/\"",
        "💡",
        "Toggled",
        "Behind.",
        "Rope",
        "★★★★☆",
        "href=\"https://rope.example/\"",
        "Headed",
        "Below",
        "Join",
        "No spam",
        "SPONSORED",
        "Come along",
        "href=\"https://cta.example/\"",
        "Which way?",
        "North or south.",
    ] {
        assert!(page.contains(seen), "{seen}: {page}");
    }
    assert!(!page.contains("For members.") && !page.contains("first_name"));
    running.end();
}

#[test]
fn version_6_loses_no_text_that_one_of_its_columns_has() {
    let site = brought("6.json", &[]);
    site.counts(1, 2, 0, 0);
    assert_eq!(site.text("Post 1"), "Sixth.");
    assert_eq!(site.text("Post 2"), "Saved by its words.");
    site.notes("Post 2", "Lexical");
    site.notes("Empty", "no text");
    site.notes("", "navigation");
    assert_eq!(
        site.rows("SELECT content, guest_name, state FROM comments"),
        [json!({ "content": "First!", "guest_name": "Anonymous", "state": "published" })]
    );
}

#[test]
fn the_same_export_once_more_brings_nothing() {
    for name in ["0.11.json", "2.json", "5.json"] {
        let site = brought(name, &[]);
        let file = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/fixtures/ghost")
            .join(name);
        let again = run(
            &site.folder,
            &[],
            &["import", file.to_str().unwrap(), "--yes", "--json"],
        );
        let again: Value = serde_json::from_str(&stdout(&again)).unwrap();
        for what in ["people", "posts", "drafts"] {
            assert_eq!(again[what]["added"], 0, "{name}: {again:#}");
        }
    }
}

#[test]
fn a_long_bio_becomes_a_biography_and_what_is_not_valid_here_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ghost.json");
    let long = format!("I *write*.\n# {}", "word ".repeat(40));
    let user = |id: &str, name: &str, bio: &str, website: &str| {
        json!({ "id": id, "name": name, "slug": id, "email": format!("{id}@example.org"), "bio": bio,
                "website": website, "location": "x".repeat(80), "created_at": null })
    };
    let users = [
        user("ada", "Ada Example", &long, "https://ada.example/"),
        user("eve", "\u{202e}evE", &"x".repeat(3_000), "javascript:alert(1)"),
    ];
    let export =
        json!({ "db": [{ "meta": { "version": "5.0.0" }, "data": { "users": users, "posts": [] } }] });
    std::fs::write(&file, export.to_string()).unwrap();
    let output = run(&folder, &[], &["import", file.to_str().unwrap(), "--json"]);
    let told = serde_json::from_str(&stdout(&output)).unwrap();
    let site = Brought { folder, told };
    site.notes("", "not valid here left out: ada (location)");
    site.notes("", "not valid here left out: eve (name, location, website)");
    site.notes("", "cut to 140 characters: eve");
    let sql =
        "SELECT coalesce(display_name, '') AS name, length(about) AS about, website FROM users ORDER BY id";
    assert_eq!(
        site.rows(sql),
        [
            json!({ "name": "Ada Example", "about": "0", "website": "https://ada.example/" }),
            json!({ "name": "", "about": "140", "website": "" }),
        ]
    );
    let biography = &site.rows("SELECT biography FROM users ORDER BY id")[0]["biography"];
    let biography = biography.as_str().unwrap();
    assert!(biography.starts_with("I \\*write\\*."), "{biography}");
    assert!(biography.contains("\\# word"), "{biography}");
}
