//! Adds to users how much the site trusts them, to posts and comments why they wait for a moderator, and the table of
//! fingerprints of what was sent in the last day.

use sea_orm_migration::{
    prelude::*,
    schema::{
        big_integer, big_integer_null, string_len, string_len_null, timestamp_with_time_zone,
        timestamp_with_time_zone_null,
    },
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, column) in columns() {
            manager
                .alter_table(Table::alter().table(table).add_column(column).to_owned())
                .await?;
        }
        for index in [
            Index::create()
                .name("users_trust_check_idx")
                .table("users")
                .col("trust_check_at")
                .and_where(Expr::col("trust_check_at").is_not_null())
                .to_owned(),
            Index::create()
                .name("posts_held_idx")
                .table("posts")
                .col("id")
                .and_where(Expr::col("state").eq("held"))
                .to_owned(),
            Index::create()
                .name("posts_held_author_idx")
                .table("posts")
                .col("author_id")
                .and_where(Expr::col("state").eq("held"))
                .to_owned(),
        ] {
            manager.create_index(index).await?;
        }
        create_fingerprints(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("fingerprints").to_owned())
            .await?;
        for (name, table) in [
            ("posts_held_author_idx", "posts"),
            ("posts_held_idx", "posts"),
            ("users_trust_check_idx", "users"),
        ] {
            manager
                .drop_index(Index::drop().name(name).table(table).to_owned())
                .await?;
        }
        for (table, column) in columns().into_iter().rev() {
            let name = column.get_column_name();
            manager
                .alter_table(Table::alter().table(table).drop_column(name).to_owned())
                .await?;
        }
        Ok(())
    }
}

/// Returns the new columns with their tables. Accounts that exist are trusted.
fn columns() -> Vec<(&'static str, ColumnDef)> {
    vec![
        ("users", string_len("trust", 16).default("trusted").take()),
        (
            "users",
            string_len("trust_because", 16).default("existing").take(),
        ),
        ("users", timestamp_with_time_zone_null("trust_check_at")),
        ("posts", string_len_null("held_because", 16)),
        ("posts", timestamp_with_time_zone_null("held_at")),
        ("comments", string_len_null("held_because", 16)),
    ]
}

async fn create_fingerprints(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let cascade = |name: &str, column: &'static str, table: &'static str| {
        ForeignKey::create()
            .name(name)
            .from("fingerprints", column)
            .to(table, "id")
            .on_delete(ForeignKeyAction::Cascade)
            .to_owned()
    };
    manager
        .create_table(
            Table::create()
                .table("fingerprints")
                .col(big_integer("id").auto_increment().primary_key())
                .col(string_len("hash", 64))
                .col(big_integer("user_id"))
                .col(big_integer_null("post_id"))
                .col(big_integer_null("comment_id"))
                .col(timestamp_with_time_zone("created_at"))
                .foreign_key(&mut cascade("fingerprints_user_id_fkey", "user_id", "users"))
                .foreign_key(&mut cascade("fingerprints_post_id_fkey", "post_id", "posts"))
                .foreign_key(&mut cascade(
                    "fingerprints_comment_id_fkey",
                    "comment_id",
                    "comments",
                ))
                .to_owned(),
        )
        .await?;
    for (name, columns) in [
        ("fingerprints_hash_idx", &["hash", "created_at"][..]),
        ("fingerprints_created_at_idx", &["created_at"]),
        ("fingerprints_user_id_idx", &["user_id"]),
        ("fingerprints_post_id_idx", &["post_id"]),
        ("fingerprints_comment_id_idx", &["comment_id"]),
    ] {
        let mut index = Index::create().name(name).table("fingerprints").take();
        for column in columns {
            index.col(*column);
        }
        manager.create_index(index).await?;
    }
    Ok(())
}
