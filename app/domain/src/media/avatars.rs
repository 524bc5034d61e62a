//! Avatars.

use futures::future::try_join_all;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, sea_query::Expr};

use crate::{
    Scope,
    media::{
        self, Folder, UploadPermit,
        processing::{self, Squares},
    },
    platform::{digest, entity::user, topic::Topic},
    policy::{self, Action, Target, may},
};
use shared::{
    error::AppError,
    forms::{Field, FieldErrors, FieldProblem},
    model::{
        account::Viewer,
        media::{Avatar, PictureSize},
    },
};

/// Checks that `viewer` may upload an avatar. Called before the body is read, so that a refused upload does not
/// occupy the memory reserved for others.
///
/// # Errors
///
/// Returns [`AppError::Throttled`] after too many uploads, or if processing of an earlier one takes too long.
pub async fn reserve(scope: &Scope, viewer: &Viewer) -> Result<UploadPermit, AppError> {
    scope
        .state
        .limits
        .upload
        .check(&scope.state.db, viewer.id)
        .await?;
    scope.state.media.reserve(viewer.id).await
}

/// Makes `upload` the avatar of `viewer` and deletes the previous one.
///
/// # Errors
///
/// Returns [`AppError::Invalid`] if `upload` is not a usable image. The previous avatar is kept then.
pub async fn change(
    scope: &Scope,
    viewer: &Viewer,
    _permit: UploadPermit,
    upload: Vec<u8>,
) -> Result<(), AppError> {
    let format = processing::format(&upload).map_err(refused)?;
    let made = scope
        .state
        .media
        .workers
        .run(move || processing::squares(upload, format))
        .await?;
    let squares = made.unwrap_or(Err(FieldProblem::Broken)).map_err(refused)?;

    let new = named(&squares)?;
    let paths = files(&new);
    media::reserve(scope.state.db.writer(), &paths, scope.state.clock.now()).await?;
    let store = &scope.state.media.store;
    let writing = paths.iter().zip(squares.files);
    try_join_all(writing.map(|(path, content)| store.write(path, content))).await?;
    replace(scope, viewer, Some(new)).await
}

/// Returns a file name for `squares`.
pub(crate) fn named(squares: &Squares) -> Result<Avatar, AppError> {
    // The random part gives users with the same image separate files; the part derived from the content makes the
    // name change with the image.
    let random = digest::random::<8>()?;
    let content = digest::sha256(squares.files.concat());
    let content = content.get(..16).unwrap_or_default();
    let name = format!("{random}-{content}.{}", squares.kind);
    Avatar::from_name(Some(name)).ok_or(AppError::Internal)
}

/// Removes the avatar of `viewer`.
///
/// # Errors
///
/// Returns an error if the database cannot be reached.
pub async fn remove(scope: &Scope, viewer: &Viewer) -> Result<(), AppError> {
    replace(scope, viewer, None).await
}

async fn replace(scope: &Scope, viewer: &Viewer, new: Option<Avatar>) -> Result<(), AppError> {
    let transaction = scope.state.db.begin().await?;
    let actor = policy::lock(&transaction, viewer).await?;
    if new.is_some() {
        may(actor, Action::ChangeProfile, Target::Site)?;
    }
    if let Some(new) = &new
        && !media::cancel_deletion(&transaction, &files(new)).await?
    {
        // The upload took so long that its files have already been deleted.
        return Err(AppError::Unreachable);
    }
    let before = current(&transaction, viewer.id).await?;
    if let Some(before) = before {
        media::schedule_deletion(&transaction, &files(&before), scope.state.clock.now()).await?;
    }
    let name = new.as_ref().map(|new| new.name().to_owned());
    let changed = user::Entity::update_many()
        .col_expr(user::Column::Picture, Expr::value(name))
        .filter(user::Column::Id.eq(viewer.id))
        .exec(&transaction)
        .await?;
    if changed.rows_affected == 0 {
        return Err(AppError::SignInRequired);
    }
    transaction.invalidate([Topic::User(viewer.id)]);
    scope.state.db.commit(transaction).await?;
    media::sweep_now(&scope.state).await;
    Ok(())
}

/// Returns the paths of the files of `picture`.
pub(crate) fn files(picture: &Avatar) -> [String; 2] {
    PictureSize::ALL.map(|size| Folder::Pictures.path(&picture.file(size)))
}

/// Returns the avatar of `user_id` and locks the row until the transaction ends.
async fn current(transaction: &impl ConnectionTrait, user_id: i64) -> Result<Option<Avatar>, AppError> {
    let found: Option<Option<String>> = user::Entity::find_by_id(user_id)
        .select_only()
        .column(user::Column::Picture)
        .lock_exclusive()
        .into_tuple()
        .one(transaction)
        .await?;
    Ok(Avatar::from_name(found.flatten()))
}

fn refused(problem: FieldProblem) -> AppError {
    FieldErrors::one(Field::Picture, problem).into()
}
