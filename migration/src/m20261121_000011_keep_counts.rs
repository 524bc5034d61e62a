//! Adds the lengths of lists and milestones of long ones, so that no page has to count.

use sea_orm_migration::{
    prelude::*,
    schema::{
        big_integer, big_integer_null, string_len, timestamp_with_time_zone, timestamp_with_time_zone_null,
    },
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in [
            big_integer("post_count").default(0).take(),
            timestamp_with_time_zone_null("latest_post_at"),
            big_integer_null("latest_post_id"),
        ] {
            manager
                .alter_table(Table::alter().table("users").add_column(column).to_owned())
                .await?;
        }
        manager
            .create_index(
                Index::create()
                    .name("users_latest_post_idx")
                    .table("users")
                    .col("latest_post_at")
                    .col("id")
                    .and_where(Expr::col("latest_post_at").is_not_null())
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("totals")
                    .col(string_len("name", 16).primary_key())
                    .col(big_integer("number"))
                    .to_owned(),
            )
            .await?;
        create_milestones(manager).await?;
        if manager.get_database_backend() == sea_orm::DatabaseBackend::Postgres {
            // Prefix searches need an index in bytewise order.
            let bytewise = r#"ALTER TABLE users ALTER COLUMN username_key TYPE varchar(32) COLLATE "C""#;
            manager.get_connection().execute_unprepared(bytewise).await?;
        }
        for statement in COUNT.iter().copied() {
            manager.get_connection().execute_unprepared(statement).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["milestones", "totals"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        manager
            .drop_index(
                Index::drop()
                    .name("users_latest_post_idx")
                    .table("users")
                    .to_owned(),
            )
            .await?;
        for column in ["post_count", "latest_post_at", "latest_post_id"] {
            manager
                .alter_table(Table::alter().table("users").drop_column(column).to_owned())
                .await?;
        }
        Ok(())
    }
}

async fn create_milestones(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("milestones")
                // 0 for all posts, -1 for all authors, the id of a user for their posts.
                .col(big_integer("list"))
                .col(timestamp_with_time_zone("at"))
                .col(big_integer("entry"))
                // The number of entries of the list before (at, entry).
                .col(big_integer("rank"))
                .primary_key(Index::create().col("list").col("at").col("entry"))
                .to_owned(),
        )
        .await?;
    manager
        .create_index(
            Index::create()
                .name("milestones_rank_idx")
                .table("milestones")
                .col("list")
                .col("rank")
                .to_owned(),
        )
        .await
}

/// Counts the existing rows.
const COUNT: &[&str] = &[
    "UPDATE users SET post_count = (SELECT count(*) FROM posts WHERE author_id = users.id AND deleted_at IS NULL)",
    "UPDATE users SET latest_post_at = (SELECT created_at FROM posts WHERE author_id = users.id AND deleted_at IS NULL \
     ORDER BY created_at DESC, id DESC LIMIT 1)",
    "UPDATE users SET latest_post_id = (SELECT id FROM posts WHERE author_id = users.id AND deleted_at IS NULL \
     ORDER BY created_at DESC, id DESC LIMIT 1)",
    "INSERT INTO totals (name, number) SELECT 'posts', count(*) FROM posts WHERE deleted_at IS NULL",
    "INSERT INTO totals (name, number) SELECT 'writers', count(*) FROM users WHERE post_count > 0",
    "INSERT INTO milestones (list, at, entry, rank) SELECT 0, created_at, id, place FROM \
     (SELECT created_at, id, row_number() OVER (ORDER BY created_at, id) - 1 AS place FROM posts WHERE deleted_at IS NULL) \
     AS entries WHERE place > 0 AND place % 512 = 0",
    "INSERT INTO milestones (list, at, entry, rank) SELECT author_id, created_at, id, place FROM \
     (SELECT author_id, created_at, id, row_number() OVER (PARTITION BY author_id ORDER BY created_at, id) - 1 AS place \
     FROM posts WHERE deleted_at IS NULL) AS entries WHERE place > 0 AND place % 512 = 0",
    "INSERT INTO milestones (list, at, entry, rank) SELECT -1, latest_post_at, id, place FROM \
     (SELECT latest_post_at, id, row_number() OVER (ORDER BY latest_post_at, id) - 1 AS place FROM users \
     WHERE latest_post_at IS NOT NULL) AS entries WHERE place > 0 AND place % 512 = 0",
];
