//! Creates the table of users.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, string_len, string_len_uniq, text, timestamp_with_time_zone},
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("users")
                    .col(big_integer("id").auto_increment().primary_key())
                    .col(string_len("username", 32))
                    // The keys are in lower case, so that both databases agree on which names are equal.
                    .col(string_len_uniq("username_key", 32))
                    .col(string_len("email", 254))
                    .col(string_len_uniq("email_key", 254))
                    .col(text("password_hash"))
                    .col(timestamp_with_time_zone("created_at"))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("users").to_owned()).await
    }
}
