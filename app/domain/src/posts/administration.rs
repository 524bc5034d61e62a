//! What an administrator does to posts, from the command line.

use sea_orm::{
    ColumnTrait, DbErr, EntityTrait, FromQueryResult, JoinType, QueryFilter, QueryOrder, QuerySelect,
    RelationTrait,
};
use time::OffsetDateTime;

use super::drafts;
use super::{
    publish::{publish_in, seen},
    room, trash,
};
use crate::{
    AppState,
    accounts::administration as people,
    moderation::audit_log::{self, COMMAND_LINE},
    platform::{
        db::Transaction,
        entity::{post, user},
    },
};
use shared::{
    error::AppError,
    forms::{Form, post::PostForm},
    model::{
        account::Viewer,
        moderation::{AuditAction, describe_post},
        post::DraftTarget,
        tag::Tags,
    },
};

/// A post, with what an administrator wants to know of it.
#[derive(Debug, Clone, FromQueryResult)]
pub struct Found {
    /// Its number.
    pub id: i64,
    /// Its title.
    pub title: String,
    /// The tags, as the table has them.
    pub tags: String,
    /// Its text, in Markdown.
    pub content: String,
    /// Its version.
    pub version: i64,
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
        note(&transaction, state, AuditAction::DeletePost, &found).await?;
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
        note(&transaction, state, AuditAction::RestorePost, &found).await?;
        state.db.commit(transaction).await?;
    }
    Ok(found)
}

/// Publishes a new post of the person with this name or address, and tells its number.
///
/// # Errors
/// [`AppError::NotFound`] when there is nobody, [`AppError::SignInRequired`] when they are suspended, [`AppError::Invalid`] for
/// what cannot be a post.
pub async fn add(state: &AppState, author: &str, form: PostForm) -> Result<Found, AppError> {
    let author = writer(people::find(state, author).await?);
    write(state, &author, DraftTarget::default(), form, AuditAction::AddPost).await
}

/// Begins a draft of the person with this name or address.
///
/// # Errors
/// Those of [`add`].
pub async fn add_draft(state: &AppState, author: &str, form: PostForm) -> Result<user::Model, AppError> {
    let person = people::find(state, author).await?;
    let (text, author) = (form.draft()?, writer(person.clone()));
    let transaction = state.db.begin().await?;
    drafts::save_in(
        &transaction,
        &author,
        DraftTarget::default(),
        text,
        state.clock.now(),
    )
    .await?;
    audit_log::record(
        &transaction,
        state,
        COMMAND_LINE,
        AuditAction::AddDraft,
        &author.username,
        "",
    )
    .await?;
    state.db.commit(transaction).await?;
    Ok(person)
}

/// A change of a post; fields without a value stay as they are.
#[derive(Debug, Clone, Default)]
pub struct Change {
    /// The title.
    pub title: Option<String>,
    /// The tags, with commas between them.
    pub tags: Option<String>,
    /// The text, in Markdown.
    pub content: Option<String>,
}

/// Changes the post with this number.
///
/// # Errors
/// [`AppError::NotFound`] when there is none, [`AppError::Gone`] when it is in the trash, [`AppError::Hidden`] when a moderator
/// has hidden it, [`AppError::Conflict`] when its author has begun to change it, [`AppError::Invalid`] for what cannot be a post.
pub async fn update(state: &AppState, id: i64, change: Change) -> Result<Found, AppError> {
    let found = find(state, id).await?;
    let author = user::Entity::find_by_id(found.author_id)
        .one(state.db.reader())
        .await?;
    let author = writer(author.ok_or(AppError::NotFound)?);
    let target = DraftTarget {
        post: Some(id),
        post_version: found.version,
        ..DraftTarget::default()
    };
    let form = PostForm {
        title: change.title.unwrap_or(found.title),
        tags: change.tags.unwrap_or_else(|| Tags::read(&found.tags).to_string()),
        content_max: i64::try_from(room::of(&[&found.content])).unwrap_or_default(),
        content: change.content.unwrap_or(found.content),
        ..PostForm::default()
    };
    write(state, &author, target, form, AuditAction::UpdatePost).await
}

/// Publishes what is in `form`, and notes it.
async fn write(
    state: &AppState,
    author: &Viewer,
    target: DraftTarget,
    form: PostForm,
    action: AuditAction,
) -> Result<Found, AppError> {
    let new = form.validate()?;
    let rendered = seen(&new.content).await?;
    let transaction = state.db.begin().await?;
    let written = publish_in(&transaction, author, target, new, rendered, state.clock.now()).await?;
    let found = select().filter(post::Column::Id.eq(written.id)).into_model();
    let found: Found = found.one(&transaction).await?.ok_or(AppError::NotFound)?;
    note(&transaction, state, action, &found).await?;
    state.db.commit(transaction).await?;
    Ok(found)
}

fn writer(person: user::Model) -> Viewer {
    Viewer {
        id: person.id,
        username: person.username,
        picture: None,
        may_moderate: false,
    }
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

async fn note(
    transaction: &Transaction,
    state: &AppState,
    action: AuditAction,
    found: &Found,
) -> Result<(), DbErr> {
    let subject = describe_post(found.id, &found.title, &found.author);
    audit_log::record(transaction, state, COMMAND_LINE, action, &subject, "").await
}

fn select() -> sea_orm::Select<post::Entity> {
    post::Entity::find()
        .column_as(user::Column::Username, "author")
        .join(JoinType::InnerJoin, post::Relation::User.def())
}
