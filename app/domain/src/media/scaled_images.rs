//! Inline images in smaller widths, for screens that do not need all pixels. They are generated on the first request and kept
//! for some time, so images that were uploaded long ago or imported have them as well.

use std::{sync::Arc, time::Duration};

use axum::{body::Bytes, http::Method};
use tokio::{
    sync::{Semaphore, SemaphorePermit},
    time::timeout,
};

use super::{FileContent, Folder, REGENERATED_KEPT, RedirectTarget, processing, schedule_deletion};
use crate::Scope;
use shared::{error::AppError, model::media::InlineImage, paths};

/// The number of images that are in memory to be scaled at the same time.
const AT_ONCE: usize = 2;
/// How long a request waits until its image can be scaled.
const PATIENCE: Duration = Duration::from_secs(10);

/// The permits to scale an image. Requests without one wait without occupying memory.
#[derive(Debug, Clone)]
pub(super) struct Scaling(Arc<Semaphore>);

impl Default for Scaling {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(AT_ONCE)))
    }
}

impl Scaling {
    async fn permit(&self) -> Option<SemaphorePermit<'_>> {
        timeout(PATIENCE, self.0.acquire()).await.ok()?.ok()
    }
}

/// The outcome of a request for a scaled image.
pub enum ScaledImage {
    /// The content of the file.
    Content(FileContent),
    /// The store sends the file.
    Elsewhere(RedirectTarget),
    /// The path of the whole image, because too many images wait to be scaled.
    Whole(String),
}

/// Returns the scaled image called `file`, generating it if necessary. `is_whole` says that the whole file is sent.
///
/// # Errors
///
/// Returns [`AppError::NotFound`] if there is no such image or it does not exist in this width, and
/// [`AppError::Unreachable`] if the store cannot be reached.
pub async fn read(
    scope: &Scope,
    method: Method,
    file: &str,
    is_whole: bool,
) -> Result<ScaledImage, AppError> {
    let (image, width) = InlineImage::scaled(file).ok_or(AppError::NotFound)?;
    let media = &scope.state.media;
    // A store that sends the file itself only has to have it.
    let is_whole = is_whole && media.sends_files();
    let mut content = media.store.content(Folder::Scaled, file, is_whole).await;
    if matches!(content, Err(AppError::NotFound)) {
        let Some(_permit) = media.scaling.permit().await else {
            return Ok(ScaledImage::Whole(paths::image(&image)));
        };
        content = media.store.content(Folder::Scaled, file, is_whole).await;
        // Unless another request has generated it in the meantime.
        if matches!(content, Err(AppError::NotFound)) {
            let generated = generate(scope, &image, width).await?;
            let kept = keep(scope, file, generated.clone()).await;
            // A file that could not be kept can be sent all the same, unless the store sends it.
            content = match kept {
                Err(error) if !media.sends_files() => Err(error),
                _ => Ok(generated.into()),
            };
        }
    }
    let content = content?;
    let elsewhere = media.elsewhere(method, Folder::Scaled, file).await?;
    Ok(elsewhere.map_or(ScaledImage::Content(content), ScaledImage::Elsewhere))
}

/// Returns the paths of all files of the inline image `name`, including those that may not have been generated yet.
pub(super) fn files(name: &str) -> impl Iterator<Item = String> + use<> {
    let scaled = InlineImage::named(name).into_iter().flat_map(|image| {
        let widths = image.scaled_widths();
        widths.map(move |width| Folder::Scaled.path(&image.scaled_file(width)))
    });
    std::iter::once(Folder::Images.path(name)).chain(scaled)
}

async fn generate(scope: &Scope, image: &InlineImage, width: u32) -> Result<Bytes, AppError> {
    let media = &scope.state.media;
    let whole = media.store.read_at(&Folder::Images.path(&image.name)).await?;
    let narrowed = move || processing::narrowed(whole.into(), width);
    let Some(Ok(file)) = media.generating.run(narrowed).await? else {
        // The file has been damaged, or the worker panicked, which has been logged.
        tracing::error!(image = image.name, width, "an image cannot be scaled");
        return Err(AppError::Internal);
    };
    Ok(file.into())
}

/// Stores the generated `file` until it is to be deleted.
async fn keep(scope: &Scope, file: &str, content: Bytes) -> Result<(), AppError> {
    let path = Folder::Scaled.path(file);
    let until = scope.state.clock.now() + REGENERATED_KEPT;
    schedule_deletion(scope.state.db.writer(), std::slice::from_ref(&path), until).await?;
    scope.state.media.store.write(&path, content).await
}
