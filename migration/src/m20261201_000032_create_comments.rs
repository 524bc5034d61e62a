//! Creates the tables of comments and of the numbers of comments on posts.

use sea_orm_migration::{
    prelude::*,
    schema::{
        big_integer, big_integer_null, boolean, integer, string_len, string_len_null, text, text_null,
        timestamp_with_time_zone, timestamp_with_time_zone_null,
    },
    sea_orm::{ConnectionTrait, DatabaseBackend},
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create_comments(manager).await?;
        create_indexes(manager).await?;
        manager
            .create_table(
                Table::create()
                    .table("post_counts")
                    .col(big_integer("post_id").primary_key())
                    .col(big_integer("comments"))
                    .foreign_key(
                        ForeignKey::create()
                            .name("post_counts_post_id_fkey")
                            .from("post_counts", "post_id")
                            .to("posts", "id")
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .to_owned(),
            )
            .await?;
        for column in [
            boolean("has_closed_comments").default(false).take(),
            // Not a foreign key, because the tables would refer to each other.
            big_integer_null("pinned_comment_id"),
        ] {
            manager
                .alter_table(Table::alter().table("posts").add_column(column).to_owned())
                .await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in ["pinned_comment_id", "has_closed_comments"] {
            manager
                .alter_table(Table::alter().table("posts").drop_column(column).to_owned())
                .await?;
        }
        for table in ["post_counts", "comments"] {
            manager.drop_table(Table::drop().table(table).to_owned()).await?;
        }
        Ok(())
    }
}

async fn create_comments(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let is_postgres = manager.get_database_backend() == DatabaseBackend::Postgres;
    // Compared byte by byte, as in SQLite.
    let path = if is_postgres {
        ColumnDef::new("path")
            .custom("varchar(80) COLLATE \"C\"")
            .not_null()
            .to_owned()
    } else {
        string_len("path", 80).take()
    };
    manager
        .create_table(
            Table::create()
                .table("comments")
                .col(big_integer("id").auto_increment().primary_key())
                .col(big_integer("post_id"))
                // Neither are foreign keys: the path of a comment says the same, and an import may give a reply a lower id.
                .col(big_integer_null("parent_id"))
                .col(big_integer_null("answered_id"))
                .col(big_integer("root_id"))
                .col(integer("depth"))
                .col(path)
                .col(big_integer_null("author_id"))
                .col(string_len_null("guest_name", 100))
                .col(string_len("state", 16))
                .col(string_len_null("hidden_by", 16))
                .col(text_null("hidden_because"))
                .col(timestamp_with_time_zone("created_at"))
                .col(timestamp_with_time_zone_null("edited_at"))
                .col(big_integer("version"))
                .col(integer("renderer"))
                .col(string_len_null("nonce", 64))
                // The number of published comments below one that begins a thread.
                .col(big_integer("replies").default(0))
                // Last, so that what is read without them is read fast.
                .col(text("html"))
                .col(text("content"))
                .foreign_key(
                    ForeignKey::create()
                        .name("comments_post_id_fkey")
                        .from("comments", "post_id")
                        .to("posts", "id")
                        .on_delete(ForeignKeyAction::Cascade),
                )
                .foreign_key(
                    ForeignKey::create()
                        .name("comments_author_id_fkey")
                        .from("comments", "author_id")
                        .to("users", "id")
                        .on_delete(ForeignKeyAction::SetNull),
                )
                .to_owned(),
        )
        .await?;
    if is_postgres {
        // New numbers of replies fit on the page of the row, so that no index changes.
        let room = "ALTER TABLE comments SET (fillfactor = 90)";
        manager.get_connection().execute_unprepared(room).await?;
    }
    Ok(())
}

async fn create_indexes(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let of_comments = |name: &'static str, columns: &[&'static str]| {
        let mut index = Index::create().name(name).table("comments").take();
        for column in columns {
            index.col(*column);
        }
        index
    };
    let roots = Expr::col("parent_id").is_null();
    let held = Expr::col("state").eq("held");
    let sent = Expr::col("nonce").is_not_null();
    for index in [
        // The threads below a post.
        of_comments("comments_roots_idx", &["post_id", "id"])
            .and_where(roots)
            .take(),
        // A branch.
        of_comments("comments_branch_idx", &["root_id", "path"]),
        // The newest comments on a post.
        of_comments("comments_post_idx", &["post_id", "id"]),
        of_comments("comments_author_idx", &["author_id", "id"]),
        of_comments("comments_nonce_idx", &["author_id", "nonce"])
            .and_where(sent)
            .unique()
            .take(),
        of_comments("comments_held_idx", &["id"]).and_where(held).take(),
        of_comments("comments_renderer_idx", &["renderer"]),
    ] {
        manager.create_index(index).await?;
    }
    Ok(())
}
