//! Tests of the SQL shell on PostgreSQL: without `--write`, nothing is changed, neither in the database nor outside of
//! it.

use std::path::Path;

use tempfile::TempDir;

use crate::{
    database,
    program::{run, stderr, stdout},
    site::Site,
    sql::sql,
};

/// Runs `statement` in the shell on the database at `url`. Returns the exit code and the whole output.
fn shell(folder: &TempDir, url: &str, statement: &str) -> (Option<i32>, String) {
    let output = run(
        folder,
        &[("BROADSHEET_DATABASE_URL", url)],
        &["shell", "--", statement],
    );
    (output.status.code(), stdout(&output) + &stderr(&output))
}

/// Creates a site at `url` with one post.
fn filled(folder: &TempDir, url: &str) -> Site {
    let site = Site::start(folder, &[("BROADSHEET_DATABASE_URL", url)]);
    assert_eq!(site.member("ada").publish("Tables", "Text.").unwrap().status, 303);
    site
}

/// Returns everything that a statement could change, as one line.
fn state(url: &str) -> String {
    let query = "SELECT (SELECT string_agg(title, ',') FROM posts), \
                 (SELECT last_value FROM users_id_seq), \
                 (SELECT count(*) FROM pg_largeobject_metadata), \
                 (SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace)";
    sql(url, query)
}

/// Statements that are not recognized as writes, but change nothing: the first is rejected within a read-only function,
/// and the second is rolled back.
const HARMLESS: &[&str] = &[
    "SELECT query_to_xml('DELETE FROM posts', true, false, '')",
    "SELECT lo_create(4711)",
];

/// Returns statements that change something or access data outside of the database; `file` is one that the database
/// server could write.
fn harmful(secret: &Path, file: &Path) -> Vec<String> {
    let (secret, file) = (secret.display(), file.display());
    let fixed = [
        "DELETE FROM posts",
        "delete from posts;",
        " \t\n/* SELECT */ -- SELECT\n DELETE FROM posts",
        "/* /* */ SELECT */ DELETE FROM posts",
        "-- \rDELETE FROM posts --\nSELECT 1",
        "begin read write; delete from posts; commit",
        "SELECT 1; DELETE FROM posts",
        "SELECT 1; COMMIT; BEGIN READ WRITE; DELETE FROM posts; COMMIT",
        "SELECT 1; ROLLBACK; DELETE FROM posts",
        "WITH gone AS (DELETE FROM posts RETURNING id) SELECT id FROM gone",
        "EXPLAIN ANALYZE DELETE FROM posts",
        "EXPLAIN (ANALYZE) WITH gone AS (DELETE FROM posts RETURNING id) SELECT id FROM gone",
        "SELECT * INTO copied FROM posts",
        "SELECT id FROM posts FOR UPDATE",
        "CREATE TABLE copied ()",
        "DO $$ BEGIN DELETE FROM posts; END $$",
        "PREPARE gone AS DELETE FROM posts",
        "SET transaction_read_only = off",
        "SELECT set_config('transaction_read_only', 'off', false)",
        "SELECT set_config('role', 'postgres', false)",
        "SELECT setval('users_id_seq', 999)",
        "SELECT nextval('users_id_seq')",
        "VALUES (nextval('users_id_seq'))",
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()",
        "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()",
        "SELECT pg_reload_conf()",
        "VACUUM",
    ];
    let files = [
        format!("COPY (SELECT 1) TO PROGRAM 'touch {file}'"),
        format!("COPY (SELECT 1) TO '{file}'"),
        format!("-- \rCOPY (SELECT 1) TO PROGRAM 'touch {file}' /*\nSELECT 1 */"),
        format!("/* /* */ SELECT */ COPY (SELECT 1) TO PROGRAM 'touch {file}'"),
        format!("SELECT pg_read_file('{secret}')"),
        format!("SELECT pg_read_binary_file('{secret}')"),
        format!("SELECT lo_import('{secret}')"),
        format!("SELECT lo_export(lo_import('{secret}'), '{file}')"),
    ];
    fixed
        .into_iter()
        .chain(HARMLESS.iter().copied())
        .map(str::to_owned)
        .chain(files)
        .collect()
}

fn assert_reads_only(folder: &TempDir, url: &str, owner: &str) {
    // The folder must be accessible to the database server, whatever user it runs as.
    let place = tempfile::Builder::new()
        .permissions(everybody())
        .tempdir()
        .unwrap();
    let (secret, file) = (place.path().join("secret"), place.path().join("written"));
    std::fs::write(&secret, "hunter2").unwrap();
    let before = state(owner);
    for statement in harmful(&secret, &file) {
        let (code, told) = shell(folder, url, &statement);
        if !HARMLESS.contains(&statement.as_str()) {
            assert_eq!(code, Some(1), "{statement}: {told}");
            assert!(told.contains("--write"), "{statement}: {told}");
            assert_eq!(told.lines().count(), 1, "{statement}: {told}");
        }
        assert!(!told.contains("hunter2"), "{statement}: {told}");
        assert!(!file.exists(), "{statement}");
        assert_eq!(state(owner), before, "{statement}");
    }
    for statement in [
        "SELECT title FROM posts",
        "  -- the newest\n/* one */ select title from posts order by id desc limit 1;",
        "WITH newest AS (SELECT title FROM posts) SELECT title FROM newest",
        "VALUES ('Tables')",
        "SELECT 'Tables' || ';' || $$;$$",
    ] {
        let (code, told) = shell(folder, url, statement);
        assert!(code == Some(0) && told.contains("Tables"), "{statement}: {told}");
    }
    for statement in [
        "SHOW transaction_read_only",
        "EXPLAIN SELECT title FROM posts",
        ".tables",
        ".schema posts",
    ] {
        let (code, told) = shell(folder, url, statement);
        assert_eq!(code, Some(0), "{statement}: {told}");
    }
    assert_eq!(state(owner), before);
}

fn everybody() -> std::fs::Permissions {
    std::os::unix::fs::PermissionsExt::from_mode(0o777)
}

#[test]
fn without_write_the_shell_of_a_superuser_changes_nothing_and_reaches_no_file_and_no_program() {
    let folder = tempfile::tempdir().unwrap();
    let url = database::url(folder.path());
    let site = filled(&folder, &url);
    assert_reads_only(&folder, &url, &url);
    assert_eq!(site.visitor().get("/readyz").unwrap().status, 200);
    site.end();
    let written = run(
        &folder,
        &[("BROADSHEET_DATABASE_URL", &url)],
        &["shell", "--write", "BEGIN; DELETE FROM posts; COMMIT"],
    );
    assert!(written.status.success(), "{}", stderr(&written));
    assert_eq!(sql(&url, "SELECT count(*) FROM posts"), "0");
}

#[test]
fn without_write_the_shell_of_an_ordinary_role_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let owner = database::url(folder.path());
    sql(&owner, "CREATE ROLE typist LOGIN");
    sql(&owner, "GRANT ALL ON SCHEMA public TO typist");
    let url = owner.replacen("postgres@", "typist@", 1);
    let site = filled(&folder, &url);
    assert_reads_only(&folder, &url, &owner);
    assert_eq!(site.visitor().get("/readyz").unwrap().status, 200);
    site.end();
}
