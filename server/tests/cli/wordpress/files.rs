//! Tests of whole files and their structure.

use std::{fs, path::Path};

use serde_json::{Value, json};

use super::{ada, author, content, export, file, html, import, item, meta, notes, post, rows, texts};
use crate::{
    program::{run, stderr, stdout},
    site::Site,
};

#[test]
fn a_file_that_is_no_xml_is_read_as_far_as_it_can_be_and_what_is_left_out_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let imported = import(&folder, &file("wordpress-control-character.xml"));
    assert_eq!(imported["posts"]["added"], 2);
    assert_eq!(
        notes(&imported, "Pasted from a word processor"),
        ["control character left out"]
    );
    let mut left_out = imported["notes"].as_array().unwrap().iter();
    let left_out = left_out.find(|note| note["what"] == "control character left out");
    assert_eq!(left_out.unwrap()["count"], 2);
    assert_eq!(
        texts(&html(&folder, "Pasted from a word processor"), "p"),
        ["softbreak and more"]
    );

    let other = tempfile::tempdir().unwrap();
    let mut xml = b"\xef\xbb\xbf".to_vec();
    let items = [
        post(1, "Fish & chips &nbsp; &bogus; &#11; 1 < 2", "one"),
        post(2, "<em>Marked</em> <br> up", "two"),
        "<item><title>No end</title><content:encoded>three &amp; <b>bold</b> <wp:status>publish</wp:status><item>".to_owned(),
        post(4, "Bytes", "four BYTE"),
        "<item/><item><title>Nothing</title></item></wp:nonsense>".to_owned(),
        post(5, "Last", "five"),
    ];
    let file = export(&other, "1.2", &ada(), &items);
    let text = fs::read(&file).unwrap();
    let at = text.windows(4).position(|bytes| bytes == b"BYTE").unwrap();
    xml.extend(&text[..at]);
    xml.extend(b"\xe9t\xe9");
    xml.extend(&text[at + 4..]);
    fs::write(&file, xml).unwrap();
    let imported = import(&other, &file);
    assert_eq!(imported["posts"]["added"], 4, "{imported}");
    let titles = rows(&other, "SELECT title FROM posts ORDER BY created_at");
    let titles: Vec<&str> = titles.iter().filter_map(|row| row["title"].as_str()).collect();
    assert_eq!(
        titles,
        ["Fish & chips &bogus; 1 < 2", "Marked up", "Bytes", "Last"]
    );
    assert_eq!(texts(&html(&other, "Bytes"), "p"), ["four \u{fffd}t\u{fffd}"]);
    assert_eq!(notes(&imported, "Bytes").len(), 1);
}

#[test]
fn a_file_that_was_cut_brings_what_it_has_and_names_the_last_text() {
    let folder = tempfile::tempdir().unwrap();
    let items = [post(1, "Whole", "one"), post(2, "Cut", "two words")];
    let file = export(&folder, "1.2", &ada(), &items);
    let text = fs::read_to_string(&file).unwrap();
    let end = text.find("two words").unwrap();
    fs::write(&file, &text[..end + 5]).unwrap();
    let imported = import(&folder, &file);
    assert_eq!(imported["posts"]["added"], 1);
    assert!(
        imported["notes"].to_string().contains("does not say what it is"),
        "{imported}"
    );
    assert!(
        imported["notes"].to_string().contains("was cut off"),
        "{imported}"
    );
}

#[test]
fn a_site_in_parts_comes_in_either_order_and_twice_adds_nothing() {
    for parts in [
        ["wordpress-part-1.xml", "wordpress-part-2.xml"],
        ["wordpress-part-2.xml", "wordpress-part-1.xml"],
    ] {
        let folder = tempfile::tempdir().unwrap();
        for (number, part) in parts.into_iter().enumerate() {
            let imported = import(&folder, &file(part));
            assert_eq!(imported["people"]["added"], 1 - number, "{part}");
            assert_eq!(imported["posts"]["added"], 1, "{part}");
        }
        assert_eq!(
            rows(&folder, "SELECT username FROM users"),
            [json!({ "username": "ada" })]
        );
        let sql =
            "SELECT count(*) AS n FROM posts JOIN users ON users.id = posts.author_id WHERE username = 'ada'";
        assert_eq!(rows(&folder, sql), [json!({ "n": "2" })]);
        for part in parts {
            let again = import(&folder, &file(part));
            assert_eq!(
                (&again["people"]["added"], &again["posts"]["added"]),
                (&json!(0), &json!(0)),
                "{part}"
            );
        }
        // The date of registration is unknown, so it is not shown.
        let site = Site::start(&folder, &[]);
        let page = site.visitor().get("/user/ada").unwrap().text();
        assert!(
            page.contains("2 posts") && !page.contains("member since") && !page.contains("1970"),
            "{page}"
        );
        site.end();
    }
}

#[test]
fn every_version_of_the_format_is_read() {
    for version in ["1.0", "1.1", "1.2"] {
        let folder = tempfile::tempdir().unwrap();
        // Version 1.0 has no separate list of authors, and another name for tags.
        let authors = if version == "1.0" { String::new() } else { ada() };
        let domain = if version == "1.0" { "tag" } else { "post_tag" };
        let tags = format!(
            "<category><![CDATA[News]]></category><category domain=\"category\" nicename=\"news\"><![CDATA[News]]></category>\
             <category domain=\"{domain}\" nicename=\"b\"><![CDATA[Bridges]]></category>"
        );
        let items = [item(1, "Old", "post", "publish", "One.\n\nTwo.", &tags)];
        let imported = import(&folder, &export(&folder, version, &authors, &items));
        assert_eq!(imported["posts"]["added"], 1, "{version}");
        let posts = rows(
            &folder,
            "SELECT tags, username, slug FROM posts JOIN users ON users.id = author_id",
        );
        let tags = posts[0]["tags"].as_str().unwrap();
        assert!(
            tags.contains("bridges") && tags.contains("news"),
            "{version} {tags}"
        );
        assert_eq!(
            (&posts[0]["username"], &posts[0]["slug"]),
            (&json!("ada"), &json!("1-name")),
            "{version}"
        );
        assert_eq!(texts(&html(&folder, "Old"), "p"), ["One.", "Two."]);
    }
}

#[test]
fn an_import_is_quiet_but_for_its_summary() {
    let folder = tempfile::tempdir().unwrap();
    let items = [post(
        1,
        "Table",
        &"<table><tr><td><table>x<td>y</table>z<tr>w</table>".repeat(50),
    )];
    let file = export(&folder, "1.2", &ada(), &items);
    let told = run(&folder, &[], &["import", file.to_str().unwrap()]);
    assert!(told.status.success());
    assert!(
        !stderr(&told).contains("foster") && !stderr(&told).contains("WARN"),
        "{}",
        stderr(&told)
    );
    assert!(stdout(&told).contains("added"), "{}", stdout(&told));
}

#[test]
fn a_site_in_parts_is_imported_at_once_and_its_parts_refer_to_each_other() {
    let folder = tempfile::tempdir().unwrap();
    let part = |name: &str, items: &[String]| {
        let made = export(&folder, "1.2", &author("Ada", "ada@example.org", ""), items);
        let file = folder.path().join(name);
        fs::rename(made, &file).unwrap();
        file.to_str().unwrap().to_owned()
    };
    let tag = "<category domain=\"post_tag\" nicename=\"x\"><![CDATA[R&D]]></category>";
    let picture = "<wp:attachment_url>https://old.example/9.jpg</wp:attachment_url>";
    let shared = "<!-- wp:paragraph --><p>Shared.</p><!-- /wp:paragraph -->";
    let first = part(
        "1.xml",
        &[
            item(
                1,
                "One",
                "post",
                "publish",
                "text",
                &(meta("_thumbnail_id", "9") + tag),
            ),
            item(2, "Two", "post", "publish", "<!-- wp:block {\"ref\":8} /-->", tag),
        ],
    );
    let second = part(
        "2.xml",
        &[
            item(9, "file", "attachment", "inherit", "", picture),
            item(8, "Block", "wp_block", "publish", shared, ""),
            item(2, "Two", "post", "publish", "<!-- wp:block {\"ref\":8} /-->", tag),
            item(3, "Three", "post", "draft", "text", ""),
        ],
    );
    let imported = |site: &tempfile::TempDir| -> Value {
        let output = run(site, &[], &["import", &first, &second, "--yes", "--json"]);
        assert!(output.status.success(), "{}", stderr(&output));
        serde_json::from_str(&stdout(&output)).unwrap()
    };
    let site = tempfile::tempdir().unwrap();
    let told = imported(&site);
    let added = ["people", "posts", "drafts"].map(|what| told[what]["added"].as_u64().unwrap());
    assert_eq!(added, [1, 2, 1], "{told:#}");
    assert_eq!(content(&site, "One"), "![](https://old.example/9.jpg)\n\ntext");
    assert_eq!(content(&site, "Two"), "Shared.");
    assert_eq!(
        notes(&told, ""),
        [
            "title and description of the site left out",
            "tag spelt differently: “R&D” is “r-d”",
            "media library file that stays where it is",
            "item that is in more than one file, imported once",
        ]
    );
    let again = imported(&site);
    let added = ["people", "posts", "drafts"].map(|what| again[what]["added"].as_u64().unwrap());
    assert_eq!(added, [0, 0, 0], "{again:#}");
}

#[test]
fn a_file_with_a_fault_keeps_the_others_of_its_import_out() {
    let folder = tempfile::tempdir().unwrap();
    let whole = export(&folder, "1.2", &ada(), &[post(1, "One", "text")]);
    let faulty = folder.path().join("faulty.xml");
    fs::write(&faulty, "<rss></rss>").unwrap();
    let files: Vec<&str> = [&whole, &faulty]
        .iter()
        .map(|file| file.to_str().unwrap())
        .collect();
    let site = tempfile::tempdir().unwrap();
    let refused = run(&site, &[], &[&["import"], files.as_slice()].concat());
    assert!(
        stderr(&refused).contains("faulty.xml cannot be imported"),
        "{}",
        stderr(&refused)
    );
    assert_eq!(rows(&site, "SELECT title FROM posts"), [] as [Value; 0]);
}

#[test]
fn sites_of_several_systems_are_imported_in_order_with_one_summary() {
    let folder = tempfile::tempdir().unwrap();
    let wordpress = export(&folder, "1.2", &ada(), &[post(1, "One", "text")]);
    let ghost = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/ghost/0.3.json");
    let files = [ghost.to_str().unwrap(), wordpress.to_str().unwrap()];
    let site = tempfile::tempdir().unwrap();
    let output = run(&site, &[], &[&["import", "--json"], files.as_slice()].concat());
    assert!(output.status.success(), "{}", stderr(&output));
    let told: Value = serde_json::from_str(&stdout(&output)).unwrap();
    assert_eq!(
        (&told["people"]["added"], &told["posts"]["added"]),
        (&json!(2), &json!(2))
    );
    let titles = rows(&site, "SELECT title FROM posts ORDER BY id");
    assert_eq!(titles, [json!({ "title": "Hello" }), json!({ "title": "One" })]);
}

#[test]
fn thousands_of_tags_that_are_spelt_otherwise_are_one_line_of_the_summary() {
    let folder = tempfile::tempdir().unwrap();
    let tagged = |number: u32| {
        let tags = [0, 1, 2, 3, 4].map(|tag| {
            format!("<category domain=\"post_tag\" nicename=\"x\"><![CDATA[A & {number} {tag}]]></category>")
        });
        item(1, "Tagged", "post", "publish", "text", &tags.concat())
    };
    let items: Vec<String> = (0..1_000).map(tagged).collect();
    let file = export(&folder, "1.2", &ada(), &items);
    let told = run(&folder, &[], &["import", file.to_str().unwrap()]);
    let told = stdout(&told);
    assert_eq!(
        told.lines().filter(|line| line.contains("spelt")).count(),
        1,
        "{told}"
    );
    assert!(
        told.contains("5000 × tag spelt differently: “A & 0 0” is “a-0-0”, ")
            && told.contains(" and 4995 more; use --json to list them all"),
        "{told}"
    );
}
