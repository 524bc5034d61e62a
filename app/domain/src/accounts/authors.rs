//! The list of authors and the search for users.

use std::collections::HashSet;

use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter, QueryOrder, QuerySelect, Select,
    sea_query::{Condition, Expr, ExprTrait},
};
use time::OffsetDateTime;

use super::search_key::search_key;
use crate::{
    Scope,
    platform::{
        entity::{post, user, username_suffix},
        limit,
        list::{PageRequest, SiteWideList},
        topic::Topic,
    },
};
use shared::{
    error::AppError,
    forms::username::USERNAME_MAX,
    model::{
        account::{Author, AuthorCard, FOUND_MAX, LatestPost},
        media::Avatar,
        page::{self, ListPage},
        post::PostRef,
    },
};

/// The number of authors per page.
const PER_PAGE: u64 = 12;
/// The maximum number of words of a search that are used.
const WORDS_MAX: usize = 4;

/// Returns page `number` of all users who have published, the most recently published first.
///
/// # Errors
///
/// Returns [`AppError::NoSuchPage`] if there is no such page.
pub async fn list(scope: &Scope, number: u64) -> Result<ListPage<AuthorCard>, AppError> {
    let read = async |scope: &Scope| read_page(scope, number).await;
    let page = scope.state.reads.authors.get(scope, number, read).await?;
    Ok((*page).clone())
}

async fn read_page(scope: &Scope, number: u64) -> Result<ListPage<AuthorCard>, AppError> {
    let wanted = PageRequest {
        number,
        per_page: PER_PAGE,
    };
    let authors = || cards(user::Entity::find().filter(user::Column::LatestPostAt.is_not_null()));
    let at = (user::Column::LatestPostAt, user::Column::Id);
    scope.reads([Topic::Site]);
    let page: ListPage<Row> = SiteWideList::Authors
        .page::<_, Row, _>(scope, wanted, authors, at)
        .await?;
    scope.reads(page.items.iter().map(|row| Topic::User(row.id)));
    Ok(page.map(AuthorCard::from))
}

/// Returns page `number` of the users whose names contain, for every word of `name`, a word that begins with it. Usernames
/// and display names are searched. Sorted by the matching suffix of the first word.
///
/// # Errors
///
/// Returns [`AppError::NoSuchPage`] if there is no such page, and [`AppError::Throttled`] after too many searches.
pub async fn search(scope: &Scope, name: &str, number: u64) -> Result<ListPage<AuthorCard>, AppError> {
    scope
        .state
        .limits
        .search
        .check(&scope.state.db, limit::network(scope.client()?.address))
        .await?;
    let found = found_by_all(scope, name).await?;
    let total = found.len() as u64;
    let pages = page::count_with(number, total, PER_PAGE)?;
    let [start, length] =
        [(number - 1) * PER_PAGE, PER_PAGE].map(|count| usize::try_from(count).unwrap_or(usize::MAX));
    let shown: Vec<i64> = found.into_iter().skip(start).take(length).collect();
    let people = user::Entity::find().filter(user::Column::Id.is_in(shown.iter().copied()));
    let mut rows: Vec<Row> = cards(people).into_model().all(scope.state.db.reader()).await?;
    rows.sort_by_key(|row| shown.iter().position(|id| *id == row.id));
    Ok(ListPage {
        items: rows.into_iter().map(AuthorCard::from).collect(),
        number,
        pages,
        total,
    })
}

/// Returns the ids of the users whose names contain, for every word of `name`, a word that begins with it.
async fn found_by_all(scope: &Scope, name: &str) -> Result<Vec<i64>, AppError> {
    let name = search_key(name);
    let mut words = name.split_whitespace().take(WORDS_MAX);
    let mut all = found(scope, words.next().unwrap_or_default()).await?;
    for word in words {
        let found: HashSet<i64> = found(scope, word).await?.into_iter().collect();
        all.retain(|id| found.contains(id));
    }
    Ok(all)
}

/// Returns the ids of the users whose names contain a word that begins with `name`.
///
/// All suffixes that begin with `name` form one range of the index, which ends before `name` followed by the last
/// character of Unicode.
async fn found(scope: &Scope, name: &str) -> Result<Vec<i64>, AppError> {
    // No name contains a control character, and PostgreSQL cannot compare with the null character.
    if name.is_empty() || name.chars().count() > USERNAME_MAX || name.contains(char::is_control) {
        return Ok(Vec::new());
    }
    let mut found: Vec<i64> = username_suffix::Entity::find()
        .select_only()
        .column(username_suffix::Column::UserId)
        .filter(username_suffix::Column::Suffix.gte(name))
        .filter(username_suffix::Column::Suffix.lt(format!("{name}\u{10ffff}")))
        .order_by_asc(username_suffix::Column::Suffix)
        .order_by_asc(username_suffix::Column::UserId)
        // A user may have the same word in several names.
        .limit(2 * FOUND_MAX)
        .into_tuple()
        .all(scope.state.db.reader())
        .await?;
    // Several words of one user's names may match.
    let mut seen = HashSet::new();
    found.retain(|id| seen.insert(*id));
    found.truncate(usize::try_from(FOUND_MAX).unwrap_or(usize::MAX));
    Ok(found)
}

/// Selects only the columns that an author's card shows.
fn cards(authors: Select<user::Entity>) -> Select<user::Entity> {
    let latest = Condition::all().add(
        Expr::col((post::Entity, post::Column::Id)).eq(Expr::col((user::Entity, user::Column::LatestPostId))),
    );
    let mut cards = authors.select_only().columns([
        user::Column::Id,
        user::Column::Username,
        user::Column::DisplayName,
        user::Column::Picture,
        user::Column::About,
        user::Column::PostCount,
        user::Column::LatestPostAt,
        user::Column::LatestPostId,
    ]);
    QuerySelect::query(&mut cards).join(JoinType::LeftJoin, post::Entity, latest);
    cards
        .column_as(post::Column::Slug, "slug")
        .column_as(post::Column::Title, "title")
}

#[derive(FromQueryResult)]
struct Row {
    id: i64,
    username: String,
    display_name: Option<String>,
    picture: Option<String>,
    about: String,
    post_count: i64,
    latest_post_at: Option<OffsetDateTime>,
    latest_post_id: Option<i64>,
    slug: Option<String>,
    title: Option<String>,
}

impl From<Row> for AuthorCard {
    fn from(row: Row) -> Self {
        let latest = match (row.latest_post_id, row.latest_post_at, row.slug, row.title) {
            (Some(id), Some(created_at), Some(slug), Some(title)) => Some(LatestPost {
                post: PostRef { id, slug },
                title,
                created_at,
            }),
            _ => None,
        };
        Self {
            author: Author {
                username: row.username,
                display_name: row.display_name,
                picture: Avatar::from_name(row.picture),
            },
            about: row.about,
            posts: u64::try_from(row.post_count).unwrap_or_default(),
            latest,
        }
    }
}
