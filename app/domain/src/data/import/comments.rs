//! Import of comments, which are rendered by the current renderer.

use std::collections::hash_map::Entry;

use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr,
};
use time::OffsetDateTime;

use super::{
    Counted, Numbers, advance,
    free::{Free, Key},
    moment, number,
};
use crate::{
    Scope, comments as comments_on_posts,
    data::interchange::ExportedComment,
    markdown::{self, RENDERER},
    platform::{
        db::Transaction,
        digest::sha256,
        entity::{comment, post},
        topic::Topic,
    },
};
use shared::{
    error::AppError,
    forms::{Field, FieldError, FieldProblem},
    model::comment::{CommentState, LEVELS},
};

/// The maximum number of characters of the name of somebody without an account.
const GUEST_NAME_MAX: usize = 100;

/// Where an imported comment is in the tree of this site.
#[derive(Debug, Default)]
struct Place {
    parent: Option<i64>,
    answered: Option<i64>,
    root: Option<i64>,
    depth: i32,
    path: String,
}

/// A comment with the id that its post has here, if it has been imported.
pub type CommentOn = (Option<i64>, ExportedComment);

/// Adds the comments that do not exist yet, in this order: what is answered comes before its answers. Comments on posts that are not
/// part of the import are left out, and so are those whose authors are not.
///
/// The numbers of comments are wrong until [`finish`](super::finish) is called.
///
/// # Errors
///
/// Returns an error if the database cannot be reached. None of the comments is added then.
pub async fn comments(
    scope: &Scope,
    numbers: &mut Numbers,
    comments: Vec<CommentOn>,
) -> Result<Counted, AppError> {
    let mut counted = Counted::default();
    let mut rendered = Vec::with_capacity(comments.len());
    for (post, comment) in comments {
        let html = markdown::render_comment(comment.content.clone()).await?;
        rendered.push((post, comment, html));
    }
    let transaction = scope.state.db.begin().await?;
    for (post, mut incoming, html) in rendered {
        let name = incoming.author.as_ref();
        let author = name.and_then(|name| numbers.people.get(&name.to_lowercase()).copied());
        let Some(post) = post.filter(|_| name.is_none() || author.is_some()) else {
            counted.left_out += 1;
            continue;
        };
        incoming.created_at = moment(incoming.created_at);
        let Some(html) = html else {
            let error = FieldError {
                field: Field::Comment,
                problem: FieldProblem::TooMuchMarkup,
            };
            let title = format!("Comment {}", incoming.id);
            counted.refused.push((title, error));
            continue;
        };
        let (before, same) = (
            incoming.id,
            numbers.same_comment(&transaction, post, &incoming).await?,
        );
        counted.count(same.is_none());
        let id = if let Some(id) = same {
            id
        } else {
            let place = numbers.place(&transaction, post, &incoming).await?;
            if incoming.parent.is_some() && place.parent.is_none() {
                counted.moved += 1;
            }
            add(&transaction, post, author, incoming, html, place).await?
        };
        numbers.comments.insert(before, id);
        if let Some(post) = numbers.pinned.remove(&before) {
            pin(&transaction, post, id).await?;
        }
    }
    advance(&transaction, "comments").await?;
    transaction.invalidate([Topic::Everything]);
    scope.state.db.commit(transaction).await?;
    Ok(counted)
}

async fn add(
    transaction: &Transaction,
    post: i64,
    author: Option<i64>,
    incoming: ExportedComment,
    html: String,
    place: Place,
) -> Result<i64, AppError> {
    // What is answered has a lower id than its answers, also in the next export.
    let is_too_low = place.parent.max(place.answered) >= Some(incoming.id);
    let is_taken = is_too_low
        || comment::Entity::find_by_id(incoming.id)
            .one(transaction)
            .await?
            .is_some();
    // One that does not say by whom it was hidden waits for a moderator.
    let hidden_by = incoming
        .hidden_by
        .filter(|_| incoming.state == CommentState::Hidden);
    let state = match (incoming.state, hidden_by) {
        (CommentState::Hidden, None) => CommentState::Held,
        (state, _) => state,
    };
    let row = comment::ActiveModel {
        id: number(Some(incoming.id), is_taken),
        post_id: Set(post),
        parent_id: Set(place.parent),
        answered_id: Set(place.answered),
        root_id: Set(place.root.unwrap_or_default()),
        depth: Set(place.depth),
        path: Set(String::new()),
        author_id: Set(author),
        guest_name: Set(incoming
            .guest_name
            .map(|name| name.chars().take(GUEST_NAME_MAX).collect())),
        state: Set(state),
        hidden_by: Set(hidden_by),
        hidden_because: Set(incoming.hidden_because.filter(|_| hidden_by.is_some())),
        held_because: Set(incoming.held_because.filter(|_| state == CommentState::Held)),
        created_at: Set(incoming.created_at),
        edited_at: Set(incoming.edited_at.map(moment)),
        version: Set(incoming.version.clamp(1, 1 << 40)),
        renderer: Set(RENDERER),
        nonce: Set(None),
        replies: Set(0),
        html: Set(html),
        content: Set(incoming.content),
    };
    let id = comment::Entity::insert(row)
        .exec(transaction)
        .await?
        .last_insert_id;
    comment::Entity::update_many()
        .col_expr(
            comment::Column::Path,
            Expr::value(comments_on_posts::below(&place.path, id)),
        )
        .col_expr(comment::Column::RootId, Expr::value(place.root.unwrap_or(id)))
        .filter(comment::Column::Id.eq(id))
        .exec(transaction)
        .await?;
    Ok(id)
}

/// Shows the comment with the id `comment` first on the post with the id `post`.
async fn pin(transaction: &Transaction, post: i64, comment: i64) -> Result<(), AppError> {
    post::Entity::update_many()
        .col_expr(post::Column::PinnedCommentId, Expr::value(comment))
        .filter(post::Column::Id.eq(post))
        .exec(transaction)
        .await?;
    Ok(())
}

impl Numbers {
    /// Returns the comments that were exported together with the posts that have been imported so far.
    pub fn take_comments(&mut self) -> Vec<CommentOn> {
        std::mem::take(&mut self.comments_of_posts)
    }

    /// Returns `comment` with the id that its post has here.
    #[must_use]
    pub fn on_post(&self, comment: ExportedComment) -> CommentOn {
        (self.posts.get(&comment.post).copied(), comment)
    }

    /// Returns the place of `incoming`, which is on the post with the id `post`: below its parent, or beside it on the last level.
    /// Without a parent on the same post it begins a thread.
    async fn place(
        &self,
        transaction: &Transaction,
        post: i64,
        incoming: &ExportedComment,
    ) -> Result<Place, AppError> {
        let here = |id: Option<i64>| id.and_then(|id| self.comments.get(&id).copied());
        let Some(parent) = here(incoming.parent) else {
            return Ok(Place::default());
        };
        let found: Option<(i64, Option<i64>, i32, String)> = comment::Entity::find_by_id(parent)
            .select_only()
            .columns([
                comment::Column::RootId,
                comment::Column::ParentId,
                comment::Column::Depth,
                comment::Column::Path,
            ])
            .filter(comment::Column::PostId.eq(post))
            .into_tuple()
            .one(transaction)
            .await?;
        let Some((root, above, depth, path)) = found else {
            return Ok(Place::default());
        };
        let is_last = usize::try_from(depth).is_ok_and(|depth| depth + 1 >= LEVELS);
        if !is_last {
            return Ok(Place {
                parent: Some(parent),
                answered: here(incoming.answered),
                root: Some(root),
                depth: depth + 1,
                path,
            });
        }
        let above_path: Option<String> = match above {
            Some(id) => {
                comment::Entity::find_by_id(id)
                    .select_only()
                    .column(comment::Column::Path)
                    .into_tuple()
                    .one(transaction)
                    .await?
            }
            None => None,
        };
        Ok(Place {
            parent: above,
            answered: here(incoming.answered).or(Some(parent)),
            root: Some(root),
            depth,
            path: above_path.unwrap_or_default(),
        })
    }

    /// Returns the existing comment on the post with the id `post` that corresponds to `incoming`: the one with the same id if it
    /// was written at the same time, otherwise one with the same time and text.
    async fn same_comment(
        &mut self,
        transaction: &Transaction,
        post: i64,
        incoming: &ExportedComment,
    ) -> Result<Option<i64>, AppError> {
        let free = match self.comments_here.entry(post) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(unknown) => unknown.insert(comments_on(transaction, post).await?),
        };
        let at = incoming.created_at;
        Ok(free.take([
            Key::Number(incoming.id, at),
            Key::Moment(at, sha256(&incoming.content)),
        ]))
    }
}

async fn comments_on(transaction: &Transaction, post: i64) -> Result<Free, AppError> {
    let comments: Vec<(i64, String, OffsetDateTime)> = comment::Entity::find()
        .select_only()
        .columns([
            comment::Column::Id,
            comment::Column::Content,
            comment::Column::CreatedAt,
        ])
        .filter(comment::Column::PostId.eq(post))
        .order_by_asc(comment::Column::Id)
        .into_tuple()
        .all(transaction)
        .await?;
    let mut free = Free::default();
    for (id, content, at) in comments {
        free.add(id, [Key::Number(id, at), Key::Moment(at, sha256(content))]);
    }
    Ok(free)
}
