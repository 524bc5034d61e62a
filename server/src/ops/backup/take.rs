//! Takes a backup of a running site.

use std::{
    fs,
    path::{Path, PathBuf},
};

use domain::{
    AppState, media,
    platform::{
        db::snapshot,
        lease::{Lease, Work},
    },
};
use shared::error::AppError;
use tempfile::TempDir;
use time::{Duration, OffsetDateTime};
use tokio::time::sleep;

use super::{
    BackupError, DATABASE, MEDIA, Manifest,
    archive::{Archive, Source},
    folders::clear,
    manifest::FILES_MAX,
};
use crate::cli::progress::Progress;

/// The duration of the lease of a backup. Pictures are not deleted while it is held, so a backup that is killed delays
/// their deletion by this time.
const LEASE: Duration = Duration::minutes(10);
/// The interval at which a running backup renews its lease.
const RENEWAL: std::time::Duration = std::time::Duration::from_mins(2);
/// The prefix of the folders in which a backup is being taken.
const STAGE: &str = ".broadsheet-backup-";

/// A backup that was taken.
#[derive(Debug)]
pub struct Taken {
    /// The path of the file.
    pub path: PathBuf,
    /// The size of the file in bytes.
    pub bytes: u64,
    /// The manifest of the backup.
    pub manifest: Manifest,
}

/// Writes the site of `state`, whose database is at `url`, into the new file `target`, while the site is in use.
///
/// # Errors
/// Returns an error if the backup cannot be taken. The file does not exist in this case.
pub async fn take(
    state: &AppState,
    url: &str,
    target: &Path,
    progress: &Progress,
) -> Result<Taken, BackupError> {
    let database = snapshot::file(url).ok_or(BackupError::NotSqlite)?;
    let unfinished = Unfinished::new(target)?;
    let lease = Lease::take(state, Work::Backup, LEASE)
        .await?
        .ok_or(BackupError::Busy)?;
    let taken = async {
        let manifest = unfinished.copy(&database, state.clock.now(), progress).await?;
        let (archive, missing) = pictures(state, &unfinished, progress).await?;
        unfinished.finish(archive, Manifest { missing, ..manifest }).await
    };
    let taken = tokio::select! {
        taken = taken => taken,
        lost = renew(state, &lease) => Err(lost),
    };
    if let Err(error) = lease.give_back(state).await {
        tracing::warn!(%error, "pictures will be deleted some minutes later");
    }
    progress.finish();
    taken
}

/// Writes only the `database` into the new file `target`.
///
/// # Errors
/// Returns an error if the backup cannot be taken. The file does not exist in this case.
pub(super) async fn take_database(
    database: &Path,
    target: &Path,
    now: OffsetDateTime,
) -> Result<Taken, BackupError> {
    let unfinished = Unfinished::new(target)?;
    let manifest = unfinished.copy(database, now, &Progress::Nothing).await?;
    let archive = unfinished.archive().await?;
    unfinished.finish(archive, manifest).await
}

/// A backup in progress. The copy of the database and the ZIP file are in a temporary folder.
struct Unfinished {
    folder: TempDir,
    target: PathBuf,
}

impl Unfinished {
    /// Creates the temporary folder beside `target`, so that it is on the same disk.
    fn new(target: &Path) -> Result<Self, BackupError> {
        if target.exists() {
            return Err(BackupError::There(target.to_owned()));
        }
        let folder = match target.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        let made = || {
            fs::create_dir_all(folder)?;
            clear(folder, STAGE)?;
            tempfile::Builder::new().prefix(STAGE).tempdir_in(folder)
        };
        Ok(Self {
            folder: made().map_err(|error| BackupError::Write(folder.to_owned(), error))?,
            target: target.to_owned(),
        })
    }

    fn database(&self) -> PathBuf {
        self.folder.path().join(DATABASE)
    }

    /// Copies `database`, and verifies the copy.
    async fn copy(
        &self,
        database: &Path,
        now: OffsetDateTime,
        progress: &Progress,
    ) -> Result<Manifest, BackupError> {
        progress.step("copying the database");
        snapshot::take(database, &self.database()).await?;
        progress.step("checking the copy");
        let copy = snapshot::open(&self.database()).await?;
        if let Some(fault) = snapshot::faults(&copy).await?.into_iter().next() {
            return Err(BackupError::Damaged(fault));
        }
        let manifest = Manifest::describe(&copy, now).await?;
        copy.close().await?;
        Ok(manifest)
    }

    /// Creates the ZIP file with the copy of the database.
    async fn archive(&self) -> Result<Archive, BackupError> {
        let archive = Archive::create(&self.folder.path().join("backup.zip"))?;
        archive
            .with(DATABASE.to_owned(), Source::File(self.database()))
            .await
    }

    /// Completes the file and moves it to its final place.
    async fn finish(self, archive: Archive, manifest: Manifest) -> Result<Taken, BackupError> {
        let (manifest, bytes) = archive.finish(manifest, self.target.clone()).await?;
        Ok(Taken {
            path: self.target,
            bytes,
            manifest,
        })
    }
}

/// Renews the lease periodically. Returns an error when the lease is lost.
async fn renew(state: &AppState, lease: &Lease) -> BackupError {
    loop {
        sleep(RENEWAL).await;
        match lease.renew(state, LEASE).await {
            Ok(true) => {}
            Ok(false) => return BackupError::Busy,
            Err(error) => tracing::warn!(%error, "the lease of the backup cannot be renewed"),
        }
    }
}

/// Returns the ZIP file with the database and all pictures that it references, and the paths of missing pictures.
async fn pictures(
    state: &AppState,
    unfinished: &Unfinished,
    progress: &Progress,
) -> Result<(Archive, Vec<String>), BackupError> {
    let copy = snapshot::open(&unfinished.database()).await?;
    let paths = media::named(&copy).await?;
    copy.close().await?;
    // The database counts as a file as well.
    if paths.len() >= FILES_MAX {
        return Err(BackupError::TooMany(paths.len()));
    }
    let mut archive = unfinished.archive().await?;
    let mut missing = Vec::new();
    for (number, path) in paths.iter().enumerate() {
        progress.show("pictures", number, paths.len());
        match state.media.store.read_at(path).await {
            Ok(bytes) => {
                let name = format!("{MEDIA}{path}");
                archive = archive.with(name, Source::Bytes(bytes.into())).await?;
            }
            Err(AppError::NotFound) => missing.push(path.clone()),
            Err(error) => return Err(error.into()),
        }
    }
    progress.show("pictures", paths.len(), paths.len());
    Ok((archive, missing))
}
