//! Feeds: the newest posts with their texts.

use std::collections::HashMap;

use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseBackend, EntityTrait, FromQueryResult, JoinType, QueryFilter,
    QuerySelect, RelationTrait, Select, sea_query::Expr,
};
use time::OffsetDateTime;

use super::{CardRow, CommentCounts, card_columns, cards, listed};
use crate::{
    Scope,
    accounts::username_history,
    markdown::{FEED_HTML_MAX, feed_html, links_as_text},
    platform::{
        entity::{post, tag, tagging, user},
        list::SeekPlan,
        topic::Topic,
    },
};
use shared::{
    error::AppError,
    forms,
    model::{post::PostCard, profile::shown_name, trust::TrustLevel},
};

/// The number of posts in a feed.
const LENGTH: u64 = 20;

/// The posts of a feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// All posts.
    Site,
    /// The posts of the user with this username.
    Author(String),
    /// The posts with this tag.
    Tag(String),
}

/// A feed of the newest posts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feed {
    /// The source, with the current spelling of the name.
    pub source: Source,
    /// The user, for a user's feed.
    pub author: Option<FeedAuthor>,
    /// The time of the last change of any entry.
    pub updated_at: OffsetDateTime,
    /// The posts, newest first.
    pub entries: Vec<Entry>,
}

/// The user whose posts a feed contains.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedAuthor {
    /// The id.
    pub id: i64,
    /// The name by which the user is shown.
    pub name: String,
}

/// An entry of a feed without its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The card of the post.
    pub card: PostCard,
    /// The version of the post, which increases with every change.
    pub version: i64,
    /// The version of the renderer that produced the HTML.
    pub renderer: i32,
}

/// The beginning of a post's HTML: at least one byte more than a feed shows, if there are as many.
#[derive(Debug, Clone)]
pub struct Text {
    html: Vec<u8>,
    /// The host of the site, if its author is new, so that links to others are text.
    own_host: Option<String>,
}

/// Texts by the ids of their posts.
pub type Texts = HashMap<i64, Text>;

impl Text {
    /// Returns the HTML of the post at `path` on `origin`, for a feed.
    #[must_use]
    pub fn html(&self, origin: &str, path: &str) -> String {
        let is_whole = self.html.len() <= FEED_HTML_MAX;
        // The last character may be cut.
        let html = self.html.utf8_chunks().next().map_or("", |chunk| chunk.valid());
        match &self.own_host {
            Some(host) => feed_html(&links_as_text(html, host), is_whole, origin, path),
            None => feed_html(html, is_whole, origin, path),
        }
    }

    /// Returns the estimated size of the text in a feed, in bytes.
    #[must_use]
    pub fn estimated_len(&self) -> usize {
        // Escaping makes the markup longer.
        FEED_HTML_MAX.min(self.html.len() * 2)
    }
}

#[derive(FromQueryResult)]
struct EntryRow {
    #[sea_orm(nested)]
    card: CardRow,
    version: i64,
    renderer: i32,
}

/// Returns the feed of `source`.
///
/// # Errors
///
/// Returns [`AppError::NotFound`] if there is no such user, or if no post has the tag.
pub async fn read(scope: &Scope, source: Source) -> Result<Feed, AppError> {
    let mut feed_author = None;
    let (source, since, rows) = match source {
        Source::Site => {
            scope.reads([Topic::Site]);
            let rows = newest(scope, listed()).await?;
            (Source::Site, OffsetDateTime::UNIX_EPOCH, rows)
        }
        Source::Author(name) => {
            let author = username_history::named(&scope.state, &name).await?;
            let name = shown_name(author.display_name.as_deref(), &author.username).to_owned();
            feed_author = Some(FeedAuthor { id: author.id, name });
            scope.reads([Topic::User(author.id)]);
            let rows = newest(scope, listed().filter(post::Column::AuthorId.eq(author.id))).await?;
            (Source::Author(author.username), author.created_at, rows)
        }
        Source::Tag(name) => {
            let name = forms::tag::name(&name).map_err(|_| AppError::NotFound)?;
            let rows = tagged(scope, &name).await?;
            if rows.is_empty() {
                return Err(AppError::NotFound);
            }
            (Source::Tag(name), OffsetDateTime::UNIX_EPOCH, rows)
        }
    };
    scope.reads(rows.iter().map(|row| Topic::User(row.card.author_id)));
    let counts = CommentCounts::of(scope).await;
    let entries: Vec<Entry> = rows
        .into_iter()
        .map(|row| Entry {
            card: row.card.card(counts),
            version: row.version,
            renderer: row.renderer,
        })
        .collect();
    let changes = entries.iter().map(|entry| entry.card.updated_at);
    Ok(Feed {
        source,
        author: feed_author,
        updated_at: changes.max().unwrap_or(since),
        entries,
    })
}

/// Returns the texts of the posts in `feed`, as far as a feed shows them.
///
/// # Errors
///
/// Returns an error if the database cannot be reached.
pub async fn texts(scope: &Scope, feed: &Feed) -> Result<Texts, AppError> {
    let db = scope.state.db.reader();
    // In bytes, because the same number of characters could be four times as long.
    let bytes = match db.get_database_backend() {
        DatabaseBackend::Postgres => "convert_to(html, 'UTF8')",
        _ => "CAST(html AS BLOB)",
    };
    // One byte more, to detect that there is more.
    let beginning = format!("substr({bytes}, 1, {})", FEED_HTML_MAX + 1);
    let posts = feed.entries.iter().map(|entry| entry.card.post.id);
    let found: Vec<(i64, Vec<u8>, TrustLevel)> = post::Entity::find()
        .select_only()
        .column(post::Column::Id)
        .column_as(Expr::cust(beginning), "beginning")
        .column(user::Column::Trust)
        .join(JoinType::InnerJoin, post::Relation::User.def())
        .filter(post::Column::Id.is_in(posts))
        .into_tuple()
        .all(db)
        .await?;
    let has_trust = scope.site().await.has_trust;
    let host = scope.state.settings.site_url.host();
    let texts = found.into_iter().map(|(id, html, trust)| {
        let is_new = has_trust && trust == TrustLevel::New;
        let own_host = is_new.then(|| host.clone());
        (id, Text { html, own_host })
    });
    Ok(texts.collect())
}

async fn newest(scope: &Scope, posts: Select<post::Entity>) -> Result<Vec<EntryRow>, AppError> {
    let posts = cards(posts).columns([post::Column::Version, post::Column::Renderer]);
    let rows = SeekPlan::newest(0, LENGTH)
        .apply(posts, post::Column::CreatedAt, post::Column::Id)
        .into_model()
        .all(scope.state.db.reader())
        .await?;
    Ok(rows)
}

async fn tagged(scope: &Scope, name: &str) -> Result<Vec<EntryRow>, AppError> {
    let id: Option<i64> = tag::Entity::find()
        .select_only()
        .column(tag::Column::Id)
        .filter(tag::Column::Name.eq(name))
        .into_tuple()
        .one(scope.state.db.reader())
        .await?;
    let Some(id) = id else { return Ok(Vec::new()) };
    scope.reads([Topic::Tag(id)]);
    let tagged = tagging::Entity::find()
        .select_only()
        .filter(tagging::Column::TagId.eq(id))
        .join(JoinType::InnerJoin, tagging::Relation::Post.def());
    let tagged = card_columns(tagged)
        .column_as(post::Column::Version, "version")
        .column_as(post::Column::Renderer, "renderer");
    let rows = SeekPlan::newest(0, LENGTH)
        .apply(tagged, tagging::Column::CreatedAt, tagging::Column::PostId)
        .into_model()
        .all(scope.state.db.reader())
        .await?;
    Ok(rows)
}
