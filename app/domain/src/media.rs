//! Images: processing, storage and delivery.
//!
//! Before a file is written, it is recorded in the database as pending deletion, and it remains so until a row refers
//! to it. An interrupted upload therefore leaves no file behind for long, and an unused file is deleted even if the
//! program stops in between.

use axum::http::Method;
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect};
use time::Duration;

use crate::platform::{
    entity::{image, setting, user},
    workers::Workers,
};
use shared::{
    error::AppError,
    model::{media::Avatar, site::Setting},
};

/// Avatars.
pub mod avatars;
/// The content of a file.
mod content;
/// The delivery of images to browsers.
mod delivery;
/// Inline images of posts.
pub mod inline_images;
/// Files that are to be deleted.
mod pending_deletions;
/// Decoding, scaling and encoding of images.
pub(crate) mod processing;
/// Inline images in smaller widths.
pub mod scaled_images;
/// The files of the site's logo and icon.
pub mod site_images;
/// Moving the images of a site to another store.
pub mod storage_migration;
/// The URLs of stores.
mod storage_url;
/// The store of image files.
mod store;
/// Streaming uploads into a store.
mod upload;
/// Permits to upload.
mod upload_permit;

pub use content::FileContent;
pub use delivery::{Delivery, RedirectTarget};
pub(super) use pending_deletions::{cancel_deletion, reserve, sweep_now};
pub use pending_deletions::{schedule_deletion, schedule_deletion_of_unnamed, sweep};
pub use storage_url::{Keys, StorageUrl};
pub use store::{FOR_EVER, Store};
pub use upload::Upload;
pub use upload_permit::UploadPermit;

use upload_permit::Senders;

/// The maximum number of images that wait to be processed, per thread.
const QUEUE: usize = 32;
/// The maximum number of images that wait to be generated, a few seconds of work.
const GENERATED: usize = 64;
/// The maximum size of an image file in bytes. The largest stored image has 2,000 × 4,000 pixels, which are 32 MB
/// before compression, and may be larger than the upload.
pub const FILE_MAX: u64 = 64_000_000;

/// How long a generated file is kept. A later request generates it again.
pub(crate) const REGENERATED_KEPT: Duration = Duration::days(30);

/// A folder of the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Folder {
    /// Avatars.
    Pictures,
    /// Inline images.
    Images,
    /// The logo and the icon of the site.
    Site,
    /// Social preview images.
    Cards,
    /// Inline images in smaller widths.
    Scaled,
}

impl Folder {
    /// The folders whose files cannot be regenerated.
    pub const LASTING: &[Self] = &[Self::Pictures, Self::Images, Self::Site];
    /// The folders whose files are generated on the first request and kept for [`REGENERATED_KEPT`].
    pub const REGENERATED: &[Self] = &[Self::Cards, Self::Scaled];

    /// Returns the path of the folder within the store.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pictures => "picture",
            Self::Images => "image",
            Self::Site => "site",
            Self::Cards => "card",
            Self::Scaled => "scaled",
        }
    }

    /// Returns the path of the file `name` within the store.
    pub(crate) fn path(self, name: &str) -> String {
        format!("{}/{name}", self.name())
    }
}

/// The processing and storage of images.
#[derive(Debug, Clone)]
pub struct Media {
    /// The store of the files.
    pub store: Store,
    served: Delivery,
    pub(super) workers: Workers,
    /// The thread that generates images for requests, which anybody can send: separate, so that no upload waits for it.
    pub(super) generating: Workers,
    scaling: scaled_images::Scaling,
    senders: Senders,
}

impl Media {
    /// Creates the service for images in `store`, which are delivered as `served` says.
    ///
    /// # Errors
    ///
    /// Returns an error if a thread cannot be started.
    pub fn new(store: Store, served: Delivery) -> Result<Self, String> {
        // One image at a time: the largest, a progressive JPEG, takes about 220 MB while it is decoded.
        let workers = Workers::new("picture", 1, QUEUE).map_err(|error| error.title().to_owned())?;
        let generating = Workers::new("generated", 1, GENERATED).map_err(|error| error.title().to_owned())?;
        Ok(Self {
            store,
            served,
            workers,
            generating,
            scaling: scaled_images::Scaling::default(),
            senders: Senders::default(),
        })
    }

    /// Returns where a request with `method` for the file `name` is redirected, or `None` if this server sends the
    /// file.
    ///
    /// # Errors
    ///
    /// Returns [`AppError::Unreachable`] if the URL cannot be signed.
    pub async fn elsewhere(
        &self,
        method: Method,
        folder: Folder,
        name: &str,
    ) -> Result<Option<RedirectTarget>, AppError> {
        let path = folder.path(name);
        self.served.elsewhere(&self.store, method, &path).await
    }

    /// Returns whether this server sends the files.
    fn sends_files(&self) -> bool {
        self.served == Delivery::Here
    }

    /// Returns the number of images that wait to be processed.
    #[must_use]
    pub fn waiting(&self) -> u64 {
        self.workers.waiting()
    }

    /// Waits for the permit of `user_id` to upload, of which there is one per user, and cancels their other upload.
    ///
    /// # Errors
    ///
    /// Returns [`AppError::Throttled`] if processing of the other upload takes too long, or if another upload begins
    /// in the meantime.
    pub(super) async fn reserve(&self, user_id: i64) -> Result<UploadPermit, AppError> {
        self.senders.reserve(user_id).await
    }
}

/// Returns the sorted paths of all files that the database `db` refers to.
///
/// # Errors
///
/// Returns an error if the database cannot be read.
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
    let settings = setting::Entity::find()
        .filter(setting::Column::Name.is_in([Setting::Logo, Setting::Icon].map(Setting::name)))
        .all(db)
        .await?;
    let settings = settings
        .iter()
        .filter_map(|row| Some((Setting::named(&row.name)?, row.value.as_str())));
    let mut paths: Vec<String> = pictures
        .into_iter()
        .filter_map(Avatar::from_name)
        .flat_map(|picture| avatars::files(&picture))
        .chain(images.iter().map(|name| Folder::Images.path(name)))
        .chain(settings.flat_map(|(setting, value)| site_images::files(setting, value)))
        .collect();
    paths.sort_unstable();
    Ok(paths)
}
