//! Tests of slugs, dates and other metadata of texts, which are kept or noted as lost.

use serde_json::json;

use super::{ada, content, export, file, import, item, meta, notes, post, rows};
use crate::program::{run, stdout};

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
            "title and description of the site left out",
            "tag spelt differently: “1&1” is “1-1”",
            "tag spelt differently: “R&D” is “r-d”",
            "tag spelt differently: “Travel & Trips” is “travel-trips”",
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
    let imported = import(&folder, &export(&folder, "1.2", &ada(), &items));
    assert_eq!(
        notes(&imported, "Tagged"),
        [
            "tag that is not allowed here left out: “!!!”",
            "tag left out, because a text can have at most 5: “f”"
        ]
    );
}

#[test]
fn texts_that_were_not_everybody_s_are_drafts_and_everything_else_is_counted() {
    let folder = tempfile::tempdir().unwrap();
    let secret = "<wp:post_password>x</wp:post_password>";
    let comments = "<wp:comment><wp:comment_id>1</wp:comment_id><wp:comment_content><![CDATA[hi</item>]]></wp:comment_content></wp:comment>";
    let items = [
        item(1, "A page", "page", "private", "text", ""),
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
    let imported = import(&folder, &export(&folder, "1.1", &ada(), &items));
    assert_eq!(
        (&imported["posts"]["added"], &imported["drafts"]["added"]),
        (&json!(2), &json!(4))
    );
    let private = rows(&folder, "SELECT title FROM posts WHERE visibility = 'private'");
    assert_eq!(private, [json!({ "title": "A private one" })]);
    assert!(notes(&imported, "A private one").is_empty());
    assert_eq!(imported["pages"]["added"], json!(1));
    for (title, what) in [
        ("A page", "private text that is now a draft"),
        ("A pending one", "text waiting for review that is now a draft"),
        ("A future one", "scheduled text that is now a draft"),
        ("A secret one", "text with a password that is now a draft"),
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
    assert_eq!(counted("item of another kind left out: “nav_menu_item”"), 2);
    assert_eq!(counted("comment in the spam or the trash left out"), 3);
    // The plain text output contains the same notes.
    let other = tempfile::tempdir().unwrap();
    let file = folder.path().join("export.xml");
    let told = run(&other, &[], &["import", file.to_str().unwrap()]);
    for line in [
        "1 × private text that is now a draft: “A page”",
        "2 × item of another kind left out: “nav_menu_item” (2)",
        "3 × comment in the spam or the trash left out: “Discussed”",
    ] {
        assert!(stdout(&told).contains(line), "{line}\n{}", stdout(&told));
    }
}

#[test]
fn what_a_text_has_beside_its_content_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let format = "<category domain=\"post_format\" nicename=\"x\"><![CDATA[Aside]]></category>";
    let items = [
        item(
            1,
            "Sticky",
            "post",
            "publish",
            "text",
            "<wp:is_sticky>1</wp:is_sticky>",
        ),
        item(
            2,
            "Yoast",
            "post",
            "publish",
            "text",
            &meta("_yoast_wpseo_metadesc", "Read this"),
        ),
        item(
            3,
            "Rank Math",
            "post",
            "publish",
            "text",
            &meta("rank_math_title", "Read this"),
        ),
        item(
            4,
            "All in One",
            "post",
            "publish",
            "text",
            &meta("_aioseo_description", "Read this"),
        ),
        item(
            5,
            "Nothing",
            "post",
            "publish",
            "text",
            &(meta("_yoast_wpseo_title", "") + &meta("_edit_lock", "1")),
        ),
        post(
            6,
            "Pages",
            "One.\n\n<!--nextpage-->\n\nTwo.\n\n<!--nextpage-->\n\nThree.",
        ),
        post(
            7,
            "Beginning",
            "<!-- wp:paragraph --><p>One.</p><!-- /wp:paragraph --><!-- wp:more --><!--more--><!-- /wp:more -->",
        ),
        post(11, "", "text"),
        post(8, "<em>Marked</em> &amp;lt;up&amp;gt;", "text"),
        item(
            9,
            "Further",
            "post",
            "publish",
            "text",
            &(meta("mood", "fine") + format),
        ),
        item(
            10,
            "Excerpt",
            "post",
            "publish",
            "text",
            "<excerpt:encoded><![CDATA[In <b>short</b>]]></excerpt:encoded>",
        ),
    ];
    let imported = import(&folder, &export(&folder, "1.2", &ada(), &items));
    let for_searches = "title, description or picture for search engines and networks left out";
    for (title, what) in [
        ("Sticky", "text that was pinned to the top, now in order of date"),
        ("Yoast", for_searches),
        ("Rank Math", for_searches),
        ("All in One", for_searches),
        ("Pages", "page break within a text left out"),
        ("Beginning", "“read more” mark left out"),
        ("Untitled", "text without a title, now called “Untitled”"),
        ("Marked <up>", "markup in a title left out"),
        ("Excerpt", "markup in an excerpt left out"),
    ] {
        assert_eq!(notes(&imported, title), [what], "{title}");
    }
    assert_eq!(notes(&imported, "Nothing"), [] as [String; 0]);
    assert_eq!(
        notes(&imported, ""),
        [
            "title and description of the site left out",
            "additional field of a text left out: “mood”",
            "term that is neither a tag nor a category left out: “post_format”",
        ]
    );
    assert_eq!(content(&folder, "Pages"), "One.\n\nTwo.\n\nThree.");
}

#[test]
fn a_text_without_a_date_has_the_best_that_is_there_which_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let dated = |title: &str, dates: &str| {
        let item = post(1, title, "text");
        let (before, rest) = item.split_once("<wp:post_date>").unwrap();
        let (_, after) = rest.split_once("</wp:post_date_gmt>").unwrap();
        format!("{before}{dates}{after}")
    };
    let none = "0000-00-00 00:00:00";
    let items = [
        dated(
            "UTC",
            &format!(
                "<wp:post_date>{none}</wp:post_date><wp:post_date_gmt>2001-01-01 10:00:00</wp:post_date_gmt>"
            ),
        ),
        dated(
            "Local",
            &format!(
                "<wp:post_date>2002-01-01 10:00:00</wp:post_date><wp:post_date_gmt>{none}</wp:post_date_gmt>"
            ),
        ),
        dated("Published", "<pubDate>Wed, 01 Jan 2003 10:00:00 +0000</pubDate>"),
        dated(
            "Modified",
            "<wp:post_modified>2004-01-01 10:00:00</wp:post_modified>",
        ),
        dated("Never", ""),
        item(2, "Draft", "post", "draft", "text", "").replace("2015-03-02 10:00:00", none),
    ];
    let file = export(&folder, "1.2", &ada(), &items);
    let imported = import(&folder, &file);
    let posts = rows(
        &folder,
        "SELECT title, created_at FROM posts UNION ALL SELECT title, created_at FROM drafts",
    );
    let year = |title: &str| {
        let post = posts.iter().find(|post| post["title"] == title).unwrap();
        post["created_at"]
            .as_str()
            .unwrap()
            .get(..4)
            .unwrap()
            .parse::<u32>()
            .unwrap()
    };
    let years = ["UTC", "Local", "Published", "Modified"].map(year);
    assert_eq!(years, [2001, 2002, 2003, 2004]);
    assert!(year("Never") >= 2025 && year("Draft") >= 2025, "{posts:?}");
    assert_eq!(
        notes(&imported, "Modified"),
        ["text without a date, now with the date of its last change"]
    );
    for title in ["Never", "Draft"] {
        assert_eq!(
            notes(&imported, title),
            ["text without a date, now with the date of the import"]
        );
    }
    // Texts that are imported again are recognized.
    let again = import(&folder, &file);
    assert_eq!(
        (&again["posts"]["added"], &again["drafts"]["added"]),
        (&json!(0), &json!(0))
    );
}
