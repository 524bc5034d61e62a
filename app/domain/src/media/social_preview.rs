//! The picture that programs show beside a link to a post: drawn when it is first asked for, and kept for some time.

use axum::body::Bytes;
use time::Duration;

use crate::{AppState, media, platform::digest::sha256, posts};
use shared::{error::AppError, model::post::PostCard, paths};

/// Lines of text on a picture.
mod drawing;

pub use drawing::{HEIGHT, WIDTH};

/// A picture is kept for so long after it was drawn; who asks for it later has it drawn again.
const KEPT: Duration = Duration::days(30);
/// So many characters of a digest tell pictures of one post apart.
const VERSION: usize = 12;

/// The picture for the post that `card` shows.
#[must_use]
pub fn path(card: &PostCard) -> String {
    paths::card(card.post.id, &version(card))
}

/// Changes with all that is on the picture, and with how it is drawn.
fn version(card: &PostCard) -> String {
    let drawn = format!("{}\n{}\n{}", drawing::STYLE, card.title, card.author.username);
    let mut version = sha256(drawn);
    version.truncate(VERSION);
    version
}

/// What asking for a picture has led to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Card {
    /// The picture.
    Drawn(Bytes),
    /// The post has changed: its picture is there now.
    Moved(String),
}

/// The picture in the file called `file`.
///
/// # Errors
/// [`AppError::NotFound`] and [`AppError::Gone`] when there is no such post for everybody, [`AppError::Unreachable`] while too
/// many are being drawn.
pub async fn read(state: &AppState, file: &str) -> Result<Card, AppError> {
    let id = file.strip_suffix(".png").and_then(|name| name.split('-').next());
    let id = id.and_then(|id| id.parse().ok()).ok_or(AppError::NotFound)?;
    // What is sent is everybody's, and kept by caches: who asks makes no difference, and no session is looked at.
    let card = posts::shown_to_all(state, id).await?;
    let path = path(&card);
    if path.strip_prefix(paths::CARDS) != Some(file) {
        return Ok(Card::Moved(path));
    }
    let kept = media::Folder::Cards.path(file);
    match state.media.store.read_at(&kept).await {
        Err(AppError::NotFound) => {}
        found => return found.map(Card::Drawn),
    }
    let drawn = draw(state, card).await?;
    media::retire(
        state.db.writer(),
        std::slice::from_ref(&kept),
        state.clock.now() + KEPT,
    )
    .await?;
    state.media.store.write(&kept, drawn.clone()).await?;
    Ok(Card::Drawn(drawn.into()))
}

async fn draw(state: &AppState, card: PostCard) -> Result<Vec<u8>, AppError> {
    let drawn = state
        .media
        .cards
        .run(move || drawing::draw(&card.title, &card.author.username))
        .await?;
    match drawn {
        Some(Ok(picture)) => Ok(picture),
        Some(Err(error)) => {
            tracing::error!(%error, "the picture of a post");
            Err(AppError::Internal)
        }
        // It has panicked, and told so.
        None => Err(AppError::Internal),
    }
}
