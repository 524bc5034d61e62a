//! Import into a site. Existing rows are never changed, so an interrupted import can be repeated from the start.

mod comments;
mod drafts;
mod free;
mod pages;
mod people;
mod posts;
mod redirects;
mod revisions;
mod usernames;

use std::collections::HashMap;

use sea_orm::{
    ActiveValue::{self, NotSet, Set},
    ConnectionTrait, DatabaseBackend,
};
use time::{OffsetDateTime, UtcOffset};

use self::free::Free;
pub use self::{
    comments::{CommentOn, comments},
    drafts::drafts,
    pages::pages,
    people::{People, clash, people, picture, tidy},
    posts::posts,
    redirects::redirects,
    revisions::revisions,
    usernames::{Named, Usernames},
};
use super::interchange::Redirect;
use crate::{
    Scope, comments as comments_on_posts,
    platform::{db::Transaction, list},
};
use shared::{
    error::AppError,
    forms::{
        FieldError,
        post::CHANGE_NOTE_MAX,
        redirect::key,
        tag::{self, TAGS_MAX},
    },
    model::tag::Tags,
};

/// The ids that imported rows have on this site.
#[derive(Debug, Default)]
pub struct Numbers {
    /// Users by the username in the import, in lower case.
    people: HashMap<String, i64>,
    /// Users whose inviters have not been imported yet, with the usernames of the inviters in lower case.
    invited: Vec<(i64, String)>,
    posts: HashMap<i64, i64>,
    /// Posts that existed before the import, by author. Each matches at most one imported post.
    posts_here: HashMap<i64, Free>,
    /// Drafts that existed before the import, by author.
    drafts_here: HashMap<i64, Free>,
    /// Comments.
    comments: HashMap<i64, i64>,
    /// Comments that existed before the import, by post.
    comments_here: HashMap<i64, Free>,
    /// The comments that were exported together with their posts.
    comments_of_posts: Vec<CommentOn>,
    /// The pinned comments of posts that have been imported, each with the post, by the id in the import.
    pinned: HashMap<i64, i64>,
    /// The old paths of imported texts, each with the new one.
    led: Vec<(String, String)>,
}

impl Numbers {
    /// Notes that `old_path`, the former address of a text, is to lead to `path`.
    fn lead(&mut self, old_path: Option<String>, path: String) {
        let old_path = old_path.filter(|old| key(old) != key(&path));
        self.led.extend(old_path.map(|old| (old, path)));
    }

    /// Returns the redirects from the old addresses of the texts that have been imported so far.
    pub fn take_redirects(&mut self, now: OffsetDateTime) -> Vec<Redirect> {
        let led = std::mem::take(&mut self.led).into_iter();
        let redirects = led.map(|(path, target)| Redirect {
            path,
            target,
            created_at: now,
        });
        redirects.collect()
    }
}

/// The numbers of rows that were added, existed already or were left out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counted {
    /// The number of rows that were added.
    pub added: usize,
    /// The number of rows that existed already.
    pub there: usize,
    /// The number of rows that were left out because the import does not contain their authors.
    pub left_out: usize,
    /// The number of comments that have become threads, because what they answer has not been imported.
    pub moved: usize,
    /// The titles of the refused texts, or the old addresses of the refused redirects, each with the reason.
    pub refused: Vec<(String, FieldError)>,
}

impl Counted {
    /// Adds the numbers of `other`.
    pub fn add(&mut self, other: Self) {
        self.added += other.added;
        self.there += other.there;
        self.left_out += other.left_out;
        self.moved += other.moved;
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

/// Keeps the imported id if it is free on this site.
fn number(before: Option<i64>, is_taken: bool) -> ActiveValue<i64> {
    // Far above every id in use, and low enough to leave room: new ids continue from the highest.
    const MOST: i64 = 1 << 40;
    match before {
        Some(id) if !is_taken && (1..=MOST).contains(&id) => Set(id),
        _ => NotSet,
    }
}

/// Returns the valid ones of `names` as tags, up to the maximum number.
fn tags(names: &[String]) -> Tags {
    let names = names.iter().filter_map(|name| tag::name(name).ok());
    Tags::from_names(Tags::from_names(names).names().iter().take(TAGS_MAX).cloned())
}

/// Shortens a note about a change to the length that it may have.
fn note_of(note: String) -> String {
    note.chars().take(CHANGE_NOTE_MAX).collect()
}

/// Converts to UTC with whole seconds, the precision that the database stores.
fn moment(at: OffsetDateTime) -> OffsetDateTime {
    let at = at.to_offset(UtcOffset::UTC);
    at.replace_nanosecond(0).unwrap_or(at)
}

/// Recounts all lists. Must be called after an import, even a failed one.
///
/// # Errors
///
/// Returns an error if the database cannot be reached.
pub async fn finish(scope: &Scope) -> Result<(), AppError> {
    let transaction = scope.state.db.begin().await?;
    list::recount(&transaction).await?;
    comments_on_posts::recount(&transaction).await?;
    scope.state.db.commit(transaction).await?;
    Ok(())
}

/// Advances the sequence of `table` beyond all imported ids. SQLite does that by itself.
async fn advance(transaction: &Transaction, table: &str) -> Result<(), AppError> {
    if transaction.get_database_backend() == DatabaseBackend::Postgres {
        // Never moved back: the ids of deleted rows must not be reused, because they are part of published URLs.
        let sequence = format!(
            "SELECT setval(pg_get_serial_sequence('{table}', 'id'), GREATEST((SELECT max(id) FROM {table}), \
             (SELECT last_value FROM pg_sequences WHERE schemaname || '.' || sequencename = \
             pg_get_serial_sequence('{table}', 'id')))) FROM {table} LIMIT 1"
        );
        transaction.execute_unprepared(&sequence).await?;
    }
    Ok(())
}
