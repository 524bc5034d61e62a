//! Divides the lengths of site-wide lists into parts and records the changes of lists, so that no row is locked by
//! every publication, and names the lists of milestones by a kind and a key.
//!
//! On PostgreSQL, servers of the previous version keep running meanwhile. They change the part of a length that has
//! the old name, and use the column `milestones.list`, which therefore remains there: a trigger derives it from the
//! kind and the key, or these from the number that such a server inserts.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, string_len, timestamp_with_time_zone},
    sea_orm::DatabaseBackend,
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create_list_changes(manager).await?;
        divide_totals(manager).await?;
        if manager.get_database_backend() == DatabaseBackend::Postgres {
            return name_lists(manager).await;
        }
        let copy = format!(
            "INSERT INTO milestones (kind, key, at, entry, rank) SELECT {}, {}, at, entry, rank FROM old_milestones",
            kind("list"),
            key("list")
        );
        execute(manager, SET_ASIDE).await?;
        create_milestones(manager, &["kind", "key"]).await?;
        execute(manager, &[&copy, "DROP TABLE old_milestones"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        execute(manager, &[APPLY_CHANGES]).await?;
        manager
            .drop_table(Table::drop().table("list_changes").to_owned())
            .await?;
        execute(manager, UNITE_TOTALS).await?;
        if manager.get_database_backend() == DatabaseBackend::Postgres {
            return execute(manager, NUMBER_LISTS).await;
        }
        let copy = format!(
            "INSERT INTO milestones (list, at, entry, rank) SELECT {}, at, entry, rank FROM old_milestones",
            number("kind", "key")
        );
        execute(manager, SET_ASIDE).await?;
        create_milestones(manager, &["list"]).await?;
        execute(manager, &[&copy, "DROP TABLE old_milestones"]).await
    }
}

async fn execute(manager: &SchemaManager<'_>, statements: &[&str]) -> Result<(), DbErr> {
    for statement in statements {
        manager.get_connection().execute_unprepared(statement).await?;
    }
    Ok(())
}

async fn create_list_changes(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("list_changes")
                .col(big_integer("id").auto_increment().primary_key())
                .col(string_len("kind", 16))
                .col(big_integer("key"))
                .col(timestamp_with_time_zone("at"))
                .col(big_integer("entry"))
                // 1 for an entry that was added, -1 for one that was removed.
                .col(big_integer("step"))
                .to_owned(),
        )
        .await?;
    manager
        .create_index(
            Index::create()
                .name("list_changes_position_idx")
                .table("list_changes")
                .col("kind")
                .col("key")
                .col("at")
                .col("entry")
                .to_owned(),
        )
        .await
}

async fn divide_totals(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let kind = string_len("kind", 16).default("").take();
    manager
        .alter_table(Table::alter().table("totals").add_column(kind).to_owned())
        .await?;
    execute(
        manager,
        &["UPDATE totals SET kind = CASE name WHEN 'writers' THEN 'authors' ELSE name END"],
    )
    .await?;
    for part in 1..PARTS {
        let insert = format!(
            "INSERT INTO totals (name, kind, number) SELECT name || '-{part}', kind, 0 FROM totals \
             WHERE name IN ('posts', 'writers')"
        );
        execute(manager, &[&insert]).await?;
    }
    manager
        .create_index(
            Index::create()
                .name("totals_kind_idx")
                .table("totals")
                .col("kind")
                .to_owned(),
        )
        .await
}

/// The number of parts of a length.
const PARTS: u32 = 16;

/// Makes the first part of each length the whole length.
const UNITE_TOTALS: &[&str] = &[
    "UPDATE totals SET number = (SELECT sum(number) FROM totals AS part WHERE part.kind = totals.kind) \
     WHERE name IN ('posts', 'writers')",
    "DELETE FROM totals WHERE name NOT IN ('posts', 'writers')",
    "DROP INDEX totals_kind_idx",
    "ALTER TABLE totals DROP COLUMN kind",
];

/// Adds the recorded changes to the ranks of milestones.
const APPLY_CHANGES: &str = "UPDATE milestones SET rank = rank + \
     (SELECT coalesce(sum(step), 0) FROM list_changes AS change WHERE change.kind = milestones.kind \
     AND change.key = milestones.key AND (change.at, change.entry) < (milestones.at, milestones.entry))";

/// Returns the kind of the list with the number `list`.
fn kind(list: &str) -> String {
    format!(
        "CASE WHEN {list} = 0 THEN 'posts' WHEN {list} = -1 THEN 'authors' WHEN {list} > 0 THEN 'author' ELSE 'tag' END"
    )
}

/// Returns the key of the list with the number `list`.
fn key(list: &str) -> String {
    format!("CASE WHEN {list} < 0 THEN -1 - {list} ELSE {list} END")
}

/// Returns the number of the list of this kind with this key.
fn number(kind: &str, key: &str) -> String {
    format!("CASE WHEN {kind} IN ('authors', 'tag') THEN -1 - {key} ELSE {key} END")
}

/// Adds the columns, keeps the number for servers of the previous version, and creates the trigger.
async fn name_lists(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let fill = format!(
        "UPDATE milestones SET kind = {}, key = {}",
        kind("list"),
        key("list")
    );
    let function = format!(
        "CREATE FUNCTION name_list_of_milestone() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
         IF NEW.kind IS NULL THEN NEW.kind := {}; NEW.key := {}; ELSE NEW.list := {}; END IF; RETURN NEW; END $$",
        kind("NEW.list"),
        key("NEW.list"),
        number("NEW.kind", "NEW.key"),
    );
    let statements = [
        "ALTER TABLE milestones ADD COLUMN kind varchar(16), ADD COLUMN key bigint",
        &fill,
        "ALTER TABLE milestones ALTER COLUMN kind SET NOT NULL, ALTER COLUMN key SET NOT NULL",
        "ALTER TABLE milestones DROP CONSTRAINT milestones_pkey, ADD PRIMARY KEY (kind, key, at, entry)",
        "ALTER INDEX milestones_rank_idx RENAME TO milestones_list_rank_idx",
        "CREATE INDEX milestones_list_idx ON milestones (list, at, entry)",
        "CREATE INDEX milestones_rank_idx ON milestones (kind, key, rank)",
        &function,
        "CREATE TRIGGER milestones_list BEFORE INSERT ON milestones \
         FOR EACH ROW EXECUTE FUNCTION name_list_of_milestone()",
    ];
    execute(manager, &statements).await
}

/// Reverses [`name_lists`].
const NUMBER_LISTS: &[&str] = &[
    "DROP TRIGGER milestones_list ON milestones",
    "DROP FUNCTION name_list_of_milestone()",
    // Also drops the primary key and the index on these columns.
    "ALTER TABLE milestones DROP COLUMN kind, DROP COLUMN key",
    "DROP INDEX milestones_list_idx",
    "ALTER TABLE milestones ADD PRIMARY KEY (list, at, entry)",
    "ALTER INDEX milestones_list_rank_idx RENAME TO milestones_rank_idx",
];

/// Renames the table of milestones, which SQLite cannot give another primary key.
const SET_ASIDE: &[&str] = &[
    "DROP INDEX milestones_rank_idx",
    "ALTER TABLE milestones RENAME TO old_milestones",
];

/// Creates the table of milestones of lists that are named by `columns`.
async fn create_milestones(manager: &SchemaManager<'_>, columns: &[&'static str]) -> Result<(), DbErr> {
    let mut table = Table::create();
    let (mut position, mut rank) = (Index::create(), Index::create());
    table.table("milestones");
    rank.name("milestones_rank_idx").table("milestones");
    for column in columns {
        table.col(match *column {
            "kind" => string_len("kind", 16),
            number => big_integer(number),
        });
        position.col(*column);
        rank.col(*column);
    }
    table
        .col(timestamp_with_time_zone("at"))
        .col(big_integer("entry"))
        .col(big_integer("rank"))
        .primary_key(position.col("at").col("entry"));
    manager.create_table(table).await?;
    manager.create_index(rank.col("rank").to_owned()).await
}
