//! The newest posts with their texts, for programs that read a list again and again.

use std::collections::HashMap;

use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseBackend, EntityTrait, FromQueryResult, JoinType, QueryFilter,
    QuerySelect, RelationTrait, Select, sea_query::Expr,
};
use time::OffsetDateTime;

use super::markdown::{FEED_HTML_MAX, feed_html};
use super::{CardRow, card_columns, cards, shown};
use crate::{
    AppState,
    accounts::username_history,
    platform::{
        entity::{post, tag, tagging},
        list::SeekPlan,
    },
};
use shared::{error::AppError, forms, model::post::PostCard};

/// So many posts are in a feed.
const LENGTH: u64 = 20;

/// Whose posts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// Everybody's.
    Site,
    /// Those of the person with this name.
    Writer(String),
    /// Those with this tag.
    Tag(String),
}

/// The newest posts of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feed {
    /// Whose, with the name as it is spelt.
    pub source: Source,
    /// The number of the person whose it is.
    pub writer: Option<i64>,
    /// When anything of it last changed.
    pub updated_at: OffsetDateTime,
    /// The posts, newest first.
    pub entries: Vec<Entry>,
}

/// A post in a feed, without its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What its card in a list says.
    pub card: PostCard,
    /// Rises with every change of the post.
    pub version: i64,
    /// The version of the renderer that made its HTML.
    pub renderer: i32,
}

/// The text of a post: the first bytes of its HTML, and at least one more than a feed shows, if there are as many.
#[derive(Debug, Clone)]
pub struct Text(Vec<u8>);

/// Texts by the numbers of their posts.
pub type Texts = HashMap<i64, Text>;

impl Text {
    /// The HTML of the post at `path` on `origin`, for a feed.
    #[must_use]
    pub fn html(&self, origin: &str, path: &str) -> String {
        let is_whole = self.0.len() <= FEED_HTML_MAX;
        // The last character may have been cut.
        let html = self.0.utf8_chunks().next().map_or("", |chunk| chunk.valid());
        feed_html(html, is_whole, origin, path)
    }

    /// How many bytes that takes in a feed, about.
    #[must_use]
    pub fn estimated_len(&self) -> usize {
        // Markup that is escaped makes it longer.
        FEED_HTML_MAX.min(self.0.len() * 2)
    }
}

#[derive(FromQueryResult)]
struct EntryRow {
    #[sea_orm(nested)]
    card: CardRow,
    version: i64,
    renderer: i32,
}

/// The feed of `source`.
///
/// # Errors
/// [`AppError::NotFound`] when there is no such person, or when no post has the tag.
pub async fn read(state: &AppState, source: Source) -> Result<Feed, AppError> {
    let mut number = None;
    let (source, since, rows) = match source {
        Source::Site => (
            Source::Site,
            OffsetDateTime::UNIX_EPOCH,
            newest(state, shown()).await?,
        ),
        Source::Writer(name) => {
            let writer = username_history::named(state, &name).await?;
            number = Some(writer.id);
            let rows = newest(state, shown().filter(post::Column::AuthorId.eq(writer.id))).await?;
            (Source::Writer(writer.username), writer.created_at, rows)
        }
        Source::Tag(name) => {
            let name = forms::tag::name(&name).map_err(|_| AppError::NotFound)?;
            let rows = tagged(state, &name).await?;
            if rows.is_empty() {
                return Err(AppError::NotFound);
            }
            (Source::Tag(name), OffsetDateTime::UNIX_EPOCH, rows)
        }
    };
    let entries: Vec<Entry> = rows
        .into_iter()
        .map(|row| Entry {
            card: row.card.into(),
            version: row.version,
            renderer: row.renderer,
        })
        .collect();
    let changes = entries.iter().map(|entry| entry.card.updated_at);
    Ok(Feed {
        source,
        writer: number,
        updated_at: changes.max().unwrap_or(since),
        entries,
    })
}

/// The texts of the posts in `feed`, as far as a feed shows them.
///
/// # Errors
/// When the database cannot be reached.
pub async fn texts(state: &AppState, feed: &Feed) -> Result<Texts, AppError> {
    let db = state.db.reader();
    // As bytes: so many characters could be four times as much.
    let bytes = match db.get_database_backend() {
        DatabaseBackend::Postgres => "convert_to(html, 'UTF8')",
        _ => "CAST(html AS BLOB)",
    };
    // One more than is shown tells that there is more.
    let beginning = format!("substr({bytes}, 1, {})", FEED_HTML_MAX + 1);
    let posts = feed.entries.iter().map(|entry| entry.card.post.id);
    let found: Vec<(i64, Vec<u8>)> = post::Entity::find()
        .select_only()
        .column(post::Column::Id)
        .column_as(Expr::cust(beginning), "beginning")
        .filter(post::Column::Id.is_in(posts))
        .into_tuple()
        .all(db)
        .await?;
    let texts = found.into_iter().map(|(id, beginning)| (id, Text(beginning)));
    Ok(texts.collect())
}

async fn newest(state: &AppState, posts: Select<post::Entity>) -> Result<Vec<EntryRow>, AppError> {
    let posts = cards(posts).columns([post::Column::Version, post::Column::Renderer]);
    let rows = SeekPlan::newest(0, LENGTH)
        .of(posts, post::Column::CreatedAt, post::Column::Id)
        .into_model()
        .all(state.db.reader())
        .await?;
    Ok(rows)
}

async fn tagged(state: &AppState, name: &str) -> Result<Vec<EntryRow>, AppError> {
    let id: Option<i64> = tag::Entity::find()
        .select_only()
        .column(tag::Column::Id)
        .filter(tag::Column::Name.eq(name))
        .into_tuple()
        .one(state.db.reader())
        .await?;
    let Some(id) = id else { return Ok(Vec::new()) };
    let tagged = tagging::Entity::find()
        .select_only()
        .filter(tagging::Column::TagId.eq(id))
        .join(JoinType::InnerJoin, tagging::Relation::Post.def());
    let tagged = card_columns(tagged)
        .column_as(post::Column::Version, "version")
        .column_as(post::Column::Renderer, "renderer");
    let rows = SeekPlan::newest(0, LENGTH)
        .of(tagged, tagging::Column::CreatedAt, tagging::Column::PostId)
        .into_model()
        .all(state.db.reader())
        .await?;
    Ok(rows)
}
