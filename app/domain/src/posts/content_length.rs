//! The maximum length of a text. An imported text may exceed the limit for new ones: it can be saved as long as it
//! does not grow.

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};

use crate::platform::entity::{draft, post};
use shared::{
    error::AppError,
    forms::{Field, FieldErrors, FieldProblem, post::CONTENT_MAX},
    model::{account::Viewer, post::DraftTarget},
};

/// Checks the length of `content` as the text of `target`.
///
/// # Errors
///
/// Returns [`AppError::Invalid`] if the text is longer than [`CONTENT_MAX`] and than its stored versions.
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
        Err(FieldErrors::one(Field::Content, FieldProblem::TooLong(most)).into())
    }
}

/// Returns the maximum number of characters of the text of `target`: the length of its post or draft if that exceeds
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

/// Returns the maximum number of characters of a text whose stored versions are `contents`.
pub(crate) fn length_limit(contents: &[&str]) -> usize {
    let longest = contents.iter().map(|content| content.chars().count()).max();
    longest.unwrap_or_default().max(CONTENT_MAX)
}
