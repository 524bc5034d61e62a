//! Tests of importing the content of texts.

use scraper::Selector;

use serde_json::json;

use super::{ada, cells, content, export, file, html, import, item, meta, notes, post, rows, texts};

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
            .any(|note| note.contains("that is now a link")),
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
    let note = "<!-- wp:paragraph --><p>Said<sup data-fn=\"n1\" class=\"fn\"><a href=\"#n1\" id=\"n1-link\">1</a></sup>.</p><!-- /wp:paragraph --><!-- wp:footnotes /-->";
    let items = [
        item(
            1,
            "Featured",
            "post",
            "publish",
            "text",
            &(meta("_thumbnail_id", "21")
                + &meta("_yoast_wpseo_canonical", "https://first.example/a?b")
                + "<excerpt:encoded><![CDATA[In short.]]></excerpt:encoded>"),
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
    let imported = import(&folder, &export(&folder, "1.2", &ada(), &items));
    assert_eq!(
        content(&folder, "Featured"),
        "![Alt & 21](https://old.example/21.jpg)\n\ntext"
    );
    let featured = rows(
        &folder,
        "SELECT excerpt, details FROM posts WHERE title = 'Featured'",
    );
    assert_eq!(
        featured,
        [json!({
            "excerpt": "In short.",
            "details": "{\"excerpt\":\"In short.\",\"canonical\":\"https://first.example/a?b\"}",
        })]
    );
    assert_eq!(
        content(&folder, "Gallery"),
        "Before.\n\n![Alt & 21](https://old.example/21.jpg)\n\n<figure>\n<img src=\"https://old.example/22.jpg\" alt=\"Alt &amp; 22\">\n\
         <figcaption>Below <em>it</em></figcaption>\n</figure>\n\nAfter \\[box]x\\[/box]."
    );
    assert_eq!(
        notes(&imported, "Gallery"),
        [
            "code of the old site that is now text: [box]",
            "picture or file of a gallery that is not in the file"
        ]
    );
    let footnotes = html(&folder, "Footnotes");
    assert!(texts(&footnotes, "li").concat().contains("By <whom>"));
    assert_eq!(content(&folder, "Filled"), "Shared words.\n\ntext");
    assert_eq!(
        notes(&imported, "Filled"),
        ["block filled by the old site left out: “latest-posts”"]
    );
    assert_eq!(
        notes(&imported, "No picture"),
        ["picture of a text that is not in the file"]
    );
    assert_eq!(imported["pictures_elsewhere"], 3);
}

#[test]
fn what_was_embedded_side_by_side_stands_on_lines_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let embeds = "<!-- wp:html --><iframe src=\"https://a.example/1\"></iframe><iframe src=\"https://a.example/2\"></iframe><!-- /wp:html -->\
                  <!-- wp:core-embed/x {\"url\":\"https://a.example/3\"} /--><!-- wp:core-embed/x {\"url\":\"https://a.example/4\"} /-->";
    let file_block = "<div class=\"wp-block-file\"><a href=\"/f.pdf\">A paper</a><a href=\"/f.pdf\" class=\"wp-block-file__button\" download>Download</a></div>";
    let items = [
        post(1, "Embeds", embeds),
        post(
            2,
            "File",
            &format!("<!-- wp:file -->{file_block}<!-- /wp:file -->"),
        ),
    ];
    import(&folder, &export(&folder, "1.2", &ada(), &items));
    let addresses = (1..=4).map(|number| format!("<https://a.example/{number}>"));
    assert_eq!(
        content(&folder, "Embeds"),
        addresses.collect::<Vec<_>>().join("  \n")
    );
    assert_eq!(
        content(&folder, "File"),
        "[A paper](https://old.example/f.pdf) [Download](https://old.example/f.pdf)"
    );
}

#[test]
fn a_text_that_refers_to_something_again_and_again_is_bounded_and_named() {
    let folder = tempfile::tempdir().unwrap();
    let shared = format!(
        "<!-- wp:paragraph --><p>{}</p><!-- /wp:paragraph -->",
        "Shared words. ".repeat(20_000)
    );
    let many = "<!-- wp:block {\"ref\":9} /-->".repeat(2_000);
    let title = "x".repeat(100_000);
    let abbreviation = format!("<abbr title=\"{title}\">{}</abbr>", "<p>a</p>".repeat(2_000));
    let items = [
        post(1, "Repeated", &format!("<p>First.</p>{many}")),
        post(2, "Abbreviated", &format!("<!-- wp: -->{abbreviation}")),
        post(3, "Plain", "text"),
        item(9, "Shared", "wp_block", "publish", &shared, ""),
    ];
    let imported = import(&folder, &export(&folder, "1.2", &ada(), &items));
    let repeated = notes(&imported, "Repeated").concat();
    assert!(
        repeated.contains("too long") && repeated.contains("more than"),
        "{imported:#}"
    );
    let abbreviated = notes(&imported, "Abbreviated").concat();
    assert!(abbreviated.contains("on too many blocks"), "{imported:#}");
    assert!(content(&folder, "Abbreviated").len() < 1_000_000);
    assert_eq!(content(&folder, "Plain"), "text");
}

#[test]
fn a_picture_within_a_text_is_lost_and_named_whatever_it_is_written_in() {
    let folder = tempfile::tempdir().unwrap();
    let drawing = "%3Csvg xmlns='x' /%3E ".repeat(20_000);
    let lines = "aB/+".repeat(19) + "\n";
    let items = [
        post(
            1,
            "Drawing",
            &format!("<p>One <img src=\"data:image/svg+xml;utf8,{drawing}\" alt='A > B'> two.</p>"),
        ),
        post(
            2,
            "Photograph",
            &format!(
                "<p>One <img alt=\"a > b\" src=\"data:image/png;base64,{}\"> two.</p>",
                lines.repeat(20_000)
            ),
        ),
    ];
    let imported = import(&folder, &export(&folder, "1.2", &ada(), &items));
    assert_eq!(imported["posts"]["added"], 2, "{imported:#}");
    assert_eq!(content(&folder, "Drawing"), "One A > B two.");
    assert_eq!(content(&folder, "Photograph"), "One a > b two.");
    for title in ["Drawing", "Photograph"] {
        assert_eq!(
            notes(&imported, title),
            ["picture embedded in the text, or without an address, left out"]
        );
    }
}
