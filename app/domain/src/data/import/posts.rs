//! Posts, rendered as this version renders.

use std::collections::hash_map::Entry;

use futures::{StreamExt, TryStreamExt, stream};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use time::OffsetDateTime;

use super::{
    Counted, Numbers, advance,
    free::{Free, Key},
    moment, number, tags,
};
use crate::data::interchange::Post;
use crate::{
    AppState,
    platform::{db::Transaction, entity::post},
    posts::{
        markdown::{self, RENDERER, Rendered},
        slug,
    },
};
use shared::{
    error::AppError,
    forms::{Field, FieldError, Problem, post::TITLE_MAX},
};

/// Posts that are rendered at the same time.
const AT_ONCE: usize = 4;

/// Adds posts that are not there, rendered as this version renders. Those of people who did not come with them are left out,
/// and those are refused that nobody could publish.
/// The lists are wrong until [`finish`](super::finish).
///
/// # Errors
/// When the database cannot be reached. Then none of them is added.
pub async fn posts(state: &AppState, numbers: &mut Numbers, posts: Vec<Post>) -> Result<Counted, AppError> {
    let rendered: Vec<_> = stream::iter(posts)
        .map(|post| async {
            let rendered = markdown::render(post.content.clone()).await?;
            Ok::<_, AppError>((post, rendered))
        })
        .buffered(AT_ONCE)
        .try_collect()
        .await?;
    let mut counted = Counted::default();
    let transaction = state.db.begin().await?;
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
                problem: Problem::TooMuchMarkup,
            };
            counted.refused.push((incoming.title, error));
            continue;
        }
        counted.count(same.is_none());
        let before = incoming.id;
        let id = match same {
            Some(id) => id,
            None => add_post(&transaction, author, incoming, rendered).await?,
        };
        if let Some(before) = before {
            numbers.posts.insert(before, id);
        }
    }
    advance(&transaction, "posts").await?;
    state.db.commit(transaction).await?;
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
    // Whatever is hidden is off the site.
    let deleted_at = incoming.deleted_at.map(moment);
    let deleted_at = deleted_at.or_else(|| incoming.hidden_because.as_ref().map(|_| incoming.created_at));
    let row = post::ActiveModel {
        id: number(incoming.id, taken),
        author_id: Set(author),
        title: Set(incoming.title),
        slug: Set(slug::of(&incoming.slug, "post")),
        tags: Set(tags(&incoming.tags).kept()),
        content: Set(incoming.content),
        html: Set(rendered.html),
        excerpt: Set(rendered.excerpt),
        words: Set(rendered.words),
        renderer: Set(RENDERER),
        version: Set(incoming.version.clamp(1, 1 << 40)),
        created_at: Set(incoming.created_at),
        updated_at: Set(moment(incoming.updated_at)),
        deleted_at: Set(deleted_at),
        hidden_because: Set(incoming.hidden_because),
    };
    Ok(post::Entity::insert(row).exec(transaction).await?.last_insert_id)
}

impl Numbers {
    /// The post of `author` that was there before and is `incoming`: the one with its number if it was published at the same
    /// moment, else one of that moment with its title. Where the moment is not known, one with its title and its address.
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
            free.take([Key::Words(title, slug::of(&incoming.slug, "post"))])
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
