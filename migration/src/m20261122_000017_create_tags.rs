//! Adds tags and the list of posts of each.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, string_len_uniq, text, timestamp_with_time_zone},
};

#[derive(DeriveMigrationName)]
pub struct Migration;

/// The tables of texts with tags.
const TEXTS: &[&str] = &["posts", "drafts"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in TEXTS.iter().copied() {
            // In the author's order, separated by commas, so that reading a post needs no join.
            let tags = text("tags").default("").take();
            manager
                .alter_table(Table::alter().table(table).add_column(tags).to_owned())
                .await?;
        }
        manager
            .create_table(
                Table::create()
                    .table("tags")
                    .col(big_integer("id").auto_increment().primary_key())
                    .col(string_len_uniq("name", 30))
                    // The number of public posts with the tag.
                    .col(big_integer("post_count").default(0))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("tags_post_count_idx")
                    .table("tags")
                    .col("post_count")
                    .col("id")
                    .to_owned(),
            )
            .await?;
        create_taggings(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Lists of tags have numbers below -1.
        manager
            .get_connection()
            .execute_unprepared("DELETE FROM milestones WHERE list < -1")
            .await?;
        for table in ["taggings", "tags"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        for table in TEXTS.iter().copied() {
            manager
                .alter_table(Table::alter().table(table).drop_column("tags").to_owned())
                .await?;
        }
        Ok(())
    }
}

/// Creates the lists of tags, which contain only public posts.
async fn create_taggings(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let key = |column: &'static str, table: &'static str| {
        ForeignKey::create()
            .name(format!("taggings_{column}_fkey"))
            .from("taggings", column)
            .to(table, "id")
            .on_delete(ForeignKeyAction::Cascade)
            .to_owned()
    };
    manager
        .create_table(
            Table::create()
                .table("taggings")
                .col(big_integer("tag_id"))
                // The time of publication, by which the list is ordered.
                .col(timestamp_with_time_zone("created_at"))
                .col(big_integer("post_id"))
                .primary_key(Index::create().col("tag_id").col("created_at").col("post_id"))
                .foreign_key(&mut key("tag_id", "tags"))
                .foreign_key(&mut key("post_id", "posts"))
                .to_owned(),
        )
        .await?;
    manager
        .create_index(
            Index::create()
                .name("taggings_post_idx")
                .table("taggings")
                .col("post_id")
                .to_owned(),
        )
        .await
}
