//! Import of posts, which are rendered by the current renderer.

use std::{collections::hash_map::Entry, mem::take};

use futures::{StreamExt, TryStreamExt, stream};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use time::OffsetDateTime;

use super::{
    Counted, Numbers, advance,
    free::{Free, Key},
    moment, note_of, number, tags,
};
use crate::data::interchange::Post;
use crate::{
    Scope,
    markdown::{self, RENDERER, Rendered, slug},
    platform::{db::Transaction, entity::post, topic::Topic},
};
use shared::{
    error::AppError,
    forms::{Field, FieldError, FieldProblem, post::TITLE_MAX},
    model::post::{PostRef, PostState},
    paths,
};

/// The number of posts that are rendered concurrently.
const AT_ONCE: usize = 4;

/// Adds the posts that do not exist yet, rendered by the current renderer. Posts whose authors are not part of the
/// import are left out; posts that could not be published are refused.
///
/// The lists are wrong until [`finish`](super::finish) is called.
///
/// # Errors
///
/// Returns an error if the database cannot be reached. None of the posts is added then.
pub async fn posts(scope: &Scope, numbers: &mut Numbers, posts: Vec<Post>) -> Result<Counted, AppError> {
    let rendered: Vec<_> = stream::iter(posts)
        .map(|post| async {
            let rendered = markdown::render(post.content.clone()).await?;
            Ok::<_, AppError>((post, rendered))
        })
        .buffered(AT_ONCE)
        .try_collect()
        .await?;
    let mut counted = Counted::default();
    let transaction = scope.state.db.begin().await?;
    for (mut incoming, rendered) in rendered {
        incoming.created_at = moment(incoming.created_at);
        incoming.title = incoming.title.chars().take(TITLE_MAX).collect();
        let Some(author) = numbers.people.get(&incoming.author.to_lowercase()).copied() else {
            counted.left_out += 1;
            continue;
        };
        let same = numbers.same_post(&transaction, author, &incoming).await?;
        if same.is_none() && !rendered.is_in_proportion_to(&incoming.content) {
            let error = FieldError {
                field: Field::Content,
                problem: FieldProblem::TooMuchMarkup,
            };
            counted.refused.push((incoming.title, error));
            continue;
        }
        counted.count(same.is_none());
        let (before, old_path) = (incoming.id, incoming.old_path.take());
        let (comments, pinned) = (take(&mut incoming.comments), incoming.discussion.pinned);
        let slug = slug::from_text(&incoming.slug, "post");
        let id = match same {
            Some(id) => id,
            None => add_post(&transaction, author, incoming, rendered).await?,
        };
        if let Some(before) = before {
            numbers.posts.insert(before, id);
        }
        let comments = comments.into_iter().map(|comment| (Some(id), comment));
        numbers.comments_of_posts.extend(comments);
        if let Some(pinned) = pinned.filter(|_| same.is_none()) {
            numbers.pinned.insert(pinned, id);
        }
        numbers.lead(old_path, paths::post(&PostRef { id, slug }));
    }
    advance(&transaction, "posts").await?;
    transaction.invalidate([Topic::Everything]);
    scope.state.db.commit(transaction).await?;
    Ok(counted)
}

async fn add_post(
    transaction: &Transaction,
    author: i64,
    incoming: Post,
    rendered: Rendered,
) -> Result<i64, AppError> {
    let taken = match incoming.id {
        Some(id) => post::Entity::find_by_id(id).one(transaction).await?.is_some(),
        None => true,
    };
    // A hidden post is always in the trash as well.
    let deleted_at = incoming.deleted_at.map(moment);
    let deleted_at = deleted_at.or_else(|| incoming.hidden_because.as_ref().map(|_| incoming.created_at));
    let state = match (&incoming.hidden_because, deleted_at) {
        (Some(_), _) => PostState::Hidden,
        (None, Some(_)) => PostState::Deleted,
        (None, None) if incoming.is_held => PostState::Held,
        (None, None) => PostState::Published,
    };
    let row = post::ActiveModel {
        id: number(incoming.id, taken),
        author_id: Set(author),
        title: Set(incoming.title),
        slug: Set(slug::from_text(&incoming.slug, "post")),
        tags: Set(tags(&incoming.tags).kept()),
        content: Set(incoming.content),
        html: Set(rendered.html),
        excerpt: Set(incoming.details.excerpt_or(rendered.excerpt)),
        details: Set(incoming.details.kept()),
        words: Set(rendered.words),
        renderer: Set(RENDERER),
        version: Set(incoming.version.clamp(1, 1 << 40)),
        created_at: Set(incoming.created_at),
        updated_at: Set(moment(incoming.updated_at)),
        deleted_at: Set(deleted_at),
        hidden_because: Set(incoming.hidden_because),
        held_because: Set(incoming.held_because.filter(|_| state == PostState::Held)),
        held_at: Set(incoming.held_at.map(moment).filter(|_| state == PostState::Held)),
        visibility: Set(incoming.visibility),
        state: Set(state),
        change_note: Set(note_of(incoming.change_note)),
        is_history_public: Set(incoming.is_history_public),
        has_closed_comments: Set(incoming.discussion.is_closed),
        // Set when the comment has been imported.
        pinned_comment_id: Set(None),
    };
    Ok(post::Entity::insert(row).exec(transaction).await?.last_insert_id)
}

impl Numbers {
    /// Returns the existing post of `author` that corresponds to `incoming`: the one with the same id if it was
    /// published at the same time, otherwise one with the same time and title. If the time is not known, one with the
    /// same title and slug.
    async fn same_post(
        &mut self,
        transaction: &Transaction,
        author: i64,
        incoming: &Post,
    ) -> Result<Option<i64>, AppError> {
        let free = match self.posts_here.entry(author) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(unknown) => unknown.insert(posts_of(transaction, author).await?),
        };
        let (title, at) = (incoming.title.clone(), incoming.created_at);
        Ok(if incoming.is_undated {
            free.take([Key::Words(title, slug::from_text(&incoming.slug, "post"))])
        } else {
            let number = incoming.id.map(|id| Key::Number(id, at));
            free.take(number.into_iter().chain([Key::Moment(at, title)]))
        })
    }
}

async fn posts_of(transaction: &Transaction, author: i64) -> Result<Free, AppError> {
    let posts: Vec<(i64, String, String, OffsetDateTime)> = post::Entity::find()
        .select_only()
        .columns([
            post::Column::Id,
            post::Column::Title,
            post::Column::Slug,
            post::Column::CreatedAt,
        ])
        .filter(post::Column::AuthorId.eq(author))
        .order_by_asc(post::Column::Id)
        .into_tuple()
        .all(transaction)
        .await?;
    let mut free = Free::default();
    for (id, title, slug, at) in posts {
        let keys = [
            Key::Number(id, at),
            Key::Moment(at, title.clone()),
            Key::Words(title, slug),
        ];
        free.add(id, keys);
    }
    Ok(free)
}
