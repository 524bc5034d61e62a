//! Posts, drafts, tags and feeds.

use std::borrow::Cow;

use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter, QuerySelect, RelationTrait, Select,
    sea_query::Expr,
};
use serde::Serialize;
use time::OffsetDateTime;

use crate::{
    Scope,
    markdown::{self, RENDERER},
    platform::{
        entity::{list_kind::ListKind, post, post_count, tag, tagging, user},
        list::{ListHead, PageRequest, SeekPlan, SiteWideList},
        topic::Topic,
    },
    policy::{Action, Actor, Target, may},
};
use shared::{
    error::AppError,
    model::{
        account::{Author, Role},
        media::Avatar,
        page::ListPage,
        post::{ContentsEntry, Hold, Post, PostCard, PostDetails, PostRef, PostState, PostStatus},
        site::CommentMode,
        tag::Tags,
        trust::{HoldReason, TrustLevel},
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

/// Returns the post with this id.
///
/// # Errors
///
/// Returns [`AppError::NotFound`] if there is no such post, [`AppError::Gone`] if it has been deleted, and
/// [`AppError::Removed`] if a moderator has hidden it.
pub async fn read(scope: &Scope, id: i64) -> Result<Post, AppError> {
    let read = async |scope: &Scope| read_stored(scope, id).await;
    let stored = scope.state.reads.post.get(scope, id, read).await?;
    let actor = scope.actor().await?;
    let target = Target::Post {
        author: stored.author_id,
        status: stored.status,
    };
    may(actor, Action::Read, target)?;
    let author = Target::User {
        role: stored.author_role,
    };
    Ok(Post {
        card: stored.card.clone(),
        html: stored.html.clone(),
        hidden_because: stored.hidden_because.clone(),
        hold: stored.hold,
        has_plain_links: stored.has_plain_links
            && matches!(actor, Actor::User { id, .. } if id == stored.author_id),
        may_hide: may(actor, Action::Hide, author).is_ok(),
        change_note: stored.change_note.clone(),
        is_history_public: stored.is_history_public,
        visibility: stored.status.visibility,
        canonical: stored.canonical.clone(),
        contents: stored.contents.clone(),
    })
}

/// A post, whoever may read it.
#[derive(Debug, Serialize)]
pub(crate) struct StoredPost {
    card: PostCard,
    author_id: i64,
    author_role: Role,
    html: String,
    status: PostStatus,
    hidden_because: Option<String>,
    hold: Option<Hold>,
    has_plain_links: bool,
    change_note: String,
    is_history_public: bool,
    canonical: String,
    contents: Vec<ContentsEntry>,
}

async fn read_stored(scope: &Scope, id: i64) -> Result<StoredPost, AppError> {
    let found: Option<PostRow> = cards(post::Entity::find_by_id(id))
        .columns([
            post::Column::Html,
            post::Column::Renderer,
            post::Column::Visibility,
            post::Column::State,
            post::Column::HiddenBecause,
            post::Column::HeldBecause,
            post::Column::Version,
            post::Column::ChangeNote,
            post::Column::IsHistoryPublic,
        ])
        .column_as(user::Column::Role, "author_role")
        .column(user::Column::Trust)
        .into_model()
        .one(scope.state.db.reader())
        .await?;
    let row = found.ok_or(AppError::NotFound)?;
    scope.reads([Topic::Post(id), Topic::User(row.card.author_id)]);
    let html = if row.renderer == RENDERER {
        row.html
    } else {
        // The stored HTML is still sanitised, though by an older version.
        render_again(scope, id).await.ok().flatten().unwrap_or(row.html)
    };
    let (html, has_plain_links) = match shown_html(scope, row.trust, &html).await {
        Cow::Borrowed(_) => (html, false),
        Cow::Owned(plain) => (plain, true),
    };
    let details = PostDetails::read(&row.card.details);
    let contents = if details.has_contents {
        contents(scope, id).await?
    } else {
        Vec::new()
    };
    Ok(StoredPost {
        author_id: row.card.author_id,
        author_role: row.author_role,
        card: row.card.card(CommentCounts::of(scope).await),
        html,
        status: row.status,
        hidden_because: row.hidden_because,
        hold: (row.status.state == PostState::Held).then_some(Hold {
            version: row.version,
            reason: row.held_because,
        }),
        has_plain_links,
        change_note: row.change_note,
        is_history_public: row.is_history_public,
        canonical: details.canonical,
        contents,
    })
}

/// Returns the `html` of somebody whom the site trusts so much, as others see it: the links of new members are text.
async fn shown_html<'html>(scope: &Scope, trust: TrustLevel, html: &'html str) -> Cow<'html, str> {
    if trust == TrustLevel::New && scope.site().await.has_trust {
        markdown::links_as_text(html, &scope.state.settings.site_url.host())
    } else {
        Cow::Borrowed(html)
    }
}

/// Returns the table of contents of the post with this id.
async fn contents(scope: &Scope, id: i64) -> Result<Vec<ContentsEntry>, AppError> {
    let content: Option<String> = post::Entity::find_by_id(id)
        .select_only()
        .column(post::Column::Content)
        .into_tuple()
        .one(scope.state.db.reader())
        .await?;
    markdown::contents(content.unwrap_or_default()).await
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

/// Renders the post with this id with the current renderer and stores the result.
async fn render_again(scope: &Scope, id: i64) -> Result<Option<String>, AppError> {
    let found: Option<(String, i64, String)> = post::Entity::find_by_id(id)
        .select_only()
        .columns([
            post::Column::Content,
            post::Column::Version,
            post::Column::Details,
        ])
        .into_tuple()
        .one(scope.state.db.reader())
        .await?;
    let Some((content, version, details)) = found else {
        return Ok(None);
    };
    let rendered = markdown::render(content).await?;
    post::Entity::update_many()
        .col_expr(post::Column::Html, Expr::value(rendered.html.as_str()))
        .col_expr(
            post::Column::Excerpt,
            Expr::value(PostDetails::read(&details).excerpt_or(rendered.excerpt)),
        )
        .col_expr(post::Column::Words, Expr::value(rendered.words))
        .col_expr(post::Column::Renderer, Expr::value(RENDERER))
        .filter(post::Column::Id.eq(id))
        .filter(post::Column::Version.eq(version))
        .exec(scope.state.db.writer())
        .await?;
    Ok(Some(rendered.html))
}

/// Renders a batch of the posts that were rendered by an older version, and returns their number.
///
/// # Errors
///
/// Returns an error if the database cannot be reached.
pub async fn render_old(scope: &Scope) -> Result<u64, AppError> {
    const BATCH: u64 = 100;
    let old: Vec<i64> = post::Entity::find()
        .select_only()
        .column(post::Column::Id)
        .filter(post::Column::Renderer.lt(RENDERER))
        .limit(BATCH)
        .into_tuple()
        .all(scope.state.db.reader())
        .await?;
    for id in &old {
        render_again(scope, *id).await?;
    }
    if !old.is_empty() {
        scope.state.db.invalidate([Topic::Everything].into()).await;
    }
    Ok(old.len() as u64)
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

#[derive(FromQueryResult)]
struct PostRow {
    #[sea_orm(nested)]
    card: CardRow,
    html: String,
    renderer: i32,
    #[sea_orm(nested)]
    status: PostStatus,
    hidden_because: Option<String>,
    held_because: Option<HoldReason>,
    version: i64,
    author_role: Role,
    trust: TrustLevel,
    change_note: String,
    is_history_public: bool,
}
