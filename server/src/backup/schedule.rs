//! Backups that nobody has to think of: from time to time, and before an upgrade.

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::Duration,
};

use app::backend::{AppState, clock::Clock, db::snapshot};
use migration::Migrator;
use time::OffsetDateTime;
use tokio::time::sleep;

use super::{
    BackupError, Taken, stamp,
    take::{take, take_database},
};
use crate::{config::Config, progress::Progress};

/// How the names of backups begin that the server has taken from time to time.
const SCHEDULED: &str = "scheduled-";
/// How those begin that were taken before an upgrade.
const BEFORE_UPGRADE: &str = "before-upgrade-";
/// How often to look whether one is due; the folder tells when the last one was taken.
const LOOK: Duration = Duration::from_mins(1);
/// After a failure, the next attempt.
const AGAIN: Duration = Duration::from_hours(1);

/// Takes backups as `config` says, and deletes those that are too many, for ever.
pub async fn work(state: AppState, config: Config) {
    let Some(every) = config.backup.every else {
        return;
    };
    if snapshot::file(&config.database_url).is_none() {
        tracing::warn!("BROADSHEET_BACKUP_EVERY does nothing: {}", BackupError::NotSqlite);
        return;
    }
    loop {
        let pause = match round(&state, &config, every).await {
            // Busy: another server, or somebody at the terminal, is at it.
            Ok(()) | Err(BackupError::Busy) => LOOK,
            Err(error) => {
                tracing::error!(%error, "no backup could be taken; the next attempt is in an hour");
                AGAIN
            }
        };
        sleep(pause.min(every)).await;
    }
}

/// Takes a backup if one is due.
async fn round(state: &AppState, config: &Config, every: Duration) -> Result<(), BackupError> {
    let folder = &config.backup.folder;
    let now = state.clock.now();
    let newest = list(folder, SCHEDULED)?.pop();
    let is_due = newest.is_none_or(|newest| newest <= name(folder, SCHEDULED, now - every));
    if !is_due {
        return Ok(());
    }
    let target = name(folder, SCHEDULED, now);
    let taken = take(state, &config.database_url, &target, &Progress::Nothing).await?;
    tracing::info!(file = %taken.path.display(), bytes = taken.bytes, "a backup was taken");
    prune(folder, SCHEDULED, config.backup.keep)
}

/// Backs the database up if this version is about to change its schema; a new one has nothing to lose.
///
/// # Errors
/// When no backup can be taken: then nothing should be changed.
pub async fn before_upgrade(config: &Config, applied: &[String]) -> Result<Option<Taken>, BackupError> {
    let database = snapshot::file(&config.database_url).filter(|_| config.backup.before_upgrade);
    let (Some(database), false) = (database, applied.is_empty()) else {
        return Ok(None);
    };
    if Migrator::lacks(applied) == 0 {
        return Ok(None);
    }
    let folder = &config.backup.folder;
    let now = Clock::default().now();
    let taken = take_database(&database, &name(folder, BEFORE_UPGRADE, now), now).await?;
    prune(folder, BEFORE_UPGRADE, config.backup.keep)?;
    Ok(Some(taken))
}

fn name(folder: &Path, prefix: &str, at: OffsetDateTime) -> PathBuf {
    folder.join(format!("{prefix}{}.zip", stamp(at)))
}

/// The backups in `folder` whose names begin with `prefix`, the oldest first.
fn list(folder: &Path, prefix: &str) -> Result<Vec<PathBuf>, BackupError> {
    let unreadable = |error| BackupError::Read(folder.to_owned(), error);
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(unreadable(error)),
    };
    let mut found = Vec::new();
    for entry in entries {
        let entry = entry.map_err(unreadable)?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with(prefix) && name.ends_with(".zip") {
            found.push(entry.path());
        }
    }
    found.sort_unstable();
    Ok(found)
}

/// Deletes all but the newest `keep` backups whose names begin with `prefix`.
fn prune(folder: &Path, prefix: &str, keep: usize) -> Result<(), BackupError> {
    let found = list(folder, prefix)?;
    for old in found.iter().take(found.len().saturating_sub(keep)) {
        fs::remove_file(old).map_err(|error| BackupError::Write(old.clone(), error))?;
    }
    Ok(())
}
