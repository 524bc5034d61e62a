//! Creates the table of username suffixes, by which users are found by the beginning of any word in their names.
//!
//! Triggers keep the table up to date.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, string_len},
    sea_orm::DatabaseBackend,
};

#[derive(DeriveMigrationName)]
pub struct Migration;

/// The maximum length of a username in characters.
const LENGTH: usize = 32;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("username_suffixes")
                    .col(string_len("suffix", 32))
                    .col(big_integer("user_id"))
                    .primary_key(Index::create().col("suffix").col("user_id"))
                    .foreign_key(
                        ForeignKey::create()
                            .name("username_suffixes_user_id_fkey")
                            .from("username_suffixes", "user_id")
                            .to("users", "id")
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("username_suffixes_user_idx")
                    .table("username_suffixes")
                    .col("user_id")
                    .to_owned(),
            )
            .await?;
        let backend = manager.get_database_backend();
        let fill = format!(
            "{} FROM users CROSS JOIN ({}) AS places WHERE {}",
            insert("users"),
            places(),
            starts(backend, "users")
        );
        let mut statements = create_triggers(backend, "username, username_key", &keep(backend));
        if backend == DatabaseBackend::Postgres {
            // Prefix searches need an index in bytewise order.
            let bytewise =
                r#"ALTER TABLE username_suffixes ALTER COLUMN suffix TYPE varchar(32) COLLATE "C""#;
            statements.insert(0, bytewise.to_owned());
        }
        statements.push(fill);
        for statement in statements {
            manager.get_connection().execute_unprepared(&statement).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for statement in drop_triggers(manager.get_database_backend()) {
            manager.get_connection().execute_unprepared(statement).await?;
        }
        manager
            .drop_table(Table::drop().table("username_suffixes").to_owned())
            .await
    }
}

/// Returns the statements that create the triggers, which replace the suffixes of a user by those that the statement
/// `keep` adds when one of these `columns` changes.
pub(super) fn create_triggers(backend: DatabaseBackend, columns: &str, keep: &str) -> Vec<String> {
    let forget = "DELETE FROM username_suffixes WHERE user_id = NEW.id";
    if backend == DatabaseBackend::Postgres {
        vec![
            format!(
                "CREATE FUNCTION keep_username_suffixes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {forget}; {keep}; \
                 RETURN NULL; END $$"
            ),
            format!(
                "CREATE TRIGGER users_username_suffixes AFTER INSERT OR UPDATE OF {columns} ON users \
                 FOR EACH ROW EXECUTE FUNCTION keep_username_suffixes()"
            ),
        ]
    } else {
        vec![
            format!("CREATE TRIGGER users_username_suffixes_new AFTER INSERT ON users BEGIN {keep}; END"),
            format!(
                "CREATE TRIGGER users_username_suffixes_changed AFTER UPDATE OF {columns} ON users \
                 BEGIN {forget}; {keep}; END"
            ),
        ]
    }
}

/// Returns the statements that drop the triggers.
pub(super) const fn drop_triggers(backend: DatabaseBackend) -> [&'static str; 2] {
    match backend {
        DatabaseBackend::Postgres => [
            "DROP TRIGGER users_username_suffixes ON users",
            "DROP FUNCTION keep_username_suffixes()",
        ],
        _ => [
            "DROP TRIGGER users_username_suffixes_new",
            "DROP TRIGGER users_username_suffixes_changed",
        ],
    }
}

/// Returns the statement of a trigger that adds the suffixes of the username in the new row.
pub(super) fn keep(backend: DatabaseBackend) -> String {
    format!(
        "{} FROM ({}) AS places WHERE {}",
        insert("NEW"),
        places(),
        starts(backend, "NEW")
    )
}

/// Returns the beginning of a statement that adds the suffixes of the username in `row`.
fn insert(row: &str) -> String {
    format!(
        "INSERT INTO username_suffixes (suffix, user_id) SELECT substr({row}.username_key, place), {row}.id"
    )
}

/// Returns a subquery with every position in a username.
fn places() -> String {
    let places: Vec<String> = (1..=LENGTH)
        .map(|place| format!("SELECT {place} AS place"))
        .collect();
    places.join(" UNION ALL ")
}

/// Returns the condition that a word begins at a position of the username in `row`: at the start, after a separator,
/// where digits begin or end, and at a capital letter after a small one.
fn starts(backend: DatabaseBackend, row: &str) -> String {
    let found = if backend == DatabaseBackend::Postgres {
        "strpos"
    } else {
        "instr"
    };
    let before = format!("substr({row}.username, place - 1, 1)");
    let here = format!("substr({row}.username, place, 1)");
    let is = |characters: &str, character: &str| format!("{found}('{characters}', {character}) > 0");
    let (between, digits) = ("-_", "0123456789");
    let (capitals, small) = ("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz");
    format!(
        "place <= length({row}.username) AND NOT ({}) AND (place = 1 OR {} OR ({}) <> ({}) OR ({} AND {}))",
        is(between, &here),
        is(between, &before),
        is(digits, &before),
        is(digits, &here),
        is(small, &before),
        is(capitals, &here),
    )
}
