//! Creates the outbox.

use sea_orm_migration::{
    prelude::*,
    schema::{
        big_integer, big_integer_null, integer, string_len, string_len_uniq, text, text_null,
        timestamp_with_time_zone, timestamp_with_time_zone_null,
    },
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("outbox")
                    .col(big_integer("id").auto_increment().primary_key())
                    .col(string_len_uniq("message_id", 320))
                    .col(string_len("recipient", 254))
                    .col(text("letter"))
                    // The user that the mail is about; it is deleted with them.
                    .col(big_integer_null("user_id"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(integer("attempts"))
                    // The time of the next attempt; during an attempt, the time at which its claim expires.
                    .col(timestamp_with_time_zone("due_at"))
                    // The time at which the mail was given up.
                    .col(timestamp_with_time_zone_null("dead_at"))
                    .col(text_null("last_error"))
                    .foreign_key(
                        ForeignKey::create()
                            .name("outbox_user_id_fkey")
                            .from("outbox", "user_id")
                            .to("users", "id")
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .to_owned(),
            )
            .await?;
        for columns in [["dead_at", "due_at"].as_slice(), &["user_id"]] {
            let mut index = Index::create();
            index
                .name(format!("outbox_{}_idx", columns.join("_")))
                .table("outbox");
            for column in columns {
                index.col(*column);
            }
            manager.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("outbox").to_owned()).await
    }
}
