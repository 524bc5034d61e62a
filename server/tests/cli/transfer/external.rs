//! Tests of importing the sites of other systems.

use super::*;

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
