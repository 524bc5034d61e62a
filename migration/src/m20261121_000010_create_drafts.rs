//! Creates the table of drafts.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, big_integer_null, string_len, text, timestamp_with_time_zone},
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("drafts")
                    .col(big_integer("id").auto_increment().primary_key())
                    .col(big_integer("author_id"))
                    // The post that the draft is to replace, which has at most one draft, and the version on which
                    // the draft is based.
                    .col(big_integer_null("post_id").unique_key())
                    .col(big_integer("post_version"))
                    .col(string_len("title", 150))
                    .col(text("content"))
                    .col(big_integer("version"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone("updated_at"))
                    .foreign_key(
                        ForeignKey::create()
                            .name("drafts_author_id_fkey")
                            .from("drafts", "author_id")
                            .to("users", "id")
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .foreign_key(
                        // A draft outlives its post.
                        ForeignKey::create()
                            .name("drafts_post_id_fkey")
                            .from("drafts", "post_id")
                            .to("posts", "id")
                            .on_delete(ForeignKeyAction::SetNull),
                    )
                    .to_owned(),
            )
            .await?;
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

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("drafts").to_owned()).await
    }
}
