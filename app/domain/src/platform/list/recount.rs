//! Recounting of all lists after a bulk change.

use sea_orm::{ConnectionTrait, DatabaseBackend, DbErr};

use super::LISTED;
use crate::platform::{db::Transaction, topic::Topic};

/// Returns the statements that rebuild everything derived from posts and users, in SQL that both databases support.
fn statements() -> Vec<String> {
    let posts_of_user = format!("FROM posts WHERE author_id = users.id AND {LISTED}");
    let latest = format!("{posts_of_user} ORDER BY created_at DESC, id DESC LIMIT 1");
    let authors = "FROM users WHERE latest_post_at IS NOT NULL";
    vec![
        // Before the milestones: if a job is updating them at the moment, this waits until it is done.
        "DELETE FROM list_changes".to_owned(),
        "DELETE FROM milestones".to_owned(),
        format!(
            "UPDATE users SET post_count = (SELECT count(*) {posts_of_user}), \
             latest_post_at = (SELECT created_at {latest}), latest_post_id = (SELECT id {latest})"
        ),
        set_total("posts", &format!("FROM posts WHERE {LISTED}")),
        set_total("authors", authors),
        set_milestones(
            "posts",
            "0",
            "created_at",
            "id",
            &format!("FROM posts WHERE {LISTED}"),
        ),
        set_milestones(
            "author",
            "author_id",
            "created_at",
            "id",
            &format!("FROM posts WHERE {LISTED}"),
        ),
        set_milestones("authors", "0", "latest_post_at", "id", authors),
    ]
}

/// Returns a statement that sets the length of the list `kind` to the number of its entries: one part to the number,
/// the others to 0.
fn set_total(kind: &str, entries: &str) -> String {
    format!(
        "UPDATE totals SET number = CASE WHEN name = (SELECT min(name) FROM totals WHERE kind = '{kind}') \
         THEN (SELECT count(*) {entries}) ELSE 0 END WHERE kind = '{kind}'"
    )
}

/// Returns a statement that adds the milestones of the lists `kind`, of which `entries` have this `key`.
fn set_milestones(kind: &str, key: &str, at: &str, id: &str, entries: &str) -> String {
    format!(
        "INSERT INTO milestones (kind, key, at, entry, rank) SELECT '{kind}', list_key, {at}, {id}, place FROM \
         (SELECT {key} AS list_key, {at}, {id}, \
         row_number() OVER (PARTITION BY {key} ORDER BY {at}, {id}) - 1 AS place {entries}) AS entries \
         WHERE place > 0 AND place % 512 = 0"
    )
}

/// Recounts all posts and authors and rebuilds the milestones. Must run in the transaction that changed them.
///
/// # Errors
///
/// Returns an error if the database cannot be reached.
pub async fn recount(db: &Transaction) -> Result<(), DbErr> {
    db.invalidate([Topic::Everything]);
    if db.get_database_backend() == DatabaseBackend::Postgres {
        // Whoever changes a list first locks the row of the author, and waits until the lists are rebuilt.
        db.execute_unprepared("LOCK TABLE users IN EXCLUSIVE MODE")
            .await?;
    }
    for statement in statements() {
        db.execute_unprepared(&statement).await?;
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
    let tagged = format!("WHERE posts.tags <> '' AND {LISTED}");
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
        set_milestones("tag", "tag_id", "created_at", "post_id", "FROM taggings"),
    ];
    for statement in statements {
        db.execute_unprepared(&statement).await?;
    }
    Ok(())
}
