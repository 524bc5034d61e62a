//! Tests of importing exports of real WordPress sites. Each file in `imports` represents a kind of problem.

use std::{
    fs,
    path::{Path, PathBuf},
};

use scraper::{Html, Selector};
use serde_json::Value;
use tempfile::TempDir;

use crate::program::{run, stderr, stdout};

mod comments;
mod files;
mod losses;
mod pages;
mod people;
mod texts;

/// Returns the path of the file called `name` in `imports`.
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

/// Returns the HTML of the post called `title`.
fn html(folder: &TempDir, title: &str) -> Html {
    let sql = format!("SELECT html FROM posts WHERE title = '{title}'");
    let rows = rows(folder, &sql);
    let html = rows.first().and_then(|row| row["html"].as_str());
    Html::parse_fragment(html.unwrap_or_else(|| panic!("no post {title}")))
}

/// Returns the text of each element that `selector` matches.
fn texts(html: &Html, selector: &str) -> Vec<String> {
    let selector = Selector::parse(selector).unwrap();
    let found = html.select(&selector);
    found
        .map(|element| element.text().collect::<String>().trim().to_owned())
        .collect()
}

/// Returns the text of each cell in each row.
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

/// Returns the text called `title`, in Markdown.
fn content(folder: &TempDir, title: &str) -> String {
    let sql = format!("SELECT content FROM posts WHERE title = '{title}'");
    let rows = rows(folder, &sql);
    let content = rows.first().and_then(|row| row["content"].as_str());
    content.unwrap_or_else(|| panic!("no post {title}")).to_owned()
}

/// Returns the notes of an import on the text called `title`.
fn notes(imported: &Value, title: &str) -> Vec<String> {
    let notes = imported["notes"].as_array().unwrap().iter();
    let of_title = notes.filter(|note| note["title"] == title);
    of_title
        .map(|note| note["what"].as_str().unwrap().to_owned())
        .collect()
}

/// Creates an export with these items, in the format WXR `version`.
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

/// Returns an element with metadata.
fn meta(key: &str, value: &str) -> String {
    format!(
        "<wp:postmeta><wp:meta_key>{key}</wp:meta_key><wp:meta_value><![CDATA[{value}]]></wp:meta_value></wp:postmeta>"
    )
}

/// Returns the author of all texts that [`item`] creates.
fn ada() -> String {
    author("ada", "ada@example.org", "Ada")
}

/// Returns an item of `kind` in `status`, with `more` elements.
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
