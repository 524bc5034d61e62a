//! Posts, drafts, tags and feeds.

use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter, QuerySelect, RelationTrait, Select,
    sea_query::Expr,
};
use time::OffsetDateTime;

use crate::{
    Scope,
    platform::{
        entity::{list_kind::ListKind, post, post_count, tag, tagging, user},
        list::{ListHead, PageRequest, SeekPlan, SiteWideList},
        topic::Topic,
    },
    policy::{Action, Target, may},
};
use shared::{
    error::AppError,
    model::{
        account::Author,
        media::Avatar,
        page::ListPage,
        post::{PostCard, PostDetails, PostRef, PostStatus},
        site::CommentMode,
        tag::Tags,
    },
};

/// Management of posts for administrators.
pub mod administration;
/// The page of an author.
pub mod author;
/// The maximum length of a text.
mod content_length;
/// Checks of what a post carries besides its text.
mod details;
/// Drafts.
pub mod drafts;
/// Feeds.
pub mod feed;
/// The posts that wait for a moderator.
pub mod held;
/// The texts that posts had before.
pub mod history;
/// The URLs of all posts, for sitemaps.
pub mod index;
/// The posts of the viewer, as they are changed.
mod ownership;
/// Links with which others can read a draft.
pub mod preview_links;
/// Publishing and updating posts.
mod publish;
/// Reading a post.
mod read;
/// The publication of drafts at a later time.
pub mod schedule;
/// The social preview images of posts.
pub mod social_preview;
/// The state of a post.
pub(crate) mod state;
/// Submissions of the editor.
mod submit;
/// The lists of tags.
pub mod tags;
/// Deleted posts.
pub mod trash;
/// The posts of their author that are not in lists.
pub mod unlisted;

pub(crate) use publish::seen;
pub use publish::{Published, publish};
pub(crate) use read::StoredPost;
use read::shown_html;
pub use read::{read, render_old};
pub use submit::{preview, submit};

/// Returns page `number` of all posts, newest first; posts of the same second are ordered by id.
///
/// # Errors
///
/// Returns [`AppError::NotFound`] if there is no such page.
pub async fn list(scope: &Scope, number: u64) -> Result<ListPage<PostCard>, AppError> {
    let read = async |scope: &Scope| {
        scope.reads([Topic::Site]);
        let at = (post::Column::CreatedAt, post::Column::Id);
        let page = SiteWideList::Posts
            .page::<_, CardRow, _>(scope, wanted(scope, number).await, || cards(listed()), at)
            .await?;
        Ok(read_cards(scope, page).await)
    };
    let page = scope.state.reads.posts.get(scope, number, read).await?;
    Ok((*page).clone())
}

/// Returns the request for page `number` with the configured size.
pub(super) async fn wanted(scope: &Scope, number: u64) -> PageRequest {
    PageRequest {
        number,
        per_page: scope.site().await.posts_per_page,
    }
}

/// Returns the page `wanted` of the posts of the user with the id `author`, as planned by `walk`.
pub(super) async fn list_by(
    scope: &Scope,
    author: i64,
    wanted: PageRequest,
    walk: SeekPlan,
) -> Result<ListPage<PostCard>, AppError> {
    scope.reads([Topic::User(author)]);
    let theirs = cards(listed().filter(post::Column::AuthorId.eq(author)));
    let rows: Vec<CardRow> = walk
        .apply(theirs, post::Column::CreatedAt, post::Column::Id)
        .into_model()
        .all(scope.state.db.reader())
        .await?;
    Ok(read_cards(scope, wanted.page(walk.total, walk.arranged(rows))).await)
}

/// Returns page `number` of the posts with the tag `name`, newest first.
///
/// # Errors
///
/// Returns [`AppError::NotFound`] if no post has the tag or there is no such page.
pub async fn list_tagged(scope: &Scope, name: &str, number: u64) -> Result<ListPage<PostCard>, AppError> {
    let read = async |scope: &Scope| read_tagged(scope, name, number).await;
    let key = (name.to_owned(), number);
    let page = scope.state.reads.tagged.get(scope, key, read).await?;
    Ok((*page).clone())
}

async fn read_tagged(scope: &Scope, name: &str, number: u64) -> Result<ListPage<PostCard>, AppError> {
    let wanted = wanted(scope, number).await;
    let of_tag = |column| Expr::col((tag::Entity, column));
    let found: Option<TagHead> = wanted
        .head(
            tag::Entity::find()
                .select_only()
                .column(tag::Column::Id)
                .filter(tag::Column::Name.eq(name)),
            ListKind::Tagged,
            of_tag(tag::Column::Id),
            of_tag(tag::Column::PostCount),
        )
        .into_model()
        .one(scope.state.db.reader())
        .await?;
    let TagHead { id, head } = found.ok_or(AppError::NotFound)?;
    scope.reads([Topic::Tag(id)]);
    if head.is_empty() {
        return Err(AppError::NotFound);
    }
    let walk = wanted.walk(head)?;
    let tagged = tagging::Entity::find().filter(tagging::Column::TagId.eq(id));
    let tagged = walk.apply(tagged, tagging::Column::CreatedAt, tagging::Column::PostId);
    let rows: Vec<CardRow> = card_columns(
        tagged
            .select_only()
            .join(JoinType::InnerJoin, tagging::Relation::Post.def()),
    )
    .into_model()
    .all(scope.state.db.reader())
    .await?;
    Ok(read_cards(scope, wanted.page(walk.total, walk.arranged(rows))).await)
}

/// Builds the page of cards, and records that their authors are shown.
async fn read_cards(scope: &Scope, page: ListPage<CardRow>) -> ListPage<PostCard> {
    scope.reads(page.items.iter().map(|row| Topic::User(row.author_id)));
    let counts = CommentCounts::of(scope).await;
    page.map(|row| row.card(counts))
}

/// Whether the cards of posts show the numbers of comments. A number is as old as the page that shows it: a comment makes the
/// page of its post outdated, but not the lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum CommentCounts {
    Shown,
    Hidden,
}

impl CommentCounts {
    /// Returns whether everybody sees comments on the site.
    async fn of(scope: &Scope) -> Self {
        match scope.site().await.comments {
            CommentMode::Open => Self::Shown,
            CommentMode::Members | CommentMode::Off => Self::Hidden,
        }
    }
}

#[derive(FromQueryResult)]
struct TagHead {
    id: i64,
    #[sea_orm(nested)]
    head: ListHead,
}

/// Selects the posts in lists.
fn listed() -> Select<post::Entity> {
    post::Entity::find().filter(post::listed())
}

/// Returns the card of the post with this id.
///
/// # Errors
///
/// Returns [`AppError::NotFound`] if there is no such post, and the errors of [`may`] if the actor may not read it.
pub(super) async fn card(scope: &Scope, id: i64) -> Result<PostCard, AppError> {
    let found: Option<StatusRow> = cards(post::Entity::find_by_id(id))
        .columns([post::Column::Visibility, post::Column::State])
        .into_model()
        .one(scope.state.db.reader())
        .await?;
    let row = found.ok_or(AppError::NotFound)?;
    let target = Target::Post {
        author: row.card.author_id,
        status: row.status,
    };
    may(scope.actor().await?, Action::Read, target)?;
    Ok(row.card.card(CommentCounts::of(scope).await))
}

/// Selects only the columns that the cards of `posts` show.
fn cards(posts: Select<post::Entity>) -> Select<post::Entity> {
    card_columns(posts.select_only())
}

/// Adds the columns of cards, including those of the authors, to `select`.
fn card_columns<E: EntityTrait>(select: Select<E>) -> Select<E> {
    select
        .columns([
            post::Column::Id,
            post::Column::AuthorId,
            post::Column::Slug,
            post::Column::Title,
            post::Column::Tags,
            post::Column::Excerpt,
            post::Column::Words,
            post::Column::CreatedAt,
            post::Column::UpdatedAt,
            post::Column::Details,
        ])
        .column_as(user::Column::Username, "author")
        .column(user::Column::DisplayName)
        .column_as(user::Column::Picture, "picture")
        .column(post_count::Column::Comments)
        .join(JoinType::InnerJoin, post::Relation::User.def())
        .join(JoinType::LeftJoin, post_count::Relation::Post.def().rev())
}

#[derive(FromQueryResult)]
struct CardRow {
    id: i64,
    author_id: i64,
    slug: String,
    title: String,
    tags: String,
    excerpt: String,
    words: i32,
    author: String,
    display_name: Option<String>,
    picture: Option<String>,
    created_at: OffsetDateTime,
    updated_at: OffsetDateTime,
    details: String,
    comments: Option<i64>,
}

impl CardRow {
    /// Returns the card.
    fn card(self, counts: CommentCounts) -> PostCard {
        let details = PostDetails::read(&self.details);
        let comments = self.comments.filter(|_| counts == CommentCounts::Shown);
        PostCard {
            post: PostRef {
                id: self.id,
                slug: self.slug,
            },
            title: self.title,
            tags: Tags::read(&self.tags),
            subtitle: details.subtitle,
            excerpt: self.excerpt,
            language: details.language,
            cover: details.cover,
            author: Author {
                username: self.author,
                display_name: self.display_name,
                picture: Avatar::from_name(self.picture),
            },
            created_at: self.created_at,
            updated_at: self.updated_at,
            words: usize::try_from(self.words).unwrap_or_default(),
            comments: comments
                .and_then(|count| u64::try_from(count).ok())
                .unwrap_or_default(),
        }
    }
}

#[derive(FromQueryResult)]
struct StatusRow {
    #[sea_orm(nested)]
    card: CardRow,
    #[sea_orm(nested)]
    status: PostStatus,
}
