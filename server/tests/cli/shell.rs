//! Tests of the SQL shell.

use std::{fs, io::Write, process::Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{
    program::{program, run, stderr, stdout},
    site::Site,
};

fn asked(folder: &TempDir, arguments: &[&str]) -> String {
    let output = run(folder, &[], &[&["shell"], arguments].concat());
    assert!(output.status.success(), "{}", stderr(&output));
    stdout(&output)
}

/// Asserts that the shell rejects `statement` with one line that says how to run it.
fn refused(folder: &TempDir, statement: &str) {
    let output = run(folder, &[], &["shell", "--", statement]);
    let told = stderr(&output);
    assert_eq!(output.status.code(), Some(1), "{statement}: {told}");
    assert!(
        told.contains("--write") && told.lines().count() == 1,
        "{statement}: {told}"
    );
}

#[test]
fn whoever_types_sql_reads_everything_and_changes_something_only_if_they_say_so() {
    let folder = tempfile::tempdir().unwrap();
    let none = run(&folder, &[], &["shell", "SELECT 1"]);
    assert_eq!(none.status.code(), Some(2), "{}", stderr(&none));
    let site = Site::start(&folder, &[]);
    site.member("ada").publish("Tables", "One\nand two").unwrap();

    // The server is running at the same time.
    let table = asked(
        &folder,
        &["SELECT id, title, content, deleted_at, 1.5 AS half, x'0102' AS raw FROM posts"],
    );
    let expected = "id  title   content      deleted_at  half  raw\n\
                    --  ------  -----------  ----------  ----  ---------\n\
                    1   Tables  One and two  NULL        1.5   (2 bytes)\n\
                    (1 row)\n";
    assert_eq!(table, expected);
    let rows: Value =
        serde_json::from_str(&asked(&folder, &["--json", "SELECT id, deleted_at FROM posts"])).unwrap();
    assert_eq!(rows, json!([{ "id": "1", "deleted_at": null }]));
    assert!(asked(&folder, &[".tables"]).contains("posts\n"));
    assert!(asked(&folder, &[".schema posts"]).contains("author_id"));
    let many =
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) SELECT i FROM n";
    assert!(asked(&folder, &[many]).ends_with("(the first 1000 rows)\n"));

    for change in [
        "UPDATE posts SET title = 'x'",
        "PRAGMA query_only = OFF; DELETE FROM posts",
        "DROP TABLE posts",
    ] {
        refused(&folder, change);
    }
    assert_eq!(
        asked(&folder, &["--write", "UPDATE posts SET title = 'Chairs'"]),
        "1 row changed.\n"
    );
    assert!(site.visitor().get("/").unwrap().text().contains("Chairs"));

    let wrong = run(&folder, &[], &["shell", "SELECT FROM WHERE"]);
    assert_eq!(wrong.status.code(), Some(1));
    assert!(
        stderr(&wrong).contains("syntax error") && stderr(&wrong).lines().count() == 1,
        "{}",
        stderr(&wrong)
    );
    site.end();
}

#[test]
fn without_write_the_shell_takes_one_statement_that_only_reads() {
    let folder = tempfile::tempdir().unwrap();
    let site = Site::start(&folder, &[]);
    site.member("ada").publish("Tables", "Text.").unwrap();
    site.end();
    let file = folder.path().join("written.sqlite3");
    let name = file.display();
    let files = [
        format!("VACUUM INTO '{name}'"),
        format!("SELECT 1; VACUUM INTO '{name}'"),
        format!("SELECT 1;;VACUUM INTO '{name}'"),
        format!("SELECT ';' /* ; */ ; -- ;\nVACUUM INTO '{name}'"),
        format!("SELECT '''', \"\"\"\", `;`, [;]; VACUUM INTO '{name}'"),
        format!("SELECT $a(');VACUUM INTO '{name}'--')"),
        format!("/* /* */ SELECT */ VACUUM INTO '{name}'"),
        format!("-- \rSELECT 1 --\nVACUUM INTO '{name}'"),
        format!("ATTACH '{name}' AS other"),
        format!("SELECT 1; ATTACH '{name}' AS other; CREATE TABLE other.posts (id)"),
    ];
    let others = [
        "DELETE FROM posts",
        " \t\n/* SELECT */ -- SELECT\n DELETE FROM posts",
        "WITH one AS (SELECT 1) DELETE FROM posts",
        "BEGIN; DELETE FROM posts; COMMIT",
        "EXPLAIN SELECT 1; DELETE FROM posts",
        "PRAGMA journal_mode = DELETE",
        "PRAGMA journal_mode(delete)",
        "PRAGMA main.user_version = 7",
        "PRAGMA wal_checkpoint(TRUNCATE)",
        "PRAGMA optimize",
        "SHOW TABLES",
        "",
        ";",
    ];
    let database = folder.path().join("data/broadsheet.sqlite3");
    let before = fs::read(&database).unwrap();
    for statement in files.iter().map(String::as_str).chain(others) {
        refused(&folder, statement);
        assert!(!file.exists(), "{statement}");
    }
    for statement in [
        "SELECT title FROM posts",
        " -- the newest\n/* one */\r\n select title from posts order by id desc limit 1 ; -- ;",
        "WITH newest AS (SELECT title FROM posts) SELECT title FROM newest",
        "VALUES ('Tables')",
        "SELECT title, ';--', \"title\" AS \"a;b\" FROM posts WHERE title <> '''; /*'",
    ] {
        assert!(asked(&folder, &[statement]).contains("Tables"), "{statement}");
    }
    assert!(asked(&folder, &["PRAGMA table_info(posts)"]).contains("author_id"));
    assert!(asked(&folder, &["pragma quick_check;"]).contains("ok"));
    assert!(asked(&folder, &["EXPLAIN QUERY PLAN SELECT title FROM posts"]).contains("posts"));
    assert_eq!(fs::read(&database).unwrap(), before);
}

#[test]
fn statements_may_come_by_standard_input() {
    let folder = tempfile::tempdir().unwrap();
    Site::start(&folder, &[]).end();
    let mut command = program(&folder, &[]);
    command.arg("shell").stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut running = command.spawn().unwrap();
    let mut input = running.stdin.take().unwrap();
    input
        .write_all(b"SELECT count(*) AS people FROM users;\n")
        .unwrap();
    drop(input);
    assert_eq!(
        stdout(&running.wait_with_output().unwrap()),
        "people\n------\n0\n(1 row)\n"
    );
}
