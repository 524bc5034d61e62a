//! Creates the table of inline images.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, string_len, timestamp_with_time_zone},
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("images")
                    // The file name.
                    .col(string_len("name", 120).primary_key())
                    .col(big_integer("owner_id"))
                    .col(big_integer("bytes"))
                    .col(timestamp_with_time_zone("created_at"))
                    .foreign_key(
                        ForeignKey::create()
                            .name("images_owner_id_fkey")
                            .from("images", "owner_id")
                            .to("users", "id")
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .to_owned(),
            )
            .await?;
        // Includes the sizes, so that the total of a user is computed from the index alone.
        manager
            .create_index(
                Index::create()
                    .name("images_owner_id_idx")
                    .table("images")
                    .col("owner_id")
                    .col("bytes")
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("images").to_owned()).await
    }
}
