//! Writing a comment.

use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait},
};
use time::{Duration, OffsetDateTime};

use super::{
    count,
    holding::hold_row,
    host::{self, Host},
    of_post::{REPLIES, REPLIES_MAX_BYTES, THREADS},
    path,
    rendering::rendered,
    row::{self, CommentRow},
};
use crate::{
    Scope,
    markdown::RENDERER,
    platform::{db::Transaction, entity::comment, topic::Topic},
    policy::{self, Action, Actor, may},
    trust::{self, TextId, Written},
};
use shared::{
    error::AppError,
    forms::comment::NewComment,
    model::{
        account::Viewer,
        comment::{CommentState, LEVELS},
        post::PostRef,
    },
    paths,
};

/// The time within which the same comment is treated as a repeated request.
const REPEATED: Duration = Duration::minutes(10);

/// Where a comment is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommentLink {
    /// The post.
    pub post: PostRef,
    /// The id of the comment.
    pub id: i64,
    /// Whether it is on the page of the post. Otherwise it is on its own page.
    pub is_on_post: bool,
    /// Whether it waits for a moderator.
    pub is_held: bool,
}

impl CommentLink {
    /// Returns the path.
    #[must_use]
    pub fn path(&self) -> String {
        if self.is_on_post {
            paths::comment_on_post(&self.post, self.id)
        } else {
            paths::comment_on_own_page(self.id)
        }
    }
}

/// Publishes a comment of `author`, or holds it until a moderator has approved it. If the same form was sent before, or the same
/// text a moment ago, returns the existing comment.
///
/// # Errors
///
/// Returns [`AppError::Throttled`] after too many comments, [`AppError::Invalid`] if nothing of the text would be visible or it
/// has too many parts, [`AppError::NotFound`] if there is no such post, the errors of [`may`] if the author may not comment on
/// it, and [`AppError::CommentGone`] or [`AppError::CommentHidden`] if that is what has become of the comment that it answers.
pub async fn create(scope: &Scope, author: &Viewer, new: NewComment) -> Result<CommentLink, AppError> {
    let limit = &scope.state.limits.comment;
    limit.check(&scope.state.db, author.id).await?;
    let html = rendered(&new.content).await?;
    let (site, now) = (scope.site().await, scope.state.clock.now());
    let transaction = scope.state.db.begin().await?;
    let actor = policy::lock(&transaction, author).await?;
    let host = host::lock(&transaction, new.post).await?;
    if let Some(before) = sent_before(&transaction, author.id, &new, now).await? {
        return link(&transaction, &host, before).await;
    }
    may(actor, Action::Comment, host.discussion(&site, now))?;
    let place = match new.parent {
        Some(id) => Place::below(answered(&transaction, actor, &host, id).await?),
        None => Place::default(),
    };
    let new = with_unused_nonce(&transaction, author.id, new).await?;
    let points = points(&new, now);
    let id = insert(&transaction, author.id, new, html.clone(), place, now).await?;
    let written = Written {
        author: author.id,
        text: TextId::Comment(id),
        html: &html,
        is_new: true,
        points,
    };
    let reason = trust::assess(scope, &site, &transaction, written).await?;
    if let Some(reason) = reason {
        hold_row(&transaction, &host, &row::find(&transaction, id).await?, reason).await?;
    }
    let written = link(&transaction, &host, row::find(&transaction, id).await?).await?;
    scope.state.db.commit(transaction).await?;
    scope.state.jobs.wake();
    Ok(written)
}

/// The time that a person needs at least to write a comment.
const WRITTEN_IN: Duration = Duration::seconds(2);

/// Returns how much about `new` suggests that a program has sent it.
fn points(new: &NewComment, now: OffsetDateTime) -> u32 {
    let is_fast = new
        .rendered_at
        .is_none_or(|rendered_at| now - rendered_at < WRITTEN_IN);
    if new.is_trapped { 2 } else { u32::from(is_fast) }
}

/// The place of a new comment.
#[derive(Debug, Default)]
struct Place {
    parent_id: Option<i64>,
    /// The comment that it answers, if that is not its parent.
    answered_id: Option<i64>,
    root_id: Option<i64>,
    depth: i32,
    /// The path of its parent.
    path: String,
}

impl Place {
    /// Returns the place of an answer to `answered`: below it, or beside it on the last level.
    fn below(answered: CommentRow) -> Self {
        let ids = path::ids(&answered.path);
        if ids.len() < LEVELS {
            return Self {
                parent_id: Some(answered.id),
                answered_id: None,
                root_id: Some(answered.root_id),
                depth: answered.depth + 1,
                path: answered.path,
            };
        }
        let above = ids.iter().take(LEVELS - 1);
        Self {
            parent_id: answered.parent_id,
            answered_id: Some(answered.id),
            root_id: Some(answered.root_id),
            depth: answered.depth,
            path: above.fold(String::new(), |path, id| path::below(&path, *id)),
        }
    }
}

/// Returns the comment with this id on the post `host` if `actor` may answer it.
async fn answered(
    transaction: &Transaction,
    actor: Actor,
    host: &Host,
    id: i64,
) -> Result<CommentRow, AppError> {
    let row = row::find(transaction, id).await?;
    if row.post_id != host.id {
        return Err(AppError::NotFound);
    }
    may(actor, Action::ReadComment, row.target(host.author_id))?;
    if row.state == CommentState::Published {
        Ok(row)
    } else {
        Err(AppError::CommentHidden)
    }
}

/// Inserts a published comment, counts it, and returns its id.
async fn insert(
    transaction: &Transaction,
    author: i64,
    new: NewComment,
    html: String,
    place: Place,
    now: OffsetDateTime,
) -> Result<i64, AppError> {
    let row = comment::ActiveModel {
        post_id: Set(new.post),
        parent_id: Set(place.parent_id),
        answered_id: Set(place.answered_id),
        root_id: Set(place.root_id.unwrap_or_default()),
        depth: Set(place.depth),
        path: Set(String::new()),
        author_id: Set(Some(author)),
        state: Set(CommentState::Published),
        created_at: Set(now),
        version: Set(1),
        renderer: Set(RENDERER),
        nonce: Set(new.nonce),
        replies: Set(0),
        html: Set(html),
        content: Set(new.content),
        ..Default::default()
    };
    let inserted = comment::Entity::insert(row).exec(transaction).await?;
    let id = inserted.last_insert_id;
    // The path contains the id.
    comment::Entity::update_many()
        .col_expr(comment::Column::Path, Expr::value(path::below(&place.path, id)))
        .col_expr(comment::Column::RootId, Expr::value(place.root_id.unwrap_or(id)))
        .filter(comment::Column::Id.eq(id))
        .exec(transaction)
        .await?;
    transaction.invalidate([Topic::Post(new.post)]);
    count::change(transaction, new.post, place.root_id, 1).await?;
    Ok(id)
}

/// Returns `new` without its nonce if it was used for another text: somebody has gone back to the form, and has changed it.
async fn with_unused_nonce(
    transaction: &Transaction,
    author: i64,
    new: NewComment,
) -> Result<NewComment, AppError> {
    let Some(nonce) = &new.nonce else {
        return Ok(new);
    };
    let used: Option<i64> = comment::Entity::find()
        .select_only()
        .column(comment::Column::Id)
        .filter(comment::Column::AuthorId.eq(author))
        .filter(comment::Column::Nonce.eq(nonce.as_str()))
        .into_tuple()
        .one(transaction)
        .await?;
    Ok(match used {
        Some(_) => NewComment { nonce: None, ..new },
        None => new,
    })
}

/// Returns the comment that `author` has sent before with the same text in answer to the same comment: with the same form, or a
/// moment ago.
async fn sent_before(
    transaction: &Transaction,
    author: i64,
    new: &NewComment,
    now: OffsetDateTime,
) -> Result<Option<CommentRow>, AppError> {
    let same_place = match new.parent {
        None => comment::Column::ParentId.is_null(),
        // One that is beside what it answers has the same parent.
        Some(id) => comment::Column::AnsweredId.eq(id).or(comment::Column::ParentId
            .eq(id)
            .and(comment::Column::AnsweredId.is_null())),
    };
    let recent = comment::Column::CreatedAt.gt(now - REPEATED);
    let same_time = match &new.nonce {
        Some(nonce) => recent.or(comment::Column::Nonce.eq(nonce.as_str())),
        None => recent,
    };
    let found: Option<i64> = comment::Entity::find()
        .select_only()
        .column(comment::Column::Id)
        .filter(comment::Column::AuthorId.eq(author))
        .filter(comment::Column::PostId.eq(new.post))
        .filter(comment::Column::State.is_in([CommentState::Published, CommentState::Held]))
        .filter(comment::Column::Content.eq(new.content.as_str()))
        .filter(same_place)
        .filter(same_time)
        .order_by_desc(comment::Column::Id)
        .into_tuple()
        .one(transaction)
        .await?;
    match found {
        Some(id) => Ok(Some(row::find(transaction, id).await?)),
        None => Ok(None),
    }
}

/// Returns where `row`, a comment on the post `host`, is shown.
async fn link(db: &impl ConnectionTrait, host: &Host, row: CommentRow) -> Result<CommentLink, AppError> {
    let threads_before: Vec<i64> = comment::Entity::find()
        .select_only()
        .column(comment::Column::Id)
        .filter(comment::Column::PostId.eq(host.id))
        .filter(comment::Column::ParentId.is_null())
        .filter(comment::Column::Id.lt(row.root_id))
        .limit(THREADS)
        .into_tuple()
        .all(db)
        .await?;
    let is_pinned = host.pinned_comment_id == Some(row.root_id);
    // One that waits for a moderator is not among the others.
    let is_there = row.state != CommentState::Held;
    let mut is_on_post = is_there && (is_pinned || (threads_before.len() as u64) < THREADS);
    if is_on_post && row.parent_id.is_some() {
        let replies_before: Vec<String> = comment::Entity::find()
            .select_only()
            .column(comment::Column::Html)
            .filter(comment::Column::RootId.eq(row.root_id))
            .filter(comment::Column::Path.lt(row.path.as_str()))
            .filter(comment::Column::ParentId.is_not_null())
            .filter(comment::Column::State.ne(CommentState::Held))
            .limit(REPLIES)
            .into_tuple()
            .all(db)
            .await?;
        let bytes = replies_before.iter().map(String::len).sum::<usize>() + row.html.len();
        is_on_post = (replies_before.len() as u64) < REPLIES && bytes <= REPLIES_MAX_BYTES;
    }
    Ok(CommentLink {
        post: host.post(),
        id: row.id,
        is_on_post,
        is_held: row.state == CommentState::Held,
    })
}
