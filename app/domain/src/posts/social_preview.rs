//! The social preview images of posts, drawn on the first request and kept for some time.

use axum::body::Bytes;

use crate::{Scope, media, platform::digest::sha256, posts};
use shared::{error::AppError, model::post::PostCard, paths};

/// Drawing of text.
mod drawing;

pub use drawing::{HEIGHT, WIDTH};

/// The number of hexadecimal digits of the digest that are part of the file name.
const VERSION: usize = 12;

/// Returns the path of the image for the post in `card` of the site called `site`.
#[must_use]
pub fn path(site: &str, card: &PostCard) -> String {
    paths::card(card.post.id, &version(site, card))
}

/// Returns a digest of everything that is drawn and of the style.
fn version(site: &str, card: &PostCard) -> String {
    let drawn = format!(
        "{}\n{site}\n{}\n{}",
        drawing::STYLE,
        card.title,
        card.author.name()
    );
    let mut version = sha256(drawn);
    version.truncate(VERSION);
    version
}

/// The outcome of a request for a social preview image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Card {
    /// The content of the image.
    Drawn(Bytes),
    /// The path of the current image; the post has changed.
    Moved(String),
}

/// Returns the image in `file`, drawing it if necessary.
///
/// # Errors
///
/// Returns [`AppError::NotFound`] or [`AppError::Gone`] if there is no such public post, and
/// [`AppError::Unreachable`] if too many images wait to be drawn.
pub async fn read(scope: &Scope, file: &str) -> Result<Card, AppError> {
    let id = file.strip_suffix(".png").and_then(|name| name.split('-').next());
    let id = id.and_then(|id| id.parse().ok()).ok_or(AppError::NotFound)?;
    let card = posts::card(scope, id).await?;
    let site = scope.site().await;
    let path = path(&site.name, &card);
    if path.strip_prefix(paths::CARDS) != Some(file) {
        return Ok(Card::Moved(path));
    }
    let kept = media::Folder::Cards.path(file);
    match scope.state.media.store.read_at(&kept).await {
        Err(AppError::NotFound) => {}
        found => return found.map(Card::Drawn),
    }
    let drawn = draw(scope, site.name.clone(), card).await?;
    media::schedule_deletion(
        scope.state.db.writer(),
        std::slice::from_ref(&kept),
        scope.state.clock.now() + media::REGENERATED_KEPT,
    )
    .await?;
    scope.state.media.store.write(&kept, drawn.clone()).await?;
    Ok(Card::Drawn(drawn.into()))
}

async fn draw(scope: &Scope, site: String, card: PostCard) -> Result<Vec<u8>, AppError> {
    let drawn = scope
        .state
        .media
        .generating
        .run(move || drawing::draw(&site, &card.title, card.author.name()))
        .await?;
    match drawn {
        Some(Ok(picture)) => Ok(picture),
        Some(Err(error)) => {
            tracing::error!(%error, "the picture of a post");
            Err(AppError::Internal)
        }
        // The worker panicked, which has been logged.
        None => Err(AppError::Internal),
    }
}
