//! Deleted posts, which can be restored for some time.

use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use time::{Duration, OffsetDateTime};

use super::{
    ownership::own,
    schedule,
    state::{self, StateChange},
};
use crate::{
    Scope,
    platform::entity::post,
    policy::{self, Action, Target, may},
};
use shared::{
    error::AppError,
    model::{
        account::Viewer,
        page::{self, ListPage},
        post::{PostRef, PostState, TRASH_DAYS, TrashedPost},
    },
};

/// How long a deleted post can be restored.
pub const KEPT: Duration = Duration::days(TRASH_DAYS);
/// The number of entries per page.
const PER_PAGE: u64 = 20;

/// Moves the post with this id to the trash of its `author`. Succeeds if it is there already.
///
/// # Errors
///
/// Returns [`AppError::Forbidden`] if the post belongs to another user, [`AppError::Hidden`] if a moderator has
/// hidden it, and [`AppError::NotFound`] if there is no such post.
pub async fn delete(scope: &Scope, author: &Viewer, id: i64) -> Result<(), AppError> {
    let transaction = scope.state.db.begin().await?;
    let actor = policy::lock(&transaction, author).await?;
    own(&transaction, actor, Action::Trash, id).await?;
    state::change(&transaction, id, StateChange::Delete(scope.state.clock.now())).await?;
    schedule::cancel_all_of(&transaction, id).await?;
    scope.state.db.commit(transaction).await?;
    Ok(())
}

/// Restores the post with this id from the trash.
///
/// # Errors
///
/// Returns [`AppError::Forbidden`] or [`AppError::Gone`] if the post belongs to another user, [`AppError::Hidden`] if
/// a moderator has hidden it, and [`AppError::NotFound`] if it has been deleted permanently.
pub async fn restore(scope: &Scope, author: &Viewer, id: i64) -> Result<PostRef, AppError> {
    let transaction = scope.state.db.begin().await?;
    let actor = policy::lock(&transaction, author).await?;
    let before = own(&transaction, actor, Action::Trash, id).await?;
    may(actor, Action::Publish, Target::Site)?;
    state::change(&transaction, id, StateChange::Restore).await?;
    scope.state.db.commit(transaction).await?;
    Ok(PostRef {
        id,
        slug: before.slug,
    })
}

#[derive(FromQueryResult)]
struct Row {
    id: i64,
    title: String,
    deleted_at: OffsetDateTime,
    hidden_because: Option<String>,
}

/// Returns page `number` of the deleted posts of `author`, most recently deleted first.
///
/// # Errors
///
/// Returns [`AppError::NoSuchPage`] if there is no such page.
pub async fn list(scope: &Scope, author: &Viewer, number: u64) -> Result<ListPage<TrashedPost>, AppError> {
    let posts = post::Entity::find()
        .filter(post::Column::AuthorId.eq(author.id))
        .filter(post::Column::DeletedAt.is_not_null());
    // Few enough for `count` and `OFFSET`: the number is bounded by the rate limit for publishing.
    let total = posts.clone().count(scope.state.db.reader()).await?;
    let pages = page::count_with(number, total, PER_PAGE)?;
    let rows: Vec<Row> = posts
        .select_only()
        .columns([
            post::Column::Id,
            post::Column::Title,
            post::Column::DeletedAt,
            post::Column::HiddenBecause,
        ])
        .order_by_desc(post::Column::DeletedAt)
        .order_by_desc(post::Column::Id)
        .offset((number - 1) * PER_PAGE)
        .limit(PER_PAGE)
        .into_model()
        .all(scope.state.db.reader())
        .await?;
    let items = rows.into_iter().map(|row| TrashedPost {
        id: row.id,
        title: row.title,
        deleted_at: row.deleted_at,
        goes_at: row.deleted_at + KEPT,
        hidden_because: row.hidden_because,
    });
    Ok(ListPage {
        items: items.collect(),
        number,
        pages,
        total,
    })
}

/// Permanently deletes the posts that have been in the trash for [`KEPT`], and returns their number. Hidden posts are
/// kept, because their authors have not deleted them.
///
/// # Errors
///
/// Returns an error if the database cannot be reached.
pub async fn sweep(scope: &Scope) -> Result<u64, sea_orm::DbErr> {
    let swept = post::Entity::delete_many()
        .filter(post::Column::DeletedAt.lt(scope.state.clock.now() - KEPT))
        .filter(post::Column::State.eq(PostState::Deleted))
        .exec(scope.state.db.writer())
        .await?;
    Ok(swept.rows_affected)
}
