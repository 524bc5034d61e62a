//! The addresses of all posts, for crawlers: in parts by their numbers, so that none has to be counted.

use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};
use time::OffsetDateTime;

use super::shown;
use crate::{
    AppState,
    platform::entity::{post, tag, user},
};
use shared::{model::post::PostRef, paths};

/// A list of addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Addresses {
    /// Of posts.
    Posts,
    /// Of people who have published.
    Writers,
    /// Of tags.
    Tags,
}

/// An address, and when what is there was last changed, if that is known.
pub type Entry = (String, Option<OffsetDateTime>);

/// A row that has an address.
type Row = (i64, String, Option<OffsetDateTime>);

impl Addresses {
    /// Every list.
    pub const ALL: [Self; 3] = [Self::Posts, Self::Writers, Self::Tags];

    /// What the list is called.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Posts => "posts",
            Self::Writers => "writers",
            Self::Tags => "tags",
        }
    }

    /// The first addresses of what has a number above `after` and up to `last`, at most `limit`, and the number of the last of
    /// them.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn batch(
        self,
        state: &AppState,
        after: i64,
        last: i64,
        limit: u64,
    ) -> Result<(Vec<Entry>, Option<i64>), DbErr> {
        let db = state.db.reader();
        let rows: Vec<Row> = match self {
            Self::Posts => {
                let posts = shown().select_only().columns([
                    post::Column::Id,
                    post::Column::Slug,
                    post::Column::UpdatedAt,
                ]);
                part(posts, post::Column::Id, after, last, limit)
                    .into_tuple()
                    .all(db)
                    .await?
            }
            Self::Writers => {
                let writers = user::Entity::find()
                    .select_only()
                    .columns([
                        user::Column::Id,
                        user::Column::Username,
                        user::Column::LatestPostAt,
                    ])
                    .filter(user::Column::LatestPostAt.is_not_null());
                part(writers, user::Column::Id, after, last, limit)
                    .into_tuple()
                    .all(db)
                    .await?
            }
            Self::Tags => {
                let tags = tag::Entity::find()
                    .select_only()
                    .columns([tag::Column::Id, tag::Column::Name])
                    .filter(tag::Column::PostCount.gt(0));
                let rows: Vec<(i64, String)> = part(tags, tag::Column::Id, after, last, limit)
                    .into_tuple()
                    .all(db)
                    .await?;
                rows.into_iter().map(|(id, name)| (id, name, None)).collect()
            }
        };
        let end = rows.last().map(|(id, ..)| *id);
        let entries = rows
            .into_iter()
            .map(|(id, name, at)| (self.address(id, &name), at));
        Ok((entries.collect(), end))
    }

    fn address(self, id: i64, name: &str) -> String {
        match self {
            Self::Posts => paths::post(&PostRef {
                id,
                slug: name.to_owned(),
            }),
            Self::Writers => paths::user(name),
            Self::Tags => paths::tag(name),
        }
    }
}

fn part<E: EntityTrait>(
    select: Select<E>,
    id: impl ColumnTrait,
    after: i64,
    last: i64,
    limit: u64,
) -> Select<E> {
    select
        .filter(id.gt(after))
        .filter(id.lte(last))
        .order_by_asc(id)
        .limit(limit)
}
