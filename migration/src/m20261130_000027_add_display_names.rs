//! Adds display names and longer profiles, and the index by which names that look alike are found.

use sea_orm_migration::{
    prelude::*,
    schema::{string_len, string_len_null, text},
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // SQLite adds one column per statement.
        for column in [
            string_len_null("display_name", 50),
            string_len("pronouns", 30).default("").take(),
            string_len("location", 60).default("").take(),
            string_len("website", 200).default("").take(),
            // One web address on each line.
            text("links").default("").take(),
            text("biography").default("").take(),
            // The skeleton of the name by which the user is shown. It is null until the program has computed it.
            string_len_null("name_skeleton", 200),
        ] {
            manager
                .alter_table(Table::alter().table("users").add_column(column).to_owned())
                .await?;
        }
        manager
            .create_index(
                Index::create()
                    .name("users_name_skeleton_idx")
                    .table("users")
                    .col("name_skeleton")
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("users_staff_idx")
                    .table("users")
                    .col("role")
                    .and_where(Expr::col("role").ne("member"))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for index in ["users_staff_idx", "users_name_skeleton_idx"] {
            manager
                .drop_index(Index::drop().name(index).table("users").to_owned())
                .await?;
        }
        for column in [
            "display_name",
            "pronouns",
            "location",
            "website",
            "links",
            "biography",
            "name_skeleton",
        ] {
            manager
                .alter_table(Table::alter().table("users").drop_column(column).to_owned())
                .await?;
        }
        Ok(())
    }
}
