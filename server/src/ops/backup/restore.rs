//! Replaces a site by a backup. The backup is verified completely before anything is changed. Then the missing pictures
//! are written, which no page shows yet, and the database is replaced by a single rename.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

use domain::{
    jobs::administration::hold_all,
    media::{self, StorageUrl, Store},
    platform::{
        clock::Clock,
        db::{Db, snapshot},
        entity::{invitation, preview_link, session, token},
    },
    posts::schedule,
};
use migration::{Migrator, MigratorTrait};
use rustix::fs::statvfs;
use sea_orm::EntityTrait;
use time::{Duration, OffsetDateTime};

use super::{
    BackupError, DATABASE, Manifest,
    folders::{NewFolders, clear, there},
    pictures::Pictures,
    read::Backup,
    schema, stamp,
};
use crate::{
    cli::progress::Progress,
    config::MediaConfig,
    ops::database_lock::{self, beside},
};

/// How long the pictures of the replaced site are kept. Its database is kept beside the new one.
const KEPT: Duration = Duration::days(30);
/// The prefix of the folders in which a backup is being restored.
const STAGE: &str = ".broadsheet-restore-";

/// The ending of SQLite's write-ahead log.
const WAL: &str = "-wal";
/// The endings of the files that SQLite keeps beside a database.
const BESIDE: &[&str] = &[WAL, "-shm", "-journal"];

/// A restored backup.
#[derive(Debug)]
pub struct Restored {
    /// The manifest of the backup.
    pub manifest: Manifest,
    /// The number of people in the database.
    pub people: u64,
    /// The number of posts in the database, including those in the trash.
    pub posts: u64,
    /// The number of jobs that wait for an administrator.
    pub held: u64,
    /// The path of the replaced database, if there was one.
    pub kept: Option<PathBuf>,
}

/// Replaces the site whose database is at `url` by the site in the file `backup`. An existing site is replaced only if
/// `is_forced`. The pictures are stored according to `media`. All users have to log in again.
///
/// # Errors
/// Returns an error if the backup cannot be restored. In this case nothing has changed, unless the error says so.
pub async fn restore(
    url: &str,
    media: &MediaConfig,
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
    // If there is no site yet, no folder is created before the backup has been verified.
    let mut lock = None;
    if folder.exists() {
        lock = Some(database_lock::take(&database)?);
    }
    let has_content = |path: &Path| fs::metadata(path).is_ok_and(|found| found.len() > 0);
    let is_there = has_content(&database) || BESIDE.iter().any(|name| has_content(&ending(&database, name)));
    if is_there && !is_forced {
        return Err(BackupError::SiteExists(database));
    }

    backup.verify(progress)?;
    let unwritable = |error| BackupError::Write(folder.to_owned(), error);
    let room = there(folder);
    refuse_full(room, backup.database_bytes())?;
    let stage = clear(room, STAGE)
        .and_then(|()| tempfile::Builder::new().prefix(STAGE).tempdir_in(room))
        .map_err(unwritable)?;
    let staged = stage.path().join(DATABASE);
    backup.extract(&staged)?;
    check(&backup, &staged).await?;

    let new_folders = NewFolders::watch(&database, media_folder(media));
    let store = media
        .open()
        .map_err(|error| BackupError::Media(error.to_string()))?;
    let now = Clock::default().now();
    let prepared = prepare(&staged, &store, now).await?;
    fs::create_dir_all(folder).map_err(unwritable)?;
    let _lock = match lock {
        Some(lock) => lock,
        None => database_lock::take(&database)?,
    };

    let mut pictures = Pictures::new(&store);
    let kept = beside(&database, &format!("before-restore-{}", stamp(now)));
    let placed = async {
        pictures.add(&mut backup, progress).await?;
        if has_content(&database) && settle(url).await && has_content(&ending(&database, WAL)) {
            return Err(BackupError::InUse(database.clone()));
        }
        swap(&staged, &database, &kept).map_err(|error| BackupError::Write(database.clone(), error))
    };
    let placed = placed.await;
    progress.finish();
    if let Err(error) = placed {
        if pictures.take_back().await.is_err() {
            tracing::error!(%error, "restoring has failed, and the pictures that it had written could not be deleted");
            return Err(BackupError::Media(
                "pictures that had been restored cannot be deleted".to_owned(),
            ));
        }
        return Err(error);
    }
    new_folders.keep();
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(|error| BackupError::Unsure(database, error))?;
    pictures.repair(&mut backup).await?;
    Ok(Restored {
        manifest: backup.manifest,
        people: prepared.people,
        posts: prepared.posts,
        held: prepared.held,
        kept: Some(kept).filter(|_| is_there),
    })
}

fn media_folder(media: &MediaConfig) -> Option<&Path> {
    match &media.place {
        StorageUrl::Folder(folder) => Some(folder),
        StorageUrl::Bucket(_) => None,
    }
}

/// Returns an error if there is less free space at `folder` than `bytes`.
fn refuse_full(folder: &Path, bytes: u64) -> Result<(), BackupError> {
    // If the free space is unknown, writing fails later if there is too little.
    let Ok(disk) = statvfs(folder) else {
        return Ok(());
    };
    let free = disk.f_bavail.saturating_mul(disk.f_frsize);
    if bytes > free {
        return Err(BackupError::Full(folder.to_owned(), bytes, free));
    }
    Ok(())
}

/// Verifies that the file `staged` is an intact SQLite database with the schema in the manifest of `backup`.
async fn check(backup: &Backup, staged: &Path) -> Result<(), BackupError> {
    let checked = async {
        let copy = snapshot::open(staged).await?;
        let faults = snapshot::faults(&copy).await?;
        let applied = Migrator::applied(&copy).await?;
        copy.close().await?;
        Ok((faults, applied))
    };
    let (faults, applied) = checked
        .await
        .map_err(|error: sea_orm::DbErr| backup.unfit(&format!("its database cannot be read: {error}")))?;
    if let Some(fault) = faults.into_iter().next() {
        return Err(backup.unfit(&format!("its database is damaged: {fault}")));
    }
    if applied.is_empty() {
        return Err(backup.unfit("there is no site in its database"));
    }
    if applied != backup.manifest.steps {
        return Err(backup.unfit("its database does not have the schema that its manifest says"));
    }
    let db = Db::connect(&format!("sqlite://{}", staged.display())).await?;
    let upgraded = Migrator::up(db.writer().pool(), None).await;
    let upgraded = match upgraded {
        Ok(()) => schema::missing(db.writer()).await,
        Err(error) => Err(error),
    };
    db.close().await?;
    match upgraded {
        Ok(None) => Ok(()),
        Ok(Some(missing)) => Err(backup.unfit(&format!("its database is missing the {missing}"))),
        Err(error) => Err(backup.unfit(&format!("its database cannot be updated: {error}"))),
    }
}

/// The number of rows of a database that is ready for use.
struct Prepared {
    people: u64,
    posts: u64,
    held: u64,
}

/// Prepares the database in `staged` for use: ends all sessions, links and invitations, holds all jobs and scheduled drafts,
/// and schedules pictures that it does not reference for deletion.
async fn prepare(staged: &Path, store: &Store, now: OffsetDateTime) -> Result<Prepared, BackupError> {
    let db = Db::connect(&format!("sqlite://{}", staged.display())).await?;
    // A user who has logged out since the backup must not be logged in again, and a used link must stay invalid.
    session::Entity::delete_many().exec(db.writer()).await?;
    token::Entity::delete_many().exec(db.writer()).await?;
    invitation::Entity::delete_many().exec(db.writer()).await?;
    preview_link::Entity::delete_many().exec(db.writer()).await?;
    // Most of these jobs have been done since the backup, and most of the drafts that were due have been published.
    let held = hold_all(db.writer()).await?;
    schedule::hold_all(db.writer()).await?;
    media::schedule_deletion_of_unnamed(db.writer(), store, now + KEPT).await?;
    let (people, posts) = Manifest::counts(db.writer().pool()).await?;
    db.close().await?;
    Ok(Prepared { people, posts, held })
}

/// Moves the contents of the write-ahead log into the database at `url`. Returns whether the database could be opened.
/// If it is damaged, its log is kept as well.
async fn settle(url: &str) -> bool {
    let settled = async { Db::connect(url).await?.close().await };
    settled
        .await
        .inspect_err(|error| tracing::warn!(%error, "the old database cannot be opened"))
        .is_ok()
}

/// Replaces `database` by `staged` and renames the existing one, if any, to `kept`. The files beside it are renamed
/// too, because SQLite would apply the old log to the new database. If this fails, the original state is restored.
fn swap(staged: &Path, database: &Path, kept: &Path) -> io::Result<()> {
    File::open(staged)?.sync_all()?;
    let swapped = put_aside(database, kept).and_then(|()| fs::rename(staged, database));
    if swapped.is_err() {
        for name in BESIDE {
            if ending(kept, name).exists() {
                fs::rename(ending(kept, name), ending(database, name))?;
            }
        }
        if kept.exists() {
            fs::remove_file(kept)?;
        }
    }
    swapped
}

fn put_aside(database: &Path, kept: &Path) -> io::Result<()> {
    if database.exists() {
        fs::hard_link(database, kept).or_else(|_| fs::copy(database, kept).map(drop))?;
    }
    for name in BESIDE {
        let beside = ending(database, name);
        if beside.exists() {
            fs::rename(beside, ending(kept, name))?;
        }
    }
    Ok(())
}

fn ending(path: &Path, ending: &str) -> PathBuf {
    let mut path = path.as_os_str().to_owned();
    path.push(ending);
    path.into()
}
