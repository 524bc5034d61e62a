//! Publishing and updating posts.

use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait, sea_query::Expr,
};
use time::{Duration, OffsetDateTime};

use super::{
    content_length, drafts, history,
    ownership::{OwnPost, own},
};
use crate::{
    Scope,
    markdown::{self, RENDERER, Rendered, slug},
    platform::{
        db::Transaction,
        entity::post,
        list::{Cursor, counters, taggings},
        topic::Topic,
    },
    policy::{self, Action},
};
use shared::{
    error::AppError,
    forms::{Field, FieldErrors, FieldProblem, post::NewPost},
    model::{
        account::Viewer,
        post::{DraftTarget, PostRef},
    },
};

/// The time within which the same post is treated as a repeated request.
const REPEATED: Duration = Duration::minutes(1);
/// The number of an author's newest posts with which a new post is compared.
const COMPARED: u64 = 10;

/// Renders `content`, and returns [`AppError::Invalid`] if the HTML is disproportionately long.
pub(super) async fn rendered(content: &str) -> Result<Rendered, AppError> {
    let rendered = markdown::render(content.to_owned()).await?;
    if rendered.is_in_proportion_to(content) {
        Ok(rendered)
    } else {
        Err(FieldErrors::one(Field::Content, FieldProblem::TooMuchMarkup).into())
    }
}

/// Publishes a text of `author` as a new post or as a new version of a post, and deletes its draft. If the same text
/// was submitted a moment ago, for example by a double click, returns the existing post.
///
/// # Errors
///
/// Returns [`AppError::Invalid`] if nothing of the text would be visible or its HTML is too long,
/// [`AppError::Throttled`] after too many posts, [`AppError::Conflict`] if the post or the draft has another version
/// than `target` or the draft has been published or discarded in the meantime, [`AppError::Forbidden`] if the post
/// belongs to another user, and [`AppError::Gone`] if it has been deleted. Nothing has changed then.
pub async fn publish(
    scope: &Scope,
    author: &Viewer,
    target: DraftTarget,
    new: NewPost,
) -> Result<PostRef, AppError> {
    scope.state.limits.write.check(&scope.state.db, author.id).await?;
    let rendered = seen(&new.content).await?;
    let transaction = scope.state.db.begin().await?;
    let now = scope.state.clock.now();
    let published = publish_in(&transaction, author, target, new, rendered, now).await?;
    scope.state.db.commit(transaction).await?;
    Ok(published)
}

/// Renders `content`, and returns [`AppError::Invalid`] if nothing of it would be visible.
pub(crate) async fn seen(content: &str) -> Result<Rendered, AppError> {
    let rendered = rendered(content).await?;
    if rendered.is_empty() {
        // Only markup, none of which is allowed.
        return Err(FieldErrors::one(Field::Content, FieldProblem::Required).into());
    }
    Ok(rendered)
}

/// Publishes a text with its HTML `rendered` within `transaction`.
pub(super) async fn publish_in(
    transaction: &Transaction,
    author: &Viewer,
    target: DraftTarget,
    new: NewPost,
    rendered: Rendered,
    now: OffsetDateTime,
) -> Result<PostRef, AppError> {
    let actor = policy::lock(transaction, author).await?;
    match target.post {
        None => create(transaction, author, target, new, rendered, now).await,
        Some(id) => {
            let before = own(transaction, actor, Action::Edit, id).await?;
            update(transaction, author, before, target, new, rendered, now).await
        }
    }
}

async fn create(
    transaction: &Transaction,
    author: &Viewer,
    target: DraftTarget,
    new: NewPost,
    rendered: Rendered,
    now: OffsetDateTime,
) -> Result<PostRef, AppError> {
    let fits = content_length::require(transaction, author, target, &new.content).await;
    let had_draft = drafts::finish(transaction, author, target, &new).await?;
    if !had_draft {
        if let Some(before) = sent_before(transaction, author.id, &new, now - REPEATED).await? {
            return Ok(before);
        }
        if target.draft.is_some() {
            return Err(AppError::Conflict);
        }
    }
    fits?;
    let row = post::ActiveModel {
        author_id: Set(author.id),
        slug: Set(slug::from_text(&new.title, "post")),
        title: Set(new.title),
        tags: Set(new.tags.kept()),
        content: Set(new.content),
        html: Set(rendered.html),
        excerpt: Set(rendered.excerpt),
        words: Set(rendered.words),
        renderer: Set(RENDERER),
        version: Set(1),
        created_at: Set(now),
        updated_at: Set(now),
        ..Default::default()
    };
    let saved = row.insert(transaction).await?;
    let key = Cursor {
        at: saved.created_at,
        id: saved.id,
    };
    counters::add(transaction, author.id, key, &new.tags).await?;
    Ok(PostRef {
        id: saved.id,
        slug: saved.slug,
    })
}

async fn sent_before(
    transaction: &Transaction,
    author: i64,
    new: &NewPost,
    since: OffsetDateTime,
) -> Result<Option<PostRef>, AppError> {
    let newest = post::Entity::find()
        .select_only()
        .column(post::Column::Id)
        .filter(post::Column::AuthorId.eq(author))
        .filter(post::listed())
        .filter(post::Column::CreatedAt.gt(since))
        .order_by_desc(post::Column::CreatedAt)
        .order_by_desc(post::Column::Id)
        .limit(COMPARED)
        .into_query();
    let found: Option<(i64, String)> = post::Entity::find()
        .select_only()
        .columns([post::Column::Id, post::Column::Slug])
        .filter(post::Column::Id.in_subquery(newest))
        .filter(post::Column::Title.eq(new.title.as_str()))
        .filter(post::Column::Content.eq(new.content.as_str()))
        .filter(post::Column::Tags.eq(new.tags.kept()))
        .into_tuple()
        .one(transaction)
        .await?;
    Ok(found.map(|(id, slug)| PostRef { id, slug }))
}

async fn update(
    transaction: &Transaction,
    author: &Viewer,
    before: OwnPost,
    target: DraftTarget,
    mut new: NewPost,
    rendered: Rendered,
    now: OffsetDateTime,
) -> Result<PostRef, AppError> {
    let fits = content_length::require(transaction, author, target, &new.content).await;
    let had_draft = drafts::finish(transaction, author, target, &new).await?;
    let is_noted = new.change_note.is_empty() || new.change_note == before.change_note;
    if is_noted && before.has(&new) {
        return Ok(PostRef {
            id: before.id,
            slug: before.slug,
        });
    }
    let is_discarded = target.draft.is_some() && !had_draft;
    if is_discarded || before.version != target.post_version {
        return Err(AppError::Conflict);
    }
    fits?;
    new.change_note = history::keep(transaction, &before, &new, now).await?;
    replace(transaction, before, new, rendered, now).await
}

/// Replaces the text of `before` within `transaction`.
pub(super) async fn replace(
    transaction: &Transaction,
    before: OwnPost,
    new: NewPost,
    rendered: Rendered,
    now: OffsetDateTime,
) -> Result<PostRef, AppError> {
    let slug = slug::from_text(&new.title, "post");
    let changed = post::Entity::update_many()
        .col_expr(post::Column::Title, Expr::value(new.title))
        .col_expr(post::Column::Slug, Expr::value(slug.as_str()))
        .col_expr(post::Column::Tags, Expr::value(new.tags.kept()))
        .col_expr(post::Column::ChangeNote, Expr::value(new.change_note))
        .col_expr(post::Column::Content, Expr::value(new.content))
        .col_expr(post::Column::Html, Expr::value(rendered.html))
        .col_expr(post::Column::Excerpt, Expr::value(rendered.excerpt))
        .col_expr(post::Column::Words, Expr::value(rendered.words))
        .col_expr(post::Column::Renderer, Expr::value(RENDERER))
        .col_expr(post::Column::Version, Expr::value(before.version + 1))
        .col_expr(post::Column::UpdatedAt, Expr::value(now))
        .filter(post::Column::Id.eq(before.id))
        .filter(post::Column::Version.eq(before.version))
        .exec(transaction)
        .await?;
    if changed.rows_affected == 0 {
        return Err(AppError::Conflict);
    }
    transaction.invalidate([Topic::Site, Topic::User(before.author_id), Topic::Post(before.id)]);
    let key = Cursor {
        at: before.created_at,
        id: before.id,
    };
    if before.status().is_listed() {
        taggings::update(transaction, key, &new.tags).await?;
    }
    Ok(PostRef { id: before.id, slug })
}
