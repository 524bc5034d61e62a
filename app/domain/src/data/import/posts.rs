//! Posts, rendered as this version renders.

use futures::{StreamExt, TryStreamExt, stream};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{Counted, Numbers, advance, moment, number, tags};
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
        numbers.claimed.insert(id);
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
        title: Set(incoming.title.chars().take(TITLE_MAX).collect()),
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
    /// The post of `author` that is there and is `incoming`: the one with its number if it was published at the same moment,
    /// else one of that moment with its title.
    async fn same_post(
        &self,
        transaction: &Transaction,
        author: i64,
        incoming: &Post,
    ) -> Result<Option<i64>, AppError> {
        let there: Vec<(i64, String)> = post::Entity::find()
            .select_only()
            .columns([post::Column::Id, post::Column::Title])
            .filter(post::Column::AuthorId.eq(author))
            .filter(post::Column::CreatedAt.eq(incoming.created_at))
            .order_by_asc(post::Column::Id)
            .into_tuple()
            .all(transaction)
            .await?;
        let free = || there.iter().filter(|(id, _)| !self.claimed.contains(id));
        let by_number = free().find(|(id, _)| Some(*id) == incoming.id);
        let found = by_number.or_else(|| free().find(|(_, title)| *title == incoming.title));
        Ok(found.map(|(id, _)| *id))
    }
}
