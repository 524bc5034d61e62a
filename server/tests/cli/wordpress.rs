//! Exports of WordPress, as real sites have them: each file in `imports` stands for a kind of fault.

use std::{
    fs,
    path::{Path, PathBuf},
};

use scraper::{Html, Selector};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{
    program::{run, stderr, stdout},
    site::Site,
};

/// The file called `name` in `imports`.
fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/cli/imports")
        .join(name)
}

fn import(folder: &TempDir, file: &Path) -> Value {
    let output = run(
        folder,
        &[],
        &["import", file.to_str().unwrap(), "--yes", "--json"],
    );
    assert!(output.status.success(), "{:?} {}", output.status, stderr(&output));
    serde_json::from_str(&stdout(&output)).unwrap()
}

fn rows(folder: &TempDir, sql: &str) -> Vec<Value> {
    let output = run(folder, &[], &["shell", "--json", sql]);
    serde_json::from_str(&stdout(&output)).unwrap()
}

/// The HTML of the post called `title`.
fn html(folder: &TempDir, title: &str) -> Html {
    let sql = format!("SELECT html FROM posts WHERE title = '{title}'");
    let rows = rows(folder, &sql);
    let html = rows.first().and_then(|row| row["html"].as_str());
    Html::parse_fragment(html.unwrap_or_else(|| panic!("no post {title}")))
}

/// The text of each element that `selector` finds.
fn texts(html: &Html, selector: &str) -> Vec<String> {
    let selector = Selector::parse(selector).unwrap();
    let found = html.select(&selector);
    found
        .map(|element| element.text().collect::<String>().trim().to_owned())
        .collect()
}

/// The text of each cell in each row.
fn cells(html: &Html) -> Vec<Vec<String>> {
    let (row, cell) = (Selector::parse("tr").unwrap(), Selector::parse("th, td").unwrap());
    let rows = html.select(&row);
    rows.map(|row| {
        row.select(&cell)
            .map(|cell| cell.text().collect::<String>().trim().to_owned())
            .collect()
    })
    .collect()
}

/// Returns the notes of an import on the text called `title`.
fn notes(imported: &Value, title: &str) -> Vec<String> {
    let notes = imported["notes"].as_array().unwrap().iter();
    let of_title = notes.filter(|note| note["title"] == title);
    of_title
        .map(|note| note["what"].as_str().unwrap().to_owned())
        .collect()
}

/// An export with these items, each a text in the form of WXR `version`.
fn export(folder: &TempDir, version: &str, authors: &str, items: &[String]) -> PathBuf {
    let file = folder.path().join("export.xml");
    let items = items.concat();
    let xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" ?>\n<!-- generator=\"WordPress/4.9\" -->\n<rss version=\"2.0\"\n\
         xmlns:excerpt=\"http://wordpress.org/export/{version}/excerpt/\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\"\n\
         xmlns:wfw=\"http://wellformedweb.org/CommentAPI/\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\"\n\
         xmlns:wp=\"http://wordpress.org/export/{version}/\">\n<channel><title>Old</title><link>https://old.example</link>\n\
         <wp:wxr_version>{version}</wp:wxr_version><wp:base_site_url>https://old.example</wp:base_site_url>\n{authors}\n{items}\n</channel></rss>"
    );
    fs::write(&file, xml).unwrap();
    file
}

fn author(login: &str, email: &str, display_name: &str) -> String {
    format!(
        "<wp:author><wp:author_login><![CDATA[{login}]]></wp:author_login><wp:author_email><![CDATA[{email}]]></wp:author_email>\
         <wp:author_display_name><![CDATA[{display_name}]]></wp:author_display_name></wp:author>"
    )
}

/// A text of `kind` in `status`, with more elements.
fn item(id: u32, title: &str, kind: &str, status: &str, content: &str, more: &str) -> String {
    format!(
        "<item><title>{title}</title><link>https://old.example/2015/{id}/</link><dc:creator><![CDATA[ada]]></dc:creator>\n\
         <content:encoded><![CDATA[{content}]]></content:encoded><wp:post_id>{id}</wp:post_id>\
         <wp:post_date>2015-03-{id:02} 10:00:00</wp:post_date><wp:post_date_gmt>2015-03-{id:02} 10:00:00</wp:post_date_gmt>\
         <wp:post_name>{id}-name</wp:post_name><wp:status>{status}</wp:status><wp:post_type>{kind}</wp:post_type>{more}</item>\n"
    )
}

fn post(id: u32, title: &str, content: &str) -> String {
    item(id, title, "post", "publish", content, "")
}

#[test]
fn tables_keep_their_rows_columns_and_the_text_of_each_cell() {
    let folder = tempfile::tempdir().unwrap();
    import(&folder, &file("wordpress-tables.xml"));
    for (title, expected) in [
        (
            "Block table, no head",
            vec![vec!["", ""], vec!["Name", "Age"], vec!["Ada", "36"]],
        ),
        ("Classic table", vec![vec!["Name", "Age"], vec!["Ada", "36"]]),
        (
            "Empty corner",
            vec![vec!["", "Mon", "Tue"], vec!["9:00", "a", "b"]],
        ),
        (
            "Empty last head",
            vec![vec!["Who", "What", ""], vec!["x", "y", ""]],
        ),
    ] {
        assert_eq!(cells(&html(&folder, title)), expected, "{title}");
    }
    assert_eq!(texts(&html(&folder, "Classic table"), "p"), ["Before.", "After."]);
}

#[test]
fn paragraphs_of_the_older_editor_are_paragraphs_whatever_else_is_in_the_text() {
    let folder = tempfile::tempdir().unwrap();
    import(&folder, &file("wordpress-classic-paragraphs.xml"));
    let with_pre = html(&folder, "With pre");
    assert_eq!(texts(&with_pre, "p"), ["First.", "Second.", "Third.", "Fourth."]);
    assert_eq!(texts(&with_pre, "pre"), ["line one\nline two\n\nline four"]);
    let aligned = html(&folder, "With one aligned paragraph");
    assert_eq!(
        texts(&aligned, "p"),
        ["First.", "Second.", "Centred.", "Third.", "Fourth."]
    );
}

#[test]
fn markup_is_kept_or_a_link_that_is_counted() {
    let folder = tempfile::tempdir().unwrap();
    let imported = import(&folder, &file("wordpress-markup-lost.xml"));
    let inline = html(&folder, "Inline");
    for (selector, text) in [
        ("sub", "2"),
        ("sup", "2"),
        ("del", "wrong"),
        ("kbd", "Ctrl"),
        ("pre", "a   b\n  c  d"),
    ] {
        assert_eq!(texts(&inline, selector), [text], "{selector}");
    }
    let links = Selector::parse("a").unwrap();
    let links: Vec<&str> = inline
        .select(&links)
        .filter_map(|link| link.attr("href"))
        .collect();
    assert_eq!(
        links,
        [
            "https://www.youtube.com/watch?v=abcdefghijk",
            "https://www.youtube.com/embed/abcdefghijk",
            "https://old.example/v.mp4"
        ]
    );
    assert!(
        notes(&imported, "Inline")
            .iter()
            .any(|note| note.contains("that is a link now")),
        "{imported}"
    );
    let entity = html(&folder, "Text that looks like an entity");
    assert_eq!(
        texts(&entity, "p"),
        ["Write &lt;b&gt; for bold and &copy; for the sign."]
    );
    assert_eq!(
        texts(&html(&folder, "Bold in Japanese"), "strong"),
        ["「重要なこと」"]
    );
    assert_eq!(texts(&html(&folder, "Two lists"), "ol").len(), 2);
    let caption = html(&folder, "Caption");
    let picture = Selector::parse("img[src='https://old.example/p-300.jpg'][alt='A field']").unwrap();
    assert_eq!(caption.select(&picture).count(), 1);
    let words: String = caption.root_element().text().collect();
    assert!(words.contains("The caption") && !words.contains('['), "{words}");
}

#[test]
fn addresses_in_other_scripts_are_as_those_of_posts_written_here() {
    let folder = tempfile::tempdir().unwrap();
    import(&folder, &file("wordpress-slugs-not-latin.xml"));
    let slugs = rows(&folder, "SELECT slug FROM posts ORDER BY created_at");
    let slugs: Vec<&str> = slugs.iter().filter_map(|row| row["slug"].as_str()).collect();
    assert_eq!(
        slugs,
        [
            "smert-zhizni",
            "ri-ben-yu-noji-shi",
            "kak-rabotaet-marshrutizator-angular"
        ]
    );
}

#[test]
fn titles_and_tags_are_words_and_what_no_tag_can_have_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let imported = import(&folder, &file("wordpress-entities-in-titles-and-tags.xml"));
    let posts = rows(&folder, "SELECT title, tags FROM posts ORDER BY created_at");
    assert_eq!(posts[0]["title"], "Some\"Title\" – Fish & Chips");
    assert_eq!(posts[1]["title"], "Escaped & title with markup");
    let tags: Vec<&str> = posts.iter().filter_map(|row| row["tags"].as_str()).collect();
    for tag in ["1-1", "r-d", "plain"] {
        assert!(tags[0].contains(tag), "{tags:?}");
    }
    for tag in ["only-tag", "food", "travel-trips"] {
        assert!(tags[1].contains(tag), "{tags:?}");
    }
    assert_eq!(
        notes(&imported, ""),
        [
            "tag spelt otherwise: “1&1” is “1-1”",
            "tag spelt otherwise: “R&D” is “r-d”",
            "tag spelt otherwise: “Travel & Trips” is “travel-trips”",
        ]
    );
}

#[test]
fn tags_beyond_the_fifth_and_those_that_nothing_can_have_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let tags: String = ["a", "b", "c", "!!!", "d", "e", "f"]
        .map(|tag| format!("<category domain=\"post_tag\" nicename=\"x\"><![CDATA[{tag}]]></category>"))
        .concat();
    let tags = tags
        + "<category domain=\"category\" nicename=\"uncategorized\"><![CDATA[Uncategorized]]></category>";
    let items = [item(1, "Tagged", "post", "publish", "text", &tags)];
    let imported = import(
        &folder,
        &export(&folder, "1.2", &author("ada", "ada@example.org", "Ada"), &items),
    );
    assert_eq!(
        notes(&imported, "Tagged"),
        [
            "tag that nothing can have here left out: “!!!”",
            "tag left out, since a text has at most 5: “f”"
        ]
    );
}

#[test]
fn a_file_that_is_no_xml_is_read_as_far_as_it_can_be_and_what_is_left_out_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let imported = import(&folder, &file("wordpress-control-character.xml"));
    assert_eq!(imported["posts"]["added"], 2);
    assert_eq!(
        notes(&imported, "Pasted from a word processor"),
        ["control character left out"]
    );
    assert_eq!(imported["notes"][0]["count"], 2);
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
    let file = export(&other, "1.2", &author("ada", "ada@example.org", "Ada"), &items);
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
    let file = export(&folder, "1.2", &author("ada", "ada@example.org", "Ada"), &items);
    let text = fs::read_to_string(&file).unwrap();
    let end = text.find("two words").unwrap();
    fs::write(&file, &text[..end + 5]).unwrap();
    let imported = import(&folder, &file);
    assert_eq!(imported["posts"]["added"], 1);
    assert!(
        imported["notes"].to_string().contains("does not say what it is"),
        "{imported}"
    );
    assert!(imported["notes"].to_string().contains("it was cut"), "{imported}");
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
        // Since when somebody is there is not known, and not said.
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
fn whoever_has_registered_an_address_of_the_site_is_not_taken_for_its_author() {
    let folder = tempfile::tempdir().unwrap();
    let site = Site::start(&folder, &[]);
    let fields = [
        ("username", "eve"),
        ("email", "ada@example.org"),
        ("password", "eve-secret!"),
        ("confirm_password", "eve-secret!"),
    ];
    assert_eq!(site.visitor().post("/register", &fields).unwrap().status, 303);
    site.end();
    let file = file("wordpress-part-1.xml");
    let refused = run(&folder, &[], &["import", file.to_str().unwrap(), "--yes"]);
    assert!(
        stderr(&refused).contains("eve has here without having confirmed it"),
        "{}",
        stderr(&refused)
    );
}

#[test]
fn authors_are_told_apart_without_regard_to_case_and_no_address_is_a_name() {
    let folder = tempfile::tempdir().unwrap();
    let authors = [
        author("Bob", "bob@example.org", "Bob"),
        author("bobby", "BOB@example.org", "Bob again"),
        author("ann@example.org", "ann@example.org", "Ann Lee"),
        author("joe@example.org", "joe@example.org", "joe@example.org"),
    ]
    .concat();
    let by = |item: String, creator: &str| item.replace("CDATA[ada]", &format!("CDATA[{creator}]"));
    let items = [
        by(post(1, "By Bob", "text"), "bob"),
        by(post(2, "By BOB", "text"), "BOB"),
        by(post(3, "By Bobby", "text"), "bobby"),
        by(post(4, "By Ann", "text"), "ann@example.org"),
        by(post(5, "By Joe", "text"), "joe@example.org"),
        by(post(6, "By a stranger", "text"), "sam@example.org"),
    ];
    import(&folder, &export(&folder, "1.2", &authors, &items));
    let sql = "SELECT username, count(*) AS posts FROM posts JOIN users ON users.id = author_id GROUP BY username ORDER BY username";
    let people: Vec<(String, i64)> = rows(&folder, sql)
        .iter()
        .map(|row| {
            (
                row["username"].as_str().unwrap().to_owned(),
                row["posts"].as_str().unwrap().parse().unwrap(),
            )
        })
        .collect();
    let expected = [("ann-lee", 1), ("bob", 3), ("writer-2", 1), ("writer-3", 1)];
    assert_eq!(people, expected.map(|(name, posts)| (name.to_owned(), posts)));
}

#[test]
fn a_text_that_is_longer_than_the_editor_allows_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let imported = import(&folder, &file("wordpress-long-text.xml"));
    assert_eq!(imported["posts"]["added"], 1);
    assert!(
        notes(&imported, "New")
            .concat()
            .contains("more than 100000 characters"),
        "{imported}"
    );
}

#[test]
fn pages_and_texts_that_were_not_everybody_s_are_drafts_and_everything_else_is_counted() {
    let folder = tempfile::tempdir().unwrap();
    let secret = "<wp:post_password>x</wp:post_password>";
    let comments = "<wp:comment><wp:comment_id>1</wp:comment_id><wp:comment_content><![CDATA[hi</item>]]></wp:comment_content></wp:comment>";
    let items = [
        item(1, "A page", "page", "publish", "text", ""),
        item(2, "A private one", "post", "private", "text", ""),
        item(3, "A pending one", "post", "pending", "text", ""),
        item(4, "A future one", "post", "future", "text", ""),
        item(5, "A secret one", "post", "publish", "text", secret),
        item(6, "A draft", "post", "draft", "text", ""),
        item(7, "In the trash", "post", "trash", "text", ""),
        item(8, "An entry", "nav_menu_item", "publish", "", ""),
        item(9, "An entry", "nav_menu_item", "publish", "", ""),
        item(10, "Discussed", "post", "publish", "text", &comments.repeat(3)),
        item(11, "Empty", "post", "publish", " ", ""),
    ];
    let imported = import(
        &folder,
        &export(&folder, "1.1", &author("ada", "ada@example.org", "Ada"), &items),
    );
    assert_eq!(
        (&imported["posts"]["added"], &imported["drafts"]["added"]),
        (&json!(1), &json!(6))
    );
    for (title, what) in [
        ("A page", "page that is a draft now"),
        ("A private one", "private text that is a draft now"),
        (
            "A pending one",
            "text that waited for a review and is a draft now",
        ),
        ("A future one", "text for a later day that is a draft now"),
        ("A secret one", "text with a password that is a draft now"),
        ("Empty", "left out: it has no text"),
    ] {
        assert_eq!(notes(&imported, title), [what], "{title}");
    }
    let counted = |what: &str| {
        let notes = imported["notes"].as_array().unwrap();
        let note = notes.iter().find(|note| note["what"] == what);
        note.map_or(0, |note| note["count"].as_u64().unwrap())
    };
    assert_eq!(counted("text in the trash left out"), 1);
    assert_eq!(counted("thing of the kind “nav_menu_item” left out"), 2);
    assert_eq!(counted("comment left out"), 3);
    // People read the same.
    let other = tempfile::tempdir().unwrap();
    let file = folder.path().join("export.xml");
    let told = run(&other, &[], &["import", file.to_str().unwrap()]);
    for line in [
        "1 × page that is a draft now: “A page”",
        "2 × thing of the kind “nav_menu_item” left out",
        "3 × comment left out",
    ] {
        assert!(stdout(&told).contains(line), "{line}\n{}", stdout(&told));
    }
}

#[test]
fn the_picture_of_a_text_galleries_and_blocks_that_the_old_site_filled_are_in_the_text_or_named() {
    let folder = tempfile::tempdir().unwrap();
    let attachment = |id: u32, parent: u32, caption: &str| {
        let more = format!(
            "<excerpt:encoded><![CDATA[{caption}]]></excerpt:encoded><wp:post_parent>{parent}</wp:post_parent>\
             <wp:attachment_url>https://old.example/{id}.jpg</wp:attachment_url><wp:postmeta><wp:meta_key>_wp_attachment_image_alt\
             </wp:meta_key><wp:meta_value><![CDATA[Alt &amp; {id}]]></wp:meta_value></wp:postmeta>"
        );
        item(id, "file", "attachment", "inherit", "", &more)
    };
    let meta = |key: &str, value: &str| {
        format!(
            "<wp:postmeta><wp:meta_key>{key}</wp:meta_key><wp:meta_value><![CDATA[{value}]]></wp:meta_value></wp:postmeta>"
        )
    };
    let note = "<!-- wp:paragraph --><p>Said<sup data-fn=\"n1\" class=\"fn\"><a href=\"#n1\" id=\"n1-link\">1</a></sup>.</p><!-- /wp:paragraph --><!-- wp:footnotes /-->";
    let items = [
        item(
            1,
            "Featured",
            "post",
            "publish",
            "text",
            &(meta("_thumbnail_id", "21") + "<excerpt:encoded><![CDATA[In short.]]></excerpt:encoded>"),
        ),
        post(
            2,
            "Gallery",
            "Before.\n\n[gallery ids=\"21,22,29\"]\n\nAfter [box]x[/box].",
        ),
        item(
            3,
            "Footnotes",
            "post",
            "publish",
            note,
            &meta("footnotes", "[{\"id\":\"n1\",\"content\":\"By &lt;whom&gt;\"}]"),
        ),
        post(
            4,
            "Filled",
            "<!-- wp:block {\"ref\":30} /--><!-- wp:latest-posts /--><!-- wp:paragraph --><p>text</p><!-- /wp:paragraph -->",
        ),
        item(
            5,
            "No picture",
            "post",
            "publish",
            "text",
            &meta("_thumbnail_id", "28"),
        ),
        attachment(21, 0, ""),
        attachment(22, 2, "Below <em>it</em>"),
        item(
            30,
            "Shared",
            "wp_block",
            "publish",
            "<!-- wp:paragraph --><p>Shared words.</p><!-- /wp:paragraph -->",
            "",
        ),
    ];
    let imported = import(
        &folder,
        &export(&folder, "1.2", &author("ada", "ada@example.org", "Ada"), &items),
    );
    let content = |title: &str| {
        let rows = rows(
            &folder,
            &format!("SELECT content FROM posts WHERE title = '{title}'"),
        );
        rows[0]["content"].as_str().unwrap().to_owned()
    };
    assert_eq!(
        content("Featured"),
        "In short.\n\n![Alt & 21](https://old.example/21.jpg)\n\ntext"
    );
    assert_eq!(
        content("Gallery"),
        "Before.\n\n![Alt & 21](https://old.example/21.jpg)\n\n<figure>\n<img src=\"https://old.example/22.jpg\" alt=\"Alt &amp; 22\">\n\
         <figcaption>Below <em>it</em></figcaption>\n</figure>\n\nAfter \\[box]x\\[/box]."
    );
    assert_eq!(
        notes(&imported, "Gallery"),
        [
            "code of the old site that is text now: [box]",
            "picture or file of a gallery that is not in the file"
        ]
    );
    let footnotes = html(&folder, "Footnotes");
    assert!(texts(&footnotes, "li").concat().contains("By <whom>"));
    assert_eq!(content("Filled"), "Shared words.\n\ntext");
    assert_eq!(
        notes(&imported, "Filled"),
        ["block that the old site filled itself left out: “latest-posts”"]
    );
    assert_eq!(
        notes(&imported, "No picture"),
        ["picture of a text that is not in the file"]
    );
    assert_eq!(imported["pictures_elsewhere"], 3);
}

#[test]
fn every_version_of_the_format_is_read() {
    for version in ["1.0", "1.1", "1.2"] {
        let folder = tempfile::tempdir().unwrap();
        // The first one has no authors of its own, and another name for tags.
        let authors = if version == "1.0" {
            String::new()
        } else {
            author("ada", "ada@example.org", "Ada")
        };
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
    let file = export(&folder, "1.2", &author("ada", "ada@example.org", "Ada"), &items);
    let told = run(&folder, &[], &["import", file.to_str().unwrap()]);
    assert!(told.status.success());
    assert!(
        !stderr(&told).contains("foster") && !stderr(&told).contains("WARN"),
        "{}",
        stderr(&told)
    );
    assert!(stdout(&told).contains("added"), "{}", stdout(&told));
}
