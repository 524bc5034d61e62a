//! Takes a backup.

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

/// A backup that dies holds up the deletion of pictures for so long.
const LEASE: Duration = Duration::minutes(10);
/// One that lives says so this often.
const RENEWAL: std::time::Duration = std::time::Duration::from_mins(2);
/// How folders begin in which a backup is being taken.
const STAGE: &str = ".broadsheet-backup-";

/// A backup that was taken.
#[derive(Debug)]
pub struct Taken {
    /// Where it is.
    pub path: PathBuf,
    /// Its size.
    pub bytes: u64,
    /// The contents of the backup.
    pub manifest: Manifest,
}

/// Writes the site of `state`, whose database is at `url`, into the new file `target`, while it is being used.
///
/// # Errors
/// Returns the cause. The file does not exist then.
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

/// Writes the `database` alone into the new file `target`.
///
/// # Errors
/// Returns the cause. The file does not exist then.
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

/// A backup that is being taken: the copy of the database and the file, in a folder that goes by itself.
struct Unfinished {
    folder: TempDir,
    target: PathBuf,
}

impl Unfinished {
    /// In the folder of `target`, which is made: there is room there, or nowhere.
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

    /// Copies `database`, and makes sure that the copy is whole.
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

    /// The file with the copy of the database in it.
    async fn archive(&self) -> Result<Archive, BackupError> {
        let archive = Archive::create(&self.folder.path().join("backup.zip"))?;
        archive
            .with(DATABASE.to_owned(), Source::File(self.database()))
            .await
    }

    /// Gives the file its name.
    async fn finish(self, archive: Archive, manifest: Manifest) -> Result<Taken, BackupError> {
        let (manifest, bytes) = archive.finish(manifest, self.target.clone()).await?;
        Ok(Taken {
            path: self.target,
            bytes,
            manifest,
        })
    }
}

/// Keeps the lease for as long as the backup takes; ends when it is lost.
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

/// The file with the database and all pictures that it names, and the paths of those that are missing.
async fn pictures(
    state: &AppState,
    unfinished: &Unfinished,
    progress: &Progress,
) -> Result<(Archive, Vec<String>), BackupError> {
    let copy = snapshot::open(&unfinished.database()).await?;
    let paths = media::named(&copy).await?;
    copy.close().await?;
    // The database is a file as well.
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
