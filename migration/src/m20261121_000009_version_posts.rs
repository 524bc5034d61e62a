//! Adds versions, the trash and the version of the renderer to posts.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, integer, timestamp_with_time_zone_null},
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // SQLite adds one column per statement.
        for column in [
            big_integer("version").default(1).take(),
            // 0 is older than any renderer, so existing posts are rendered again.
            integer("renderer").default(0).take(),
            integer("words").default(0).take(),
            timestamp_with_time_zone_null("deleted_at"),
        ] {
            manager
                .alter_table(Table::alter().table("posts").add_column(column).to_owned())
                .await?;
        }
        for name in ["posts_newest_idx", "posts_author_newest_idx"] {
            drop_index(manager, name).await?;
        }
        let shown = || Expr::col("deleted_at").is_null();
        for index in [
            newest().and_where(shown()).take(),
            newest_by_author().and_where(shown()).take(),
            Index::create()
                .name("posts_trash_idx")
                .table("posts")
                .col("author_id")
                .col("deleted_at")
                .col("id")
                .and_where(Expr::col("deleted_at").is_not_null())
                .take(),
            Index::create()
                .name("posts_deleted_at_idx")
                .table("posts")
                .col("deleted_at")
                .and_where(Expr::col("deleted_at").is_not_null())
                .take(),
            // Finds the posts rendered by an older version.
            Index::create()
                .name("posts_renderer_idx")
                .table("posts")
                .col("renderer")
                .take(),
        ] {
            manager.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for name in [
            "posts_newest_idx",
            "posts_author_newest_idx",
            "posts_trash_idx",
            "posts_deleted_at_idx",
            "posts_renderer_idx",
        ] {
            drop_index(manager, name).await?;
        }
        // The older program would show them.
        let trash = Query::delete()
            .from_table("posts")
            .and_where(Expr::col("deleted_at").is_not_null())
            .take();
        manager.execute(trash).await?;
        for column in ["version", "renderer", "words", "deleted_at"] {
            manager
                .alter_table(Table::alter().table("posts").drop_column(column).to_owned())
                .await?;
        }
        manager.create_index(newest()).await?;
        manager.create_index(newest_by_author()).await
    }
}

fn newest() -> IndexCreateStatement {
    Index::create()
        .name("posts_newest_idx")
        .table("posts")
        .col("created_at")
        .col("id")
        .take()
}

fn newest_by_author() -> IndexCreateStatement {
    Index::create()
        .name("posts_author_newest_idx")
        .table("posts")
        .col("author_id")
        .col("created_at")
        .col("id")
        .take()
}

async fn drop_index(manager: &SchemaManager<'_>, name: &'static str) -> Result<(), DbErr> {
    manager
        .drop_index(Index::drop().name(name).table("posts").to_owned())
        .await
}
