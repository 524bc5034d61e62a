//! Management of posts from the command line.

use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter, QueryOrder, QuerySelect, RelationTrait,
};
use time::OffsetDateTime;

use super::drafts;
use super::{
    content_length,
    ownership::own,
    publish::{publish_in, seen},
    state::{self, StateChange},
};
use crate::{
    Scope,
    accounts::administration as people,
    audit_log,
    platform::{
        db::Transaction,
        entity::{post, user},
    },
    policy::Action,
};
use shared::{
    error::AppError,
    forms::{
        Form,
        post::{DetailsForm, PostForm},
    },
    model::{
        account::Viewer,
        moderation::{AuditAction, describe_post},
        post::{DraftTarget, PostDetails, Visibility},
        tag::Tags,
    },
};

/// A post as administrators see it.
#[derive(Debug, Clone, FromQueryResult)]
pub struct Found {
    /// The id.
    pub id: i64,
    /// The title.
    pub title: String,
    /// The tags, as stored in the table.
    pub tags: String,
    /// The Markdown source.
    pub content: String,
    /// The details, as stored in the table.
    pub details: String,
    /// The version.
    pub version: i64,
    /// The id of the author.
    pub author_id: i64,
    /// The username of the author.
    pub author: String,
    /// The time of publication.
    pub created_at: OffsetDateTime,
    /// The time of the last change.
    pub updated_at: OffsetDateTime,
    /// The time of deletion, if the post is in the trash.
    pub deleted_at: Option<OffsetDateTime>,
    /// The reason why a moderator has hidden the post, if one has.
    pub hidden_because: Option<String>,
}

/// Returns the newest posts, at most `limit`, of all users or of the user with this id, including those in the trash.
///
/// # Errors
///
/// Returns an error if the database cannot be reached.
pub async fn list(scope: &Scope, author: Option<i64>, limit: u64) -> Result<Vec<Found>, AppError> {
    let mut posts = select();
    if let Some(author) = author {
        posts = posts.filter(post::Column::AuthorId.eq(author));
    }
    let found = posts
        .order_by_desc(post::Column::CreatedAt)
        .order_by_desc(post::Column::Id)
        .limit(limit)
        .into_model()
        .all(scope.state.db.reader())
        .await?;
    Ok(found)
}

/// Returns the post with this id, even if it is in the trash.
///
/// # Errors
///
/// Returns [`AppError::NotFound`] if there is no such post.
pub async fn find(scope: &Scope, id: i64) -> Result<Found, AppError> {
    let found = select()
        .filter(post::Column::Id.eq(id))
        .into_model()
        .one(scope.state.db.reader())
        .await?;
    found.ok_or(AppError::NotFound)
}

/// Moves the post with this id to its author's trash.
///
/// # Errors
///
/// Returns [`AppError::NotFound`] if there is no such post, and [`AppError::Hidden`] if a moderator has hidden it.
pub async fn delete(scope: &Scope, id: i64) -> Result<Found, AppError> {
    let found = find(scope, id).await?;
    let transaction = scope.state.db.begin().await?;
    require(scope, &transaction, &found).await?;
    if state::change(&transaction, id, StateChange::Delete(scope.state.clock.now())).await? {
        note(scope, &transaction, AuditAction::DeletePost, &found).await?;
        scope.state.db.commit(transaction).await?;
    }
    Ok(found)
}

/// Restores the post with this id from the trash.
///
/// # Errors
///
/// Returns [`AppError::NotFound`] if there is no such post, and [`AppError::Hidden`] if a moderator has hidden it.
pub async fn restore(scope: &Scope, id: i64) -> Result<Found, AppError> {
    let found = find(scope, id).await?;
    let transaction = scope.state.db.begin().await?;
    require(scope, &transaction, &found).await?;
    if state::change(&transaction, id, StateChange::Restore).await? {
        note(scope, &transaction, AuditAction::RestorePost, &found).await?;
        scope.state.db.commit(transaction).await?;
    }
    Ok(found)
}

/// Publishes a new post of the user with this username or address and returns it.
///
/// # Errors
///
/// Returns [`AppError::NotFound`] if there is no such user, [`AppError::SignInRequired`] if they are suspended, and
/// [`AppError::Invalid`] if the post is not valid.
pub async fn add(scope: &Scope, author: &str, form: PostForm) -> Result<Found, AppError> {
    let author = viewer_of(people::find(scope, author).await?);
    write(scope, &author, DraftTarget::default(), form, AuditAction::AddPost).await
}

/// Creates a draft of the user with this username or address.
///
/// # Errors
///
/// Returns the errors of [`add`].
pub async fn add_draft(scope: &Scope, author: &str, form: PostForm) -> Result<user::Model, AppError> {
    let person = people::find(scope, author).await?;
    let (text, author) = (form.draft()?, viewer_of(person.clone()));
    let transaction = scope.state.db.begin().await?;
    drafts::save_in(
        &transaction,
        &author,
        DraftTarget::default(),
        text,
        scope.state.clock.now(),
    )
    .await?;
    audit_log::record(scope, &transaction, AuditAction::AddDraft, &author.username, "").await?;
    scope.state.db.commit(transaction).await?;
    Ok(person)
}

/// A change to a post; fields that are `None` stay unchanged.
#[derive(Debug, Clone, Default)]
pub struct Change {
    /// The title.
    pub title: Option<String>,
    /// The tags, separated by commas.
    pub tags: Option<String>,
    /// The Markdown source.
    pub content: Option<String>,
}

/// Updates the post with this id.
///
/// # Errors
///
/// Returns [`AppError::NotFound`] if there is no such post, [`AppError::Gone`] if it is in the trash,
/// [`AppError::Hidden`] if a moderator has hidden it, [`AppError::Conflict`] if its author has a draft of it, and
/// [`AppError::Invalid`] if the post is not valid.
pub async fn update(scope: &Scope, id: i64, change: Change) -> Result<Found, AppError> {
    let found = find(scope, id).await?;
    let author = user::Entity::find_by_id(found.author_id)
        .one(scope.state.db.reader())
        .await?;
    let author = viewer_of(author.ok_or(AppError::NotFound)?);
    let target = DraftTarget {
        post: Some(id),
        post_version: found.version,
        ..DraftTarget::default()
    };
    let form = PostForm {
        title: change.title.unwrap_or(found.title),
        tags: change.tags.unwrap_or_else(|| Tags::read(&found.tags).to_string()),
        content_max: i64::try_from(content_length::length_limit(&[&found.content])).unwrap_or_default(),
        content: change.content.unwrap_or(found.content),
        ..PostForm::default()
    };
    let details = DetailsForm {
        // Stays as it is.
        visibility: String::new(),
        ..DetailsForm::of(PostDetails::read(&found.details), Visibility::default())
    };
    let form = form.with_details(details);
    write(scope, &author, target, form, AuditAction::UpdatePost).await
}

/// Publishes the text in `form` and records it in the audit log.
async fn write(
    scope: &Scope,
    author: &Viewer,
    target: DraftTarget,
    form: PostForm,
    action: AuditAction,
) -> Result<Found, AppError> {
    let new = form.validate()?;
    let rendered = seen(&new.content).await?;
    let transaction = scope.state.db.begin().await?;
    let written = publish_in(
        &transaction,
        &scope.state.settings.site_url,
        author,
        target,
        new,
        rendered,
        scope.state.clock.now(),
    )
    .await?;
    let found = select().filter(post::Column::Id.eq(written.id)).into_model();
    let found: Found = found.one(&transaction).await?.ok_or(AppError::NotFound)?;
    note(scope, &transaction, action, &found).await?;
    scope.state.db.commit(transaction).await?;
    Ok(found)
}

pub(super) fn viewer_of(person: user::Model) -> Viewer {
    Viewer {
        display_name: person.display_name,
        id: person.id,
        username: person.username,
        picture: None,
        role: person.role,
        is_frozen: person.frozen_until.is_some(),
    }
}

/// Locks the author's row, so that concurrent changes wait, and returns an error if the actor of `scope` may not move
/// the post to the trash or restore it.
async fn require(scope: &Scope, transaction: &Transaction, found: &Found) -> Result<(), AppError> {
    let author: Option<i64> = user::Entity::find_by_id(found.author_id)
        .select_only()
        .column(user::Column::Id)
        .lock_exclusive()
        .into_tuple()
        .one(transaction)
        .await?;
    author.ok_or(AppError::NotFound)?;
    own(transaction, scope.actor().await?, Action::Trash, found.id).await?;
    Ok(())
}

async fn note(
    scope: &Scope,
    transaction: &Transaction,
    action: AuditAction,
    found: &Found,
) -> Result<(), AppError> {
    let subject = describe_post(found.id, &found.title, &found.author);
    audit_log::record(scope, transaction, action, &subject, "").await
}

fn select() -> sea_orm::Select<post::Entity> {
    post::Entity::find()
        .column_as(user::Column::Username, "author")
        .join(JoinType::InnerJoin, post::Relation::User.def())
}
