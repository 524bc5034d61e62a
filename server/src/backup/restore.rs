//! Puts a backup in the place of a site. All of it is checked before anything is changed, and the change is one rename.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

use app::backend::{
    clock::Clock,
    db::{Db, snapshot},
    entity::{mail, session, token},
    media::{self, Store},
};
use migration::{Migrator, MigratorTrait};
use sea_orm::EntityTrait;
use time::{Duration, OffsetDateTime};

use super::{BackupError, DATABASE, MEDIA, Manifest, read::Backup, stamp};
use crate::{
    lock::{self, beside},
    progress::Progress,
};

/// Pictures of the site that was there are kept for so long, as its database is beside the new one.
const KEPT: Duration = Duration::days(30);

/// What SQLite keeps beside a database: its log first.
const BESIDE: [&str; 3] = ["-wal", "-shm", "-journal"];

/// A backup that was restored.
#[derive(Debug)]
pub struct Restored {
    /// What it is of.
    pub manifest: Manifest,
    /// Where the database is that was there.
    pub kept: Option<PathBuf>,
}

/// Puts the site in the file `backup` in the place of the one whose database is at `url`, if there is one and `is_forced`.
/// Everybody has to log in again.
///
/// # Errors
/// What prevents it. Then nothing has changed.
pub async fn restore(
    url: &str,
    store: &Store,
    backup: &Path,
    is_forced: bool,
    progress: &Progress,
) -> Result<Restored, BackupError> {
    let database = snapshot::file(url).ok_or(BackupError::NotSqlite)?;
    let mut backup = Backup::open(backup)?;
    let folder = match database.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let unwritable = |error| BackupError::Write(folder.to_owned(), error);
    fs::create_dir_all(folder).map_err(unwritable)?;
    let _lock = lock::take(&database)?;
    let has_content = |path: &Path| fs::metadata(path).is_ok_and(|found| found.len() > 0);
    let is_there = has_content(&database) || BESIDE.iter().any(|name| has_content(&ending(&database, name)));
    if is_there && !is_forced {
        return Err(BackupError::Taken(database));
    }

    backup.verify(progress)?;
    let stage = tempfile::Builder::new()
        .prefix(".restore-")
        .tempdir_in(folder)
        .map_err(unwritable)?;
    let staged = stage.path().join(DATABASE);
    backup.extract(&staged)?;
    let now = Clock::default().now();
    prepare(&staged, store, now).await?;
    for (path, bytes) in backup.pictures(progress) {
        store.write(path.trim_start_matches(MEDIA), bytes?).await?;
    }
    progress.finish();

    let kept = beside(&database, &format!("before-restore-{}", stamp(now)));
    if has_content(&database) && settle(url).await && has_content(&ending(&database, BESIDE[0])) {
        return Err(BackupError::InUse(database));
    }
    swap(&staged, &database, &kept)
        .and_then(|()| File::open(folder)?.sync_all())
        .map_err(|error| BackupError::Write(database, error))?;
    Ok(Restored {
        manifest: backup.manifest,
        kept: Some(kept).filter(|_| is_there),
    })
}

/// Makes the database in `staged` one that can be served: whole, up to date, with nobody signed in. Pictures that it does
/// not name go when their time is over.
async fn prepare(staged: &Path, store: &Store, now: OffsetDateTime) -> Result<(), BackupError> {
    let copy = snapshot::open(staged).await?;
    let faults = snapshot::faults(&copy).await?;
    copy.close().await?;
    if let Some(fault) = faults.into_iter().next() {
        return Err(BackupError::Damaged(fault));
    }
    let db = Db::connect(&format!("sqlite://{}", staged.display())).await?;
    Migrator::up(db.writer().pool(), None).await?;
    // Who has been signed out since then stays signed out, and a link that has been used stays used.
    session::Entity::delete_many().exec(db.writer()).await?;
    token::Entity::delete_many().exec(db.writer()).await?;
    // Most of these mails have left by now.
    mail::Entity::delete_many().exec(db.writer()).await?;
    media::retire_unnamed(db.writer(), store, now + KEPT).await?;
    db.close().await?;
    Ok(())
}

/// Has the database at `url` take in what stands beside it in its log, and tells whether it has opened: a damaged one may not,
/// and its log is kept as well.
async fn settle(url: &str) -> bool {
    let settled = async { Db::connect(url).await?.close().await };
    settled
        .await
        .inspect_err(|error| tracing::warn!(%error, "the old database does not open"))
        .is_ok()
}

/// Puts `staged` in the place of `database`, which is then called `kept`, as far as there is one. What stands beside the old
/// one must not stay beside the new one, which would be taken for it.
fn swap(staged: &Path, database: &Path, kept: &Path) -> io::Result<()> {
    File::open(staged)?.sync_all()?;
    if database.exists() {
        fs::hard_link(database, kept).or_else(|_| fs::copy(database, kept).map(drop))?;
    }
    for name in BESIDE {
        let beside = ending(database, name);
        if beside.exists() {
            fs::rename(beside, ending(kept, name))?;
        }
    }
    fs::rename(staged, database)
}

fn ending(path: &Path, ending: &str) -> PathBuf {
    let mut path = path.as_os_str().to_owned();
    path.push(ending);
    path.into()
}
