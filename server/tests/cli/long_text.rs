//! Tests of an imported text that is longer than users may write.

use std::fs;

use serde_json::Value;

use crate::{
    program::{program, run, stderr, stdout},
    site::Site,
};

/// Returns a WordPress export with one post that has this text.
fn wordpress(text: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <rss version=\"2.0\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" \
         xmlns:wp=\"http://wordpress.org/export/1.2/\"><channel><title>T</title><link>https://old.example</link>\
         <wp:wxr_version>1.2</wp:wxr_version><wp:author><wp:author_id>1</wp:author_id><wp:author_login>ada</wp:author_login>\
         <wp:author_email>ada@example.org</wp:author_email></wp:author><item><title>Long</title><dc:creator>ada</dc:creator>\
         <content:encoded><![CDATA[<p>{text}</p>]]></content:encoded><wp:post_id>1</wp:post_id>\
         <wp:post_date_gmt>2020-03-01 10:00:00</wp:post_date_gmt><wp:post_name>long</wp:post_name><wp:status>publish</wp:status>\
         <wp:post_type>post</wp:post_type></item></channel></rss>"
    )
}

#[test]
fn a_long_text_that_came_in_is_changed_as_long_as_it_does_not_grow() {
    let folder = tempfile::tempdir().unwrap();
    let text = "word ".repeat(20_200);
    let text = text.trim_end();
    let file = folder.path().join("long.xml");
    fs::write(&file, wordpress(text)).unwrap();
    let imported = run(&folder, &[], &["import", file.to_str().unwrap()]);
    assert!(imported.status.success(), "{}", stderr(&imported));
    let shown = || -> Value {
        let shown = run(&folder, &[], &["post", "show", "1", "--json"]);
        serde_json::from_str(&stdout(&shown)).unwrap()
    };
    assert_eq!(shown()["content"], text);
    // The command line applies the same rule.
    let given = |more: &[&str], text: &str| {
        let file = folder.path().join("new.md");
        fs::write(&file, text).unwrap();
        let update = [&["post", "update", "1", "--file", file.to_str().unwrap()], more].concat();
        run(&folder, &[], &update)
    };
    let refused = given(&[], &format!("{text}!"));
    assert!(
        stderr(&refused).contains("at most 100,999 characters"),
        "{}",
        stderr(&refused)
    );
    let renamed = run(&folder, &[], &["post", "update", "1", "--title", "Longer"]);
    assert!(renamed.status.success(), "{}", stderr(&renamed));

    let mut set = program(&folder, &[]);
    set.args(["user", "set-password", "ada"]);
    let password = folder.path().join("password");
    fs::write(&password, "ada-secret!\n").unwrap();
    set.stdin(fs::File::open(&password).unwrap());
    assert!(set.output().unwrap().status.success());
    let site = Site::start(&folder, &[]);
    let ada = site.visitor();
    ada.log_in("ada");
    let page = ada.get("/post/update?post=1").unwrap().text();
    assert!(page.contains("name=\"content_max\" value=\"100999\""));
    let save = |version: &str, title: &str, text: &str| {
        let fields = [
            ("post", "1"),
            ("post_version", version),
            ("content_max", "100999"),
            ("title", title),
            ("content", text),
        ];
        ada.post("/post/update", &fields).unwrap()
    };
    assert_eq!(save("2", "Grown", &format!("{text}!")).status, 422);
    let changed = text.replacen("word", "Word", 1);
    let saved = save("2", "Changed", &changed);
    assert_eq!(saved.status, 303, "{}", saved.text());
    site.end();
    assert_eq!(
        (&shown()["title"], &shown()["content"]),
        (&"Changed".into(), &changed.into())
    );
}
