//! Adds display names and longer profiles, finds users by their display names as well, and adds the index by which names
//! that look alike are found.

use sea_orm_migration::{
    prelude::*,
    schema::{string_len, string_len_null, text},
};

use super::m20261129_000021_find_names::{create_triggers, drop_triggers, keep};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // SQLite adds one column per statement.
        for column in [
            string_len_null("display_name", 50),
            string_len("pronouns", 30).default("").take(),
            string_len("location", 60).default("").take(),
            string_len("website", 200).default("").take(),
            // One web address on each line.
            text("links").default("").take(),
            text("biography").default("").take(),
            // The skeleton of the name by which the user is shown. It is null until the program has computed it.
            string_len_null("name_skeleton", 200),
            // The display name in the form in which it is searched.
            string_len_null("display_name_key", 64),
        ] {
            manager
                .alter_table(Table::alter().table("users").add_column(column).to_owned())
                .await?;
        }
        manager
            .create_index(
                Index::create()
                    .name("users_name_skeleton_idx")
                    .table("users")
                    .col("name_skeleton")
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("users_staff_idx")
                    .table("users")
                    .col("role")
                    .and_where(Expr::col("role").ne("member"))
                    .to_owned(),
            )
            .await?;
        let backend = manager.get_database_backend();
        let both = format!("{}; {}", keep(backend), keep_words());
        let columns = "username, username_key, display_name_key";
        replace_triggers(manager, create_triggers(backend, columns, &both)).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let backend = manager.get_database_backend();
        let former = create_triggers(backend, "username, username_key", &keep(backend));
        replace_triggers(manager, former).await?;
        // Adds the suffixes of all usernames again, without those of display names.
        let db = manager.get_connection();
        db.execute_unprepared("UPDATE users SET username_key = username_key")
            .await?;
        for index in ["users_staff_idx", "users_name_skeleton_idx"] {
            manager
                .drop_index(Index::drop().name(index).table("users").to_owned())
                .await?;
        }
        for column in [
            "display_name",
            "pronouns",
            "location",
            "website",
            "links",
            "biography",
            "name_skeleton",
            "display_name_key",
        ] {
            manager
                .alter_table(Table::alter().table("users").drop_column(column).to_owned())
                .await?;
        }
        Ok(())
    }
}

async fn replace_triggers(manager: &SchemaManager<'_>, created: Vec<String>) -> Result<(), DbErr> {
    let dropped = drop_triggers(manager.get_database_backend());
    let statements = dropped.into_iter().chain(created.iter().map(String::as_str));
    for statement in statements {
        manager.get_connection().execute_unprepared(statement).await?;
    }
    Ok(())
}

/// Returns the statement of a trigger that adds the display name of the new row, starting from each of its words.
fn keep_words() -> String {
    let places: Vec<String> = (1..=64).map(|place| format!("SELECT {place} AS place")).collect();
    format!(
        "INSERT INTO username_suffixes (suffix, user_id) SELECT DISTINCT substr(NEW.display_name_key, place, 32), NEW.id \
         FROM ({}) AS places WHERE place <= length(NEW.display_name_key) \
         AND (place = 1 OR substr(NEW.display_name_key, place - 1, 1) IN (' ', '-')) \
         AND substr(NEW.display_name_key, place, 1) NOT IN (' ', '-') ON CONFLICT DO NOTHING",
        places.join(" UNION ALL ")
    )
}
