//! Adds profiles and the confirmation of addresses.

use sea_orm_migration::{
    prelude::*,
    schema::{string_len, string_len_null, timestamp_with_time_zone_null},
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // SQLite adds one column per statement.
        for column in [
            string_len("about", 140).default("").take(),
            // The common name of the files, without the size.
            string_len_null("picture", 80),
            timestamp_with_time_zone_null("last_seen_at"),
            timestamp_with_time_zone_null("email_confirmed_at"),
            // The address that is to replace the current one once it is confirmed.
            string_len_null("new_email", 254),
        ] {
            manager
                .alter_table(Table::alter().table("users").add_column(column).to_owned())
                .await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in [
            "about",
            "picture",
            "last_seen_at",
            "email_confirmed_at",
            "new_email",
        ] {
            manager
                .alter_table(Table::alter().table("users").drop_column(column).to_owned())
                .await?;
        }
        Ok(())
    }
}
