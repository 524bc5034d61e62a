//! Creates the tables of static pages and of redirects from old addresses.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, boolean, integer, string_len, string_len_uniq, text, timestamp_with_time_zone},
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("pages")
                    .col(big_integer("id").auto_increment().primary_key())
                    .col(string_len_uniq("slug", 64))
                    .col(string_len("title", 150))
                    .col(integer("renderer"))
                    .col(string_len("place", 16))
                    .col(boolean("is_published"))
                    .col(big_integer("version"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone("updated_at"))
                    // Whether the audit log says that the address of the page belongs to the program by now.
                    .col(boolean("has_moved").default(false))
                    // Last, so that what is read without them is read fast.
                    .col(text("excerpt"))
                    .col(text("content"))
                    .col(text("html"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("pages_newest_idx")
                    .table("pages")
                    .col("updated_at")
                    .col("id")
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("redirects")
                    .col(big_integer("id").auto_increment().primary_key())
                    .col(string_len_uniq("path", 500))
                    .col(string_len("target", 500))
                    .col(timestamp_with_time_zone("created_at"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("redirects_newest_idx")
                    .table("redirects")
                    .col("created_at")
                    .col("id")
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["redirects", "pages"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}
