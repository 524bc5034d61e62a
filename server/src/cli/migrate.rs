//! The commands that show and change the database schema. The server brings the schema up to date by itself when it
//! starts.

use domain::platform::db::Db;
use migration::{Migration, Migrator, MigratorTrait};
use serde_json::json;

use super::plural::counted;
use super::{CommandError, confirmed};
use crate::{
    application::{StartError, upgrade},
    config::{Config, MigrateCommand},
};

/// Runs `command`.
///
/// # Errors
/// Returns an error if the database cannot be reached or a migration fails.
pub async fn run(config: &Config, command: MigrateCommand) -> Result<(), CommandError> {
    let db = config.database.connect().await.map_err(StartError::Database)?;
    match command {
        MigrateCommand::Status { json } => status(&db, json).await,
        MigrateCommand::Up => up(config).await,
        MigrateCommand::Down { steps, yes } => down(&db, steps, yes).await,
    }
}

async fn status(db: &Db, as_json: bool) -> Result<(), CommandError> {
    let pending: Vec<String> = Migrator::get_pending_migrations(db.writer().pool())
        .await?
        .iter()
        .map(|step| step.name().to_owned())
        .collect();
    let all = Migrator::migrations();
    let steps = all
        .iter()
        .map(|step| (step.name().to_owned(), !pending.contains(&step.name().to_owned())));
    if as_json {
        let steps: Vec<_> = steps
            .map(|(name, applied)| json!({ "name": name, "applied": applied }))
            .collect();
        println!("{:#}", json!(steps));
        return Ok(());
    }
    for (name, is_applied) in steps {
        println!("{}  {name}", if is_applied { "applied" } else { "pending" });
    }
    Ok(())
}

async fn up(config: &Config) -> Result<(), CommandError> {
    let done = upgrade(config).await?;
    if let Some(file) = done.backup {
        println!("The database was backed up to {} first.", file.display());
    }
    match done.steps {
        0 => println!("The schema is up to date."),
        steps => println!("{} applied.", counted(steps, "migration", "migrations")),
    }
    Ok(())
}

/// Reverts migrations. The tables and columns that they have added are deleted with their contents.
async fn down(db: &Db, steps: u32, is_sure: bool) -> Result<(), CommandError> {
    let applied = Migrator::get_applied_migrations(db.writer().pool()).await?;
    let wanted = usize::try_from(steps).unwrap_or(usize::MAX).min(applied.len());
    let names: Vec<&str> = applied.iter().rev().take(wanted).map(Migration::name).collect();
    let question = format!(
        "This reverts {} and deletes what they have added.",
        names.join(", ")
    );
    if !is_sure && !confirmed(&question)? {
        return Err(CommandError::Refused(
            "nothing was changed; use --yes to revert without asking",
        ));
    }
    let lock = db.lock_schema().await?;
    Migrator::down(db.writer().pool(), Some(steps)).await?;
    drop(lock);
    for name in names {
        println!("reverted  {name}");
    }
    Ok(())
}
