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
use object_store::{ObjectStore, ObjectStoreExt, local::LocalFileSystem, path::Path as Key};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, sea_query::OnConflict,
};
use time::{Duration, OffsetDateTime};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::{AppState, entity::doomed_file, workers::Workers};
use crate::error::AppError;

/// An upload that is not in use after this never will be.
const UNFINISHED: Duration = Duration::hours(1);
/// Pictures that may wait to be made smaller, for each thread that does it.
const QUEUE: usize = 32;
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
}

impl Folder {
    /// Where the file called `name` is, below the folder of all media.
    pub(super) fn path(self, name: &str) -> String {
        match self {
            Self::Pictures => format!("picture/{name}"),
            Self::Images => format!("image/{name}"),
        }
    }
}

/// Makes and keeps pictures.
#[derive(Debug, Clone)]
pub struct Media {
    store: Arc<dyn ObjectStore>,
    pub(super) workers: Workers,
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
        Ok(Self {
            store: Arc::new(store),
            workers,
            receiving: Arc::new(Semaphore::new(RECEIVING)),
            senders: Arc::default(),
        })
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
        let result = match self.store.get(&Key::from(folder.path(name))).await {
            Ok(found) => found.bytes().await,
            Err(error) => Err(error),
        };
        result.map_err(|error| match error {
            object_store::Error::NotFound { .. } => AppError::NotFound,
            error => failed(&error),
        })
    }

    pub(super) async fn write(&self, path: &str, content: Vec<u8>) -> Result<(), AppError> {
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

/// Deletes the files that are due. What cannot be deleted now stays noted.
pub async fn sweep(state: &AppState) {
    let due = doomed_file::Entity::find()
        .filter(doomed_file::Column::DueAt.lte(state.clock.now()))
        .all(state.db.reader())
        .await;
    let due = due.unwrap_or_else(|error| {
        tracing::warn!(%error, "files that are to be deleted cannot be looked up");
        Vec::new()
    });
    for file in due {
        if state.media.delete(&file.path).await.is_ok() {
            let forgotten = doomed_file::Entity::delete_by_id(file.path)
                .exec(state.db.writer())
                .await;
            if let Err(error) = forgotten {
                tracing::warn!(%error, "a deleted file is still noted");
            }
        }
    }
}
