//! Tests of moving a site from SQLite to PostgreSQL and back.

use std::process::Command;

use scraper::{Html, Selector};
use tempfile::TempDir;

use crate::{
    database,
    program::{run, stderr, stdout},
    site::{Person, Site, png},
};

fn copy(folder: &TempDir, from: &str, to: &str) -> (Option<i32>, String) {
    let output = run(folder, &[], &["db", "copy", "--from", from, "--to", to]);
    (output.status.code(), stdout(&output) + &stderr(&output))
}

/// Returns the visible content of a site.
fn seen(person: &Person) -> Vec<String> {
    let main = Selector::parse("header, main, feed").unwrap();
    let pages = [
        "/",
        "/user/ada",
        "/explore",
        "/tag/engines",
        "/account/drafts",
        "/account/sessions",
        "/atom.xml",
    ];
    let text = |path| {
        let page = Html::parse_document(&person.get(path).unwrap().text());
        page.root_element()
            .select(&main)
            .flat_map(|main| main.text())
            .collect::<String>()
    };
    pages.map(text).to_vec()
}

#[test]
fn a_site_moves_to_postgres_and_back_and_nobody_notices() {
    let folder = tempfile::tempdir().unwrap();
    let data = |name: &str| format!("sqlite://{}", folder.path().join(name).display());
    let (old, postgres, new) = (
        data("old.sqlite3"),
        database::url(folder.path()),
        data("new.sqlite3"),
    );
    let start = |url: &str| Site::start(&folder, &[("BROADSHEET_DATABASE_URL", url)]);

    let site = start(&old);
    let mut ada = site.member("ada");
    ada.upload(&png()).unwrap();
    for number in 1..=7 {
        let fields = [
            ("title", &*format!("Numbér {number} 漢")),
            ("content", "Text — *\u{1f98a}*."),
            ("tags", "engines"),
        ];
        assert_eq!(ada.post("/post/new", &fields).unwrap().status, 303);
    }
    let (code, told) = copy(&folder, &old, &postgres);
    assert_eq!(code, Some(2), "while a server has it: {told}");
    let before = seen(&ada);
    site.end();

    for (from, to) in [(&old, &postgres), (&postgres, &new)] {
        let (code, told) = copy(&folder, from, to);
        assert_eq!(code, Some(0), "{told}");
        assert!(
            told.contains("rows copied and compared: they are the same in both databases"),
            "{told}"
        );
        let (code, told) = copy(&folder, from, to);
        assert_eq!(code, Some(2), "{told}");
        assert!(told.contains("is not empty"), "{told}");
        let site = start(to);
        ada = ada.at(&site);
        assert_eq!(seen(&ada), before);
        site.end();
    }
}

#[test]
fn what_cannot_be_copied_is_one_line_and_a_half_copied_database_is_not_served() {
    let folder = tempfile::tempdir().unwrap();
    let postgres = database::url(folder.path());
    let missing = format!("sqlite://{}", folder.path().join("missing.sqlite3").display());
    for (from, to) in [
        (missing.as_str(), postgres.as_str()),
        (&postgres, &postgres),
        (&postgres, "postgres://ada:hunter2@127.0.0.1:1/x"),
        (&postgres, &missing),
    ] {
        let (code, told) = copy(&folder, from, to);
        assert_eq!((code, told.lines().count()), (Some(2), 1), "{from} {to}: {told}");
        assert!(!told.contains("hunter2"), "{told}");
    }
    let begin = "CREATE TABLE copying (name VARCHAR(64) PRIMARY KEY, done BIGINT NOT NULL)";
    assert!(
        Command::new("psql")
            .args([&postgres, "-qc", begin])
            .status()
            .unwrap()
            .success()
    );
    let output = run(&folder, &[("BROADSHEET_DATABASE_URL", &postgres)], &[]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        stderr(&output).contains("a copy into this database was started"),
        "{}",
        stderr(&output)
    );
}
