//! Recounting of all lists after a bulk change.

use sea_orm::{ConnectionTrait, DatabaseBackend, DbErr};

use crate::platform::{db::Transaction, topic::Topic};

/// Statements that rebuild everything derived from posts and users, in SQL that both databases support.
const STATEMENTS: &[&str] = &[
    // Locks the totals, so that nothing is published in the meantime.
    "UPDATE totals SET number = number",
    "DELETE FROM milestones",
    "UPDATE users SET \
     post_count = (SELECT count(*) FROM posts WHERE author_id = users.id AND visibility = 'public' AND state = 'published'), \
     latest_post_at = (SELECT created_at FROM posts WHERE author_id = users.id AND visibility = 'public' AND state = 'published' \
     ORDER BY created_at DESC, id DESC LIMIT 1), \
     latest_post_id = (SELECT id FROM posts WHERE author_id = users.id AND visibility = 'public' AND state = 'published' \
     ORDER BY created_at DESC, id DESC LIMIT 1)",
    "UPDATE totals SET number = (SELECT count(*) FROM posts WHERE visibility = 'public' AND state = 'published') WHERE name = 'posts'",
    "UPDATE totals SET number = (SELECT count(*) FROM users WHERE latest_post_at IS NOT NULL) WHERE name = 'writers'",
    "INSERT INTO milestones (list, at, entry, rank) SELECT 0, created_at, id, place FROM \
     (SELECT created_at, id, row_number() OVER (ORDER BY created_at, id) - 1 AS place \
     FROM posts WHERE visibility = 'public' AND state = 'published') AS entries WHERE place > 0 AND place % 512 = 0",
    "INSERT INTO milestones (list, at, entry, rank) SELECT author_id, created_at, id, place FROM \
     (SELECT author_id, created_at, id, \
     row_number() OVER (PARTITION BY author_id ORDER BY created_at, id) - 1 AS place \
     FROM posts WHERE visibility = 'public' AND state = 'published') AS entries WHERE place > 0 AND place % 512 = 0",
    "INSERT INTO milestones (list, at, entry, rank) SELECT -1, latest_post_at, id, place FROM \
     (SELECT latest_post_at, id, row_number() OVER (ORDER BY latest_post_at, id) - 1 AS place \
     FROM users WHERE latest_post_at IS NOT NULL) AS entries WHERE place > 0 AND place % 512 = 0",
];

/// Recounts all posts and authors and rebuilds the milestones. Must run in the transaction that changed them.
///
/// # Errors
///
/// Returns an error if the database cannot be reached.
pub async fn recount(db: &Transaction) -> Result<(), DbErr> {
    db.invalidate([Topic::Everything]);
    for statement in STATEMENTS {
        db.execute_unprepared(statement).await?;
    }
    retag(db).await
}

/// Rebuilds the lists of all tags.
async fn retag(db: &impl ConnectionTrait) -> Result<(), DbErr> {
    let parts = match db.get_database_backend() {
        DatabaseBackend::Postgres => "unnest(string_to_array(posts.tags, ',')) AS part (value)",
        // Tags never contain a quotation mark.
        _ => r#"json_each('["' || replace(posts.tags, ',', '","') || '"]') AS part"#,
    };
    let tagged = "WHERE posts.tags <> '' AND posts.visibility = 'public' AND posts.state = 'published'";
    let statements = [
        "DELETE FROM taggings".to_owned(),
        format!(
            "INSERT INTO tags (name, post_count) SELECT DISTINCT part.value, 0 FROM posts, {parts} {tagged} \
             ON CONFLICT (name) DO NOTHING"
        ),
        format!(
            "INSERT INTO taggings (tag_id, created_at, post_id) SELECT DISTINCT tags.id, posts.created_at, posts.id \
             FROM posts, {parts}, tags {tagged} AND tags.name = part.value"
        ),
        "UPDATE tags SET post_count = (SELECT count(*) FROM taggings WHERE tag_id = tags.id)".to_owned(),
        "INSERT INTO milestones (list, at, entry, rank) SELECT -1 - tag_id, created_at, post_id, place FROM \
         (SELECT tag_id, created_at, post_id, \
         row_number() OVER (PARTITION BY tag_id ORDER BY created_at, post_id) - 1 AS place FROM taggings) AS entries \
         WHERE place > 0 AND place % 512 = 0"
            .to_owned(),
    ];
    for statement in statements {
        db.execute_unprepared(&statement).await?;
    }
    Ok(())
}
