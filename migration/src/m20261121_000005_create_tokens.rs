//! Creates the table of tokens that are sent by mail or stored in a cookie.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer_null, string_len, text, timestamp_with_time_zone},
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("tokens")
                    // The SHA-256 of the token, in hexadecimal.
                    .col(string_len("hash", 64).primary_key())
                    .col(string_len("purpose", 32))
                    // NULL if the account does not exist yet.
                    .col(big_integer_null("user_id"))
                    // The address that the token was sent to.
                    .col(string_len("email", 254))
                    .col(text("data"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone("expires_at"))
                    .foreign_key(
                        ForeignKey::create()
                            .name("tokens_user_id_fkey")
                            .from("tokens", "user_id")
                            .to("users", "id")
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .to_owned(),
            )
            .await?;
        for column in ["user_id", "expires_at"] {
            manager
                .create_index(
                    Index::create()
                        .name(format!("tokens_{column}_idx"))
                        .table("tokens")
                        .col(column)
                        .to_owned(),
                )
                .await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("tokens").to_owned()).await
    }
}
