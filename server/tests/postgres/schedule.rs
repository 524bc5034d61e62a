//! Tests of drafts that are due on several servers that are killed.

use crate::{database, site::Site, sql::sql, wait::until};

/// The number of drafts.
const DRAFTS: usize = 50;
/// The number of seconds after which they are due: longer than a server takes to notice that another one has scheduled
/// them.
const DUE: u64 = 13;
/// The number of times that a server is killed from that moment on.
const KILLS: usize = 3;

/// Makes each publication take a moment, so that servers are killed in the middle of them.
const SLOW_POSTS: &str = "CREATE FUNCTION slow_post() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
     PERFORM pg_sleep(0.1); RETURN NEW; END $$; \
     CREATE TRIGGER slow_post BEFORE INSERT ON posts FOR EACH ROW EXECUTE FUNCTION slow_post()";

/// Adds a person with drafts that are all due at the same moment.
fn schedule(url: &str) {
    let user = "INSERT INTO users (id, username, username_key, email, email_key, password_hash, created_at, about, role, \
         post_count, name_skeleton) VALUES (1, 'Ada', 'ada', 'ada@example.org', 'ada@example.org', '$argon2id$', now(), '', \
         'member', 0, 'ada')";
    sql(url, user);
    let drafts = format!(
        "INSERT INTO drafts (author_id, post_version, title, content, version, created_at, updated_at, tags, publish_at, \
         publish_zone) SELECT 1, 0, 'Number ' || number, 'Text ' || number, 1, now(), now(), 'due', \
         now() + interval '{DUE} seconds', 'UTC' FROM generate_series(1, {DRAFTS}) AS number"
    );
    sql(url, &drafts);
    sql(url, "CREATE TABLE due AS SELECT title, publish_at FROM drafts");
    sql(url, SLOW_POSTS);
}

// DUR-11
#[test]
fn fifty_drafts_due_on_three_servers_that_are_killed_are_each_published_once() {
    let folders = [(); 3].map(|()| tempfile::tempdir().unwrap());
    let url = database::url(folders[0].path());
    let settings = [("BROADSHEET_DATABASE_URL", url.as_str())];
    let mut servers: Vec<Site> = folders
        .iter()
        .map(|folder| Site::start(folder, &settings))
        .collect();
    schedule(&url);
    let is_due = "SELECT now() >= min(publish_at) FROM due";
    until("the drafts are due", || sql(&url, is_due) == "t");
    let left = || sql(&url, "SELECT count(*) FROM drafts").parse::<usize>().unwrap();
    until("the first drafts are published", || left() < DRAFTS);
    assert!(left() > 0, "all drafts were published before a server was killed");
    for kill in 0..KILLS {
        let place = kill % folders.len();
        servers[place].signal("-KILL");
        servers[place] = Site::start(&folders[place], &settings);
    }
    until("every draft is published", || {
        sql(&url, "SELECT count(*) FROM drafts") == "0"
    });
    let titles = "SELECT count(*) || ' ' || count(DISTINCT title) FROM posts WHERE state = 'published'";
    assert_eq!(sql(&url, titles), format!("{DRAFTS} {DRAFTS}"));
    let counted = "SELECT post_count FROM users WHERE id = 1";
    assert_eq!(sql(&url, counted), DRAFTS.to_string());
    let tagged = "SELECT post_count FROM tags WHERE name = 'due'";
    assert_eq!(sql(&url, tagged), DRAFTS.to_string());
    let late = "SELECT round(extract(epoch FROM max(created_at - publish_at))::numeric, 2) FROM posts JOIN due USING (title)";
    println!(
        "{KILLS} servers were killed: the last of {DRAFTS} drafts was published {} s late",
        sql(&url, late)
    );
}
