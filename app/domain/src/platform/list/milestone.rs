//! Milestones of long lists: about every [`STEP`] entries, one that says how many entries come before it. There are
//! none at the newest end of a list, where most entries are added.
//!
//! A job updates them by the recorded changes. All its statements see the database as it was when its transaction
//! began, and whatever others change meanwhile is recorded, so that every rank is exact and nobody waits.

use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, DbErr, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect, Select,
    sea_query::{Expr, ExprTrait},
};
use time::{Duration, OffsetDateTime, macros::datetime};

use super::{Cursor, List, SiteWideList, change, place, row_value};
use crate::{
    AppState,
    platform::{
        db::{Db, Failure, Transaction},
        entity::{list_change, list_kind::ListKind, milestone, post, tag, tagging, user},
        lease::{Lease, Work},
    },
};
use shared::error::AppError;

/// The number of entries between two new milestones.
const STEP: i64 = 512;
/// With fewer entries between two milestones, the second is removed.
const LEAST: i64 = STEP / 4;
/// With more entries between two milestones, another one is added.
const MOST: i64 = 2 * STEP;
/// The maximum number of lists per transaction.
const BATCH: u64 = 100;
/// How long a server may take. After that, another one may start as well, and one of them fails without any harm.
const LASTING: Duration = Duration::minutes(5);

/// Updates the milestones of all lists that have changed, unless another server does. Returns the number of lists.
///
/// # Errors
///
/// Returns an error if the database cannot be reached.
pub async fn maintain(state: &AppState) -> Result<u64, AppError> {
    let change = list_change::Entity::find().one(state.db.reader()).await?;
    if change.is_none() {
        return Ok(0);
    }
    let Some(lease) = Lease::take(state, Work::Milestones, LASTING).await? else {
        return Ok(0);
    };
    let maintained = maintain_all(&state.db).await;
    lease.give_back(state).await?;
    match maintained {
        // The next call tries again: for example, the lists were rebuilt at the same time.
        Err(error) if Failure::classify(&error) == Failure::Passing => {
            tracing::debug!(%error, "the milestones of lists could not be updated now");
            Ok(0)
        }
        maintained => Ok(maintained?),
    }
}

async fn maintain_all(db: &Db) -> Result<u64, DbErr> {
    let mut lists = 0;
    loop {
        let batch = maintain_batch(db).await?;
        lists += batch;
        if batch < BATCH {
            return Ok(lists);
        }
    }
}

/// Updates the milestones of at most [`BATCH`] lists, and returns their number.
async fn maintain_batch(db: &Db) -> Result<u64, DbErr> {
    let transaction = db.begin_repeatable().await?;
    let changed: Vec<(ListKind, i64)> = list_change::Entity::find()
        .select_only()
        .columns([list_change::Column::Kind, list_change::Column::Key])
        .distinct()
        .limit(BATCH)
        .into_tuple()
        .all(&transaction)
        .await?;
    let lists = changed.len() as u64;
    for (kind, key) in changed {
        let list = List::new(kind, key);
        apply_changes(&transaction, list).await?;
        space(&transaction, list).await?;
    }
    db.commit(transaction).await?;
    Ok(lists)
}

/// Adds the recorded changes of `list` to the ranks of its milestones, and deletes them.
async fn apply_changes(transaction: &Transaction, list: List) -> Result<(), DbErr> {
    let (kind, key) = (list.kind(), Expr::value(list.key()));
    let oldest = change::of(kind, key.clone())
        .columns([list_change::Column::At, list_change::Column::Entry])
        .order_by(list_change::Column::At, sea_orm::Order::Asc)
        .order_by(list_change::Column::Entry, sea_orm::Order::Asc)
        .limit(1)
        .to_owned();
    let rank = Expr::col(milestone::Column::Rank).add(change::before_milestone(kind, key));
    milestone::Entity::update_many()
        .col_expr(milestone::Column::Rank, rank)
        .filter(is_of(list))
        .filter(here().gt(Expr::SubQuery(None, Box::new(oldest.into()))))
        .exec(transaction)
        .await?;
    list_change::Entity::delete_many()
        .filter(list_change::Column::Kind.eq(kind))
        .filter(list_change::Column::Key.eq(list.key()))
        .exec(transaction)
        .await?;
    Ok(())
}

/// Removes the milestones of `list` that are too near to the one before, and adds those that are missing.
async fn space(transaction: &Transaction, list: List) -> Result<(), DbErr> {
    let marks: Vec<Mark> = milestone::Entity::find()
        .filter(is_of(list))
        .order_by_asc(milestone::Column::At)
        .order_by_asc(milestone::Column::Entry)
        .into_model()
        .all(transaction)
        .await?;
    let mut before = Mark::START;
    for mark in marks {
        if mark.rank - before.rank < LEAST {
            remove(transaction, list, mark).await?;
        } else {
            fill(transaction, list, before, mark.rank).await?;
            before = mark;
        }
    }
    let total = length(transaction, list).await?;
    fill(transaction, list, before, total).await
}

/// Adds milestones to `list` after `before`, up to the rank `end`.
async fn fill(transaction: &Transaction, list: List, mut before: Mark, end: i64) -> Result<(), DbErr> {
    while end - before.rank > MOST {
        let Some(next) = after(transaction, list, before).await? else {
            return Ok(());
        };
        let row = milestone::ActiveModel {
            kind: Set(list.kind()),
            key: Set(list.key()),
            at: Set(next.at),
            entry: Set(next.entry),
            rank: Set(next.rank),
        };
        milestone::Entity::insert(row)
            .exec_without_returning(transaction)
            .await?;
        before = next;
    }
    Ok(())
}

async fn remove(transaction: &Transaction, list: List, mark: Mark) -> Result<(), DbErr> {
    milestone::Entity::delete_by_id((list.kind(), list.key(), mark.at, mark.entry))
        .exec(transaction)
        .await?;
    Ok(())
}

/// Returns the number of entries of `list`.
async fn length(transaction: &Transaction, list: List) -> Result<i64, DbErr> {
    let length: Option<i64> = match list {
        List::Posts => return SiteWideList::Posts.count(transaction).await,
        List::Authors => return SiteWideList::Authors.count(transaction).await,
        List::PostsBy(author) => {
            user::Entity::find_by_id(author)
                .select_only()
                .column(user::Column::PostCount)
                .into_tuple()
                .one(transaction)
                .await?
        }
        List::Tagged(tag) => {
            tag::Entity::find_by_id(tag)
                .select_only()
                .column(tag::Column::PostCount)
                .into_tuple()
                .one(transaction)
                .await?
        }
    };
    Ok(length.unwrap_or_default())
}

/// Returns a milestone at the entry of `list` that is [`STEP`] entries after `before`.
async fn after(transaction: &Transaction, list: List, before: Mark) -> Result<Option<Mark>, DbErr> {
    let posts = || {
        post::Entity::find()
            .select_only()
            .column_as(post::Column::CreatedAt, "at")
            .column(post::Column::Id)
            .filter(post::listed())
    };
    let (at, id) = (post::Column::CreatedAt, post::Column::Id);
    let found: Option<Cursor> = match list {
        List::Posts => nth(posts(), at, id, before).into_model().one(transaction).await?,
        List::PostsBy(author) => {
            let theirs = posts().filter(post::Column::AuthorId.eq(author));
            nth(theirs, at, id, before).into_model().one(transaction).await?
        }
        List::Tagged(tag) => {
            let (at, id) = (tagging::Column::CreatedAt, tagging::Column::PostId);
            let tagged = tagging::Entity::find()
                .select_only()
                .column_as(at, "at")
                .column_as(id, "id")
                .filter(tagging::Column::TagId.eq(tag));
            nth(tagged, at, id, before).into_model().one(transaction).await?
        }
        List::Authors => {
            let (at, id) = (user::Column::LatestPostAt, user::Column::Id);
            let authors = user::Entity::find()
                .select_only()
                .column_as(at, "at")
                .column(id)
                .filter(at.is_not_null());
            nth(authors, at, id, before).into_model().one(transaction).await?
        }
    };
    Ok(found.map(|key| Mark {
        at: key.at,
        entry: key.id,
        rank: before.rank + STEP,
    }))
}

/// Selects the entry that is [`STEP`] entries after `before`.
fn nth<E: EntityTrait>(
    entries: Select<E>,
    at: impl ColumnTrait,
    id: impl ColumnTrait,
    before: Mark,
) -> Select<E> {
    let from = Cursor {
        at: before.at,
        id: before.entry,
    };
    entries
        .filter(place(at, id).gte(row_value(from)))
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

impl Mark {
    /// The position before all entries.
    const START: Self = Self {
        at: datetime!(0000-01-01 0:00 UTC),
        entry: 0,
        rank: 0,
    };
}

/// Returns the condition that a milestone belongs to `list`.
fn is_of(list: List) -> Expr {
    milestone::Column::Kind
        .eq(list.kind())
        .and(milestone::Column::Key.eq(list.key()))
}

/// Returns the position of a milestone as a row value.
fn here() -> Expr {
    place(milestone::Column::At, milestone::Column::Entry)
}
