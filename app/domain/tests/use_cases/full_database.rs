//! A database with rows in every table.

use std::collections::BTreeSet;

use domain::{AppState, Scope, data::import, markdown::RENDERER, platform::db::Db};
use sea_orm::{ConnectionTrait, DatabaseBackend, Statement};

/// A time, in a format that both databases read.
const AT: &str = "'2026-01-02T03:04:05Z'";
/// A time before which no background job deletes or checks anything.
const LATER: &str = "'2999-01-02T03:04:05Z'";

/// Inserts at least one row into every table of `state`, which has no users yet. All of it is Ada's.
pub async fn fill(state: &AppState) {
    let mut statements = vec![
        format!(
            "INSERT INTO users (id, username, username_key, email, email_key, password_hash, created_at, about, role, \
             post_count, display_name, pronouns, location, website, links, biography, name_skeleton, display_name_key) VALUES (1, 'Ada', 'ada', \
             'ada@example.org', 'ada@example.org', '$argon2id$', {AT}, '', 'member', 0, 'Ada Lovelace', 'she/her', 'London', \
             'https://ada.example', 'https://a.example', 'I *count*.', 'adalovelace', 'ada lovelace')"
        ),
        // So many that the list has a milestone.
        format!(
            "INSERT INTO posts (author_id, title, slug, content, html, excerpt, created_at, updated_at, version, \
             renderer, words, tags) WITH RECURSIVE numbers (number) AS \
             (SELECT 1 UNION ALL SELECT number + 1 FROM numbers WHERE number < 600) \
             SELECT 1, 'Title ' || number, 'title', 'Text', '<p>Text</p>', 'Text', {AT}, {AT}, 1, {RENDERER}, 1, 'engines' \
             FROM numbers"
        ),
        format!(
            "INSERT INTO revisions (post_id, version, title, tags, change_note, saved_at, replaced_at, content) \
             VALUES (1, 0, 'Title 0', '', '', {AT}, {AT}, 'Text before')"
        ),
        format!(
            "INSERT INTO comments (post_id, root_id, depth, path, author_id, state, created_at, version, renderer, replies, \
             html, content) VALUES (1, 1, 0, '000000001', 1, 'published', {AT}, 1, {RENDERER}, 0, '<p>Hello</p>', 'Hello')"
        ),
        format!("INSERT INTO cases (post_id, opened_at) VALUES (1, {AT})"),
        format!(
            "INSERT INTO reports (case_id, reporter_id, ground, content, created_at) VALUES (1, 1, 'spam', 'Spam', {AT})"
        ),
        format!(
            "INSERT INTO decisions (user_id, moderator, act, subject, ground, facts, is_automated, created_at, is_reversed) \
             VALUES (1, 'grace', 'warn', 'ada', 'spam', 'Spam', false, {AT}, false)"
        ),
        format!(
            "INSERT INTO fingerprints (hash, user_id, comment_id, created_at) VALUES ('hash', 1, 1, {LATER})"
        ),
        format!(
            "INSERT INTO drafts (author_id, post_version, title, content, version, created_at, updated_at, tags) \
             VALUES (1, 0, 'Draft', 'Text', 1, {AT}, {AT}, '')"
        ),
        format!(
            "INSERT INTO preview_links (hash, author_id, draft_id, note, created_at, expires_at) \
             VALUES ('hash', 1, 1, 'For my editor', {AT}, {LATER})"
        ),
        format!(
            "INSERT INTO images (name, owner_id, bytes, created_at, checked_at) \
             VALUES ('0123456789abcdef0123456789abcdef-8x8.webp', 1, 1, {AT}, {LATER})"
        ),
        format!(
            "INSERT INTO pages (slug, title, content, html, excerpt, renderer, place, is_published, version, created_at, \
             updated_at, has_moved) VALUES ('imprint', 'Imprint', 'Text', '<p>Text</p>', 'Text', {RENDERER}, 'footer', \
             true, 1, {AT}, {AT}, false)"
        ),
        format!(
            "INSERT INTO redirects (path, target, created_at) VALUES ('/2015/03/x', '/post/1-title', {AT})"
        ),
        "INSERT INTO settings (name, value) VALUES ('site_name', 'The Daily Crumb')".to_owned(),
        "INSERT INTO former_usernames (username_key, user_id) VALUES ('countess', 1)".to_owned(),
        format!(
            "INSERT INTO invitations (hash, inviter_id, role, uses_left, created_at, expires_at) \
             VALUES ('hash', 1, 'member', 1, {AT}, {LATER})"
        ),
        "INSERT INTO invitees (user_id, inviter_id) VALUES (1, 1)".to_owned(),
        "DELETE FROM facts".to_owned(),
        "INSERT INTO facts (name, value) VALUES ('first_origin', 'https://first.example')".to_owned(),
        format!(
            "INSERT INTO sessions (id_hash, user_id, data, expires_at, remembered, agent, address) \
             VALUES ('hash', 1, '{{}}', {LATER}, false, '', '')"
        ),
        format!(
            "INSERT INTO tokens (hash, purpose, user_id, email, data, created_at, expires_at) \
             VALUES ('hash', 'reset', 1, 'ada@example.org', '', {AT}, {LATER})"
        ),
        format!(
            "INSERT INTO jobs (key, kind, lane, payload, user_id, created_at, due_at, attempts, lost, state, finished_at) \
             VALUES ('1@example.org', 'mail', 0, '{{}}', 1, {AT}, {AT}, 1, 0, 'failed', {LATER})"
        ),
        format!(
            "INSERT INTO acts (at, actor, deed, subject, reason) VALUES ({AT}, 'Ada', 'suspend', 'grace', 'Spam')"
        ),
        format!("INSERT INTO doomed_files (path, due_at) VALUES ('picture/0a-128.webp', {LATER})"),
        format!("INSERT INTO leases (name, holder, expires_at) VALUES ('work', 'a server', {LATER})"),
    ];
    if is_postgres(&state.db) {
        statements.push("INSERT INTO limits (name, until) VALUES ('login', 9000000000000000)".to_owned());
    }
    for statement in statements {
        state.db.writer().execute_unprepared(&statement).await.unwrap();
    }
    import::finish(&Scope::command_line(state.clone())).await.unwrap();
    // Counting has removed all of them.
    let change =
        format!("INSERT INTO list_changes (kind, key, at, entry, step) VALUES ('author', 1, {AT}, 1, 1)");
    state.db.writer().execute_unprepared(&change).await.unwrap();
    for table in state.db.tables().await.unwrap() {
        let rows = rows(&state.db, &table).await;
        assert!(!rows.is_empty(), "insert a row into the table {table}");
    }
}

/// Returns the rows of `table` as text.
pub async fn rows(db: &Db, table: &str) -> BTreeSet<String> {
    let row = if is_postgres(db) {
        format!("CAST({table} AS text)")
    } else {
        let columns = format!(
            "SELECT group_concat('quote(' || name || ')', '|| '','' ||') FROM pragma_table_info('{table}')"
        );
        texts(db, columns).await.remove(0)
    };
    let rows = texts(db, format!("SELECT {row} FROM {table}")).await;
    rows.into_iter().collect()
}

/// Returns the first column of the result of `sql`.
async fn texts(db: &Db, sql: String) -> Vec<String> {
    let statement = Statement::from_string(db.reader().get_database_backend(), sql);
    let rows = db.reader().query_all_raw(statement).await.unwrap();
    rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
}

/// Returns whether `db` is on PostgreSQL.
pub fn is_postgres(db: &Db) -> bool {
    db.reader().get_database_backend() == DatabaseBackend::Postgres
}
