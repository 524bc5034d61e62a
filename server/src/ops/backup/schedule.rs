//! Backups that nobody has to think of: from time to time, and before an upgrade.

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

/// How the names of backups begin that the server has taken from time to time.
const SCHEDULED: &str = "scheduled-";
/// How those begin that were taken before an upgrade.
const BEFORE_UPGRADE: &str = "before-upgrade-";
/// A backup before an upgrade that is younger is not taken again.
const RECENT: time::Duration = time::Duration::hours(1);
/// How often to look whether one is due; the folder tells when the last one was taken.
const LOOK: Duration = Duration::from_mins(1);
/// After a failure, the next attempt.
const AGAIN: Duration = Duration::from_hours(1);

/// Takes backups as `config` says, and deletes those that are too many, for ever.
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
    let folder = BackupFolder::for_site(config, SCHEDULED);
    let now = state.clock.now();
    // One from the future was taken while the clock was wrong.
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

/// Backs the database up if this version is about to change its schema, unless that was done a short time ago: a start that
/// fails is tried again and again. A new database has nothing to lose.
///
/// # Errors
/// When no backup can be taken: then nothing should be changed.
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
    take_database(&database, &folder.name(now), now).await.map(Some)
}

/// After an upgrade that has succeeded: deletes the backups that were taken before earlier ones and are too many.
pub fn after_upgrade(config: &Config) {
    BackupFolder::for_site(config, BEFORE_UPGRADE).prune(config.backup.keep);
}

/// The backups of one kind of one site.
struct BackupFolder<'a> {
    folder: &'a Path,
    /// How their names begin: several sites may have one folder.
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

    /// All of them, the oldest first.
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

    /// Deletes all but the newest `keep`. One that stays although it should not costs room, and no backup.
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
