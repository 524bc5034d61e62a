//! Creates the table of files that are to be deleted.

use sea_orm_migration::{
    prelude::*,
    schema::{string_len, timestamp_with_time_zone},
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("doomed_files")
                    .col(string_len("path", 160).primary_key())
                    // Not deleted earlier: uploads are kept until they are in use.
                    .col(timestamp_with_time_zone("due_at"))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("doomed_files").to_owned())
            .await
    }
}
