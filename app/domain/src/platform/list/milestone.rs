//! Marks along long lists: about every [`STEP`] entries one that tells how many come before it. An entry that comes or
//! goes moves the marks after it; at a list's newer end, where most come, there are none.

use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect,
    Select,
    sea_query::{Expr, ExprTrait, Query},
};
use time::OffsetDateTime;

use super::{Cursor, List, place};
use crate::platform::entity::{milestone, post, tagging, user};

/// Entries between two new milestones.
const STEP: i64 = 512;
/// With fewer between them, the second goes.
const LEAST: i64 = STEP / 4;
/// With more between them, there is another.
const MOST: i64 = 2 * STEP;

/// `key` has come into `list`, which has `total` entries now.
pub(crate) async fn entered(
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

/// `key` has left `list`.
pub(crate) async fn left(db: &impl ConnectionTrait, list: List, key: Cursor) -> Result<(), DbErr> {
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

/// The last mark up to `key`, and the first one after it.
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

/// All posts of `author` are about to leave every list.
pub(crate) async fn author_leaves(db: &impl ConnectionTrait, author: i64) -> Result<(), DbErr> {
    let before = Query::select()
        .expr(Expr::col((post::Entity, post::Column::Id)).count())
        .from(post::Entity)
        .and_where(post::Column::AuthorId.eq(author))
        .and_where(post::Column::DeletedAt.is_null())
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

/// Moves the marks after `key` by `step`.
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

/// Puts a mark at the entry before which `rank` others come: [`STEP`] entries after `from`, or after the oldest.
async fn mark(db: &impl ConnectionTrait, list: List, from: Option<Cursor>, rank: i64) -> Result<(), DbErr> {
    let posts = || {
        post::Entity::find()
            .select_only()
            .column_as(post::Column::CreatedAt, "at")
            .column(post::Column::Id)
            .filter(post::Column::DeletedAt.is_null())
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
        List::Writers => {
            let writers = user::Entity::find()
                .select_only()
                .column_as(user::Column::LatestPostAt, "at")
                .column(user::Column::Id)
                .filter(user::Column::LatestPostAt.is_not_null());
            nth(writers, user::Column::LatestPostAt, user::Column::Id, from)
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

/// The entry that comes [`STEP`] entries after `from`, or after the oldest.
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

/// Where a milestone stands.
fn here() -> Expr {
    place(milestone::Column::At, milestone::Column::Entry)
}
