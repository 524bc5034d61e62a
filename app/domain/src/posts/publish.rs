//! Publishing and updating posts.

use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait, sea_query::Expr,
};
use time::{Duration, OffsetDateTime};

use super::{
    content_length, details, drafts, history,
    ownership::{OwnPost, own},
    preview_links,
    state::{self, StateChange},
};
use crate::{
    Scope, SiteUrl,
    markdown::{self, RENDERER, Rendered},
    platform::{
        db::Transaction,
        entity::post,
        list::{Cursor, counters, taggings},
        topic::Topic,
    },
    policy::{self, Action, Target, may},
    trust::{self, TextId, Written},
};
use shared::{
    error::AppError,
    forms::{Field, FieldErrors, FieldProblem, post::NewPost},
    model::{
        account::Viewer,
        post::{DraftTarget, PostDetails, PostRef, PostState, PostStatus, Visibility},
        site::SiteIdentity,
        tag::Tags,
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

/// Publishes a text of `author` as a new post or as a new version of a post, or holds it until a moderator has approved it, and
/// deletes its draft. If the same text
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
) -> Result<Published, AppError> {
    scope.state.limits.write.check(&scope.state.db, author.id).await?;
    let rendered = seen(&new.content).await?;
    let html = rendered.html.clone();
    let site = scope.site().await;
    let transaction = scope.state.db.begin().await?;
    let now = scope.state.clock.now();
    let site_url = &scope.state.settings.site_url;
    let post = publish_in(&transaction, site_url, author, target, new, rendered, now).await?;
    assess(scope, &site, &transaction, author.id, (post.id, &html), now).await?;
    let is_held = is_held(&transaction, post.id).await?;
    scope.state.db.commit(transaction).await?;
    scope.state.jobs.wake();
    Ok(Published {
        id: post.id,
        slug: post.slug,
        is_held,
    })
}

/// A post that was published, or that waits for a moderator first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// The id.
    pub id: i64,
    /// The slug.
    pub slug: String,
    /// Whether it waits for a moderator.
    pub is_held: bool,
}

impl Published {
    /// Returns the parts of the URL.
    #[must_use]
    pub fn post(self) -> PostRef {
        PostRef {
            id: self.id,
            slug: self.slug,
        }
    }
}

/// Returns whether the post with this id waits for a moderator.
async fn is_held(transaction: &Transaction, id: i64) -> Result<bool, AppError> {
    let state: Option<PostState> = post::Entity::find_by_id(id)
        .select_only()
        .column(post::Column::State)
        .into_tuple()
        .one(transaction)
        .await?;
    Ok(state == Some(PostState::Held))
}

/// Decides whether the post with this id and HTML, which `author` has just published, waits for a moderator, and holds it then.
pub(super) async fn assess(
    scope: &Scope,
    site: &SiteIdentity,
    transaction: &Transaction,
    author: i64,
    (post, html): (i64, &str),
    now: OffsetDateTime,
) -> Result<(), AppError> {
    let visibility: Option<Visibility> = post::Entity::find_by_id(post)
        .select_only()
        .column(post::Column::Visibility)
        .into_tuple()
        .one(transaction)
        .await?;
    if visibility == Some(Visibility::Private) {
        // Nobody else reads it, moderators neither. It is looked at when it is published for others.
        return Ok(());
    }
    let written = Written {
        author,
        text: TextId::Post(post),
        html,
        is_new: true,
        points: 0,
    };
    if let Some(reason) = trust::assess(scope, site, transaction, written).await? {
        state::change(transaction, post, StateChange::Hold(now, reason)).await?;
    }
    Ok(())
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
    site_url: &SiteUrl,
    author: &Viewer,
    target: DraftTarget,
    new: NewPost,
    rendered: Rendered,
    now: OffsetDateTime,
) -> Result<PostRef, AppError> {
    let actor = policy::lock(transaction, author).await?;
    may(actor, Action::Publish, Target::Site)?;
    match target.post {
        None => {
            details::require(
                transaction,
                site_url,
                author.id,
                &new.details,
                &PostDetails::default(),
            )
            .await?;
            create(transaction, author, target, new, rendered, now).await
        }
        Some(id) => {
            let before = own(transaction, actor, Action::Edit, id).await?;
            let carried = PostDetails::read(&before.details);
            let new = completed(new, &carried);
            details::require(transaction, site_url, author.id, &new.details, &carried).await?;
            update(transaction, author, before, target, new, rendered, now).await
        }
    }
}

/// Returns `new` with what its post has `carried`, if it comes from an editor of an earlier version, which did not have these
/// fields. One that has them always says who reads the post.
pub(super) fn completed(new: NewPost, carried: &PostDetails) -> NewPost {
    if new.visibility.is_none() && new.details == PostDetails::default() {
        return NewPost {
            details: carried.clone(),
            ..new
        };
    }
    new
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
    let draft = drafts::finish(transaction, author, target, &new).await?;
    if draft.is_none() {
        if let Some(before) = sent_before(transaction, author.id, &new, now - REPEATED).await? {
            return Ok(before);
        }
        if target.draft.is_some() {
            return Err(AppError::Conflict);
        }
    }
    fits?;
    let created = insert(transaction, author.id, new, rendered, now).await?;
    if let Some(draft) = draft {
        preview_links::lead_to(transaction, draft, created.id).await?;
    }
    Ok(created)
}

/// Inserts a new post of `author` within `transaction`, and puts it into the lists if it is public.
pub(super) async fn insert(
    transaction: &Transaction,
    author: i64,
    new: NewPost,
    rendered: Rendered,
    now: OffsetDateTime,
) -> Result<PostRef, AppError> {
    let visibility = new.visibility.unwrap_or_default();
    let row = post::ActiveModel {
        author_id: Set(author),
        slug: Set(details::slug_of(&new.details, &new.title)),
        title: Set(new.title),
        tags: Set(new.tags.kept()),
        content: Set(new.content),
        html: Set(rendered.html),
        excerpt: Set(new.details.excerpt_or(rendered.excerpt)),
        words: Set(rendered.words),
        renderer: Set(RENDERER),
        version: Set(1),
        created_at: Set(now),
        updated_at: Set(now),
        visibility: Set(visibility),
        details: Set(new.details.kept()),
        ..Default::default()
    };
    let saved = row.insert(transaction).await?;
    transaction.invalidate([Topic::Post(saved.id)]);
    if visibility == Visibility::Public {
        let key = Cursor {
            at: saved.created_at,
            id: saved.id,
        };
        counters::add(transaction, author, key, &new.tags).await?;
    }
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
    let of_kind = match new.visibility.unwrap_or_default() {
        Visibility::Public => post::listed(),
        _ => post::unlisted(),
    };
    for of_kind in [of_kind, post::held()] {
        let found = same_among(transaction, author, new, since, of_kind).await?;
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}

/// Returns the newest post of `author` since this time with the text of `new`, among those `of_kind`.
async fn same_among(
    transaction: &Transaction,
    author: i64,
    new: &NewPost,
    since: OffsetDateTime,
    of_kind: Expr,
) -> Result<Option<PostRef>, AppError> {
    let visibility = new.visibility.unwrap_or_default();
    let newest = post::Entity::find()
        .select_only()
        .column(post::Column::Id)
        .filter(post::Column::AuthorId.eq(author))
        .filter(of_kind)
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
        .filter(post::Column::Details.eq(new.details.kept()))
        .filter(post::Column::Visibility.eq(visibility))
        .filter(post::Column::State.is_in([PostState::Published, PostState::Held]))
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
    new: NewPost,
    rendered: Rendered,
    now: OffsetDateTime,
) -> Result<PostRef, AppError> {
    let fits = content_length::require(transaction, author, target, &new.content).await;
    let draft = drafts::finish(transaction, author, target, &new).await?;
    let is_discarded = target.draft.is_some() && draft.is_none();
    if let Some(draft) = draft {
        preview_links::lead_to(transaction, draft, before.id).await?;
    }
    if is_same(&before, &new) {
        return Ok(PostRef {
            id: before.id,
            slug: before.slug,
        });
    }
    if is_discarded || before.version != target.post_version {
        return Err(AppError::Conflict);
    }
    fits?;
    replace_and_keep(transaction, before, new, rendered, now).await
}

/// Returns whether publishing `new` would change nothing.
pub(super) fn is_same(before: &OwnPost, new: &NewPost) -> bool {
    let is_noted = new.change_note.is_empty() || new.change_note == before.change_note;
    let visibility = before.status().visibility;
    is_noted && before.has(new) && new.visibility.unwrap_or(visibility) == visibility
}

/// Replaces the text of `before` within `transaction`, and keeps it in the history.
pub(super) async fn replace_and_keep(
    transaction: &Transaction,
    before: OwnPost,
    mut new: NewPost,
    rendered: Rendered,
    now: OffsetDateTime,
) -> Result<PostRef, AppError> {
    new.change_note = history::keep(transaction, &before, &new, now).await?;
    replace(transaction, before, new, rendered, now).await
}

/// Replaces the text of `before` within `transaction`, and moves the post into the lists or out of them.
pub(super) async fn replace(
    transaction: &Transaction,
    before: OwnPost,
    new: NewPost,
    rendered: Rendered,
    now: OffsetDateTime,
) -> Result<PostRef, AppError> {
    let slug = details::slug_of(&new.details, &new.title);
    let updated_at = if before.has(&new) { before.updated_at } else { now };
    let after = PostStatus {
        visibility: new.visibility.unwrap_or(before.status().visibility),
        ..before.status()
    };
    let changed = post::Entity::update_many()
        .col_expr(post::Column::Title, Expr::value(new.title))
        .col_expr(post::Column::Slug, Expr::value(slug.as_str()))
        .col_expr(post::Column::Tags, Expr::value(new.tags.kept()))
        .col_expr(post::Column::ChangeNote, Expr::value(new.change_note))
        .col_expr(post::Column::Details, Expr::value(new.details.kept()))
        .col_expr(post::Column::Visibility, Expr::value(after.visibility))
        .col_expr(post::Column::Content, Expr::value(new.content))
        .col_expr(post::Column::Html, Expr::value(rendered.html))
        .col_expr(
            post::Column::Excerpt,
            Expr::value(new.details.excerpt_or(rendered.excerpt)),
        )
        .col_expr(post::Column::Words, Expr::value(rendered.words))
        .col_expr(post::Column::Renderer, Expr::value(RENDERER))
        .col_expr(post::Column::Version, Expr::value(before.version + 1))
        .col_expr(post::Column::UpdatedAt, Expr::value(updated_at))
        .filter(post::Column::Id.eq(before.id))
        .filter(post::Column::Version.eq(before.version))
        .exec(transaction)
        .await?;
    if changed.rows_affected == 0 {
        return Err(AppError::Conflict);
    }
    if after.visibility != before.status().visibility {
        hide_history(transaction, before.id).await?;
    }
    transaction.invalidate([Topic::Site, Topic::User(before.author_id), Topic::Post(before.id)]);
    let change = (before.status().is_listed(), after.is_listed());
    enter_or_leave_lists(transaction, &before, change, &new.tags).await?;
    Ok(PostRef { id: before.id, slug })
}

/// Makes the history of the post with this id private, because it contains what was written for other readers.
async fn hide_history(transaction: &Transaction, id: i64) -> Result<(), AppError> {
    post::Entity::update_many()
        .col_expr(post::Column::IsHistoryPublic, Expr::value(false))
        .filter(post::Column::Id.eq(id))
        .exec(transaction)
        .await?;
    Ok(())
}

/// Moves a post between the lists after a `change` from being in them, or not, to being in them, or not.
async fn enter_or_leave_lists(
    transaction: &Transaction,
    post: &OwnPost,
    change: (bool, bool),
    tags: &Tags,
) -> Result<(), AppError> {
    let key = Cursor {
        at: post.created_at,
        id: post.id,
    };
    match change {
        (true, true) => taggings::update(transaction, key, tags).await,
        (true, false) => counters::remove(transaction, post.author_id, key).await,
        (false, true) => counters::add(transaction, post.author_id, key, tags).await,
        (false, false) => Ok(()),
    }
}
