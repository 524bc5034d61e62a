//! Delete the account.

use sea_orm::EntityTrait;

use super::settings::require_password;
use crate::{
    backend::{Ctx, entity::user, media},
    error::AppError,
    forms::Secret,
    model::{account::Viewer, media::Picture},
};

/// Deletes `viewer` with their posts, sessions, tokens and unsent mails, in one transaction, and then their picture's files.
///
/// # Errors
/// [`AppError::Invalid`] when the password is wrong. Then everything is as it was.
pub async fn delete(ctx: &Ctx, viewer: &Viewer, password: Secret) -> Result<(), AppError> {
    let person = user::Entity::find_by_id(viewer.id)
        .one(ctx.state.db.reader())
        .await?
        .ok_or(AppError::SignInRequired)?;
    require_password(ctx, &person, password).await?;

    let transaction = ctx.state.db.begin().await?;
    // What was uploaded since then goes as well.
    let person = user::Entity::find_by_id(viewer.id)
        .one(&transaction)
        .await?
        .ok_or(AppError::SignInRequired)?;
    if let Some(picture) = Picture::of(person.picture) {
        media::doom(&transaction, &picture, ctx.state.clock.now()).await?;
    }
    user::Entity::delete_by_id(viewer.id).exec(&transaction).await?;
    transaction.commit().await?;
    media::sweep(&ctx.state).await;
    ctx.session.flush().await?;
    Ok(())
}
