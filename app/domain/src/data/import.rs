//! Into the site. What is there already stays as it is, so that an import that has stopped half-way is simply begun again.

mod drafts;
mod free;
mod people;
mod posts;
mod usernames;

use std::collections::HashMap;

use sea_orm::{
    ActiveValue::{self, NotSet, Set},
    ConnectionTrait, DatabaseBackend,
};
use time::{OffsetDateTime, UtcOffset};

use self::free::Free;
pub use self::{
    drafts::drafts,
    people::{People, clash, people, picture, tidy},
    posts::posts,
    usernames::{Named, Usernames},
};
use crate::{
    AppState,
    platform::{db::Transaction, list},
};
use shared::{
    error::AppError,
    forms::{
        FieldError,
        tag::{self, TAGS_MAX},
    },
    model::tag::Tags,
};

/// Into what numbers the imported ones have turned.
#[derive(Debug, Default)]
pub struct Numbers {
    /// People, by the username that the import has, in lower case.
    people: HashMap<String, i64>,
    posts: HashMap<i64, i64>,
    /// Posts that were here before the import, by their authors: each is one of the import's at most.
    posts_here: HashMap<i64, Free>,
    /// The same of drafts.
    drafts_here: HashMap<i64, Free>,
}

/// How many were added, how many were there, and which were not taken.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counted {
    /// Added.
    pub added: usize,
    /// There already.
    pub there: usize,
    /// Left out: their authors are not in the file.
    pub left_out: usize,
    /// The titles of those that were refused, each with the reason.
    pub refused: Vec<(String, FieldError)>,
}

impl Counted {
    /// Adds what was counted elsewhere.
    pub fn add(&mut self, other: Self) {
        self.added += other.added;
        self.there += other.there;
        self.left_out += other.left_out;
        self.refused.extend(other.refused);
    }

    fn count(&mut self, is_new: bool) {
        if is_new {
            self.added += 1;
        } else {
            self.there += 1;
        }
    }
}

/// The number that something had, if it can have it here as well.
fn number(before: Option<i64>, is_taken: bool) -> ActiveValue<i64> {
    // Far above all that are given out; numbers go on from the highest.
    const MOST: i64 = 1 << 40;
    match before {
        Some(id) if !is_taken && (1..=MOST).contains(&id) => Set(id),
        _ => NotSet,
    }
}

/// These `names` as tags, as far as they can be.
fn tags(names: &[String]) -> Tags {
    let names = names.iter().filter_map(|name| tag::name(name).ok());
    Tags::of(Tags::of(names).names().iter().take(TAGS_MAX).cloned())
}

/// Whole seconds of UTC, as all moments here.
fn moment(at: OffsetDateTime) -> OffsetDateTime {
    let at = at.to_offset(UtcOffset::UTC);
    at.replace_nanosecond(0).unwrap_or(at)
}

/// Counts everything anew: to be called after whatever has stopped an import.
///
/// # Errors
/// When the database cannot be reached.
pub async fn finish(state: &AppState) -> Result<(), AppError> {
    let transaction = state.db.begin().await?;
    list::recount(&transaction).await?;
    state.db.commit(transaction).await?;
    Ok(())
}

/// The next number is above all that were brought along. SQLite sees to that by itself.
async fn advance(transaction: &Transaction, table: &str) -> Result<(), AppError> {
    if transaction.get_database_backend() == DatabaseBackend::Postgres {
        // Never back: what was given out and deleted is somebody's old address.
        let sequence = format!(
            "SELECT setval(pg_get_serial_sequence('{table}', 'id'), GREATEST((SELECT max(id) FROM {table}), \
             (SELECT last_value FROM pg_sequences WHERE schemaname || '.' || sequencename = \
             pg_get_serial_sequence('{table}', 'id')))) FROM {table} LIMIT 1"
        );
        transaction.execute_unprepared(&sequence).await?;
    }
    Ok(())
}
