//! Inline images of posts.

use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect,
    sea_query::ExprTrait,
};
use time::OffsetDateTime;

use super::{Folder, UploadPermit, processing, scaled_images};
use crate::{
    Scope, media,
    platform::{digest, entity::image},
    policy::{self, Action, Target, may},
};
use shared::{
    error::AppError,
    forms::{Field, FieldErrors, FieldProblem, picture::IMAGES_MAX_MEGABYTES},
    model::{account::Viewer, media::InlineImage},
};

/// Images that outlive their owner.
mod inheritance;
/// Images that no text uses any more.
mod unused;

pub(crate) use inheritance::hand_over;
pub use unused::sweep;

/// Checks that `viewer` may upload an image. Called before the body is read, so that a refused upload does not occupy
/// the memory reserved for others.
///
/// # Errors
///
/// Returns [`AppError::Throttled`] after too many uploads or if processing of an earlier one takes too long, and
/// [`AppError::Invalid`] if the quota is used up.
pub async fn reserve(scope: &Scope, viewer: &Viewer) -> Result<UploadPermit, AppError> {
    scope.state.limits.image.check(&scope.state.db, viewer.id).await?;
    refuse_full(used(scope.state.db.reader(), viewer.id).await?)?;
    scope.state.media.reserve(viewer.id).await
}

/// Stores `upload` as an inline image of `viewer`.
///
/// # Errors
///
/// Returns [`AppError::Invalid`] if `upload` is not a usable image or the quota is used up.
pub async fn add(
    scope: &Scope,
    viewer: &Viewer,
    _permit: UploadPermit,
    upload: Vec<u8>,
) -> Result<InlineImage, AppError> {
    let format = processing::format(&upload).map_err(refused)?;
    let made = scope
        .state
        .media
        .workers
        .run(move || processing::scaled(upload, format))
        .await?;
    let scaled = made.unwrap_or(Err(FieldProblem::Broken)).map_err(refused)?;
    let random = digest::random::<8>()?;
    let content = digest::sha256(&scaled.file);
    let content = content.get(..16).unwrap_or_default();
    let name = format!(
        "{random}-{content}-{}-{}.{}",
        scaled.width, scaled.height, scaled.kind
    );
    let made = InlineImage::named(&name).ok_or(AppError::Internal)?;

    let path = Folder::Images.path(&name);
    let now = scope.state.clock.now();
    let bytes = i64::try_from(scaled.file.len()).unwrap_or(i64::MAX);
    media::reserve(scope.state.db.writer(), std::slice::from_ref(&path), now).await?;
    scope.state.media.store.write(&path, scaled.file).await?;
    let transaction = scope.state.db.begin().await?;
    let actor = policy::lock(&transaction, viewer).await?;
    may(actor, Action::UploadImage, Target::Site)?;
    refuse_full(used(&transaction, viewer.id).await?)?;
    if !media::cancel_deletion(&transaction, std::slice::from_ref(&path)).await? {
        // The upload took so long that its file has already been deleted.
        return Err(AppError::Unreachable);
    }
    let row = image::ActiveModel {
        name: Set(name),
        owner_id: Set(viewer.id),
        bytes: Set(bytes),
        created_at: Set(now),
        checked_at: Set(now),
        unused_since: Set(None),
    };
    image::Entity::insert(row)
        .exec_without_returning(&transaction)
        .await?;
    scope.state.db.commit(transaction).await?;
    Ok(made)
}

/// Marks all inline images of `owner` for deletion.
pub(crate) async fn schedule_all(
    db: &impl ConnectionTrait,
    owner: i64,
    now: OffsetDateTime,
) -> Result<(), DbErr> {
    let names: Vec<String> = image::Entity::find()
        .select_only()
        .column(image::Column::Name)
        .filter(image::Column::OwnerId.eq(owner))
        .into_tuple()
        .all(db)
        .await?;
    let paths: Vec<String> = names.iter().flat_map(|name| scaled_images::files(name)).collect();
    media::schedule_deletion(db, &paths, now).await
}

/// Returns the total size in bytes of the inline images of `owner`.
async fn used(db: &impl ConnectionTrait, owner: i64) -> Result<i64, DbErr> {
    let sum: Option<Option<i64>> = image::Entity::find()
        .select_only()
        .expr(image::Column::Bytes.sum().cast_as("bigint"))
        .filter(image::Column::OwnerId.eq(owner))
        .into_tuple()
        .one(db)
        .await?;
    Ok(sum.flatten().unwrap_or_default())
}

fn refuse_full(used: i64) -> Result<(), AppError> {
    let used = usize::try_from(used).unwrap_or_default();
    if used >= IMAGES_MAX_MEGABYTES * 1_000_000 {
        Err(refused(FieldProblem::QuotaUsed(IMAGES_MAX_MEGABYTES)))
    } else {
        Ok(())
    }
}

fn refused(problem: FieldProblem) -> AppError {
    FieldErrors::one(Field::Image, problem).into()
}
