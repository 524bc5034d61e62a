//! Lists with the links "Newer" and "Older". They need neither lengths nor milestones: a page begins after the last
//! entry of the page before, wherever that is by now.

use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, Order, QueryFilter, QueryOrder, QuerySelect,
    Select, sea_query::ExprTrait,
};
use time::{OffsetDateTime, macros::datetime};

use super::{Cursor, place, row_value};
use shared::{
    error::AppError,
    model::{page::KeysetPage, position::Position},
};

/// Returns the page at `position` of `entries`, which are ordered by `at` and `id`, with at most `size` items. An index
/// on these two columns must contain all entries.
///
/// # Errors
///
/// Returns an error if the database cannot be reached.
pub(crate) async fn page<E, R>(
    db: &impl ConnectionTrait,
    entries: Select<E>,
    (at, id): (impl ColumnTrait, impl ColumnTrait),
    position: Position,
    size: u64,
) -> Result<KeysetPage<R>, AppError>
where
    E: EntityTrait,
    R: FromQueryResult + Send + Sync,
{
    // With a bound, even one that every entry satisfies, SQLite always seeks in the index.
    let (bound, order) = match position {
        Position::Newest => (at.lte(datetime!(9999-12-31 0:00 UTC)), Order::Desc),
        Position::Older(cursor) => (place(at, id).lt(row_value(cursor)), Order::Desc),
        Position::Newer(cursor) => (place(at, id).gt(row_value(cursor)), Order::Asc),
    };
    let rows: Vec<Positioned<R>> = entries
        .filter(bound)
        .column_as(at, "cursor_at")
        .column_as(id, "cursor_id")
        .order_by(at, order.clone())
        .order_by(id, order)
        // One row more, to detect whether there is another page.
        .limit(size.saturating_add(1))
        .into_model()
        .all(db)
        .await?;
    Ok(arrange(rows, position, size))
}

/// Returns the page at `position` of `rows`, which were read in its direction and are one more if there are others.
fn arrange<R: FromQueryResult>(mut rows: Vec<Positioned<R>>, position: Position, size: u64) -> KeysetPage<R> {
    let has_more = rows.len() as u64 > size;
    if has_more {
        rows.pop();
    }
    if matches!(position, Position::Newer(_)) {
        rows.reverse();
    }
    // If all entries on one side have been removed in the meantime, the newest ones are on the other side.
    let newer = rows
        .first()
        .map_or(Position::Newest, |row| Position::Newer(row.cursor()));
    let older = rows
        .last()
        .map_or(Position::Newest, |row| Position::Older(row.cursor()));
    let (has_newer, has_older) = match position {
        Position::Newest => (false, has_more),
        Position::Older(_) => (true, has_more),
        Position::Newer(_) => (has_more, true),
    };
    KeysetPage {
        items: rows.into_iter().map(|row| row.row).collect(),
        newer: has_newer.then_some(newer),
        older: has_older.then_some(older),
    }
}

/// A row with its position.
#[derive(FromQueryResult)]
struct Positioned<R: FromQueryResult> {
    #[sea_orm(nested)]
    row: R,
    cursor_at: OffsetDateTime,
    cursor_id: i64,
}

impl<R: FromQueryResult> Positioned<R> {
    const fn cursor(&self) -> Cursor {
        Cursor {
            at: self.cursor_at,
            id: self.cursor_id,
        }
    }
}
