//! Drafts, visible only to their authors.

use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult,
    PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use time::{Duration, OffsetDateTime};

use super::{content_length, ownership::own, schedule};
use crate::{
    Scope,
    platform::{db::Transaction, entity::draft},
    policy::{self, Action, Actor},
};
use shared::{
    error::AppError,
    forms::{
        Field, FieldErrors, FieldProblem,
        post::{DRAFTS_MAX, DetailsForm, DraftText, NewPost, PostForm},
    },
    model::{
        account::Viewer,
        post::{DraftCard, DraftTarget, EditorDocument, PostDetails, PostRef, Saved, Schedule},
        tag::Tags,
    },
};

/// The time within which the same text is treated as a repeated request.
const REPEATED: Duration = Duration::minutes(1);

/// Saves `text` as the draft that `target` identifies, or as a new one. If the post that it was to change is gone, it
/// becomes a separate draft, so that nothing is lost.
///
/// # Errors
///
/// Returns [`AppError::Conflict`] if the draft or the post that it changes has another version than `target`, or if
/// the draft has been published or discarded in the meantime; [`AppError::Forbidden`] if the post belongs to another
/// user; and [`AppError::Invalid`] if there are too many drafts or the text is too long.
pub async fn save(
    scope: &Scope,
    author: &Viewer,
    target: DraftTarget,
    text: DraftText,
) -> Result<Saved, AppError> {
    scope.state.limits.draft.check(&scope.state.db, author.id).await?;
    let transaction = scope.state.db.begin().await?;
    let saved = save_in(&transaction, author, target, text, scope.state.clock.now()).await?;
    scope.state.db.commit(transaction).await?;
    Ok(Saved {
        target: saved.target(),
        at: saved.updated_at,
    })
}

/// Saves a draft within `transaction`.
pub(crate) async fn save_in(
    transaction: &Transaction,
    author: &Viewer,
    target: DraftTarget,
    text: DraftText,
    now: OffsetDateTime,
) -> Result<draft::Model, AppError> {
    let actor = policy::lock(transaction, author).await?;
    let before = match kept(transaction, author, target).await? {
        Some(before) => Some(before),
        None => repeated(transaction, author, target, &text, now).await?,
    };
    match before {
        Some(before) if before.has(&text) => Ok(before),
        Some(before) if Some(before.id) != target.draft || before.version != target.draft_version => {
            Err(AppError::Conflict)
        }
        None if target.draft.is_some() => Err(AppError::Conflict),
        before => {
            content_length::require(transaction, author, target, &text.content).await?;
            match before {
                Some(before) => replace(transaction, before, target, text, now).await,
                None => insert(transaction, author, actor, target, text, now).await,
            }
        }
    }
}

/// Returns the draft of `author` that `target` identifies, or the draft of the post that it identifies.
async fn kept(
    db: &impl ConnectionTrait,
    author: &Viewer,
    target: DraftTarget,
) -> Result<Option<draft::Model>, AppError> {
    let drafts = || draft::Entity::find().filter(draft::Column::AuthorId.eq(author.id));
    if let Some(id) = target.draft
        && let Some(found) = drafts().filter(draft::Column::Id.eq(id)).one(db).await?
    {
        return Ok(Some(found));
    }
    match target.post {
        Some(post) => Ok(drafts().filter(draft::Column::PostId.eq(post)).one(db).await?),
        None => Ok(None),
    }
}

/// Returns the draft that an earlier attempt of the same request has created.
async fn repeated(
    transaction: &Transaction,
    author: &Viewer,
    target: DraftTarget,
    text: &DraftText,
    now: OffsetDateTime,
) -> Result<Option<draft::Model>, AppError> {
    if target.post.is_some() {
        return Ok(None);
    }
    let found = draft::Entity::find()
        .filter(draft::Column::AuthorId.eq(author.id))
        .filter(draft::Column::UpdatedAt.gt(now - REPEATED))
        .filter(draft::Column::Title.eq(text.title.as_str()))
        .filter(draft::Column::Tags.eq(text.tags.kept()))
        .filter(draft::Column::Content.eq(text.content.as_str()))
        .filter(draft::Column::PostId.is_null())
        .one(transaction)
        .await?;
    Ok(found)
}

async fn replace(
    transaction: &Transaction,
    before: draft::Model,
    target: DraftTarget,
    text: DraftText,
    now: OffsetDateTime,
) -> Result<draft::Model, AppError> {
    let version = before.version + 1;
    let mut row = draft::ActiveModel::from(before);
    if target.post.is_none() {
        // The post is gone, so the draft becomes independent of it.
        row.post_id = Set(None);
    }
    row.title = Set(text.title);
    row.tags = Set(text.tags.kept());
    row.content = Set(text.content);
    row.change_note = Set(text.change_note);
    row.details = Set(text.details.kept());
    row.version = Set(version);
    row.updated_at = Set(now);
    Ok(row.update(transaction).await?)
}

async fn insert(
    transaction: &Transaction,
    author: &Viewer,
    actor: Actor,
    target: DraftTarget,
    text: DraftText,
    now: OffsetDateTime,
) -> Result<draft::Model, AppError> {
    let post_id = match target.post {
        None => None,
        Some(id) => match own(transaction, actor, Action::Edit, id).await {
            Ok(post) if post.version != target.post_version => return Err(AppError::Conflict),
            Ok(post) => Some(post.id),
            // The text is kept although the post is gone.
            Err(AppError::Gone | AppError::Hidden | AppError::NotFound) => None,
            Err(error) => return Err(error),
        },
    };
    let drafts = draft::Entity::find().filter(draft::Column::AuthorId.eq(author.id));
    if drafts.count(transaction).await? >= DRAFTS_MAX {
        return Err(FieldErrors::one(Field::Content, FieldProblem::TooManyDrafts).into());
    }
    let row = draft::ActiveModel {
        author_id: Set(author.id),
        post_id: Set(post_id),
        post_version: Set(target.post_version),
        title: Set(text.title),
        tags: Set(text.tags.kept()),
        content: Set(text.content),
        change_note: Set(text.change_note),
        details: Set(text.details.kept()),
        version: Set(1),
        created_at: Set(now),
        updated_at: Set(now),
        ..Default::default()
    };
    Ok(row.insert(transaction).await?)
}

/// Deletes the draft that `target` identifies because `new` is about to be published, and returns its id. Returns `None`
/// if there is none.
///
/// # Errors
///
/// Returns [`AppError::Conflict`] if the draft has changed since the version of `target`.
pub(crate) async fn finish(
    transaction: &Transaction,
    author: &Viewer,
    target: DraftTarget,
    new: &NewPost,
) -> Result<Option<i64>, AppError> {
    let Some(before) = kept(transaction, author, target).await? else {
        return Ok(None);
    };
    let is_known = Some(before.id) == target.draft && before.version == target.draft_version;
    // Another window may have saved the same text, but not what else is lost with the draft.
    let is_same = before.title == new.title
        && before.content == new.content
        && before.tags == new.tags.kept()
        && before.publish_at.is_none()
        && carries(&before.details, new);
    if !is_known && !is_same {
        return Err(AppError::Conflict);
    }
    draft::Entity::delete_by_id(before.id).exec(transaction).await?;
    Ok(Some(before.id))
}

/// Returns whether a draft with these `details` carries the same as `new`.
fn carries(details: &str, new: &NewPost) -> bool {
    let form = PostForm::default().with_details(DetailsForm::read(details));
    form.details_alone() == Ok((new.details.clone(), new.visibility))
}

/// Returns the draft with this id for the editor.
///
/// # Errors
///
/// Returns [`AppError::NotFound`] if `author` has no such draft.
pub async fn open(scope: &Scope, author: &Viewer, id: i64) -> Result<EditorDocument, AppError> {
    let found = draft::Entity::find_by_id(id)
        .filter(draft::Column::AuthorId.eq(author.id))
        .one(scope.state.db.reader())
        .await?
        .ok_or(AppError::NotFound)?;
    let Some(post) = found.post_id else {
        return Ok(found.document(None));
    };
    match open_post(scope, author, post).await {
        // The post is gone, but the draft can be published as a new one.
        Err(AppError::Gone | AppError::Hidden) => {
            let mut document = found.document(None);
            document.target.post = None;
            Ok(document)
        }
        opened => opened,
    }
}

/// Returns the draft of the post with this id for the editor, or the post itself if there is no draft.
///
/// # Errors
///
/// Returns [`AppError::Forbidden`] if the post belongs to another user, [`AppError::Gone`] if it has been deleted,
/// and [`AppError::NotFound`] if there is no such post.
pub async fn open_post(scope: &Scope, author: &Viewer, id: i64) -> Result<EditorDocument, AppError> {
    let post = own(scope.state.db.reader(), Actor::from(author), Action::Edit, id).await?;
    let target = DraftTarget {
        post: Some(id),
        post_version: post.version,
        ..DraftTarget::default()
    };
    let visibility = post.status().visibility;
    let address = PostRef { id, slug: post.slug };
    let kept = kept(scope.state.db.reader(), author, target).await?;
    Ok(match kept {
        Some(kept) => {
            let mut document = kept.document(Some(address));
            document.target.post_version = post.version;
            if document.details.visibility.is_empty() {
                visibility.name().clone_into(&mut document.details.visibility);
            }
            document.content_max = content_length::length_limit(&[&document.content, &post.content]);
            document.post_title = Some(post.title);
            document
        }
        None => EditorDocument {
            target,
            title: post.title.clone(),
            tags: Tags::read(&post.tags),
            content_max: content_length::length_limit(&[&post.content]),
            content: post.content,
            change_note: String::new(),
            details: DetailsForm::of(PostDetails::read(&post.details), visibility),
            schedule: None,
            post: Some(address),
            post_title: Some(post.title),
            saved_at: None,
        },
    })
}

/// Returns the title of the draft with this id.
///
/// # Errors
///
/// Returns [`AppError::NotFound`] if `author` has no such draft.
pub(super) async fn require(db: &impl ConnectionTrait, author: &Viewer, id: i64) -> Result<String, AppError> {
    let title: Option<String> = draft::Entity::find_by_id(id)
        .select_only()
        .column(draft::Column::Title)
        .filter(draft::Column::AuthorId.eq(author.id))
        .into_tuple()
        .one(db)
        .await?;
    title.ok_or(AppError::NotFound)
}

/// Deletes the draft with this id. Succeeds if it does not exist.
///
/// # Errors
///
/// Returns an error if the database cannot be reached.
pub async fn discard(scope: &Scope, author: &Viewer, id: i64) -> Result<(), AppError> {
    draft::Entity::delete_many()
        .filter(draft::Column::Id.eq(id))
        .filter(draft::Column::AuthorId.eq(author.id))
        .exec(scope.state.db.writer())
        .await?;
    Ok(())
}

#[derive(FromQueryResult)]
struct Row {
    id: i64,
    post_id: Option<i64>,
    title: String,
    updated_at: OffsetDateTime,
    publish_at: Option<OffsetDateTime>,
    publish_zone: Option<String>,
    publish_problem: Option<String>,
}

/// Returns all drafts of `author`, most recently saved first.
///
/// # Errors
///
/// Returns an error if the database cannot be reached.
pub async fn list(scope: &Scope, author: &Viewer) -> Result<Vec<DraftCard>, AppError> {
    let rows: Vec<Row> = draft::Entity::find()
        .select_only()
        .columns([
            draft::Column::Id,
            draft::Column::PostId,
            draft::Column::Title,
            draft::Column::UpdatedAt,
            draft::Column::PublishAt,
            draft::Column::PublishZone,
            draft::Column::PublishProblem,
        ])
        .filter(draft::Column::AuthorId.eq(author.id))
        .order_by_desc(draft::Column::UpdatedAt)
        .order_by_desc(draft::Column::Id)
        .limit(DRAFTS_MAX)
        .into_model()
        .all(scope.state.db.reader())
        .await?;
    let cards = rows.into_iter().map(|row| DraftCard {
        id: row.id,
        post: row.post_id,
        title: row.title,
        saved_at: row.updated_at,
        schedule: schedule::shown(row.publish_at, row.publish_zone, row.publish_problem.as_deref()),
    });
    Ok(cards.collect())
}

impl draft::Model {
    fn has(&self, text: &DraftText) -> bool {
        self.title == text.title
            && self.content == text.content
            && self.tags == text.tags.kept()
            && self.change_note == text.change_note
            && self.details == text.details.kept()
    }

    fn target(&self) -> DraftTarget {
        DraftTarget {
            post: self.post_id,
            post_version: self.post_version,
            draft: Some(self.id),
            draft_version: self.version,
        }
    }

    /// Returns the later time at which the draft is to be published.
    fn schedule(&self) -> Option<Schedule> {
        schedule::shown(
            self.publish_at,
            self.publish_zone.clone(),
            self.publish_problem.as_deref(),
        )
    }

    fn document(self, post: Option<PostRef>) -> EditorDocument {
        EditorDocument {
            target: self.target(),
            schedule: self.schedule(),
            details: DetailsForm::read(&self.details),
            title: self.title,
            tags: Tags::read(&self.tags),
            content_max: content_length::length_limit(&[&self.content]),
            content: self.content,
            change_note: self.change_note,
            post,
            post_title: None,
            saved_at: Some(self.updated_at),
        }
    }
}
