//! The URLs of all posts, authors and tags for sitemaps, divided by ranges of ids so that nothing has to be counted.

use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};
use time::OffsetDateTime;

use super::listed;
use crate::{
    Scope,
    platform::entity::{post, tag, user},
};
use shared::{model::post::PostRef, paths};

shared::variants! {
    /// A list of URLs.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum Addresses {
        /// The URLs of posts.
        Posts { name: "posts" },
        /// The URLs of authors.
        Authors { name: "writers" },
        /// The URLs of tags.
        Tags { name: "tags" },
    }

    /// Returns the name of the list.
    pub const fn name(self) -> &'static str;
}

/// A path and the time of the last change, if known.
pub type Entry = (String, Option<OffsetDateTime>);

/// A row with an id, a name and the time of the last change.
type Row = (i64, String, Option<OffsetDateTime>);

impl Addresses {
    /// Returns at most `limit` paths of rows with ids above `after` and up to `last`, and the id of the last of these
    /// rows.
    ///
    /// # Errors
    ///
    /// Returns an error if the database cannot be reached.
    pub async fn batch(
        self,
        scope: &Scope,
        after: i64,
        last: i64,
        limit: u64,
    ) -> Result<(Vec<Entry>, Option<i64>), DbErr> {
        let db = scope.state.db.reader();
        let rows: Vec<Row> = match self {
            Self::Posts => {
                let posts = listed().select_only().columns([
                    post::Column::Id,
                    post::Column::Slug,
                    post::Column::UpdatedAt,
                ]);
                part(posts, post::Column::Id, after, last, limit)
                    .into_tuple()
                    .all(db)
                    .await?
            }
            Self::Authors => {
                let authors = user::Entity::find()
                    .select_only()
                    .columns([
                        user::Column::Id,
                        user::Column::Username,
                        user::Column::LatestPostAt,
                    ])
                    .filter(user::Column::LatestPostAt.is_not_null());
                part(authors, user::Column::Id, after, last, limit)
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
            Self::Authors => paths::user(name),
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
