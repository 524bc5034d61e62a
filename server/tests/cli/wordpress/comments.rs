//! Tests of importing the comments of a WordPress site.

use serde_json::json;

use super::{ada, export, import, item, notes, post, rows};

/// Returns a comment with `more` elements.
fn comment(id: u32, parent: u32, author: &str, content: &str, more: &str) -> String {
    format!(
        "<wp:comment><wp:comment_id>{id}</wp:comment_id><wp:comment_author><![CDATA[{author}]]></wp:comment_author>\
         <wp:comment_author_email>x@example.org</wp:comment_author_email><wp:comment_author_IP>192.0.2.1</wp:comment_author_IP>\
         <wp:comment_date>2015-04-01 12:00:{id:02}</wp:comment_date><wp:comment_date_gmt>2015-04-01 10:00:{id:02}</wp:comment_date_gmt>\
         <wp:comment_content><![CDATA[{content}]]></wp:comment_content><wp:comment_parent>{parent}</wp:comment_parent>{more}</wp:comment>"
    )
}

const APPROVED: &str = "<wp:comment_approved>1</wp:comment_approved>";

/// Returns what WordPress writes about two posts and a page with comments of every kind.
fn discussed_items() -> [String; 3] {
    let held = "<wp:comment_approved>0</wp:comment_approved>";
    let spam = "<wp:comment_approved>spam</wp:comment_approved>";
    let pingback = format!("{APPROVED}<wp:comment_type>pingback</wp:comment_type>");
    let own = format!("{APPROVED}<wp:comment_user_id>7</wp:comment_user_id>");
    let comments = [
        comment(1, 0, "Grace", "First.\n\nAnd <b>more</b>.", APPROVED),
        comment(3, 2, "Mary", "An answer to an answer", APPROVED),
        comment(2, 1, "ada", "An answer", &own),
        comment(4, 0, "Eve", "Wait for me", held),
        comment(5, 0, "Bot", "Buy this", spam),
        comment(6, 5, "", "Do not", APPROVED),
        comment(7, 0, "Another blog", "…", &pingback),
        comment(8, 0, "Nobody", " ", APPROVED),
    ];
    let closed = format!(
        "{}<wp:comment_status>closed</wp:comment_status>",
        comments.concat()
    );
    let on_page = comment(9, 0, "Grace", "Here?", APPROVED);
    [
        item(1, "Discussed", "post", "publish", "text", &closed),
        item(2, "A page", "page", "publish", "text", &on_page),
        post(3, "Quiet", "text"),
    ]
}

#[test]
fn comments_come_in_threads_with_their_dates_and_states() {
    let folder = tempfile::tempdir().unwrap();
    let authors = ada().replace(
        "<wp:author_login>",
        "<wp:author_id>7</wp:author_id><wp:author_login>",
    );
    let items = discussed_items();
    let file = export(&folder, "1.2", &authors, &items);
    let imported = import(&folder, &file);
    assert_eq!(
        imported["comments"],
        json!({ "added": 5, "there": 0, "left_out": 0 })
    );
    let sql = "SELECT c.content, coalesce(u.username, c.guest_name) AS author, c.depth, c.state, c.created_at \
               FROM comments c LEFT JOIN users u ON u.id = c.author_id ORDER BY c.path";
    let told: Vec<String> = rows(&folder, sql)
        .iter()
        .map(|row| {
            let text = |name: &str| row[name].as_str().unwrap().to_owned();
            let content = text("content").trim().replace('\n', "|");
            format!(
                "{}: {content} ({}, {})",
                text("author"),
                text("depth"),
                text("state")
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            "Grace: First.||And **more**. (0, published)",
            "ada: An answer (1, published)",
            "Mary: An answer to an answer (2, published)",
            "Eve: Wait for me (0, held)",
            "Anonymous: Do not (0, published)",
        ]
    );
    let dates = rows(
        &folder,
        "SELECT created_at FROM comments ORDER BY created_at LIMIT 1",
    );
    assert!(
        dates[0]["created_at"]
            .as_str()
            .unwrap()
            .starts_with("2015-04-01T10:00:01"),
        "{dates:?}"
    );
    let counts = rows(&folder, "SELECT comments FROM post_counts");
    assert_eq!(counts, [json!({ "comments": "4" })]);
    let of_posts = rows(
        &folder,
        "SELECT title, has_closed_comments AS closed FROM posts ORDER BY title",
    );
    assert_eq!(of_posts[0]["closed"], json!("1"));
    assert_eq!(of_posts[1]["closed"], json!("0"));
    let mut lost = notes(&imported, "Discussed");
    lost.sort();
    assert_eq!(
        lost,
        [
            "answer to a comment that was left out, now a comment on the post",
            "comment in the spam or the trash left out",
            "comment without a text left out",
            "link from another site (pingback or trackback) left out",
        ]
    );
    assert_eq!(
        notes(&imported, "A page"),
        ["comment on a page or a draft left out"]
    );

    let again = import(&folder, &file);
    assert_eq!(
        again["comments"],
        json!({ "added": 0, "there": 5, "left_out": 0 })
    );
}

#[test]
fn a_thread_that_is_deeper_than_here_keeps_every_comment_and_whom_it_answers() {
    let folder = tempfile::tempdir().unwrap();
    let comments: String = (1..=12)
        .map(|id| {
            comment(
                id,
                id - 1,
                &format!("Person {id}"),
                &format!("Level {id}"),
                APPROVED,
            )
        })
        .collect();
    let items = [item(1, "Discussed", "post", "publish", "text", &comments)];
    let imported = import(&folder, &export(&folder, "1.2", &ada(), &items));
    assert_eq!(imported["comments"]["added"], json!(12));
    let sql = "SELECT c.content, c.depth, a.content AS answered FROM comments c LEFT JOIN comments a ON a.id = \
               coalesce(c.answered_id, c.parent_id) ORDER BY c.path";
    let rows = rows(&folder, sql);
    for (number, row) in rows.iter().enumerate() {
        let depth = number.min(7).to_string();
        assert_eq!(row["depth"], json!(depth), "{row}");
        let answered = row["answered"].as_str().map(str::trim);
        let expected = (number > 0).then(|| format!("Level {number}"));
        assert_eq!(answered, expected.as_deref(), "{row}");
    }
}
