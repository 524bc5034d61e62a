//! Creates the tables of invitations and of the users who have registered with one.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, big_integer_null, integer, string_len, string_len_null, timestamp_with_time_zone},
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create_invitations(manager).await?;
        create_invitees(manager).await?;
        for (table, column) in [
            ("invitations", "inviter_id"),
            ("invitations", "expires_at"),
            ("invitees", "inviter_id"),
        ] {
            manager
                .create_index(
                    Index::create()
                        .name(format!("{table}_{column}_idx"))
                        .table(table)
                        .col(column)
                        .to_owned(),
                )
                .await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["invitees", "invitations"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}

async fn create_invitations(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("invitations")
                .col(big_integer("id").auto_increment().primary_key())
                // The SHA-256 of the token, in hexadecimal. NULL until the mail with the token is written.
                .col(string_len_null("hash", 64).unique_key())
                // NULL for an invitation from the command line.
                .col(big_integer_null("inviter_id"))
                .col(string_len("role", 16))
                // The only address that may register, if there is one.
                .col(string_len_null("email", 254))
                .col(integer("uses_left"))
                .col(timestamp_with_time_zone("created_at"))
                .col(timestamp_with_time_zone("expires_at"))
                .foreign_key(
                    ForeignKey::create()
                        .name("invitations_inviter_id_fkey")
                        .from("invitations", "inviter_id")
                        .to("users", "id")
                        .on_delete(ForeignKeyAction::Cascade),
                )
                .to_owned(),
        )
        .await
}

async fn create_invitees(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let of = |name: &'static str, column: &'static str| {
        ForeignKey::create()
            .name(name)
            .from("invitees", column)
            .to("users", "id")
            .on_delete(ForeignKeyAction::Cascade)
            .to_owned()
    };
    manager
        .create_table(
            Table::create()
                .table("invitees")
                .col(big_integer("user_id").primary_key())
                .col(big_integer("inviter_id"))
                .foreign_key(&mut of("invitees_user_id_fkey", "user_id"))
                .foreign_key(&mut of("invitees_inviter_id_fkey", "inviter_id"))
                .to_owned(),
        )
        .await
}
