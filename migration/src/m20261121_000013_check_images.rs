//! Adds the time of the last search for inline images in texts, and since when they are unused.

use sea_orm_migration::{
    prelude::*,
    schema::{timestamp_with_time_zone, timestamp_with_time_zone_null},
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // SQLite adds one column per statement.
        for column in [
            // Long ago, so that existing images are checked by the next sweep.
            timestamp_with_time_zone("checked_at")
                .default("1970-01-01 00:00:00+00:00")
                .take(),
            timestamp_with_time_zone_null("unused_since"),
        ] {
            manager
                .alter_table(Table::alter().table("images").add_column(column).to_owned())
                .await?;
        }
        manager
            .create_index(
                Index::create()
                    .name("images_checked_at_idx")
                    .table("images")
                    .col("checked_at")
                    .col("owner_id")
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_index(
                Index::drop()
                    .name("images_checked_at_idx")
                    .table("images")
                    .to_owned(),
            )
            .await?;
        for column in ["checked_at", "unused_since"] {
            manager
                .alter_table(Table::alter().table("images").drop_column(column).to_owned())
                .await?;
        }
        Ok(())
    }
}
