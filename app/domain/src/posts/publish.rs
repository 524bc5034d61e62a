//! Publish a post, and change one that is published.

use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QuerySelect,
    sea_query::Expr,
};
use time::{Duration, OffsetDateTime};

use super::{counters, room};
use super::{
    drafts,
    markdown::{self, RENDERER, Rendered},
    slug, tags,
};
use crate::{
    Ctx,
    platform::{
        db::Transaction,
        entity::{post, user},
        list::Cursor,
    },
};
use shared::{
    error::AppError,
    forms::{
        Field, FieldErrors, Form, Problem,
        post::{Intent, NewPost, PostForm},
    },
    model::{
        account::Viewer,
        post::{DraftTarget, PostRef, Saved, Submitted},
    },
};

/// The same post within this time is taken for the same request.
const REPEATED: Duration = Duration::minutes(1);

/// Does with a text of `author` what they have asked for.
///
/// # Errors
/// Those of [`publish`] and of [`keep`]. Then nothing has changed.
pub async fn submit(ctx: &Ctx, author: &Viewer, form: PostForm) -> Result<Submitted, AppError> {
    match form.intent {
        Intent::Publish => {
            same_author(author, &form)?;
            let post = publish(ctx, author, form.target(), form.validate()?).await?;
            Ok(match form.post {
                Some(_) => Submitted::Updated(post),
                None => Submitted::Published(post),
            })
        }
        Intent::Save => {
            let saved = keep(ctx, author, &form).await?;
            Ok(Submitted::Saved(saved.target))
        }
        Intent::Preview => {
            form.text_alone().draft()?;
            Ok(Submitted::Previewed)
        }
    }
}

/// Keeps a text of `author` as a draft.
///
/// # Errors
/// Those of [`drafts::save`], and [`AppError::OtherAccount`] when somebody else has begun it.
pub async fn keep(ctx: &Ctx, author: &Viewer, form: &PostForm) -> Result<Saved, AppError> {
    same_author(author, form)?;
    drafts::save(ctx, author, form.target(), form.draft()?).await
}

/// A form that was begun by one person is not sent by another who has logged in meanwhile in the same browser.
fn same_author(author: &Viewer, form: &PostForm) -> Result<(), AppError> {
    match form.author {
        Some(begun_by) if begun_by != author.id => Err(AppError::OtherAccount),
        _ => Ok(()),
    }
}

/// What the text of `author` in `form` will look like, as sanitised HTML.
///
/// # Errors
/// [`AppError::Throttled`] after too many, [`AppError::Invalid`] for a text that is too long, or whose HTML is.
pub async fn preview(ctx: &Ctx, author: &Viewer, form: &PostForm) -> Result<String, AppError> {
    ctx.state.limits.preview.check(&ctx.state.db, author.id).await?;
    let target = form.target();
    let content = form.text_alone().draft()?.content;
    room::require(ctx.state.db.reader(), author, target, &content).await?;
    Ok(rendered(&content).await?.html)
}

/// The HTML of `content`, if it is in proportion to it.
async fn rendered(content: &str) -> Result<Rendered, AppError> {
    let rendered = markdown::render(content.to_owned()).await?;
    if rendered.is_in_proportion_to(content) {
        Ok(rendered)
    } else {
        Err(FieldErrors::one(Field::Content, Problem::TooMuchMarkup).into())
    }
}

/// Publishes a text by `author`: as a new post, or in place of what the post has said until now. Its draft is done with. The
/// same text sent again at once, by a double click or an impatient reload, is the post that is there already.
///
/// # Errors
/// [`AppError::Invalid`] when nothing of its text would be seen or its HTML is too long, [`AppError::Throttled`] after too many,
/// [`AppError::Conflict`] when the post or the draft has another version than `target` says, and when the draft has been
/// published or discarded meanwhile, [`AppError::Forbidden`] for
/// somebody else's post, [`AppError::Gone`] for a deleted one. Then nothing has changed.
pub async fn publish(
    ctx: &Ctx,
    author: &Viewer,
    target: DraftTarget,
    new: NewPost,
) -> Result<PostRef, AppError> {
    ctx.state.limits.write.check(&ctx.state.db, author.id).await?;
    let rendered = seen(&new.content).await?;
    let transaction = ctx.state.db.begin().await?;
    let now = ctx.state.clock.now();
    let published = publish_in(&transaction, author, target, new, rendered, now).await?;
    ctx.state.db.commit(transaction).await?;
    Ok(published)
}

/// The HTML of `content`, if a reader would see something of it.
pub(super) async fn seen(content: &str) -> Result<Rendered, AppError> {
    let rendered = rendered(content).await?;
    if rendered.is_empty() {
        // Markup alone, and none that is allowed.
        return Err(FieldErrors::one(Field::Content, Problem::Required).into());
    }
    Ok(rendered)
}

/// Publishes a text whose HTML is `rendered`, in `transaction`.
pub(super) async fn publish_in(
    transaction: &Transaction,
    author: &Viewer,
    target: DraftTarget,
    new: NewPost,
    rendered: Rendered,
    now: OffsetDateTime,
) -> Result<PostRef, AppError> {
    lock(transaction, author).await?;
    match target.post {
        None => create(transaction, author, target, new, rendered, now).await,
        Some(id) => {
            let before = owned(transaction, author, id).await?;
            update(transaction, author, before, target, new, rendered, now).await
        }
    }
}

/// Lets one request of `author` at a time through; the others wait here for the first. SQLite does that by itself.
pub(crate) async fn lock(transaction: &Transaction, author: &Viewer) -> Result<(), AppError> {
    let found: Option<i64> = user::Entity::find_by_id(author.id)
        .select_only()
        .column(user::Column::Id)
        // Somebody who was suspended while this request was on its way.
        .filter(user::Column::SuspendedBecause.is_null())
        .lock_exclusive()
        .into_tuple()
        .one(transaction)
        .await?;
    found.map(drop).ok_or(AppError::SignInRequired)
}

/// What is compared before a post is changed.
#[derive(FromQueryResult)]
pub(crate) struct Owned {
    pub id: i64,
    pub slug: String,
    pub version: i64,
    pub title: String,
    pub tags: String,
    pub content: String,
    author_id: i64,
    created_at: OffsetDateTime,
    pub deleted_at: Option<OffsetDateTime>,
    pub hidden_because: Option<String>,
}

/// The post with the number `id`, which is by `author` and on the site.
pub(crate) async fn owned(
    db: &impl sea_orm::ConnectionTrait,
    author: &Viewer,
    id: i64,
) -> Result<Owned, AppError> {
    let found = any(db, author, id).await?;
    match (&found.hidden_because, found.deleted_at) {
        (Some(_), _) => Err(AppError::Hidden),
        (None, Some(_)) => Err(AppError::Gone),
        (None, None) => Ok(found),
    }
}

/// The same, whether it is in the trash or not.
pub(super) async fn any(
    db: &impl sea_orm::ConnectionTrait,
    author: &Viewer,
    id: i64,
) -> Result<Owned, AppError> {
    let found: Option<Owned> = post::Entity::find_by_id(id).into_model().one(db).await?;
    let found = found.ok_or(AppError::NotFound)?;
    if found.author_id == author.id {
        Ok(found)
    } else if found.deleted_at.is_some() {
        Err(AppError::Gone)
    } else {
        Err(AppError::Forbidden)
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
    let has_room = room::require(transaction, author, target, &new.content).await;
    let had_draft = drafts::finish(transaction, author, target, &new).await?;
    if !had_draft {
        if let Some(before) = sent_before(transaction, author.id, &new, now - REPEATED).await? {
            return Ok(before);
        }
        if target.draft.is_some() {
            return Err(AppError::Conflict);
        }
    }
    has_room?;
    let row = post::ActiveModel {
        author_id: Set(author.id),
        slug: Set(slug::of(&new.title, "post")),
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
    counters::enters(transaction, author.id, key).await?;
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
    let found: Option<(i64, String)> = post::Entity::find()
        .select_only()
        .columns([post::Column::Id, post::Column::Slug])
        .filter(post::Column::AuthorId.eq(author))
        .filter(post::Column::DeletedAt.is_null())
        .filter(post::Column::CreatedAt.gt(since))
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
    before: Owned,
    target: DraftTarget,
    new: NewPost,
    rendered: Rendered,
    now: OffsetDateTime,
) -> Result<PostRef, AppError> {
    let has_room = room::require(transaction, author, target, &new.content).await;
    let had_draft = drafts::finish(transaction, author, target, &new).await?;
    let tags = new.tags.kept();
    if before.title == new.title && before.content == new.content && before.tags == tags {
        return Ok(PostRef {
            id: before.id,
            slug: before.slug,
        });
    }
    let is_discarded = target.draft.is_some() && !had_draft;
    if is_discarded || before.version != target.post_version {
        return Err(AppError::Conflict);
    }
    has_room?;
    if before.tags != tags {
        counters::hold(transaction).await?;
    }
    let slug = slug::of(&new.title, "post");
    let changed = post::Entity::update_many()
        .col_expr(post::Column::Title, Expr::value(new.title))
        .col_expr(post::Column::Slug, Expr::value(slug.as_str()))
        .col_expr(post::Column::Tags, Expr::value(tags))
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
    let key = Cursor {
        at: before.created_at,
        id: before.id,
    };
    tags::change(transaction, key, &new.tags).await?;
    Ok(PostRef { id: before.id, slug })
}
