//! Publish, list and read posts.

use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, FromQueryResult,
    JoinType, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, RelationTrait, Select,
};
use time::{Duration, OffsetDateTime};

use super::{
    Ctx,
    entity::{post, user},
    markdown,
};
use crate::{
    error::AppError,
    forms::{Field, FieldErrors, Problem, post::NewPost},
    model::{
        account::{Author, Viewer},
        media::Picture,
        page::{self, Page},
        post::{Post, PostCard, PostRef},
    },
};

/// A slug has at most this many characters.
const SLUG_MAX: usize = 80;

/// The same post within this time is taken for the same request.
const REPEATED: Duration = Duration::minutes(1);

/// Whose posts a list shows.
#[derive(Debug, Clone, Copy)]
pub enum By {
    /// Everybody's.
    Everybody,
    /// One person's.
    Author(i64),
}

/// Publishes a post by `author`. The same post sent again at once, by a double click or an impatient reload, is the post
/// that is there already.
///
/// # Errors
/// [`AppError::Invalid`] when nothing of its text would be seen, [`AppError::Throttled`] after too many; otherwise when it cannot be saved. Then it is not there.
pub async fn create(ctx: &Ctx, author: &Viewer, new: NewPost) -> Result<PostRef, AppError> {
    ctx.state.limits.write.check(author.id)?;
    let rendered = markdown::render(new.content.clone()).await?;
    if rendered.html.trim().is_empty() {
        // Markup alone, and none that is allowed.
        return Err(FieldErrors::one(Field::Content, Problem::Required).into());
    }
    let now = ctx.state.clock.now();

    let transaction = ctx.state.db.begin().await?;
    if let Some(sent_before) = sent_before(&transaction, author.id, &new, now - REPEATED).await? {
        return Ok(sent_before);
    }
    let row = post::ActiveModel {
        author_id: Set(author.id),
        slug: Set(slug(&new.title)),
        title: Set(new.title),
        content: Set(new.content),
        html: Set(rendered.html),
        excerpt: Set(rendered.excerpt),
        created_at: Set(now),
        updated_at: Set(now),
        ..Default::default()
    };
    let saved = row.insert(&transaction).await?;
    transaction.commit().await?;
    Ok(PostRef {
        id: saved.id,
        slug: saved.slug,
    })
}

async fn sent_before(
    transaction: &DatabaseTransaction,
    author: i64,
    new: &NewPost,
    since: OffsetDateTime,
) -> Result<Option<PostRef>, AppError> {
    // PostgreSQL writes in parallel: of two that send the same, the second waits here for the first.
    user::Entity::find_by_id(author)
        .select_only()
        .column(user::Column::Id)
        .lock_exclusive()
        .into_tuple::<i64>()
        .one(transaction)
        .await?;
    let found: Option<(i64, String)> = post::Entity::find()
        .select_only()
        .columns([post::Column::Id, post::Column::Slug])
        .filter(post::Column::AuthorId.eq(author))
        .filter(post::Column::CreatedAt.gt(since))
        .filter(post::Column::Title.eq(new.title.as_str()))
        .filter(post::Column::Content.eq(new.content.as_str()))
        .into_tuple()
        .one(transaction)
        .await?;
    Ok(found.map(|(id, slug)| PostRef { id, slug }))
}

/// Page `number` of the posts, newest first; posts of the same second in the order of their numbers.
///
/// # Errors
/// [`AppError::NotFound`] when there is no such page.
pub async fn list(ctx: &Ctx, by: By, number: u64) -> Result<Page<PostCard>, AppError> {
    let posts = match by {
        By::Everybody => post::Entity::find(),
        By::Author(id) => post::Entity::find().filter(post::Column::AuthorId.eq(id)),
    };
    let per_page = ctx.state.settings.posts_per_page;
    let total = posts.clone().count(ctx.state.db.reader()).await?;
    let pages = page::count(total, per_page);
    if number < 1 || number > pages {
        return Err(AppError::NotFound);
    }

    let rows: Vec<CardRow> = cards(posts)
        .order_by_desc(post::Column::CreatedAt)
        .order_by_desc(post::Column::Id)
        .offset((number - 1) * per_page)
        .limit(per_page)
        .into_model()
        .all(ctx.state.db.reader())
        .await?;
    let items = rows.into_iter().map(PostCard::from).collect();
    Ok(Page {
        items,
        number,
        pages,
        total,
    })
}

/// The post with the number `id`.
///
/// # Errors
/// [`AppError::NotFound`] when there is none.
pub async fn read(ctx: &Ctx, id: i64) -> Result<Post, AppError> {
    let found: Option<PostRow> = cards(post::Entity::find_by_id(id))
        .column(post::Column::Html)
        .into_model()
        .one(ctx.state.db.reader())
        .await?;
    let PostRow { card, html } = found.ok_or(AppError::NotFound)?;
    Ok(Post {
        card: card.into(),
        html,
    })
}

/// What a card shows of `posts`, and no more.
fn cards(posts: Select<post::Entity>) -> Select<post::Entity> {
    posts
        .select_only()
        .columns([
            post::Column::Id,
            post::Column::Slug,
            post::Column::Title,
            post::Column::Excerpt,
            post::Column::CreatedAt,
        ])
        .column_as(user::Column::Username, "author")
        .column_as(user::Column::Picture, "picture")
        .join(JoinType::InnerJoin, post::Relation::User.def())
}

/// `title` as a part of an address; never empty.
fn slug(title: &str) -> String {
    let mut slug = slug::slugify(title);
    slug.truncate(SLUG_MAX);
    let slug = slug.trim_matches('-');
    if slug.is_empty() {
        "post".to_owned()
    } else {
        slug.to_owned()
    }
}

#[derive(FromQueryResult)]
struct CardRow {
    id: i64,
    slug: String,
    title: String,
    excerpt: String,
    author: String,
    picture: Option<String>,
    created_at: OffsetDateTime,
}

impl From<CardRow> for PostCard {
    fn from(row: CardRow) -> Self {
        Self {
            post: PostRef {
                id: row.id,
                slug: row.slug,
            },
            title: row.title,
            excerpt: row.excerpt,
            author: Author {
                username: row.author,
                picture: Picture::of(row.picture),
            },
            created_at: row.created_at,
        }
    }
}

#[derive(FromQueryResult)]
struct PostRow {
    #[sea_orm(nested)]
    card: CardRow,
    html: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slug_is_plain_short_and_never_empty() {
        assert_eq!(slug("Hello, World!"), "hello-world");
        assert_eq!(slug("Ünïcödé"), "unicode");
        assert_eq!(slug("!!!"), "post");
        assert_eq!(slug(""), "post");
        let long = slug(&"word ".repeat(100));
        assert!(long.len() <= SLUG_MAX && !long.ends_with('-'), "{long}");
    }
}
