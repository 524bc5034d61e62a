//! Deletion of an account.

use sea_orm::{EntityTrait, QuerySelect};

use super::{last_administrator, settings::require_password};
use crate::{
    AppState, Scope, comments, decisions,
    media::{self, avatars, inline_images},
    platform::{db::Transaction, entity::user, list::counters},
};
use shared::{
    error::AppError,
    forms::Secret,
    model::{account::Viewer, media::Avatar},
};

/// Deletes `viewer` with their posts, sessions, tokens and unsent mails in one transaction, then the files of their
/// images.
///
/// # Errors
///
/// Returns [`AppError::Invalid`] if the password is wrong, and [`AppError::LastAdministrator`] if nobody else administers
/// the site. Nothing is deleted then.
pub async fn delete(scope: &Scope, viewer: &Viewer, password: Secret) -> Result<(), AppError> {
    let person = user::Entity::find_by_id(viewer.id)
        .one(scope.state.db.reader())
        .await?
        .ok_or(AppError::SignInRequired)?;
    require_password(scope, &person, password).await?;

    remove(&scope.state, viewer.id).await?;
    if let Err(error) = scope.session()?.flush().await {
        // The session row was deleted with the account.
        tracing::warn!(%error, "the session of a deleted account");
    }
    Ok(())
}

/// Deletes the user with this id and everything that belongs to them.
async fn remove(state: &AppState, id: i64) -> Result<(), AppError> {
    let transaction = state.db.begin().await?;
    remove_in(&transaction, state, id).await?;
    state.db.commit(transaction).await?;
    media::sweep_now(state).await;
    Ok(())
}

/// Deletes a user within a transaction. [`media::sweep`] deletes the files of their images afterwards.
pub(super) async fn remove_in(transaction: &Transaction, state: &AppState, id: i64) -> Result<(), AppError> {
    last_administrator::keep(transaction, id).await?;
    // The lock makes concurrent uploads either finish before, so that they are deleted as well, or wait until the
    // user is gone.
    let person = user::Entity::find_by_id(id)
        .lock_exclusive()
        .one(transaction)
        .await?
        .ok_or(AppError::SignInRequired)?;
    if let Some(picture) = Avatar::from_name(person.picture) {
        media::schedule_deletion(transaction, &avatars::files(&picture), state.clock.now()).await?;
    }
    decisions::forget(transaction, id).await?;
    comments::remove_author(transaction, id).await?;
    counters::remove_author(transaction, id).await?;
    inline_images::hand_over(transaction, id).await?;
    inline_images::schedule_all(transaction, id, state.clock.now()).await?;
    user::Entity::delete_by_id(id).exec(transaction).await?;
    Ok(())
}
