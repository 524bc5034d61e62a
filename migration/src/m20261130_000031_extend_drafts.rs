//! Adds what posts and drafts carry besides their texts, the times at which drafts are published, and the links with which
//! others can read them. A post can have a draft of each of its authors.

use sea_orm_migration::{
    prelude::*,
    schema::{
        big_integer, big_integer_null, string_len, string_len_null, text, text_null,
        timestamp_with_time_zone, timestamp_with_time_zone_null,
    },
    sea_orm::{ConnectionTrait, DatabaseBackend},
};

#[derive(DeriveMigrationName)]
pub struct Migration;

/// The index that makes drafts unique by post and author.
const UNIQUE: &str = "drafts_post_author_idx";

/// Locks the tables in the order of the transactions of a server that still runs, which would otherwise deadlock with the
/// migration.
const LOCK: &str = "LOCK TABLE users, posts, revisions, drafts IN ACCESS EXCLUSIVE MODE";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        if manager.get_database_backend() == DatabaseBackend::Postgres {
            db.execute_unprepared(LOCK).await?;
            db.execute_unprepared("ALTER TABLE drafts DROP CONSTRAINT drafts_post_id_key")
                .await?;
        } else {
            without_unique_post(manager).await?;
        }
        manager
            .create_index(
                Index::create()
                    .name(UNIQUE)
                    .table("drafts")
                    .col("post_id")
                    .col("author_id")
                    .unique()
                    .to_owned(),
            )
            .await?;
        for (table, column) in [
            ("posts", text("details").default("").take()),
            ("revisions", text("details").default("").take()),
            ("drafts", text("details").default("").take()),
            ("drafts", timestamp_with_time_zone_null("publish_at")),
            ("drafts", string_len_null("publish_zone", 40)),
            // Why it was not published then, as JSON.
            ("drafts", text_null("publish_problem")),
        ] {
            manager
                .alter_table(Table::alter().table(table).add_column(column).to_owned())
                .await?;
        }
        manager
            .create_index(
                Index::create()
                    .name("drafts_due_idx")
                    .table("drafts")
                    .col("publish_at")
                    .and_where(Expr::col("publish_at").is_not_null())
                    .and_where(Expr::col("publish_problem").is_null())
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("posts_author_unlisted_idx")
                    .table("posts")
                    .col("author_id")
                    .col("created_at")
                    .col("id")
                    .and_where(Expr::col("visibility").ne("public"))
                    .to_owned(),
            )
            .await?;
        create_preview_links(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if manager.get_database_backend() == DatabaseBackend::Postgres {
            manager.get_connection().execute_unprepared(LOCK).await?;
        }
        manager
            .drop_table(Table::drop().table("preview_links").to_owned())
            .await?;
        for (table, index) in [
            ("posts", "posts_author_unlisted_idx"),
            ("drafts", "drafts_due_idx"),
        ] {
            manager
                .drop_index(Index::drop().name(index).table(table).to_owned())
                .await?;
        }
        for (table, column) in [
            ("drafts", "publish_problem"),
            ("drafts", "publish_zone"),
            ("drafts", "publish_at"),
            ("drafts", "details"),
            ("revisions", "details"),
            ("posts", "details"),
        ] {
            manager
                .alter_table(Table::alter().table(table).drop_column(column).to_owned())
                .await?;
        }
        manager
            .drop_index(Index::drop().name(UNIQUE).table("drafts").to_owned())
            .await?;
        let unique = if manager.get_database_backend() == DatabaseBackend::Postgres {
            "ALTER TABLE drafts ADD CONSTRAINT drafts_post_id_key UNIQUE (post_id)"
        } else {
            "CREATE UNIQUE INDEX drafts_post_id_key ON drafts (post_id)"
        };
        manager.get_connection().execute_unprepared(unique).await?;
        Ok(())
    }
}

/// Makes the table of drafts again without the unique constraint of its posts, which SQLite cannot drop.
async fn without_unique_post(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let db = manager.get_connection();
    manager
        .create_table(
            Table::create()
                .table("drafts_next")
                .col(big_integer("id").auto_increment().primary_key())
                .col(big_integer("author_id"))
                .col(big_integer_null("post_id"))
                .col(big_integer("post_version"))
                .col(string_len("title", 150))
                .col(text("content"))
                .col(big_integer("version"))
                .col(timestamp_with_time_zone("created_at"))
                .col(timestamp_with_time_zone("updated_at"))
                .col(text("tags").default(""))
                .col(string_len("change_note", 200).default(""))
                .foreign_key(
                    ForeignKey::create()
                        .from("drafts_next", "author_id")
                        .to("users", "id")
                        .on_delete(ForeignKeyAction::Cascade),
                )
                .foreign_key(
                    ForeignKey::create()
                        .from("drafts_next", "post_id")
                        .to("posts", "id")
                        .on_delete(ForeignKeyAction::SetNull),
                )
                .to_owned(),
        )
        .await?;
    let columns = "id, author_id, post_id, post_version, title, content, version, created_at, updated_at, tags, change_note";
    for statement in [
        &format!("INSERT INTO drafts_next ({columns}) SELECT {columns} FROM drafts"),
        // Ids are never given twice, also not those of deleted drafts.
        "UPDATE sqlite_sequence SET seq = (SELECT seq FROM sqlite_sequence WHERE name = 'drafts') \
         WHERE name = 'drafts_next' AND EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'drafts')",
        "INSERT INTO sqlite_sequence (name, seq) SELECT 'drafts_next', seq FROM sqlite_sequence \
         WHERE name = 'drafts' AND NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'drafts_next')",
        "DROP TABLE drafts",
        "ALTER TABLE drafts_next RENAME TO drafts",
    ] {
        db.execute_unprepared(statement).await?;
    }
    manager
        .create_index(
            Index::create()
                .name("drafts_author_newest_idx")
                .table("drafts")
                .col("author_id")
                .col("updated_at")
                .col("id")
                .to_owned(),
        )
        .await
}

async fn create_preview_links(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("preview_links")
                .col(big_integer("id").auto_increment().primary_key())
                // The SHA-256 of the token.
                .col(string_len("hash", 64).unique_key())
                .col(big_integer("author_id"))
                // Not a foreign key: a link outlives its draft, to lead to the post or to say that it is gone.
                .col(big_integer("draft_id"))
                .col(big_integer_null("post_id"))
                .col(string_len("note", 80))
                .col(timestamp_with_time_zone("created_at"))
                .col(timestamp_with_time_zone("expires_at"))
                .foreign_key(
                    ForeignKey::create()
                        .name("preview_links_author_id_fkey")
                        .from("preview_links", "author_id")
                        .to("users", "id")
                        .on_delete(ForeignKeyAction::Cascade),
                )
                .foreign_key(
                    ForeignKey::create()
                        .name("preview_links_post_id_fkey")
                        .from("preview_links", "post_id")
                        .to("posts", "id")
                        .on_delete(ForeignKeyAction::SetNull),
                )
                .to_owned(),
        )
        .await?;
    manager
        .create_index(
            Index::create()
                .name("preview_links_draft_idx")
                .table("preview_links")
                .col("draft_id")
                .to_owned(),
        )
        .await
}
