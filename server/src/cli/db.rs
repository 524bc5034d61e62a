//! The commands for whole databases.

use std::fmt::Display;

use domain::{
    data::database_copy,
    platform::db::{Db, snapshot},
};
use migration::{Migrator, MigratorTrait};

use super::CommandError;
use super::{plural::counted, progress::Progress};
use crate::{
    application::refuse_newer,
    config::{Config, DbCommand},
    ops::database_lock::{self, Lock},
};

/// Runs `command`.
///
/// # Errors
/// Returns an error if a database cannot be used or the copy fails.
pub async fn run(config: &Config, command: DbCommand) -> Result<(), CommandError> {
    match command {
        DbCommand::Copy { from, to } => {
            let from = from.as_deref().unwrap_or_else(|| config.database.url.expose());
            copy(from, &to).await
        }
    }
}

async fn copy(from: &str, to: &str) -> Result<(), CommandError> {
    if from == to {
        return Err(CommandError::Unusable(
            "--from and --to are the same database".to_owned(),
        ));
    }
    if let Some(file) = snapshot::file(from).filter(|file| !file.exists()) {
        return Err(unusable("--from", format!("{} does not exist", file.display())));
    }
    let _locks = (locked("--from", from)?, locked("--to", to)?);
    let source = Db::connect(from)
        .await
        .map_err(|error| unusable("--from", format!("the database cannot be opened: {error}")))?;
    let applied = Migrator::applied(source.reader().pool()).await?;
    refuse_newer(&applied)?;
    if applied.is_empty() || Migrator::lacks(&applied) > 0 || database_copy::is_begun(&source).await? {
        return Err(CommandError::Unusable(
            "--from has no site of this version; run `broadsheet migrate up` to update an older one"
                .to_owned(),
        ));
    }
    let target = Db::connect(to).await.map_err(|error| unusable("--to", error))?;
    // While the schema is locked, neither a server nor another copy can start.
    let lock = target.lock_schema().await?;
    let begun = database_copy::begin(&target).await;
    begun.map_err(|error| unusable("--to", error))?;
    let made = Migrator::up(target.writer().pool(), None).await;
    made.map_err(|error| unusable("--to", error))?;
    let progress = Progress::shown();
    let count = |rows: u64| usize::try_from(rows).unwrap_or(usize::MAX);
    let copied = database_copy::run(&source, &target, &|what, done, all| {
        progress.show(what, count(done), count(all));
    })
    .await;
    progress.finish();
    let rows = copied?;
    drop(lock);
    target.close().await?;
    println!(
        "{} copied and compared: they are the same in both databases.",
        counted(rows, "row", "rows")
    );
    println!(
        "Set BROADSHEET_DATABASE_URL to the new database. Pictures stay where they are; to move them, run `broadsheet media move`."
    );
    Ok(())
}

/// Locks an SQLite database, so that no server can start on it. PostgreSQL has no such lock.
fn locked(flag: &str, url: &str) -> Result<Option<Lock>, CommandError> {
    let file = snapshot::file(url);
    let lock = file.as_deref().map(database_lock::take).transpose();
    lock.map_err(|error| unusable(flag, error))
}

fn unusable(flag: &str, why: impl Display) -> CommandError {
    CommandError::Unusable(format!("{flag}: {why}"))
}
