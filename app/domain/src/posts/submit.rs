//! Submissions of the editor: publishing, saving and previewing.

use super::{
    content_length, drafts,
    publish::{publish, rendered},
};
use crate::Scope;
use shared::{
    error::AppError,
    forms::{
        Form,
        post::{Intent, PostForm},
    },
    model::{
        account::Viewer,
        post::{Saved, Submitted},
    },
};

/// Performs the intent of a submitted form of `author`.
///
/// # Errors
///
/// Returns the errors of [`publish`] and of [`keep`]. Nothing has changed then.
pub async fn submit(scope: &Scope, author: &Viewer, form: PostForm) -> Result<Submitted, AppError> {
    match form.intent {
        Intent::Publish => {
            same_author(author, &form)?;
            let post = publish(scope, author, form.target(), form.validate()?).await?;
            Ok(match form.post {
                Some(_) => Submitted::Updated(post),
                None => Submitted::Published(post),
            })
        }
        Intent::Save => {
            let saved = keep(scope, author, &form).await?;
            Ok(Submitted::Saved(saved.target))
        }
        Intent::Preview => {
            form.text_alone().draft()?;
            Ok(Submitted::Previewed)
        }
    }
}

/// Saves a text of `author` as a draft.
///
/// # Errors
///
/// Returns the errors of [`drafts::save`], and [`AppError::OtherAccount`] if another user opened the form.
pub async fn keep(scope: &Scope, author: &Viewer, form: &PostForm) -> Result<Saved, AppError> {
    same_author(author, form)?;
    drafts::save(scope, author, form.target(), form.draft()?).await
}

/// Returns an error if the form was opened by another user, who has used the same browser before.
fn same_author(author: &Viewer, form: &PostForm) -> Result<(), AppError> {
    match form.author {
        Some(begun_by) if begun_by != author.id => Err(AppError::OtherAccount),
        _ => Ok(()),
    }
}

/// Renders the text of `author` in `form` as sanitised HTML.
///
/// # Errors
///
/// Returns [`AppError::Throttled`] after too many previews, and [`AppError::Invalid`] if the text or its HTML is too
/// long.
pub async fn preview(scope: &Scope, author: &Viewer, form: &PostForm) -> Result<String, AppError> {
    scope
        .state
        .limits
        .preview
        .check(&scope.state.db, author.id)
        .await?;
    let target = form.target();
    let content = form.text_alone().draft()?.content;
    content_length::require(scope.state.db.reader(), author, target, &content).await?;
    Ok(rendered(&content).await?.html)
}
