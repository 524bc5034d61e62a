//! Where pictures are kept, and how they go.
//!
//! A file is noted in the database before it is written, as one to be deleted, and stays noted until a row uses it. So an
//! upload that ends half-way leaves nothing behind for long, whatever ended it, and a file that nobody uses any more goes
//! although the program may have stopped between the two.

use axum::http::Method;
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect};

use crate::{
    accounts::avatar,
    platform::{
        entity::{image, user},
        workers::Workers,
    },
};
use shared::{error::AppError, model::media::Picture};

/// The content of a file.
mod content;
/// Who sends pictures to browsers.
mod delivery;
/// Pictures in texts.
pub mod inline_images;
/// Files that go.
mod pending_deletions;
/// A picture made anew.
pub(crate) mod processing;
/// The picture beside a link to a post.
pub mod social_preview;
/// A site's pictures at another place.
pub mod storage_migration;
/// Addresses of places.
mod storage_url;
/// Files of pictures.
mod store;
/// Files that are written some bytes at a time.
mod upload;
/// Turns to upload.
mod upload_permit;

pub use content::FileContent;
pub use delivery::{Delivery, RedirectTarget};
pub(super) use pending_deletions::{begin, doom, spare, sweep_now};
pub use pending_deletions::{retire, retire_unnamed, sweep};
pub use storage_url::{Keys, StorageUrl};
pub use store::{FOR_EVER, Store};
pub use upload::Upload;
pub use upload_permit::UploadPermit;

use upload_permit::Senders;

/// Pictures that may wait to be made smaller, for each thread that does it.
const QUEUE: usize = 32;
/// Pictures beside links that may wait to be drawn: for some seconds, which a crawler that asks for many at a time can wait.
const CARDS: usize = 64;
/// No file of a picture has more bytes. The largest that is kept has 2,000 × 4,000 pixels, which are 32 MB before they are compressed,
/// and may be larger than what was sent.
pub const FILE_MAX: u64 = 64_000_000;

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
    /// Those with files that are nowhere else: cards are drawn again.
    pub const LASTING: [Self; 2] = [Self::Pictures, Self::Images];

    /// Its path below the folder of all media.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pictures => "picture",
            Self::Images => "image",
            Self::Cards => "card",
        }
    }

    /// Where the file called `name` is, below the folder of all media.
    pub(super) fn path(self, name: &str) -> String {
        format!("{}/{name}", self.name())
    }
}

/// Makes and keeps pictures.
#[derive(Debug, Clone)]
pub struct Media {
    /// Where their files are.
    pub store: Store,
    served: Delivery,
    pub(super) workers: Workers,
    /// Draw pictures beside links, which anybody may ask for: no upload waits for them.
    pub(super) cards: Workers,
    senders: Senders,
}

impl Media {
    /// Keeps pictures in `store`, from where they are `served`.
    ///
    /// # Errors
    /// When the system has no room for the threads that make them smaller.
    pub fn new(store: Store, served: Delivery) -> Result<Self, String> {
        // One at a time: the largest, a progressive JPEG, takes some 220 MB while it is being read.
        let workers = Workers::new("picture", 1, QUEUE).map_err(|error| error.title().to_owned())?;
        let cards = Workers::new("card", 1, CARDS).map_err(|error| error.title().to_owned())?;
        Ok(Self {
            store,
            served,
            workers,
            cards,
            senders: Senders::default(),
        })
    }

    /// Where a browser that asks by `method` finds the file called `name`, unless this server sends it.
    ///
    /// # Errors
    /// [`AppError::Unreachable`] when its address cannot be signed.
    pub async fn elsewhere(
        &self,
        method: Method,
        folder: Folder,
        name: &str,
    ) -> Result<Option<RedirectTarget>, AppError> {
        let path = folder.path(name);
        self.served.elsewhere(&self.store, method, &path).await
    }

    /// How many pictures are to be made smaller.
    #[must_use]
    pub fn waiting(&self) -> u64 {
        self.workers.waiting()
    }

    /// The turn of `user_id` to upload; they have one at a time. What else they are sending is given up.
    ///
    /// # Errors
    /// [`AppError::Throttled`] when what they have sent before takes too long, or when they begin another upload meanwhile.
    pub(super) async fn room(&self, user_id: i64) -> Result<UploadPermit, AppError> {
        self.senders.room(user_id).await
    }
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
        .flat_map(|picture| avatar::files(&picture))
        .chain(images.iter().map(|name| Folder::Images.path(name)))
        .collect();
    paths.sort_unstable();
    Ok(paths)
}
