//! Creates the table of former usernames, which redirect to the current ones.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, string_len},
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("former_usernames")
                    .col(string_len("username_key", 32).primary_key())
                    .col(big_integer("user_id"))
                    .foreign_key(
                        ForeignKey::create()
                            .name("former_usernames_user_id_fkey")
                            .from("former_usernames", "user_id")
                            .to("users", "id")
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("former_usernames_user_idx")
                    .table("former_usernames")
                    .col("user_id")
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("former_usernames").to_owned())
            .await
    }
}
