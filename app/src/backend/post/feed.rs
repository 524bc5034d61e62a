//! The newest posts with their whole text, for programs that read a list again and again.

use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter, QuerySelect, RelationTrait, Select,
};
use time::OffsetDateTime;

use super::{CardRow, card_columns, cards, shown};
use crate::{
    backend::{
        AppState,
        account::former,
        entity::{post, tag, tagging},
        list::Walk,
    },
    error::AppError,
    forms,
    model::post::PostCard,
};

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

/// A post with its whole text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What its card in a list says.
    pub card: PostCard,
    /// Its text as sanitised HTML.
    pub html: String,
}

#[derive(FromQueryResult)]
struct EntryRow {
    #[sea_orm(nested)]
    card: CardRow,
    html: String,
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
            let writer = former::named(state, &name).await?;
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
            html: row.html,
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

async fn newest(state: &AppState, posts: Select<post::Entity>) -> Result<Vec<EntryRow>, AppError> {
    let posts = cards(posts).column(post::Column::Html);
    let rows = Walk::newest(0, LENGTH)
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
    let tagged = card_columns(tagged).column_as(post::Column::Html, "html");
    let rows = Walk::newest(0, LENGTH)
        .of(tagged, tagging::Column::CreatedAt, tagging::Column::PostId)
        .into_model()
        .all(state.db.reader())
        .await?;
    Ok(rows)
}
