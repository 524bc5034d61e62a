//! The comments on a post: a page of threads, each with the beginning of its branch.

use std::sync::Arc;

use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    sea_query::{ExprTrait, Query, SelectStatement, UnionType},
};
use serde::Serialize;
use time::OffsetDateTime;

use super::{
    host::{self, Host},
    row::{CommentRow, Viewing, select},
};
use crate::{
    Scope,
    platform::{
        digest,
        entity::{comment, post_count},
        topic::Topic,
    },
    policy::{Action, Actor, Target, may},
};
use shared::{
    error::AppError,
    forms::comment::nonce,
    model::{
        comment::{CommentState, Commenting, CommentsPosition, Discussion, PostComments, Thread},
        site::CommentMode,
    },
};

/// The number of threads per page.
pub(super) const THREADS: u64 = 20;
/// The number of replies of each thread.
pub(super) const REPLIES: u64 = 20;
/// The maximum number of bytes of HTML of the replies in a thread. Further replies are on the page of the thread.
pub(super) const REPLIES_MAX_BYTES: usize = 32 * 1024;

/// A page of the comments on a post, whoever reads it.
#[derive(Debug, Serialize)]
pub(crate) struct StoredPage {
    host: Host,
    count: i64,
    threads: Vec<StoredThread>,
    next: Option<CommentsPosition>,
}

#[derive(Debug, Serialize)]
struct StoredThread {
    root: CommentRow,
    replies: Vec<CommentRow>,
    /// Whether there are further replies.
    has_more: bool,
}

/// Returns the page at `position` of the comments on the post with the id `post`.
///
/// # Errors
///
/// Returns [`AppError::NotFound`] if there is no such post, and the errors of [`may`] if the actor may not read it.
pub async fn of_post(scope: &Scope, post: i64, position: CommentsPosition) -> Result<Discussion, AppError> {
    let (site, actor) = (scope.site().await, scope.actor().await?);
    let stored = match site.comments {
        CommentMode::Off => None,
        CommentMode::Members if actor == Actor::Visitor => None,
        CommentMode::Open | CommentMode::Members => {
            let read = async |scope: &Scope| read_stored(scope, post, position).await;
            let page = scope.state.reads.comments.get(scope, (post, position), read);
            Some(page.await?)
        }
    };
    let Some(stored) = stored else {
        let host = host::find(scope.state.db.reader(), post).await?;
        require_readable(actor, &host)?;
        return Ok(match site.comments {
            CommentMode::Members => Discussion::MembersOnly,
            CommentMode::Open | CommentMode::Off => Discussion::Off,
        });
    };
    require_readable(actor, &stored.host)?;
    shown(scope, &stored, actor, position).await
}

fn require_readable(actor: Actor, host: &Host) -> Result<(), AppError> {
    let target = Target::Post {
        author: host.author_id,
        status: host.status,
    };
    may(actor, Action::Read, target)
}

/// Returns the page `stored` as `actor` sees it.
async fn shown(
    scope: &Scope,
    stored: &Arc<StoredPage>,
    actor: Actor,
    position: CommentsPosition,
) -> Result<Discussion, AppError> {
    let (site, now) = (scope.site().await, scope.state.clock.now());
    let host = &stored.host;
    let rows = stored.threads.iter();
    let rows = rows.flat_map(|thread| std::iter::once(&thread.root).chain(&thread.replies));
    let viewing = Viewing::new(&scope.state, &site, actor, host, rows);
    let threads = stored.threads.iter().map(|thread| {
        let published = thread.replies.iter();
        let published = published.filter(|reply| reply.state == CommentState::Published);
        let more = thread.root.replies - i64::try_from(published.count()).unwrap_or(i64::MAX);
        Thread {
            root: viewing.shown(&thread.root),
            replies: thread.replies.iter().map(|reply| viewing.shown(reply)).collect(),
            // The stored number does not count those that are hidden.
            more: match u64::try_from(more) {
                Ok(0) | Err(_) => u64::from(thread.has_more),
                Ok(more) => more,
            },
        }
    });
    let target = host.discussion(&site, now);
    Ok(Discussion::Shown(Box::new(PostComments {
        post: host.post(),
        count: u64::try_from(stored.count).unwrap_or_default(),
        threads: threads.collect(),
        position,
        next: stored.next,
        commenting: commenting(actor, target, now)?,
        is_closed: host.has_closed_comments,
        is_too_old: host.is_too_old(&site, now),
        may_manage: may(actor, Action::ManageComments, target).is_ok(),
    })))
}

/// Returns whether `actor` can comment on `target` at this time.
pub(super) fn commenting(actor: Actor, target: Target, now: OffsetDateTime) -> Result<Commenting, AppError> {
    Ok(match may(actor, Action::Comment, target) {
        Ok(()) => Commenting::Open(nonce(now, &digest::random::<12>()?)),
        Err(AppError::SignInRequired) => Commenting::SignInRequired,
        Err(AppError::Frozen) => Commenting::Frozen,
        Err(_) => Commenting::Closed,
    })
}

async fn read_stored(scope: &Scope, post: i64, position: CommentsPosition) -> Result<StoredPage, AppError> {
    scope.reads([Topic::Post(post)]);
    let db = scope.state.db.reader();
    let host = host::find(db, post).await?;
    let count: Option<i64> = post_count::Entity::find_by_id(post)
        .select_only()
        .column(post_count::Column::Comments)
        .into_tuple()
        .one(db)
        .await?;
    let pinned = pinned(scope, &host).await?;
    let mut roots = roots(scope, post, pinned.as_ref(), position).await?;
    let has_more = roots.len() as u64 > THREADS;
    roots.truncate(usize::try_from(THREADS).unwrap_or_default());
    let next = roots.last().filter(|_| has_more).map(|last| CommentsPosition {
        after: Some(last.id),
        ..position
    });
    if let Some(pinned) = pinned.filter(|_| position.is_first()) {
        roots.insert(0, pinned);
    }
    let replies = replies(scope, &roots).await?;
    let threads = arranged(roots, replies);
    let rows = threads.iter();
    let rows = rows.flat_map(|thread| std::iter::once(&thread.root).chain(&thread.replies));
    scope.reads(rows.flat_map(CommentRow::topics));
    Ok(StoredPage {
        host,
        count: count.unwrap_or_default(),
        threads,
        next,
    })
}

/// Returns the beginnings of the threads at `position` but the pinned one, and one more if there are others after them. One that
/// waits for a moderator is among them if it has been answered.
async fn roots(
    scope: &Scope,
    post: i64,
    pinned: Option<&CommentRow>,
    position: CommentsPosition,
) -> Result<Vec<CommentRow>, AppError> {
    let is_shown = comment::Column::State
        .ne(CommentState::Held)
        .or(comment::Column::Replies.gt(0));
    let roots = select(comment::Entity::find())
        .filter(comment::Column::PostId.eq(post))
        .filter(comment::Column::ParentId.is_null())
        .filter(is_shown)
        .filter(comment::Column::Id.ne(pinned.map_or(0, |pinned| pinned.id)))
        .limit(THREADS + 1);
    let roots = if position.is_newest_first {
        let after = position.after.unwrap_or(i64::MAX);
        roots
            .filter(comment::Column::Id.lt(after))
            .order_by_desc(comment::Column::Id)
    } else {
        let after = position.after.unwrap_or_default();
        roots
            .filter(comment::Column::Id.gt(after))
            .order_by_asc(comment::Column::Id)
    };
    Ok(roots.into_model().all(scope.state.db.reader()).await?)
}

/// Returns the pinned comment, if it is on the site.
async fn pinned(scope: &Scope, host: &Host) -> Result<Option<CommentRow>, AppError> {
    let Some(id) = host.pinned_comment_id else {
        return Ok(None);
    };
    let found = select(comment::Entity::find_by_id(id))
        .filter(comment::Column::PostId.eq(host.id))
        .filter(comment::Column::ParentId.is_null())
        .filter(comment::Column::State.eq(CommentState::Published))
        .into_model()
        .one(scope.state.db.reader())
        .await?;
    Ok(found)
}

/// Returns the first replies in the branch of each of `roots`, and one more if there are others.
async fn replies(scope: &Scope, roots: &[CommentRow]) -> Result<Vec<CommentRow>, AppError> {
    let mut branches = roots.iter().map(branch);
    let Some(mut first) = branches.next() else {
        return Ok(Vec::new());
    };
    for next in branches {
        first.union(UnionType::All, next);
    }
    let rows = select(comment::Entity::find())
        .filter(comment::Column::Id.in_subquery(first))
        .into_model()
        .all(scope.state.db.reader())
        .await?;
    Ok(rows)
}

/// Selects the ids of the first replies below `root`. Each is a query of its own, so that it reads no more rows than it returns,
/// and within another one, because SQLite limits only whole unions.
fn branch(root: &CommentRow) -> SelectStatement {
    let ids = comment::Entity::find()
        .select_only()
        .column(comment::Column::Id)
        .filter(comment::Column::RootId.eq(root.id))
        .filter(comment::Column::Path.gt(root.path.as_str()))
        .filter(comment::Column::State.ne(CommentState::Held))
        .order_by_asc(comment::Column::Path)
        .limit(REPLIES + 1)
        .into_query();
    Query::select()
        .column(comment::Column::Id)
        .from_subquery(ids, "branch")
        .take()
}

/// Puts `replies` below `roots`, within the limits of a thread.
fn arranged(roots: Vec<CommentRow>, mut replies: Vec<CommentRow>) -> Vec<StoredThread> {
    replies.sort_by(|one, other| one.path.cmp(&other.path));
    let mut threads: Vec<StoredThread> = Vec::with_capacity(roots.len());
    for root in roots {
        let most = usize::try_from(REPLIES).unwrap_or_default();
        let below = replies.extract_if(.., |reply| reply.root_id == root.id);
        let below: Vec<CommentRow> = below.collect();
        let there = below.len();
        let mut bytes = 0;
        let fits = |reply: &CommentRow| {
            bytes += reply.html.len();
            bytes <= REPLIES_MAX_BYTES
        };
        let replies: Vec<CommentRow> = below.into_iter().take(most).take_while(fits).collect();
        threads.push(StoredThread {
            has_more: replies.len() < there,
            root,
            replies,
        });
    }
    threads
}
