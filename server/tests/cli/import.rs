//! Tests of importing files that are designed to be expensive or harmful.

use std::{
    fs::{self, File},
    io::Write,
    path::{Path, PathBuf},
};

use serde_json::{Value, json};
use tempfile::TempDir;
use zip::{ZipWriter, write::SimpleFileOptions};

use crate::{
    program::{run, stderr, stdout},
    site::Site,
};

/// Imports `file` into the site in `folder`. Returns the JSON output.
fn import(folder: &TempDir, file: &Path) -> Value {
    let output = run(
        folder,
        &[],
        &["import", file.to_str().unwrap(), "--yes", "--json"],
    );
    assert!(output.status.success(), "{:?} {}", output.status, stderr(&output));
    serde_json::from_str(&stdout(&output)).unwrap()
}

/// Creates a Ghost export with these users and posts.
fn ghost(folder: &TempDir, users: &[Value], posts: &[Value]) -> PathBuf {
    let file = folder.path().join("ghost.json");
    let export = json!({ "db": [{ "data": { "users": users, "posts": posts } }] });
    fs::write(&file, export.to_string()).unwrap();
    file
}

fn user(id: usize, slug: &str, email: &str) -> Value {
    json!({ "id": id, "slug": slug, "email": email })
}

fn post(id: usize, title: &str, html: &str) -> Value {
    json!({ "id": format!("p{id}"), "title": title, "html": html, "status": "published", "author_id": 1,
        "published_at": "2021-02-03T04:05:06.000Z" })
}

/// Creates an export of this program with these people.
fn people_zip(folder: &TempDir, people: &[String]) -> PathBuf {
    let file = folder.path().join("people.zip");
    let mut zip = ZipWriter::new(File::create(&file).unwrap());
    let options = SimpleFileOptions::default();
    zip.start_file("broadsheet.toml", options).unwrap();
    zip.write_all(b"format = 1\n").unwrap();
    for (number, person) in people.iter().enumerate() {
        zip.start_file(format!("people/{number}.toml"), options).unwrap();
        zip.write_all(person.as_bytes()).unwrap();
    }
    zip.finish().unwrap();
    file
}

fn person(username: &str, password_hash: &str) -> String {
    format!(
        "username = \"{username}\"\nemail = \"{username}@example.org\"\npassword_hash = '{password_hash}'\n\
         created_at = \"2020-01-01T00:00:00Z\"\n"
    )
}

#[test]
fn texts_nested_thousands_deep_are_flattened_keep_their_words_and_are_named() {
    let nestings = [
        ("<div>", "</div>", 10_000),
        ("<ul><li>", "</li></ul>", 5_000),
        ("<ol><li>", "", 5_000),
        ("<blockquote>", "</blockquote>", 10_000),
        ("<b>", "</b>", 10_000),
        ("<span>", "", 10_000),
        ("<em><strong>", "</strong></em>", 5_000),
        ("<table><tr><td>", "</td></tr></table>", 5_000),
        ("<table><thead><tr><th>", "", 3_000),
        ("<dl><dd>", "", 5_000),
        ("<svg><g>", "", 5_000),
        ("<unknown-element>", "", 10_000),
    ];
    let titles: Vec<String> = nestings
        .iter()
        .map(|(open, ..)| format!("Nested {open}"))
        .collect();
    let mut posts: Vec<Value> = nestings
        .iter()
        .zip(&titles)
        .enumerate()
        .map(|(number, ((open, close, depth), title))| {
            let html = format!(
                "<p>before</p>{}deep{}<p>after</p>",
                open.repeat(*depth),
                close.repeat(*depth)
            );
            post(number, title, &html)
        })
        .collect();
    let shallow = format!("<p>{}shallow{}</p>", "<div>".repeat(20), "</div>".repeat(20));
    posts.push(post(99, "Not nested", &shallow));
    let folder = tempfile::tempdir().unwrap();
    let file = ghost(&folder, &[user(1, "ada", "ada@example.org")], &posts);

    let imported = import(&folder, &file);
    assert_eq!(imported["posts"]["added"], nestings.len() + 1);
    let named: Vec<&str> = imported["flattened"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(Value::as_str)
        .collect();
    assert_eq!(named, titles);
    let sql = "SELECT title FROM posts WHERE content LIKE '%before%deep%after%' ORDER BY id";
    let kept = run(&folder, &[], &["shell", "--json", sql]);
    let kept: Vec<Value> = serde_json::from_str(&stdout(&kept)).unwrap();
    let kept: Vec<&str> = kept.iter().filter_map(|row| row["title"].as_str()).collect();
    assert_eq!(kept, titles);
    // The plain text output names them as well.
    let other = tempfile::tempdir().unwrap();
    let told = run(&other, &[], &["import", file.to_str().unwrap()]);
    assert!(
        stdout(&told).contains("nested too deeply") && stdout(&told).contains("Nested <div>"),
        "{}",
        stdout(&told)
    );
}

#[test]
fn eleven_hundred_authors_of_one_name_get_a_name_each() {
    let folder = tempfile::tempdir().unwrap();
    Site::start(&folder, &[]).member("ada");
    let users: Vec<Value> = (0..1_100).map(|id| user(id, "ada", "")).collect();
    let file = ghost(&folder, &users, &[]);
    let imported = import(&folder, &file);
    assert_eq!(imported["people"]["added"], 1_100);
    let renamed = imported["renamed"].as_array().unwrap();
    assert_eq!(renamed.len(), 1_100);
    assert_eq!(renamed[0], json!({ "from": "ada", "to": "ada-1101" }));
    assert_eq!(renamed[1_099], json!({ "from": "ada", "to": "ada-1100" }));
    // Importing the same file again adds nobody.
    assert_eq!(
        import(&folder, &file)["people"],
        json!({ "added": 0, "there": 1_100, "left_out": 0 })
    );
}

#[test]
fn authors_with_one_address_are_two_people_and_one_of_them_has_it() {
    let folder = tempfile::tempdir().unwrap();
    let users = [
        json!({ "id": 1, "slug": "ada", "email": "ada@example.org", "created_at": "2020-01-01T00:00:00Z" }),
        json!({ "id": 2, "slug": "grace", "email": "Ada@example.org", "created_at": "2021-01-01T00:00:00Z" }),
    ];
    let file = ghost(&folder, &users, &[]);
    assert_eq!(import(&folder, &file)["people"]["added"], 2);
    let shown = run(&folder, &[], &["user", "show", "grace", "--json"]);
    let grace: Value = serde_json::from_str(&stdout(&shown)).unwrap();
    assert_eq!(grace["email"], "grace@import.invalid");
}

#[test]
fn two_people_of_one_address_in_an_export_are_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let twice = person("grace", "x").replace("grace@example.org", "ADA@example.org");
    let later = twice.replace("2020", "2021");
    let file = people_zip(&folder, &[person("ada", "x"), later]);
    let refused = run(&folder, &[], &["import", file.to_str().unwrap()]);
    assert_eq!(refused.status.code(), Some(2), "{}", stderr(&refused));
    assert!(
        stderr(&refused).contains("ada and grace have the same email address"),
        "{}",
        stderr(&refused)
    );
}

#[test]
fn elements_with_thousands_of_attributes_stop_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let many: Vec<String> = (0..200_000).map(|number| format!("a{number} ")).collect();
    let many = many.concat();
    let posts = [
        post(1, "Crowded", &format!("<p {many}>text</p>")),
        post(2, "Plain", "<p>text</p>"),
    ];
    let file = ghost(&folder, &[user(1, "ada", "ada@example.org")], &posts);
    let imported = import(&folder, &file);
    assert_eq!(imported["posts"]["added"], 2);
    let notes = imported["notes"].as_array().unwrap();
    let note = notes.iter().find(|note| note["title"] == "Crowded").unwrap();
    assert!(
        note["what"].as_str().unwrap().contains("attribute of a tag"),
        "{note}"
    );

    let xml = folder.path().join("crowded.xml");
    let many: Vec<String> = (0..200_000)
        .map(|number| format!("a{number}='' xmlns:b{number}='c{number}' "))
        .collect();
    let many = many.concat();
    fs::write(
        &xml,
        format!(
            "<rss {many}><channel {many}><wp:wxr_version>1.2</wp:wxr_version><item {many}><title>Crowded too</title>\
             <content:encoded {many}>text</content:encoded><wp:post_type>post</wp:post_type><wp:status>publish</wp:status>\
             </item></channel></rss>"
        ),
    )
    .unwrap();
    assert_eq!(import(&folder, &xml)["posts"]["added"], 1);
}

#[test]
fn a_password_hash_that_costs_too_much_is_left_out_and_told() {
    let folder = tempfile::tempdir().unwrap();
    let hash = "$argon2id$v=19$m=1048576,t=40,p=1$c2FsdCBvZiBub2JvZHkncw$aGFzaCB0aGF0IG5vIHBhc3N3b3JkIGxlYWRzIHRvLi4";
    let people = [
        person("ada", hash),
        person(
            "grace",
            "$2y$10$abcdefghijklmnopqrstuv0123456789012345678901234567890",
        ),
        person("joan", &hash.replace("m=1048576,t=40", "m=38912,t=4")),
    ];
    let file = people_zip(&folder, &people);
    let imported = import(&folder, &file);
    assert_eq!(imported["people"]["added"], 3);
    assert_eq!(imported["passwords_left_out"], json!(["ada", "grace"]));
    let sql = "SELECT username FROM users WHERE password_hash LIKE '%m=19456,t=2,p=1%' ORDER BY id";
    let ours = run(&folder, &[], &["shell", "--json", sql]);
    let ours: Value = serde_json::from_str(&stdout(&ours)).unwrap();
    assert_eq!(ours, json!([{ "username": "ada" }, { "username": "grace" }]));

    let site = Site::start(&folder, &[]);
    for login in ["ada", "grace", "joan", "nobody"] {
        let fields = [("login", login), ("password", "anything else")];
        assert_eq!(
            site.visitor().post("/login", &fields).unwrap().status,
            401,
            "{login}"
        );
    }
    site.end();
}
