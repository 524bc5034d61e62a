//! Submissions of the editor: publishing, now or later, saving and previewing.

use super::{
    content_length, drafts,
    publish::{publish, rendered},
    schedule,
};
use crate::Scope;
use shared::{
    error::AppError,
    forms::post::{DraftText, EditorSubmission},
    model::{
        account::Viewer,
        post::{DraftTarget, Submitted},
    },
};

/// Performs a submission of `author` about `target`.
///
/// # Errors
///
/// Returns the errors of [`publish`], of [`drafts::save`] and of [`schedule::set`]. Nothing has changed then.
pub async fn submit(
    scope: &Scope,
    author: &Viewer,
    target: DraftTarget,
    submission: EditorSubmission,
) -> Result<Submitted, AppError> {
    Ok(match submission {
        EditorSubmission::Publish(new) => {
            let published = publish(scope, author, target, new).await?;
            match (published.is_held, target.post) {
                (true, _) => Submitted::Held(published.post()),
                (false, Some(_)) => Submitted::Updated(published.post()),
                (false, None) => Submitted::Published(published.post()),
            }
        }
        EditorSubmission::Save(text) => {
            Submitted::Saved(drafts::save(scope, author, target, text).await?.target)
        }
        EditorSubmission::Preview(_) => Submitted::Previewed,
        EditorSubmission::Schedule(text, time) => {
            schedule::set(scope, author, target, text, time).await?;
            Submitted::Scheduled
        }
    })
}

/// Renders `text`, which `author` writes for `target`, as sanitised HTML.
///
/// # Errors
///
/// Returns [`AppError::Throttled`] after too many previews, and [`AppError::Invalid`] if the text or its HTML is too
/// long.
pub async fn preview(
    scope: &Scope,
    author: &Viewer,
    target: DraftTarget,
    text: DraftText,
) -> Result<String, AppError> {
    scope
        .state
        .limits
        .preview
        .check(&scope.state.db, author.id)
        .await?;
    content_length::require(scope.state.db.reader(), author, target, &text.content).await?;
    Ok(rendered(&text.content).await?.html)
}
