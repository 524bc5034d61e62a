//! Gives each post a visibility and a state, instead of the two columns that only together said whether it is shown.
//!
//! Triggers set the state when a server of the version before deletes, hides or restores a post during a rolling
//! update. A later version may drop them.

use sea_orm_migration::{
    prelude::*,
    schema::string_len,
    sea_orm::{ConnectionTrait, DatabaseBackend},
};

#[derive(DeriveMigrationName)]
pub struct Migration;

/// The indexes of the posts that the version before shows.
const SHOWN: &[(&str, &[&str])] = &[
    ("posts_newest_idx", &["created_at", "id"]),
    ("posts_author_newest_idx", &["author_id", "created_at", "id"]),
];
/// The indexes of the posts in lists.
const LISTED: &[(&str, &[&str])] = &[
    ("posts_listed_idx", &["created_at", "id"]),
    ("posts_author_listed_idx", &["author_id", "created_at", "id"]),
];

/// Statements that count all lists again, in SQL that both databases support.
const RECOUNT: &[&str] = &[
    "DELETE FROM taggings WHERE post_id IN (SELECT id FROM posts WHERE state <> 'published')",
    "UPDATE tags SET post_count = (SELECT count(*) FROM taggings WHERE tag_id = tags.id)",
    "UPDATE users SET \
     post_count = (SELECT count(*) FROM posts WHERE author_id = users.id AND state = 'published'), \
     latest_post_at = (SELECT created_at FROM posts WHERE author_id = users.id AND state = 'published' \
     ORDER BY created_at DESC, id DESC LIMIT 1), \
     latest_post_id = (SELECT id FROM posts WHERE author_id = users.id AND state = 'published' \
     ORDER BY created_at DESC, id DESC LIMIT 1)",
    "UPDATE totals SET number = (SELECT count(*) FROM posts WHERE state = 'published') WHERE name = 'posts'",
    "UPDATE totals SET number = (SELECT count(*) FROM users WHERE latest_post_at IS NOT NULL) WHERE name = 'writers'",
    "DELETE FROM milestones",
    "INSERT INTO milestones (list, at, entry, rank) SELECT 0, created_at, id, place FROM \
     (SELECT created_at, id, row_number() OVER (ORDER BY created_at, id) - 1 AS place \
     FROM posts WHERE state = 'published') AS entries WHERE place > 0 AND place % 512 = 0",
    "INSERT INTO milestones (list, at, entry, rank) SELECT author_id, created_at, id, place FROM \
     (SELECT author_id, created_at, id, \
     row_number() OVER (PARTITION BY author_id ORDER BY created_at, id) - 1 AS place \
     FROM posts WHERE state = 'published') AS entries WHERE place > 0 AND place % 512 = 0",
    "INSERT INTO milestones (list, at, entry, rank) SELECT -1, latest_post_at, id, place FROM \
     (SELECT latest_post_at, id, row_number() OVER (ORDER BY latest_post_at, id) - 1 AS place \
     FROM users WHERE latest_post_at IS NOT NULL) AS entries WHERE place > 0 AND place % 512 = 0",
    "INSERT INTO milestones (list, at, entry, rank) SELECT -1 - tag_id, created_at, post_id, place FROM \
     (SELECT tag_id, created_at, post_id, \
     row_number() OVER (PARTITION BY tag_id ORDER BY created_at, post_id) - 1 AS place FROM taggings) AS entries \
     WHERE place > 0 AND place % 512 = 0",
];

/// The state that follows from the columns of the version before, for the row called `row`.
fn state(row: &str) -> String {
    format!(
        "CASE WHEN {row}hidden_because IS NOT NULL THEN 'hidden' \
         WHEN {row}deleted_at IS NOT NULL THEN 'deleted' ELSE 'published' END"
    )
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (column, default) in [("visibility", "public"), ("state", "published")] {
            let column = string_len(column, 16).default(default).take();
            manager
                .alter_table(Table::alter().table("posts").add_column(column).to_owned())
                .await?;
        }
        let db = manager.get_connection();
        db.execute_unprepared(&format!(
            "UPDATE posts SET state = {} WHERE deleted_at IS NOT NULL OR hidden_because IS NOT NULL",
            state("")
        ))
        .await?;
        let half = db
            .execute_unprepared(
                "UPDATE posts SET deleted_at = updated_at WHERE state = 'hidden' AND deleted_at IS NULL",
            )
            .await?;
        if half.rows_affected() > 0 {
            // They were counted as if they were shown.
            for statement in RECOUNT {
                db.execute_unprepared(statement).await?;
            }
        }
        let is_listed = Expr::col("visibility")
            .eq("public")
            .and(Expr::col("state").eq("published"));
        create_indexes(manager, LISTED, &is_listed).await?;
        if !is_shared(manager) {
            drop_indexes(manager, SHOWN).await?;
        }
        for statement in triggers(manager.get_database_backend()) {
            db.execute_unprepared(&statement).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        let statements: &[&str] = if manager.get_database_backend() == DatabaseBackend::Postgres {
            &[
                "DROP TRIGGER posts_state_inserted ON posts",
                "DROP TRIGGER posts_state_updated ON posts",
                "DROP FUNCTION derive_post_state()",
            ]
        } else {
            &[
                "DROP TRIGGER posts_state_inserted",
                "DROP TRIGGER posts_state_updated",
            ]
        };
        for statement in statements {
            db.execute_unprepared(statement).await?;
        }
        drop_indexes(manager, LISTED).await?;
        // The older program would show them to everybody. It never deletes hidden posts permanently.
        db.execute_unprepared(
            "UPDATE posts SET deleted_at = updated_at, hidden_because = 'Not public' \
             WHERE deleted_at IS NULL AND (visibility <> 'public' OR state <> 'published')",
        )
        .await?;
        for column in ["visibility", "state"] {
            manager
                .alter_table(Table::alter().table("posts").drop_column(column).to_owned())
                .await?;
        }
        if !is_shared(manager) {
            create_indexes(manager, SHOWN, &Expr::col("deleted_at").is_null()).await?;
        }
        Ok(())
    }
}

/// Returns whether servers of the version before may still run. They need their indexes until then; a later version may
/// drop these.
fn is_shared(manager: &SchemaManager<'_>) -> bool {
    manager.get_database_backend() == DatabaseBackend::Postgres
}

async fn create_indexes(
    manager: &SchemaManager<'_>,
    indexes: &[(&'static str, &[&'static str])],
    condition: &Expr,
) -> Result<(), DbErr> {
    for (name, columns) in indexes {
        let mut index = Index::create().name(*name).table("posts").take();
        for column in *columns {
            index.col(*column);
        }
        manager
            .create_index(index.and_where(condition.clone()).take())
            .await?;
    }
    Ok(())
}

async fn drop_indexes(
    manager: &SchemaManager<'_>,
    indexes: &[(&'static str, &[&'static str])],
) -> Result<(), DbErr> {
    for (name, _) in indexes {
        manager
            .drop_index(Index::drop().name(*name).table("posts").to_owned())
            .await?;
    }
    Ok(())
}

/// Returns the statements that create the triggers. This version always sets the state together with the other columns,
/// so a statement that changes those alone is one of the version before.
fn triggers(backend: DatabaseBackend) -> Vec<String> {
    let derived = state("NEW.");
    if backend == DatabaseBackend::Postgres {
        return vec![
            format!(
                "CREATE FUNCTION derive_post_state() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
                 NEW.state := {derived}; RETURN NEW; END $$"
            ),
            "CREATE TRIGGER posts_state_inserted BEFORE INSERT ON posts FOR EACH ROW WHEN (NEW.state = 'published' \
             AND (NEW.deleted_at IS NOT NULL OR NEW.hidden_because IS NOT NULL)) \
             EXECUTE FUNCTION derive_post_state()"
                .to_owned(),
            "CREATE TRIGGER posts_state_updated BEFORE UPDATE OF deleted_at, hidden_because ON posts FOR EACH ROW \
             WHEN (NEW.state = OLD.state AND (NEW.deleted_at IS DISTINCT FROM OLD.deleted_at \
             OR NEW.hidden_because IS DISTINCT FROM OLD.hidden_because)) EXECUTE FUNCTION derive_post_state()"
                .to_owned(),
        ];
    }
    let update = format!("UPDATE posts SET state = {derived} WHERE id = NEW.id");
    vec![
        format!(
            "CREATE TRIGGER posts_state_inserted AFTER INSERT ON posts WHEN NEW.state = 'published' \
             AND (NEW.deleted_at IS NOT NULL OR NEW.hidden_because IS NOT NULL) BEGIN {update}; END"
        ),
        format!(
            "CREATE TRIGGER posts_state_updated AFTER UPDATE OF deleted_at, hidden_because ON posts \
             WHEN NEW.state = OLD.state AND (NEW.deleted_at IS NOT OLD.deleted_at \
             OR NEW.hidden_because IS NOT OLD.hidden_because) BEGIN {update}; END"
        ),
    ]
}
