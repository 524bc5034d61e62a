//! Where pictures are kept, and how they go.
//!
//! A file is noted in the database before it is written, as one to be deleted, and stays noted until a row uses it. So an
//! upload that ends half-way leaves nothing behind for long, whatever ended it, and a file that nobody uses any more goes
//! although the program may have stopped between the two.

use std::{
    collections::HashSet,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

use axum::body::Bytes;
use futures::TryStreamExt;
use object_store::{ObjectStore, ObjectStoreExt, local::LocalFileSystem, path::Path as Key};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect,
    sea_query::OnConflict,
};
use time::{Duration, OffsetDateTime};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::{
    AppState,
    account::picture,
    entity::{doomed_file, image, user},
    lease::{self, Work},
    workers::Workers,
};
use crate::{error::AppError, model::media::Picture};

/// An upload that is not in use after this never will be.
const UNFINISHED: Duration = Duration::hours(1);
/// Pictures that may wait to be made smaller, for each thread that does it.
const QUEUE: usize = 32;
/// Pictures beside links that may wait to be drawn.
const CARDS: usize = 8;
/// When to come back, in seconds, while one's own upload is on its way.
const SOON: u32 = 5;
/// All uploads that are being received have at most so many bytes together.
const RECEIVING: usize = 64 * 1024 * 1024;

/// Where a file is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Folder {
    /// People's pictures.
    Pictures,
    /// Pictures in texts.
    Images,
    /// Pictures beside links to posts.
    Cards,
}

impl Folder {
    /// Where the file called `name` is, below the folder of all media.
    pub(super) fn path(self, name: &str) -> String {
        match self {
            Self::Pictures => format!("picture/{name}"),
            Self::Images => format!("image/{name}"),
            Self::Cards => format!("card/{name}"),
        }
    }
}

/// Makes and keeps pictures.
#[derive(Debug, Clone)]
pub struct Media {
    store: Arc<dyn ObjectStore>,
    pub(super) workers: Workers,
    /// Draw pictures beside links, which anybody may ask for: no upload waits for them.
    pub(super) cards: Workers,
    receiving: Arc<Semaphore>,
    senders: Arc<Mutex<HashSet<i64>>>,
}

/// Room for one person's upload, which is free again when this is dropped.
#[derive(Debug)]
pub struct Room {
    user_id: i64,
    senders: Arc<Mutex<HashSet<i64>>>,
    _permit: OwnedSemaphorePermit,
}

impl Drop for Room {
    fn drop(&mut self) {
        let mut senders = self.senders.lock().unwrap_or_else(PoisonError::into_inner);
        senders.remove(&self.user_id);
    }
}

impl Media {
    /// Keeps pictures below `folder`, which is made where there is none.
    ///
    /// # Errors
    /// When it cannot be used.
    pub fn folder(folder: &Path) -> Result<Self, String> {
        std::fs::create_dir_all(folder).map_err(|error| error.to_string())?;
        let store = LocalFileSystem::new_with_prefix(folder).map_err(|error| error.to_string())?;
        // One at a time: the largest, a progressive JPEG, takes some 220 MB while it is being read.
        let workers = Workers::new("picture", 1, QUEUE).map_err(|error| error.title().to_owned())?;
        let cards = Workers::new("card", 1, CARDS).map_err(|error| error.title().to_owned())?;
        Ok(Self {
            store: Arc::new(store),
            workers,
            cards,
            receiving: Arc::new(Semaphore::new(RECEIVING)),
            senders: Arc::default(),
        })
    }

    /// How many pictures are to be made smaller.
    #[must_use]
    pub fn waiting(&self) -> u64 {
        self.workers.waiting()
    }

    /// Room for an upload of `bytes` by `user_id`, who has one at a time.
    ///
    /// # Errors
    /// [`AppError::Throttled`] while another of theirs is on its way, [`AppError::Unreachable`] while others take all the
    /// room.
    pub(super) fn room(&self, user_id: i64, bytes: usize) -> Result<Room, AppError> {
        let permits = u32::try_from(bytes).map_err(|_| AppError::TooLarge)?;
        let permit = Arc::clone(&self.receiving)
            .try_acquire_many_owned(permits)
            .map_err(|_| AppError::Unreachable)?;
        let mut senders = self.senders.lock().unwrap_or_else(PoisonError::into_inner);
        if !senders.insert(user_id) {
            return Err(AppError::Throttled(SOON));
        }
        Ok(Room {
            user_id,
            senders: Arc::clone(&self.senders),
            _permit: permit,
        })
    }

    /// The content of the file called `name`.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when there is none.
    pub async fn read(&self, folder: Folder, name: &str) -> Result<Bytes, AppError> {
        self.read_at(&folder.path(name)).await
    }

    /// The content of the file at `path`, below the folder of all media.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when there is none.
    pub async fn read_at(&self, path: &str) -> Result<Bytes, AppError> {
        let result = match self.store.get(&Key::from(path)).await {
            Ok(found) => found.bytes().await,
            Err(error) => Err(error),
        };
        result.map_err(|error| match error {
            object_store::Error::NotFound { .. } => AppError::NotFound,
            error => failed(&error),
        })
    }

    /// The paths of all files.
    ///
    /// # Errors
    /// [`AppError::Unreachable`] when they cannot be listed.
    pub async fn list(&self) -> Result<Vec<String>, AppError> {
        let mut paths = Vec::new();
        // Whatever else is in the folder is none of ours.
        for folder in [Folder::Pictures, Folder::Images] {
            let folder = Key::from(folder.path(""));
            let found = self
                .store
                .list(Some(&folder))
                .map_ok(|file| file.location.to_string());
            let found: Vec<String> = found.try_collect().await.map_err(|error| failed(&error))?;
            paths.extend(found);
        }
        Ok(paths)
    }

    /// Writes a file.
    ///
    /// # Errors
    /// [`AppError::Unreachable`] when it cannot be written.
    pub async fn write(&self, path: &str, content: Vec<u8>) -> Result<(), AppError> {
        let put = self.store.put(&Key::from(path), content.into()).await;
        put.map(drop).map_err(|error| failed(&error))
    }

    async fn delete(&self, path: &str) -> Result<(), AppError> {
        match self.store.delete(&Key::from(path)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(failed(&error)),
        }
    }
}

fn failed(error: &object_store::Error) -> AppError {
    tracing::error!(%error, "media");
    AppError::Unreachable
}

/// The paths of all files that the database `db` names, in order.
///
/// # Errors
/// When it cannot be read.
pub async fn named(db: &impl ConnectionTrait) -> Result<Vec<String>, DbErr> {
    let pictures: Vec<Option<String>> = user::Entity::find()
        .select_only()
        .column(user::Column::Picture)
        .filter(user::Column::Picture.is_not_null())
        .into_tuple()
        .all(db)
        .await?;
    let images: Vec<String> = image::Entity::find()
        .select_only()
        .column(image::Column::Name)
        .into_tuple()
        .all(db)
        .await?;
    let mut paths: Vec<String> = pictures
        .into_iter()
        .filter_map(Picture::of)
        .flat_map(|picture| picture::files(&picture))
        .chain(images.iter().map(|name| Folder::Images.path(name)))
        .collect();
    paths.sort_unstable();
    Ok(paths)
}

/// The files at `paths` are kept until `due_at`, and then deleted.
///
/// # Errors
/// When it cannot be noted.
pub async fn retire(
    db: &impl ConnectionTrait,
    paths: &[String],
    due_at: OffsetDateTime,
) -> Result<(), DbErr> {
    note(db, paths, due_at).await
}

/// Notes that the files at `paths` are about to be written, and are to be deleted unless they are [`spare`]d in time.
pub(super) async fn begin(
    db: &impl ConnectionTrait,
    paths: &[String],
    now: OffsetDateTime,
) -> Result<(), DbErr> {
    note(db, paths, now + UNFINISHED).await
}

/// The files at `paths` are in use; `false` if they have been deleted already.
pub(super) async fn spare(db: &impl ConnectionTrait, paths: &[String]) -> Result<bool, DbErr> {
    let spared = doomed_file::Entity::delete_many()
        .filter(doomed_file::Column::Path.is_in(paths))
        .exec(db)
        .await?;
    Ok(spared.rows_affected == paths.len() as u64)
}

/// The files at `paths` are no longer in use: they go at the next [`sweep`].
pub(super) async fn doom(
    db: &impl ConnectionTrait,
    paths: &[String],
    now: OffsetDateTime,
) -> Result<(), DbErr> {
    note(db, paths, now).await
}

async fn note(db: &impl ConnectionTrait, paths: &[String], due_at: OffsetDateTime) -> Result<(), DbErr> {
    // A statement has a limited number of values.
    for some in paths.chunks(1_000) {
        let rows = some.iter().map(|path| doomed_file::ActiveModel {
            path: Set(path.clone()),
            due_at: Set(due_at),
        });
        let sooner = OnConflict::column(doomed_file::Column::Path)
            .update_column(doomed_file::Column::DueAt)
            .to_owned();
        doomed_file::Entity::insert_many(rows)
            .on_conflict(sooner)
            .exec_without_returning(db)
            .await?;
    }
    Ok(())
}

/// Deletes the files that are due, unless a backup is being taken that may still want them. What cannot be deleted now
/// stays noted.
pub async fn sweep(state: &AppState) {
    let due = doomed_file::Entity::find()
        .filter(doomed_file::Column::DueAt.lte(state.clock.now()))
        .all(state.db.reader())
        .await;
    let due = due.unwrap_or_else(|error| {
        tracing::warn!(%error, "files that are to be deleted cannot be looked up");
        Vec::new()
    });
    // Asked after the files were looked up: what was due by then is in no backup that has begun since.
    if due.is_empty() || lease::is_held(state, Work::Backup).await.unwrap_or(true) {
        return;
    }
    for file in due {
        if state.media.delete(&file.path).await.is_ok() {
            // One that was written again meanwhile goes later.
            let forgotten = doomed_file::Entity::delete_by_id(file.path)
                .filter(doomed_file::Column::DueAt.eq(file.due_at))
                .exec(state.db.writer())
                .await;
            if let Err(error) = forgotten {
                tracing::warn!(%error, "a deleted file is still noted");
            }
        }
    }
}
