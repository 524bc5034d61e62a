//! How long a text may be. What was imported may be longer than what people write: it can be saved as long as it does not grow.

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};

use crate::platform::entity::{draft, post};
use shared::{
    error::AppError,
    forms::{Field, FieldErrors, Problem, post::CONTENT_MAX},
    model::{account::Viewer, post::DraftTarget},
};

/// Refuses `content` as the text that `target` names, if it is longer than texts of `author` may be and has grown.
///
/// # Errors
/// [`AppError::Invalid`] for a text that is too long.
pub(crate) async fn require(
    db: &impl ConnectionTrait,
    author: &Viewer,
    target: DraftTarget,
    content: &str,
) -> Result<(), AppError> {
    let length = content.chars().count();
    if length <= CONTENT_MAX {
        return Ok(());
    }
    let most = most(db, author, target).await?;
    if length <= most {
        Ok(())
    } else {
        Err(FieldErrors::one(Field::Content, Problem::TooLong(most)).into())
    }
}

/// How many characters the text that `target` names may have: as many as its post and its draft have, if that is more than
/// [`CONTENT_MAX`].
async fn most(db: &impl ConnectionTrait, author: &Viewer, target: DraftTarget) -> Result<usize, AppError> {
    let mut most = CONTENT_MAX;
    if let Some(id) = target.post {
        let found = post::Entity::find_by_id(id)
            .select_only()
            .column(post::Column::Content)
            .filter(post::Column::AuthorId.eq(author.id));
        let content: Option<String> = found.into_tuple().one(db).await?;
        most = most.max(content.map_or(0, |content| content.chars().count()));
    }
    if let Some(id) = target.draft {
        let found = draft::Entity::find_by_id(id)
            .select_only()
            .column(draft::Column::Content)
            .filter(draft::Column::AuthorId.eq(author.id));
        let content: Option<String> = found.into_tuple().one(db).await?;
        most = most.max(content.map_or(0, |content| content.chars().count()));
    }
    Ok(most)
}

/// How many characters a text may have that was opened with these `contents`.
pub(crate) fn of(contents: &[&str]) -> usize {
    let longest = contents.iter().map(|content| content.chars().count()).max();
    longest.unwrap_or_default().max(CONTENT_MAX)
}
