//! One's own picture.

use futures::future::try_join_all;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, sea_query::Expr};

use crate::{
    Ctx,
    media::{
        self, Folder, UploadPermit,
        processing::{self, Squares},
    },
    platform::{digest, entity::user},
};
use shared::{
    error::AppError,
    forms::{Field, FieldErrors, Problem},
    model::{
        account::Viewer,
        media::{Picture, PictureSize},
    },
};

/// Lets `viewer` send a picture; before it comes, so that whoever may not does not take the room of those who may.
///
/// # Errors
/// [`AppError::Throttled`] after too many, and while one that has arrived takes too long.
pub async fn admit(ctx: &Ctx, viewer: &Viewer) -> Result<UploadPermit, AppError> {
    ctx.state.limits.upload.check(&ctx.state.db, viewer.id).await?;
    ctx.state.media.room(viewer.id).await
}

/// Makes `upload`, which was admitted, the picture of `viewer`; the one before goes.
///
/// # Errors
/// [`AppError::Invalid`] for what cannot be a picture. Then the one before stays.
pub async fn change(
    ctx: &Ctx,
    viewer: &Viewer,
    _permit: UploadPermit,
    upload: Vec<u8>,
) -> Result<(), AppError> {
    let format = processing::format(&upload).map_err(refused)?;
    let made = ctx
        .state
        .media
        .workers
        .run(move || processing::squares(upload, format))
        .await?;
    let squares = made.unwrap_or(Err(Problem::Broken)).map_err(refused)?;

    let new = named(&squares)?;
    let paths = files(&new);
    media::begin(ctx.state.db.writer(), &paths, ctx.state.clock.now()).await?;
    let store = &ctx.state.media.store;
    let writing = paths.iter().zip(squares.files);
    try_join_all(writing.map(|(path, content)| store.write(path, content))).await?;
    replace(ctx, viewer, Some(new)).await
}

/// A name for the files of `squares`.
pub(crate) fn named(squares: &Squares) -> Result<Picture, AppError> {
    // A random part, so that two people with one picture have files of their own; a part of the content, so that a name
    // never means another picture.
    let random = digest::random::<8>()?;
    let content = digest::sha256(squares.files.concat());
    let content = content.get(..16).unwrap_or_default();
    let name = format!("{random}-{content}.{}", squares.kind);
    Picture::of(Some(name)).ok_or(AppError::Internal)
}

/// Takes the picture of `viewer` away.
///
/// # Errors
/// When the database cannot be reached.
pub async fn remove(ctx: &Ctx, viewer: &Viewer) -> Result<(), AppError> {
    replace(ctx, viewer, None).await
}

async fn replace(ctx: &Ctx, viewer: &Viewer, new: Option<Picture>) -> Result<(), AppError> {
    let transaction = ctx.state.db.begin().await?;
    if let Some(new) = &new
        && !media::spare(&transaction, &files(new)).await?
    {
        // It took so long that its files have been deleted.
        return Err(AppError::Unreachable);
    }
    let before = current(&transaction, viewer.id).await?;
    if let Some(before) = before {
        media::doom(&transaction, &files(&before), ctx.state.clock.now()).await?;
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
    ctx.state.db.commit(transaction).await?;
    media::sweep_now(&ctx.state).await;
    Ok(())
}

/// Where the files of `picture` are.
pub(crate) fn files(picture: &Picture) -> [String; 2] {
    PictureSize::ALL.map(|size| Folder::Pictures.path(&picture.file(size)))
}

/// The picture that `user_id` has, which nobody else changes until this transaction has ended.
async fn current(transaction: &impl ConnectionTrait, user_id: i64) -> Result<Option<Picture>, AppError> {
    let found: Option<Option<String>> = user::Entity::find_by_id(user_id)
        .select_only()
        .column(user::Column::Picture)
        .lock_exclusive()
        .into_tuple()
        .one(transaction)
        .await?;
    Ok(Picture::of(found.flatten()))
}

fn refused(problem: Problem) -> AppError {
    FieldErrors::one(Field::Picture, problem).into()
}
