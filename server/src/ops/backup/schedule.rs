//! Automatic backups: at regular intervals, and before an upgrade.

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::Duration,
};

use domain::{
    AppState,
    platform::{clock::Clock, db::snapshot},
};
use migration::Migrator;
use time::OffsetDateTime;
use tokio::time::sleep;

use super::{
    BackupError, Taken,
    read::Backup,
    stamp,
    take::{take, take_database},
};
use crate::{cli::progress::Progress, config::Config};

/// The prefix of the names of scheduled backups.
const SCHEDULED: &str = "scheduled-";
/// The prefix of the names of backups before an upgrade.
const BEFORE_UPGRADE: &str = "before-upgrade-";
/// The time within which a backup before an upgrade is not repeated.
const RECENT: time::Duration = time::Duration::hours(1);
/// How often to check whether a backup is due. The names in the folder tell when the last one was taken.
const LOOK: Duration = Duration::from_mins(1);
/// The time after which a failed backup is retried.
const AGAIN: Duration = Duration::from_hours(1);

/// Takes backups according to `config`, and deletes old ones. Does not return, unless backups are disabled or
/// impossible.
pub async fn work(state: AppState, config: Config) {
    let Some(every) = config.backup.every else {
        return;
    };
    if snapshot::file(config.database.url.expose()).is_none() {
        tracing::warn!(
            "BROADSHEET_BACKUP_EVERY has no effect: {}",
            BackupError::NotSqlite
        );
        return;
    }
    loop {
        let pause = match round(&state, &config, every).await {
            // If it is busy, another server or a person is taking a backup.
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
    let folder = BackupFolder::for_site(config, SCHEDULED);
    let now = state.clock.now();
    // A backup with a date in the future was taken while the clock was wrong, so it does not count.
    let newest = folder.list()?.into_iter().rfind(|path| *path <= folder.name(now));
    let is_due = newest.is_none_or(|newest| newest <= folder.name(now - every));
    if !is_due {
        return Ok(());
    }
    let taken = take(
        state,
        config.database.url.expose(),
        &folder.name(now),
        &Progress::Nothing,
    )
    .await?;
    tracing::info!(file = %taken.path.display(), bytes = taken.bytes, "a backup was taken");
    if !taken.manifest.missing.is_empty() {
        let pictures = taken.manifest.missing.len();
        tracing::error!(
            pictures,
            "pictures that the database refers to are missing, also in the backup"
        );
    }
    folder.prune(config.backup.keep);
    Ok(())
}

/// Backs up the database if this version is about to change its schema. Does nothing if there is a recent backup,
/// because a failing start is retried repeatedly, or if the database is new and therefore has no content.
///
/// # Errors
/// Returns an error if no backup can be taken. The schema should then not be changed.
pub async fn before_upgrade(config: &Config, applied: &[String]) -> Result<Option<Taken>, BackupError> {
    let database = snapshot::file(config.database.url.expose()).filter(|_| config.backup.before_upgrade);
    let (Some(database), false) = (database, applied.is_empty()) else {
        return Ok(None);
    };
    if Migrator::lacks(applied) == 0 {
        return Ok(None);
    }
    let folder = BackupFolder::for_site(config, BEFORE_UPGRADE);
    let now = Clock::default().now();
    let newest = folder.list()?.pop().and_then(|path| Backup::open(&path).ok());
    let is_recent =
        newest.is_some_and(|it| it.manifest.steps == applied && now - it.manifest.taken_at < RECENT);
    if is_recent {
        return Ok(None);
    }
    take_database(&database, &folder.free_name(now), now)
        .await
        .map(Some)
}

/// Deletes old backups before upgrades. To be called after an upgrade has succeeded.
pub fn after_upgrade(config: &Config) {
    BackupFolder::for_site(config, BEFORE_UPGRADE).prune(config.backup.keep);
}

/// The backups of one kind of one site.
struct BackupFolder<'a> {
    folder: &'a Path,
    /// The prefix of their names, which includes the host because several sites may share a folder.
    prefix: String,
}

impl<'a> BackupFolder<'a> {
    fn for_site(config: &'a Config, kind: &str) -> Self {
        Self {
            folder: &config.backup.folder,
            prefix: format!("{kind}{}-", config.site_url.host()),
        }
    }

    fn name(&self, at: OffsetDateTime) -> PathBuf {
        self.folder.join(format!("{}{}.zip", self.prefix, stamp(at)))
    }

    /// Returns the name of a backup taken at `at`, or that of the next second for which there is none: an upgrade that
    /// was interrupted between two migrations may be repeated within the same second.
    fn free_name(&self, mut at: OffsetDateTime) -> PathBuf {
        loop {
            let name = self.name(at);
            if !name.exists() {
                return name;
            }
            at += Duration::from_secs(1);
        }
    }

    /// Returns the paths of all of them, oldest first.
    fn list(&self) -> Result<Vec<PathBuf>, BackupError> {
        let unreadable = |error| BackupError::Read(self.folder.to_owned(), error);
        let entries = match fs::read_dir(self.folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(unreadable(error)),
        };
        let mut found = Vec::new();
        for entry in entries {
            let entry = entry.map_err(unreadable)?;
            let name = entry.file_name();
            let name = name.to_string_lossy();
            if name.starts_with(&self.prefix) && name.ends_with(".zip") {
                found.push(entry.path());
            }
        }
        found.sort_unstable();
        Ok(found)
    }

    /// Deletes all but the newest `keep`. An error is only logged, because the backup itself has succeeded.
    fn prune(&self, keep: usize) {
        let pruned = self.list().and_then(|found| {
            for old in found.iter().take(found.len().saturating_sub(keep)) {
                fs::remove_file(old).map_err(|error| BackupError::Write(old.clone(), error))?;
            }
            Ok(())
        });
        if let Err(error) = pruned {
            tracing::warn!(%error, "an old backup cannot be deleted");
        }
    }
}
