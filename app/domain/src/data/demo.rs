//! Demo content: users, some with avatars, and posts. The same seed gives the same users and texts; dates are
//! relative to today.

use fastrand::Rng;
use sea_orm::{ActiveValue::Set, EntityTrait, QuerySelect};
use time::{Duration, OffsetDateTime};
use tokio::task::spawn_blocking;

use crate::{
    Scope,
    accounts::{search_key::search_key, skeleton::skeleton},
    markdown::{RENDERER, Rendered, slug},
    media::{self, avatars},
    platform::{
        digest,
        entity::{
            post,
            user::{self, PasswordHash},
        },
        list,
    },
};
use shared::{error::AppError, forms::Secret, model::media::Avatar};

/// Generated avatars.
mod portrait;
/// Generated names, titles and texts.
mod prose;

/// One user in this many has an avatar.
const PORTRAITS: usize = 8;
/// The number of posts per statement: SQLite takes at most 32,766 values.
const ROWS: usize = 500;
/// The number of posts per transaction, small enough that the site keeps answering in between.
const BATCH: usize = 5_000;
/// The age of the oldest post in years.
const YEARS: i64 = 3;

/// The amount of content to create.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    /// The number of users.
    pub users: usize,
    /// The number of posts, unevenly distributed among the users.
    pub posts: usize,
    /// The seed of the random number generator.
    pub seed: u64,
}

/// A progress report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The number of users created so far.
    Users(usize),
    /// The number of posts created so far.
    Posts(usize),
    /// All posts are created; the lists are being counted.
    Counting,
}

/// Creates demo content and returns the common password of all new users.
///
/// # Errors
///
/// Returns [`AppError::Conflict`] if one of the usernames is taken, and [`AppError::Unreachable`] if the database
/// cannot be reached.
pub async fn fill(scope: &Scope, size: Size, progress: impl Fn(Step)) -> Result<Secret, AppError> {
    let password = Secret::from(digest::random::<9>()?.as_str());
    let hash = PasswordHash(scope.state.hasher.hash(Clone::clone(&password)).await?);
    let today = scope.state.clock.now();
    let authors = users(scope, size, &hash, today, &progress).await?;
    if authors.is_empty() {
        return Ok(password);
    }
    let made = posts(scope, size, &authors, today, &progress).await;
    // Also after a failure, so that the lists match the posts that were created.
    progress(Step::Counting);
    let transaction = scope.state.db.begin().await?;
    list::recount(&transaction).await?;
    scope.state.db.commit(transaction).await?;
    made.map(|()| password)
}

/// Creates the posts in batches.
async fn posts(
    scope: &Scope,
    size: Size,
    authors: &[i64],
    today: OffsetDateTime,
    progress: &impl Fn(Step),
) -> Result<(), AppError> {
    for start in (0..size.posts).step_by(BATCH) {
        let end = (start + BATCH).min(size.posts);
        let rows = rendered(size, start..end, authors, today).await?;
        let transaction = scope.state.db.begin().await?;
        for some in rows.chunks(ROWS) {
            post::Entity::insert_many(some.to_vec())
                .exec_without_returning(&transaction)
                .await?;
        }
        scope.state.db.commit(transaction).await?;
        progress(Step::Posts(end));
    }
    Ok(())
}

/// Creates the users and returns their ids.
async fn users(
    scope: &Scope,
    size: Size,
    hash: &PasswordHash,
    today: OffsetDateTime,
    progress: &impl Fn(Step),
) -> Result<Vec<i64>, AppError> {
    let mut people = Vec::with_capacity(size.users);
    let latest = latest_posts(size);
    for number in 0..size.users {
        let latest = latest
            .get(number)
            .copied()
            .flatten()
            .map(|post| published_at(size, post, today));
        people.push(person(scope, size, number, (hash, latest), today).await?);
        progress(Step::Users(number + 1));
    }
    let mut numbers = Vec::with_capacity(size.users);
    let transaction = scope.state.db.begin().await?;
    for (row, portrait) in people {
        let inserted = user::Entity::insert(row).exec(&transaction).await;
        let inserted = inserted.map_err(|error| match error.sql_err() {
            Some(sea_orm::SqlErr::UniqueConstraintViolation(_)) => AppError::Conflict,
            _ => error.into(),
        })?;
        if let Some(portrait) = portrait {
            media::cancel_deletion(&transaction, &avatars::files(&portrait)).await?;
        }
        numbers.push(inserted.last_insert_id);
    }
    scope.state.db.commit(transaction).await?;
    Ok(numbers)
}

/// Creates the row of user `number`, whose latest post is dated `latest`, and their avatar, whose files are written
/// already.
async fn person(
    scope: &Scope,
    size: Size,
    number: usize,
    (hash, latest): (&PasswordHash, Option<OffsetDateTime>),
    today: OffsetDateTime,
) -> Result<(user::ActiveModel, Option<Avatar>), AppError> {
    let mut rng = Rng::with_seed(size.seed ^ (number as u64).rotate_left(32));
    let (username, display_name) = prose::names(number, &mut rng);
    let portrait = if number.is_multiple_of(PORTRAITS) {
        portrait(scope, &mut rng).await?
    } else {
        None
    };
    let age = Duration::days(YEARS * 365) + Duration::minutes(rng.i64(0..500_000));
    // The user was last seen no earlier than their latest post.
    let seen = today - Duration::minutes(rng.i64(0..100_000));
    let seen = latest.map_or(seen, |latest| seen.max(latest));
    let email = format!("{username}@demo.example");
    let row = user::ActiveModel {
        username: Set(username.clone()),
        username_key: Set(username),
        email: Set(email.clone()),
        email_key: Set(email),
        password_hash: Set(hash.clone()),
        created_at: Set(today - age),
        last_seen_at: Set(Some(seen)),
        email_confirmed_at: Set(Some(today - age)),
        about: Set(prose::about(&mut rng)),
        name_skeleton: Set(Some(skeleton(&display_name))),
        display_name_key: Set(Some(search_key(&display_name))),
        display_name: Set(Some(display_name)),
        picture: Set(portrait.as_ref().map(|picture| picture.name().to_owned())),
        ..Default::default()
    };
    Ok((row, portrait))
}

/// Draws an avatar and stores it like an uploaded one.
async fn portrait(scope: &Scope, rng: &mut Rng) -> Result<Option<Avatar>, AppError> {
    let Ok(squares) = portrait::draw(rng) else {
        return Ok(None);
    };
    let made = avatars::named(&squares)?;
    let paths = avatars::files(&made);
    media::reserve(scope.state.db.writer(), &paths, scope.state.clock.now()).await?;
    for (path, content) in paths.iter().zip(squares.files) {
        scope.state.media.store.write(path, content).await?;
    }
    Ok(Some(made))
}

/// Renders the posts with these numbers on all processors.
async fn rendered(
    size: Size,
    numbers: std::ops::Range<usize>,
    authors: &[i64],
    today: OffsetDateTime,
) -> Result<Vec<post::ActiveModel>, AppError> {
    let threads = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
    let share = numbers.len().div_ceil(threads);
    let mut work = Vec::new();
    for start in numbers.clone().step_by(share.max(1)) {
        let end = (start + share).min(numbers.end);
        let authors = authors.to_vec();
        work.push(spawn_blocking(move || -> Vec<_> {
            (start..end)
                .map(|number| row(size, number, &authors, today))
                .collect()
        }));
    }
    let mut rows = Vec::with_capacity(numbers.len());
    // Joined in order of the numbers, not of completion.
    for part in work {
        let part = part.await.map_err(|error| {
            tracing::error!(%error, "rendering demo content");
            AppError::Internal
        })?;
        rows.extend(part);
    }
    Ok(rows)
}

fn row(size: Size, number: usize, authors: &[i64], today: OffsetDateTime) -> post::ActiveModel {
    let mut rng = post_rng(size, number);
    let author = authors.get(author_of(&mut rng, authors.len()));
    let title = prose::title(&mut rng);
    let content = prose::article(&mut rng);
    let tags = prose::tags(&mut rng);
    let rendered = Rendered::from_markdown(&content);
    let at = published_at(size, number, today);
    post::ActiveModel {
        author_id: Set(author.copied().unwrap_or_default()),
        slug: Set(slug::from_text(&title, "post")),
        title: Set(title),
        tags: Set(tags.kept()),
        content: Set(content),
        html: Set(rendered.html),
        excerpt: Set(rendered.excerpt),
        words: Set(rendered.words),
        renderer: Set(RENDERER),
        version: Set(1),
        created_at: Set(at),
        updated_at: Set(at),
        ..Default::default()
    }
}

/// Returns the random number generator of post `number`.
fn post_rng(size: Size, number: usize) -> Rng {
    Rng::with_seed(size.seed.wrapping_mul(31) ^ (number as u64))
}

/// Returns the index of the author of a post. A few users write many posts, most write few.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "a place among some thousands"
)]
fn author_of(rng: &mut Rng, people: usize) -> usize {
    let place = rng.f64() * rng.f64();
    (place * people as f64) as usize
}

/// Returns when post `number` was published: evenly distributed, in order of the numbers.
fn published_at(size: Size, number: usize, today: OffsetDateTime) -> OffsetDateTime {
    let span = Duration::days(YEARS * 365).whole_seconds();
    let [number, posts] = [number, size.posts].map(|count| i64::try_from(count).unwrap_or(i64::MAX));
    let age = span - number * span / posts.max(1);
    today - Duration::seconds(age)
}

/// Returns the number of the latest post of each user.
fn latest_posts(size: Size) -> Vec<Option<usize>> {
    let mut latest = vec![None; size.users];
    for number in 0..size.posts {
        let author = author_of(&mut post_rng(size, number), size.users);
        if let Some(place) = latest.get_mut(author) {
            *place = Some(number);
        }
    }
    latest
}

/// Returns whether there are no users yet.
///
/// # Errors
///
/// Returns an error if the database cannot be reached.
pub async fn is_empty(scope: &Scope) -> Result<bool, AppError> {
    let somebody: Option<i64> = user::Entity::find()
        .select_only()
        .column(user::Column::Id)
        .into_tuple()
        .one(scope.state.db.reader())
        .await?;
    Ok(somebody.is_none())
}
