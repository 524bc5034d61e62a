//! Adds the device and the times of sessions.

use sea_orm_migration::{
    prelude::*,
    schema::{boolean, string_len, timestamp_with_time_zone_null},
    sea_orm::DbBackend,
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Older sessions lack these values, so they are ended.
        manager
            .execute(Query::delete().from_table("sessions").to_owned())
            .await?;
        if manager.get_database_backend() == DbBackend::Postgres {
            // PostgreSQL does not use an index on `char` for a comparison with `text`.
            let id = string_len("id_hash", 64).take();
            manager
                .alter_table(Table::alter().table("sessions").modify_column(id).to_owned())
                .await?;
        }
        for column in [
            timestamp_with_time_zone_null("signed_in_at"),
            timestamp_with_time_zone_null("last_seen_at"),
            boolean("remembered").default(false).take(),
            // The truncated `User-Agent`.
            string_len("agent", 256).default("").take(),
            string_len("address", 45).default("").take(),
        ] {
            manager
                .alter_table(Table::alter().table("sessions").add_column(column).to_owned())
                .await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in ["signed_in_at", "last_seen_at", "remembered", "agent", "address"] {
            manager
                .alter_table(Table::alter().table("sessions").drop_column(column).to_owned())
                .await?;
        }
        Ok(())
    }
}
