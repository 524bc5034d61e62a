//! What people are still writing. Nobody else sees it.

use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult,
    PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use time::{Duration, OffsetDateTime};

use super::{
    publish::{lock, owned},
    room,
};
use crate::platform::db::Transaction;
use crate::{Ctx, platform::entity::draft};
use shared::{
    error::AppError,
    forms::{
        Field, FieldErrors, Problem,
        post::{DRAFTS_MAX, DraftText, NewPost},
    },
    model::{
        account::Viewer,
        post::{DraftCard, DraftTarget, EditorDocument, PostRef, Saved},
        tag::Tags,
    },
};

/// The same text within this time is taken for the same request.
const REPEATED: Duration = Duration::minutes(1);

/// Keeps `text` as the draft that `target` names, or as a new one. What was to change a post that has gone is a text of its
/// own, so that nothing is lost.
///
/// # Errors
/// [`AppError::Conflict`] when the draft, or the post that it changes, has another version than `target` says, and when the
/// draft has been published or discarded meanwhile;
/// [`AppError::Forbidden`] for somebody else's post, [`AppError::Invalid`] when there are too many or the text is too long.
pub async fn save(
    ctx: &Ctx,
    author: &Viewer,
    target: DraftTarget,
    text: DraftText,
) -> Result<Saved, AppError> {
    ctx.state.limits.draft.check(&ctx.state.db, author.id).await?;
    let transaction = ctx.state.db.begin().await?;
    let saved = save_in(&transaction, author, target, text, ctx.state.clock.now()).await?;
    ctx.state.db.commit_private(transaction).await?;
    Ok(Saved {
        target: saved.target(),
        at: saved.updated_at,
    })
}

/// The same in `transaction`.
pub(crate) async fn save_in(
    transaction: &Transaction,
    author: &Viewer,
    target: DraftTarget,
    text: DraftText,
    now: OffsetDateTime,
) -> Result<draft::Model, AppError> {
    lock(transaction, author).await?;
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
            room::require(transaction, author, target, &text.content).await?;
            match before {
                Some(before) => replace(transaction, before, target, text, now).await,
                None => insert(transaction, author, target, text, now).await,
            }
        }
    }
}

/// The draft of `author` that `target` names, or the one of the post that it names.
async fn kept(
    db: &impl ConnectionTrait,
    author: &Viewer,
    target: DraftTarget,
) -> Result<Option<draft::Model>, AppError> {
    let own = || draft::Entity::find().filter(draft::Column::AuthorId.eq(author.id));
    if let Some(id) = target.draft
        && let Some(found) = own().filter(draft::Column::Id.eq(id)).one(db).await?
    {
        return Ok(Some(found));
    }
    match target.post {
        Some(post) => Ok(own().filter(draft::Column::PostId.eq(post)).one(db).await?),
        None => Ok(None),
    }
}

/// The draft that the same request has made, whose answer has not arrived.
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
        // What was to change a post that has gone is a text of its own from now on.
        row.post_id = Set(None);
    }
    row.title = Set(text.title);
    row.tags = Set(text.tags.kept());
    row.content = Set(text.content);
    row.version = Set(version);
    row.updated_at = Set(now);
    Ok(row.update(transaction).await?)
}

async fn insert(
    transaction: &Transaction,
    author: &Viewer,
    target: DraftTarget,
    text: DraftText,
    now: OffsetDateTime,
) -> Result<draft::Model, AppError> {
    let post_id = match target.post {
        None => None,
        Some(id) => match owned(transaction, author, id).await {
            Ok(post) if post.version != target.post_version => return Err(AppError::Conflict),
            Ok(post) => Some(post.id),
            // The text outlives the post that it was to change.
            Err(AppError::Gone | AppError::Hidden | AppError::NotFound) => None,
            Err(error) => return Err(error),
        },
    };
    let own = draft::Entity::find().filter(draft::Column::AuthorId.eq(author.id));
    if own.count(transaction).await? >= DRAFTS_MAX {
        return Err(FieldErrors::one(Field::Content, Problem::TooManyDrafts).into());
    }
    let row = draft::ActiveModel {
        author_id: Set(author.id),
        post_id: Set(post_id),
        post_version: Set(target.post_version),
        title: Set(text.title),
        tags: Set(text.tags.kept()),
        content: Set(text.content),
        version: Set(1),
        created_at: Set(now),
        updated_at: Set(now),
        ..Default::default()
    };
    Ok(row.insert(transaction).await?)
}

/// `new` is about to be published by `author`: the draft that `target` names is done with. Tells whether there was one.
///
/// # Errors
/// [`AppError::Conflict`] when it has another text than the one that `target` knows.
pub(crate) async fn finish(
    transaction: &Transaction,
    author: &Viewer,
    target: DraftTarget,
    new: &NewPost,
) -> Result<bool, AppError> {
    let Some(before) = kept(transaction, author, target).await? else {
        return Ok(false);
    };
    let is_known = Some(before.id) == target.draft && before.version == target.draft_version;
    let is_same =
        before.title == new.title && before.content == new.content && before.tags == new.tags.kept();
    if !is_known && !is_same {
        return Err(AppError::Conflict);
    }
    draft::Entity::delete_by_id(before.id).exec(transaction).await?;
    Ok(true)
}

/// The draft with the number `id`, to go on with.
///
/// # Errors
/// [`AppError::NotFound`] when `author` has no such draft.
pub async fn open(ctx: &Ctx, author: &Viewer, id: i64) -> Result<EditorDocument, AppError> {
    let found = draft::Entity::find_by_id(id)
        .filter(draft::Column::AuthorId.eq(author.id))
        .one(ctx.state.db.reader())
        .await?
        .ok_or(AppError::NotFound)?;
    let Some(post) = found.post_id else {
        return Ok(found.manuscript(None));
    };
    match open_post(ctx, author, post).await {
        // Whatever has become of the post, the text is there; it can become a new one.
        Err(AppError::Gone | AppError::Hidden) => {
            let mut manuscript = found.manuscript(None);
            manuscript.target.post = None;
            Ok(manuscript)
        }
        opened => opened,
    }
}

/// The changes that `author` has begun to make to the post with the number `id`, or the post as it is.
///
/// # Errors
/// [`AppError::Forbidden`] for somebody else's post, [`AppError::Gone`] for a deleted one, [`AppError::NotFound`] when there
/// is none.
pub async fn open_post(ctx: &Ctx, author: &Viewer, id: i64) -> Result<EditorDocument, AppError> {
    let post = owned(ctx.state.db.reader(), author, id).await?;
    let target = DraftTarget {
        post: Some(id),
        post_version: post.version,
        ..DraftTarget::default()
    };
    let address = PostRef { id, slug: post.slug };
    let kept = kept(ctx.state.db.reader(), author, target).await?;
    Ok(match kept {
        Some(kept) => {
            let mut manuscript = kept.manuscript(Some(address));
            manuscript.target.post_version = post.version;
            manuscript.content_max = room::of(&[&manuscript.content, &post.content]);
            manuscript.post_title = Some(post.title);
            manuscript
        }
        None => EditorDocument {
            target,
            title: post.title.clone(),
            tags: Tags::read(&post.tags),
            content_max: room::of(&[&post.content]),
            content: post.content,
            post: Some(address),
            post_title: Some(post.title),
            saved_at: None,
        },
    })
}

/// Throws the draft with the number `id` away. One that is not there is fine.
///
/// # Errors
/// When the database cannot be reached.
pub async fn discard(ctx: &Ctx, author: &Viewer, id: i64) -> Result<(), AppError> {
    draft::Entity::delete_many()
        .filter(draft::Column::Id.eq(id))
        .filter(draft::Column::AuthorId.eq(author.id))
        .exec(ctx.state.db.writer())
        .await?;
    Ok(())
}

#[derive(FromQueryResult)]
struct Row {
    id: i64,
    post_id: Option<i64>,
    title: String,
    updated_at: OffsetDateTime,
}

/// All drafts of `author`, the last one saved first.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list(ctx: &Ctx, author: &Viewer) -> Result<Vec<DraftCard>, AppError> {
    let rows: Vec<Row> = draft::Entity::find()
        .select_only()
        .columns([
            draft::Column::Id,
            draft::Column::PostId,
            draft::Column::Title,
            draft::Column::UpdatedAt,
        ])
        .filter(draft::Column::AuthorId.eq(author.id))
        .order_by_desc(draft::Column::UpdatedAt)
        .order_by_desc(draft::Column::Id)
        .limit(DRAFTS_MAX)
        .into_model()
        .all(ctx.state.db.reader())
        .await?;
    let cards = rows.into_iter().map(|row| DraftCard {
        id: row.id,
        post: row.post_id,
        title: row.title,
        saved_at: row.updated_at,
    });
    Ok(cards.collect())
}

impl draft::Model {
    fn has(&self, text: &DraftText) -> bool {
        self.title == text.title && self.content == text.content && self.tags == text.tags.kept()
    }

    fn target(&self) -> DraftTarget {
        DraftTarget {
            post: self.post_id,
            post_version: self.post_version,
            draft: Some(self.id),
            draft_version: self.version,
        }
    }

    fn manuscript(self, post: Option<PostRef>) -> EditorDocument {
        EditorDocument {
            target: self.target(),
            title: self.title,
            tags: Tags::read(&self.tags),
            content_max: room::of(&[&self.content]),
            content: self.content,
            post,
            post_title: None,
            saved_at: Some(self.updated_at),
        }
    }
}
