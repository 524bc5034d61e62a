//! Milestones of long lists: about every [`STEP`] entries, one that says how many entries come before it. Adding or
//! removing an entry updates all milestones after it; there are none at the newest end of a list, where most entries
//! are added.

use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect,
    Select,
    sea_query::{Expr, ExprTrait, Query},
};
use time::OffsetDateTime;

use super::{Cursor, List, place};
use crate::platform::entity::{milestone, post, tagging, user};

/// The number of entries between two new milestones.
const STEP: i64 = 512;
/// With fewer entries between two milestones, the second is removed.
const LEAST: i64 = STEP / 4;
/// With more entries between two milestones, another one is added.
const MOST: i64 = 2 * STEP;

/// Updates the milestones after `key` was added to `list`, which now has `total` entries.
pub(crate) async fn added(
    db: &impl ConnectionTrait,
    list: List,
    key: Cursor,
    total: i64,
) -> Result<(), DbErr> {
    shift(db, list, key, 1).await?;
    let (before, after) = around(db, list, key).await?;
    let rank = before.map_or(0, |mark| mark.rank);
    let end = after.map_or(total, |mark| mark.rank);
    if end - rank <= MOST {
        return Ok(());
    }
    let from = before.map(|mark| Cursor {
        at: mark.at,
        id: mark.entry,
    });
    mark(db, list, from, rank + STEP).await
}

/// Updates the milestones after `key` was removed from `list`.
pub(crate) async fn removed(db: &impl ConnectionTrait, list: List, key: Cursor) -> Result<(), DbErr> {
    shift(db, list, key, -1).await?;
    let (before, after) = around(db, list, key).await?;
    let rank = before.map_or(0, |mark| mark.rank);
    if let Some(after) = after
        && after.rank - rank < LEAST
    {
        milestone::Entity::delete_by_id((list.number(), after.at, after.entry))
            .exec(db)
            .await?;
    }
    Ok(())
}

/// Returns the last milestone up to `key` and the first one after it.
async fn around(
    db: &impl ConnectionTrait,
    list: List,
    key: Cursor,
) -> Result<(Option<Mark>, Option<Mark>), DbErr> {
    let before = marks(list)
        .filter(here().lte(key.as_tuple()))
        .order_by_desc(milestone::Column::At)
        .order_by_desc(milestone::Column::Entry)
        .into_model()
        .one(db)
        .await?;
    let after = marks(list)
        .filter(here().gt(key.as_tuple()))
        .order_by_asc(milestone::Column::At)
        .order_by_asc(milestone::Column::Entry)
        .into_model()
        .one(db)
        .await?;
    Ok((before, after))
}

/// Updates the milestones before all posts of `author` are removed.
pub(crate) async fn remove_author(db: &impl ConnectionTrait, author: i64) -> Result<(), DbErr> {
    let before = Query::select()
        .expr(Expr::col((post::Entity, post::Column::Id)).count())
        .from(post::Entity)
        .and_where(post::Column::AuthorId.eq(author))
        .and_where(post::listed())
        .and_where(place(post::Column::CreatedAt, post::Column::Id).lt(here()))
        .to_owned();
    milestone::Entity::update_many()
        .col_expr(
            milestone::Column::Rank,
            Expr::col(milestone::Column::Rank).sub(before),
        )
        .filter(milestone::Column::List.eq(List::Posts.number()))
        .exec(db)
        .await?;
    milestone::Entity::delete_many()
        .filter(milestone::Column::List.eq(List::PostsBy(author).number()))
        .exec(db)
        .await?;
    Ok(())
}

/// Adds `step` to the rank of all milestones after `key`.
async fn shift(db: &impl ConnectionTrait, list: List, key: Cursor, step: i64) -> Result<(), DbErr> {
    milestone::Entity::update_many()
        .col_expr(
            milestone::Column::Rank,
            Expr::col(milestone::Column::Rank).add(step),
        )
        .filter(milestone::Column::List.eq(list.number()))
        .filter(here().gt(key.as_tuple()))
        .exec(db)
        .await?;
    Ok(())
}

/// Adds a milestone with this `rank`, [`STEP`] entries after `from` or after the oldest entry.
async fn mark(db: &impl ConnectionTrait, list: List, from: Option<Cursor>, rank: i64) -> Result<(), DbErr> {
    let posts = || {
        post::Entity::find()
            .select_only()
            .column_as(post::Column::CreatedAt, "at")
            .column(post::Column::Id)
            .filter(post::listed())
    };
    let (at, id) = (post::Column::CreatedAt, post::Column::Id);
    let found: Option<Cursor> = match list {
        List::Posts => nth(posts(), at, id, from).into_model().one(db).await?,
        List::PostsBy(author) => {
            let theirs = posts().filter(post::Column::AuthorId.eq(author));
            nth(theirs, at, id, from).into_model().one(db).await?
        }
        List::Tagged(tag) => {
            let (at, id) = (tagging::Column::CreatedAt, tagging::Column::PostId);
            let tagged = tagging::Entity::find()
                .select_only()
                .column_as(at, "at")
                .column_as(id, "id")
                .filter(tagging::Column::TagId.eq(tag));
            nth(tagged, at, id, from).into_model().one(db).await?
        }
        List::Authors => {
            let authors = user::Entity::find()
                .select_only()
                .column_as(user::Column::LatestPostAt, "at")
                .column(user::Column::Id)
                .filter(user::Column::LatestPostAt.is_not_null());
            nth(authors, user::Column::LatestPostAt, user::Column::Id, from)
                .into_model()
                .one(db)
                .await?
        }
    };
    if let Some(key) = found {
        let row = milestone::ActiveModel {
            list: Set(list.number()),
            at: Set(key.at),
            entry: Set(key.id),
            rank: Set(rank),
        };
        milestone::Entity::insert(row).exec_without_returning(db).await?;
    }
    Ok(())
}

/// Selects the entry that is [`STEP`] entries after `from` or after the oldest entry.
fn nth<E: EntityTrait>(
    mut entries: Select<E>,
    at: impl ColumnTrait,
    id: impl ColumnTrait,
    from: Option<Cursor>,
) -> Select<E> {
    if let Some(from) = from {
        entries = entries.filter(place(at, id).gte(from.as_tuple()));
    }
    entries
        .order_by_asc(at)
        .order_by_asc(id)
        .offset(STEP.unsigned_abs())
        .limit(1)
}

#[derive(Clone, Copy, FromQueryResult)]
struct Mark {
    at: OffsetDateTime,
    entry: i64,
    rank: i64,
}

fn marks(list: List) -> Select<milestone::Entity> {
    milestone::Entity::find().filter(milestone::Column::List.eq(list.number()))
}

/// Returns the position of a milestone as a row value.
fn here() -> Expr {
    place(milestone::Column::At, milestone::Column::Entry)
}
