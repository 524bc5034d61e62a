//! Pages, and the old addresses of texts.

use serde_json::json;
use tempfile::tempdir;

use super::{ada, export, import, item, post, rows};
use crate::{program::run, site::Site};

#[test]
fn pages_are_pages_and_old_addresses_lead_to_the_new_ones() {
    let folder = tempdir().unwrap();
    let items = [
        post(1, "A post", "text"),
        item(2, "Imprint", "page", "publish", "Who we are.", ""),
        item(3, "Unfinished", "page", "draft", "text", ""),
        item(4, "Not yet", "post", "draft", "text", ""),
    ];
    let file = export(&folder, "1.2", &ada(), &items);
    let imported = import(&folder, &file);
    assert_eq!(imported["pages"]["added"], json!(2));
    assert_eq!(imported["redirects"]["added"], json!(2));
    assert_eq!(
        rows(
            &folder,
            "SELECT slug, CASE WHEN is_published THEN 'yes' ELSE 'no' END AS public FROM pages ORDER BY id"
        ),
        [
            json!({ "slug": "2-name", "public": "yes" }),
            json!({ "slug": "3-name", "public": "no" }),
        ]
    );
    assert_eq!(
        rows(&folder, "SELECT path, target FROM redirects ORDER BY path"),
        [
            json!({ "path": "/2015/1", "target": "/post/1-1-name" }),
            json!({ "path": "/2015/2", "target": "/2-name" }),
        ]
    );
    // The same file twice adds nothing.
    let again = import(&folder, &file);
    assert_eq!(
        (&again["pages"]["there"], &again["redirects"]["there"]),
        (&json!(2), &json!(2))
    );

    let site = Site::start(&folder, &[]);
    let reader = site.visitor();
    let led = reader.get("/2015/2/").unwrap();
    assert_eq!((led.status, led.location.as_str()), (308, "/2-name"));
    assert!(reader.get("/2-name").unwrap().text().contains("Who we are."));
    assert_eq!(reader.get("/3-name").unwrap().status, 404);
    site.end();
}

#[test]
fn a_page_whose_address_is_taken_gets_another_one() {
    let folder = tempdir().unwrap();
    let name = "<wp:post_name>imprint</wp:post_name>";
    let page = |id, title: &str| {
        let item = item(id, title, "page", "publish", "text", "");
        item.replace(&format!("<wp:post_name>{id}-name</wp:post_name>"), name)
    };
    let items = [page(1, "Imprint"), page(2, "Another imprint")];
    import(&folder, &export(&folder, "1.2", &ada(), &items));
    assert_eq!(
        rows(&folder, "SELECT slug, title FROM pages ORDER BY id"),
        [
            json!({ "slug": "imprint", "title": "Imprint" }),
            json!({ "slug": "imprint-2", "title": "Another imprint" }),
        ]
    );
}

#[test]
fn an_export_keeps_pages_and_redirects() {
    let folder = tempdir().unwrap();
    let items = [item(2, "Imprint", "page", "publish", "Who we are.", "")];
    import(&folder, &export(&folder, "1.2", &ada(), &items));
    let file = folder.path().join("site.zip");
    let exported = run(&folder, &[], &["export", file.to_str().unwrap()]);
    assert!(exported.status.success());
    let other = tempdir().unwrap();
    let imported = import(&other, &file);
    assert_eq!(imported["pages"]["added"], json!(1));
    assert_eq!(imported["redirects"]["added"], json!(1));
    for table in [
        "SELECT id, slug, title, content, html, place, is_published, version, created_at, updated_at FROM pages",
        "SELECT path, target, created_at FROM redirects",
    ] {
        assert_eq!(rows(&folder, table), rows(&other, table), "{table}");
    }
}
