//! Adds hidden posts, suspended users and the audit log.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, string_len, text, text_null, timestamp_with_time_zone},
};

#[derive(DeriveMigrationName)]
pub struct Migration;

/// The tables whose rows can be hidden or suspended, with the column of the reason and its partial index.
const REASONS: &[(&str, &str, &str)] = &[
    ("posts", "hidden_because", "posts_hidden_idx"),
    ("users", "suspended_because", "users_suspended_idx"),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, column, index) in REASONS.iter().copied() {
            manager
                .alter_table(
                    Table::alter()
                        .table(table)
                        .add_column(text_null(column))
                        .to_owned(),
                )
                .await?;
            manager
                .create_index(
                    Index::create()
                        .name(index)
                        .table(table)
                        .col("id")
                        .and_where(Expr::col(column).is_not_null())
                        .to_owned(),
                )
                .await?;
        }
        manager
            .create_table(
                Table::create()
                    .table("acts")
                    .col(big_integer("id").auto_increment().primary_key())
                    .col(timestamp_with_time_zone("at"))
                    // Names instead of ids, so that entries outlive deleted users.
                    .col(string_len("actor", 32))
                    .col(string_len("deed", 32))
                    .col(text("subject"))
                    .col(text("reason"))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("acts").to_owned()).await?;
        for (table, column, index) in REASONS.iter().copied() {
            manager
                .drop_index(Index::drop().name(index).table(table).to_owned())
                .await?;
            manager
                .alter_table(Table::alter().table(table).drop_column(column).to_owned())
                .await?;
        }
        Ok(())
    }
}
