//! Creates the table of the texts that posts had before, and adds the notes about changes.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, boolean, string_len, text, timestamp_with_time_zone},
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("revisions")
                    .col(big_integer("id").auto_increment().primary_key())
                    .col(big_integer("post_id"))
                    // The version of the post that had this text.
                    .col(big_integer("version"))
                    .col(string_len("title", 150))
                    .col(text("tags"))
                    .col(string_len("change_note", 200))
                    .col(timestamp_with_time_zone("saved_at"))
                    .col(timestamp_with_time_zone("replaced_at"))
                    // Last, so that what is read without it is read fast.
                    .col(text("content"))
                    .foreign_key(
                        ForeignKey::create()
                            .name("revisions_post_id_fkey")
                            .from("revisions", "post_id")
                            .to("posts", "id")
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("revisions_post_version_idx")
                    .table("revisions")
                    .col("post_id")
                    .col("version")
                    .unique()
                    .to_owned(),
            )
            .await?;
        for (table, column) in [
            ("posts", string_len("change_note", 200).default("").take()),
            ("posts", boolean("is_history_public").default(false).take()),
            ("drafts", string_len("change_note", 200).default("").take()),
        ] {
            manager
                .alter_table(Table::alter().table(table).add_column(column).to_owned())
                .await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, column) in [
            ("drafts", "change_note"),
            ("posts", "is_history_public"),
            ("posts", "change_note"),
        ] {
            manager
                .alter_table(Table::alter().table(table).drop_column(column).to_owned())
                .await?;
        }
        manager
            .drop_table(Table::drop().table("revisions").to_owned())
            .await
    }
}
