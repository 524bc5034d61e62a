//! What an administrator does to posts, from the command line.

use sea_orm::{
    ColumnTrait, DbErr, EntityTrait, FromQueryResult, JoinType, QueryFilter, QueryOrder, QuerySelect,
    RelationTrait,
};
use time::OffsetDateTime;

use super::trash;
use crate::{
    backend::{
        AppState,
        act::{self, COMMAND_LINE},
        db::Transaction,
        entity::{post, user},
    },
    error::AppError,
    model::moderation::{Deed, describe_post},
};

/// A post, with what an administrator wants to know of it.
#[derive(Debug, Clone, FromQueryResult)]
pub struct Found {
    /// Its number.
    pub id: i64,
    /// Its title.
    pub title: String,
    /// Its text, in Markdown.
    pub content: String,
    /// Whose it is.
    pub author_id: i64,
    /// What they are called.
    pub author: String,
    /// When it was published.
    pub created_at: OffsetDateTime,
    /// When it was last changed.
    pub updated_at: OffsetDateTime,
    /// When it was put into the trash.
    pub deleted_at: Option<OffsetDateTime>,
    /// Why a moderator has hidden it, if one has.
    pub hidden_because: Option<String>,
}

/// The newest posts, at most `limit`: of everybody, or of the person with this number; those in the trash as well.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list(state: &AppState, author: Option<i64>, limit: u64) -> Result<Vec<Found>, AppError> {
    let mut posts = select();
    if let Some(author) = author {
        posts = posts.filter(post::Column::AuthorId.eq(author));
    }
    let found = posts
        .order_by_desc(post::Column::CreatedAt)
        .order_by_desc(post::Column::Id)
        .limit(limit)
        .into_model()
        .all(state.db.reader())
        .await?;
    Ok(found)
}

/// The post with this number, in the trash or not.
///
/// # Errors
/// [`AppError::NotFound`] when there is none.
pub async fn find(state: &AppState, id: i64) -> Result<Found, AppError> {
    let found = select()
        .filter(post::Column::Id.eq(id))
        .into_model()
        .one(state.db.reader())
        .await?;
    found.ok_or(AppError::NotFound)
}

/// Puts the post with this number into its author's trash.
///
/// # Errors
/// [`AppError::NotFound`] when there is none, [`AppError::Hidden`] when a moderator has hidden it.
pub async fn delete(state: &AppState, id: i64) -> Result<Found, AppError> {
    let found = find(state, id).await?;
    let transaction = state.db.begin().await?;
    refuse_hidden(&transaction, &found).await?;
    if trash::take_away(&transaction, found.author_id, id, state.clock.now()).await? {
        note(&transaction, state, Deed::DeletePost, &found).await?;
        state.db.commit(transaction).await?;
    }
    Ok(found)
}

/// Brings the post with this number back to where it was, unless a moderator has hidden it.
///
/// # Errors
/// [`AppError::NotFound`] when there is none, [`AppError::Hidden`] when a moderator has hidden it.
pub async fn restore(state: &AppState, id: i64) -> Result<Found, AppError> {
    let found = find(state, id).await?;
    let transaction = state.db.begin().await?;
    refuse_hidden(&transaction, &found).await?;
    if trash::bring_back(&transaction, found.author_id, id).await? {
        note(&transaction, state, Deed::RestorePost, &found).await?;
        state.db.commit(transaction).await?;
    }
    Ok(found)
}

/// Whoever else changes something of this author's waits from here on; a moderator may have been quicker.
async fn refuse_hidden(transaction: &Transaction, found: &Found) -> Result<(), AppError> {
    let author: Option<i64> = user::Entity::find_by_id(found.author_id)
        .select_only()
        .column(user::Column::Id)
        .lock_exclusive()
        .into_tuple()
        .one(transaction)
        .await?;
    author.ok_or(AppError::NotFound)?;
    let reason: Option<Option<String>> = post::Entity::find_by_id(found.id)
        .select_only()
        .column(post::Column::HiddenBecause)
        .into_tuple()
        .one(transaction)
        .await?;
    match reason {
        None => Err(AppError::NotFound),
        Some(Some(_)) => Err(AppError::Hidden),
        Some(None) => Ok(()),
    }
}

async fn note(transaction: &Transaction, state: &AppState, deed: Deed, found: &Found) -> Result<(), DbErr> {
    let subject = describe_post(found.id, &found.title, &found.author);
    act::note(transaction, state, COMMAND_LINE, deed, &subject, "").await
}

fn select() -> sea_orm::Select<post::Entity> {
    post::Entity::find()
        .column_as(user::Column::Username, "author")
        .join(JoinType::InnerJoin, post::Relation::User.def())
}
