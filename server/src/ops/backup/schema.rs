//! Compares the schema of a database with that of a new one.

use std::collections::BTreeSet;

use migration::{Migrator, MigratorTrait};
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DbErr, Statement};

/// Lists all tables, columns and other named items of the schema.
const NAMES: &str = "SELECT type || ' ' || name FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' \
    UNION SELECT 'column ' || owner.name || '.' || part.name FROM sqlite_schema AS owner, \
    pragma_table_xinfo(owner.name) AS part WHERE owner.type = 'table' AND owner.name NOT LIKE 'sqlite_%'";

/// Returns the first item that a new database has and the SQLite database `db`, with all migrations applied, lacks.
///
/// # Errors
/// Returns an error if a database cannot be read.
pub(super) async fn missing(db: &impl ConnectionTrait) -> Result<Option<String>, DbErr> {
    let mut options = ConnectOptions::new("sqlite::memory:");
    // With several connections, each would have an in-memory database of its own.
    options.max_connections(1).sqlx_logging(false);
    let new = Box::pin(Database::connect(options)).await?;
    Migrator::up(&new, None).await?;
    let expected = names(&new).await?;
    new.close().await?;
    let there = names(db).await?;
    Ok(expected.into_iter().find(|name| !there.contains(name)))
}

async fn names(db: &impl ConnectionTrait) -> Result<BTreeSet<String>, DbErr> {
    let statement = Statement::from_string(db.get_database_backend(), NAMES);
    let rows = db.query_all_raw(statement).await?;
    rows.iter().map(|row| row.try_get_by_index(0)).collect()
}
