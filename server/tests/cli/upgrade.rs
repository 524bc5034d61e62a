//! Tests of the upgrade of a database of an earlier version.

use std::{process::Stdio, thread::sleep, time::Duration};

use domain::platform::db::Db;
use migration::{Migrator, MigratorTrait};
use sea_orm::{ConnectionTrait, Statement};
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::{
    database,
    program::{program, run, stderr},
};

/// The first migration after the version before.
const FIRST: &str = "add_post_status";
/// The number of points at which the upgrade is killed.
const POINTS: u32 = 10;

/// Statements that fill the database of that version with shown, deleted and hidden posts, and with some of which only
/// half of what hiding a post did was done. Both databases support them.
const FILL: &[&str] = &[
    "INSERT INTO users (username, username_key, email, email_key, password_hash, created_at, about) \
     VALUES ('Ada', 'ada', 'ada@example.org', 'ada@example.org', '', '2026-01-01 00:00:00+00:00', '')",
    "INSERT INTO posts (author_id, title, slug, content, html, excerpt, created_at, updated_at, version, renderer, words, tags) \
     WITH RECURSIVE numbers (number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM numbers WHERE number < 3000) \
     SELECT 1, 'Post', 'post', 'Text.', '<p>Text.</p>', 'Text.', \
     '2026-01-01 00:00:00+00:00', '2026-01-01 00:00:00+00:00', 1, 1, 1, 'rust' FROM numbers",
    "UPDATE posts SET deleted_at = '2026-02-02 00:00:00+00:00' WHERE id % 5 = 0",
    "UPDATE posts SET deleted_at = '2026-02-02 00:00:00+00:00', hidden_because = 'Spam' WHERE id % 7 = 0",
    "INSERT INTO tags (name, post_count) SELECT 'rust', count(*) FROM posts WHERE deleted_at IS NULL",
    "INSERT INTO taggings (tag_id, created_at, post_id) SELECT 1, created_at, id FROM posts WHERE deleted_at IS NULL",
    "UPDATE users SET post_count = (SELECT count(*) FROM posts WHERE deleted_at IS NULL), \
     latest_post_at = '2026-01-01 00:00:00+00:00', \
     latest_post_id = (SELECT max(id) FROM posts WHERE deleted_at IS NULL)",
    "UPDATE totals SET number = (SELECT count(*) FROM posts WHERE deleted_at IS NULL) WHERE name = 'posts'",
    "UPDATE totals SET number = 1 WHERE name = 'writers'",
    "INSERT INTO milestones (list, at, entry, rank) SELECT list, created_at, id, place FROM \
     (SELECT created_at, id, row_number() OVER (ORDER BY created_at, id) - 1 AS place \
     FROM posts WHERE deleted_at IS NULL) AS entries, (SELECT 0 AS list UNION SELECT 1 UNION SELECT -2) AS lists \
     WHERE place > 0 AND place % 512 = 0",
    "UPDATE posts SET hidden_because = 'Spam' WHERE id % 11 = 0",
];

/// Queries whose results say whether the upgrade is complete.
const RESULTS: &[&str] = &[
    "SELECT CAST(id AS text), visibility || ' ' || state || CASE WHEN deleted_at IS NULL THEN '' ELSE ' gone' END \
     FROM posts ORDER BY id",
    "SELECT name, CAST(sum(number) AS text) FROM totals GROUP BY name ORDER BY name",
    "SELECT name, CAST(post_count AS text) FROM tags",
    "SELECT CAST(post_count AS text), CAST(latest_post_id AS text) FROM users",
    "SELECT CAST(count(*) AS text), CAST(sum(rank) AS text) FROM milestones",
    "SELECT CAST(count(*) AS text), CAST(max(post_id) AS text) FROM taggings",
    "SELECT version, '' FROM seaql_migrations ORDER BY version",
];

/// Creates a database of the version before in `folder`.
fn create(folder: &TempDir) {
    Runtime::new().unwrap().block_on(async {
        let db = Db::connect(&database::url(folder.path())).await.unwrap();
        let migrations = Migrator::migrations();
        let before = migrations
            .iter()
            .position(|migration| migration.name().ends_with(FIRST));
        let before = u32::try_from(before.unwrap()).unwrap();
        Migrator::up(db.writer().pool(), Some(before)).await.unwrap();
        for statement in FILL {
            db.writer().execute_unprepared(statement).await.unwrap();
        }
        db.close().await.unwrap();
    });
}

/// Returns the results of [`RESULTS`].
fn results(folder: &TempDir) -> Vec<(String, String)> {
    Runtime::new().unwrap().block_on(async {
        let db = Db::connect(&database::url(folder.path())).await.unwrap();
        let mut results = Vec::new();
        for query in RESULTS {
            let statement = Statement::from_string(db.reader().get_database_backend(), *query);
            for row in db.reader().query_all_raw(statement).await.unwrap() {
                let text = |column| row.try_get_by_index::<String>(column).unwrap();
                results.push((text(0), text(1)));
            }
        }
        db.close().await.unwrap();
        results
    })
}

// DUR-09
#[test]
fn an_upgrade_that_is_killed_at_any_point_and_run_again_ends_in_the_same_states() {
    let upgrade = ["migrate", "up"];
    let (mut wanted, mut interrupted) = (Vec::new(), 0);
    for point in 0..=POINTS {
        let folder = tempfile::tempdir().unwrap();
        create(&folder);
        let url = database::url(folder.path());
        let settings = [("BROADSHEET_DATABASE_URL", url.as_str())];
        if point > 0 {
            let mut running = program(&folder, &settings)
                .args(upgrade)
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .unwrap();
            sleep(Duration::from_millis(25) * point);
            interrupted += u32::from(running.try_wait().unwrap().is_none());
            running.kill().unwrap();
            running.wait().unwrap();
        }
        let upgraded = run(&folder, &settings, &upgrade);
        assert!(upgraded.status.success(), "{}", stderr(&upgraded));
        let found = results(&folder);
        if point == 0 {
            let states = |state: &str| found.iter().filter(|(_, found)| found == state).count();
            // Of 3,000, by the numbers that are divided by 7 or 11, and by 5 but not by 7 or 11.
            assert_eq!(states("public hidden gone"), 662);
            assert_eq!(states("public deleted gone"), 468);
            assert_eq!(states("public published"), 1870);
            let counted = found.iter().filter(|(_, count)| count == "1870").count();
            assert_eq!(counted, 2, "the total and the tag");
            wanted = found;
        } else {
            assert!(found == wanted, "after a kill at point {point}");
        }
    }
    println!("{interrupted} of {POINTS} were killed half-way");
}
