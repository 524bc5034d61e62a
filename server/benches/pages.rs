//! Measures the database cost of a page of each list, on SQLite, for lists of different lengths.
//!
//! `cargo bench -p server --bench pages -- 1000 100000 1000000` fills a site of each size. For each page, it prints the
//! number of statements, and the median and the 95th percentile of the total database time.

use std::{
    collections::BTreeMap,
    error::Error,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use domain::{
    AppState, ClientInfo, Reads, Scope, SiteSettings,
    accounts::{
        authors,
        password::{Hasher, HashingCost},
        session_store::DbSessionStore,
    },
    comments,
    data::demo::{self, Size},
    mail::transport::Mailer,
    media::{Delivery, Media, Store},
    platform::{
        clock::Clock,
        db::Db,
        entity::user,
        limit::{Limit, Limited},
        outgoing::{OutgoingClient, OutgoingSettings},
    },
    posts::{self, author},
};
use migration::{Migrator, MigratorTrait};
use sea_orm::{EntityTrait, QueryOrder, QuerySelect};
use shared::{
    forms::{Form, comment::CommentForm},
    model::{account::Viewer, comment::CommentsPosition},
};
use tempfile::TempDir;
use tower_cookies::Cookies;
use tower_sessions::Session;

/// The number of requests per page.
const TIMES: usize = 200;

type Outcome<T> = Result<T, Box<dyn Error>>;

/// The number of statements for one page and their total duration.
type Seen = Arc<Mutex<(usize, Duration)>>;

#[tokio::main]
async fn main() -> Outcome<()> {
    let sizes: Vec<usize> = std::env::args()
        .filter_map(|argument| argument.parse().ok())
        .collect();
    let sizes = if sizes.is_empty() {
        vec![1_000, 100_000]
    } else {
        sizes
    };
    println!("| posts | page | statements | median ms | p95 ms |\n|--:|:--|--:|--:|--:|");
    for posts in sizes {
        let folder = tempfile::tempdir()?;
        let (mut state, seen) = (site(&folder).await?, Seen::default());
        let begun = Instant::now();
        let size = Size {
            users: (posts / 100).clamp(20, 10_000),
            posts,
            seed: 1,
        };
        demo::fill(&Scope::command_line(state.clone()), size, |_| {})
            .await
            .map_err(|error| error.title())?;
        eprintln!(
            "{posts} posts by {} people in {:.1} s",
            size.users,
            begun.elapsed().as_secs_f64()
        );
        let counter = Arc::clone(&seen);
        state.db.on_statement(move |_, elapsed| {
            if let Ok(mut seen) = counter.lock() {
                *seen = (seen.0 + 1, seen.1 + elapsed);
            }
        });
        measure(&scope(&state), &seen, posts).await?;
    }
    Ok(())
}

async fn measure(scope: &Scope, seen: &Seen, posts: usize) -> Outcome<()> {
    let failed = |error: shared::error::AppError| error.title();
    let pages = posts::list(scope, 1).await.map_err(failed)?.pages;
    for (name, number) in [("home", 1), ("page 2", 2), ("middle", pages / 2), ("last", pages)] {
        report(posts, name, seen, async || {
            posts::list(scope, number).await.map(drop)
        })
        .await?;
    }
    let busiest: Option<String> = user::Entity::find()
        .select_only()
        .column(user::Column::Username)
        .order_by_desc(user::Column::PostCount)
        .into_tuple()
        .one(scope.state.db.reader())
        .await?;
    let busiest = busiest.unwrap_or_default();
    let pages = author::profile(scope, &busiest, 1)
        .await
        .map_err(failed)?
        .posts
        .pages;
    for (name, number) in [
        ("author", 1),
        ("author, middle", pages / 2),
        ("author, last", pages),
    ] {
        let number = number.max(1);
        report(posts, name, seen, async || {
            author::profile(scope, &busiest, number).await.map(drop)
        })
        .await?;
    }
    let pages = authors::list(scope, 1).await.map_err(failed)?.pages;
    for (name, number) in [
        ("explore", 1),
        ("explore, middle", pages / 2),
        ("explore, last", pages),
    ] {
        let number = number.max(1);
        report(posts, name, seen, async || {
            authors::list(scope, number).await.map(drop)
        })
        .await?;
    }
    report(posts, "search", seen, async || {
        authors::search(scope, "ada", 1).await.map(drop)
    })
    .await?;
    measure_comments(scope, seen, posts).await
}

/// Measures posts with a few and with many comments, of which each tenth begins a thread.
async fn measure_comments(scope: &Scope, seen: &Seen, posts: usize) -> Outcome<()> {
    let failed = |error: shared::error::AppError| error.title();
    let Some(person) = user::Entity::find().one(scope.state.db.reader()).await? else {
        return Ok(());
    };
    let author = Viewer {
        id: person.id,
        username: person.username,
        display_name: person.display_name,
        picture: None,
        role: person.role,
        is_frozen: false,
    };
    let cards = posts::list(scope, 1).await.map_err(failed)?.items;
    for (card, comments) in cards.iter().zip([40, 10_000]) {
        let post = card.post.id;
        let (mut roots, mut thread) = (Vec::new(), None);
        for number in 0..comments {
            if number % 10 == 0 {
                thread = None;
            }
            let form = CommentForm {
                post,
                parent: thread,
                content: format!("Comment {number} on a post, in some words."),
                ..CommentForm::default()
            };
            let new = form.validate().map_err(|_| "a comment")?;
            let id = comments::create(scope, &author, new).await.map_err(failed)?.id;
            if thread.is_none() {
                roots.push(id);
            }
            thread.get_or_insert(id);
        }
        let first = CommentsPosition::default();
        let middle = CommentsPosition {
            after: roots.get(roots.len() / 2).copied(),
            ..first
        };
        for (name, position) in [
            ("first page", first),
            ("newest first", CommentsPosition::NEWEST),
            ("middle", middle),
        ] {
            report(posts, &format!("{comments} comments, {name}"), seen, async || {
                comments::of_post(scope, post, position).await.map(drop)
            })
            .await?;
        }
        let root = roots.last().copied().unwrap_or_default();
        report(
            posts,
            &format!("{comments} comments, a thread"),
            seen,
            async || comments::read(scope, root, None).await.map(drop),
        )
        .await?;
    }
    Ok(())
}

/// Requests a page many times and prints a line with the results.
async fn report(
    posts: usize,
    name: &str,
    seen: &Seen,
    page: impl AsyncFn() -> Result<(), shared::error::AppError>,
) -> Outcome<()> {
    let mut times = Vec::with_capacity(TIMES);
    let mut statements = 0;
    for _ in 0..TIMES {
        *seen.lock().map_err(|error| error.to_string())? = (0, Duration::ZERO);
        page().await.map_err(|error| error.title())?;
        let (count, time) = *seen.lock().map_err(|error| error.to_string())?;
        statements = count;
        times.push(time.as_secs_f64() * 1_000.0);
    }
    times.sort_by(f64::total_cmp);
    let at = |share: usize| times.get(TIMES * share / 100).copied().unwrap_or_default();
    println!(
        "| {posts} | {name} | {statements} | {:.3} | {:.3} |",
        at(50),
        at(95)
    );
    Ok(())
}

async fn site(folder: &TempDir) -> Outcome<AppState> {
    let file = folder.path().join("bench.sqlite3");
    let db = Db::connect(&format!("sqlite://{}", file.display())).await?;
    Migrator::up(db.writer().pool(), None).await?;
    let clock = Clock::default();
    Ok(AppState {
        db,
        hasher: Hasher::new(HashingCost::RECOMMENDED, 2).map_err(|error| error.title())?,
        settings: Arc::new(SiteSettings {
            site_url: "http://localhost:3000".parse()?,
            websub_hub: None,
            fixed: BTreeMap::new(),
        }),
        site: Arc::default(),
        limits: Arc::new(Limited::unlimited().map(|name, rates| Limit::new(name, rates, &clock))),
        clock,
        mailer: Mailer::folder(
            folder.path().join("mail"),
            "Broadsheet <post@example.org>".parse()?,
        ),
        jobs: AppState::all_jobs(),
        reads: Arc::new(Reads::new(0)),
        media: Media::new(Store::folder(&folder.path().join("media"))?, Delivery::Here)?,
        outgoing: OutgoingClient::new(OutgoingSettings::new(
            "http://localhost:3000".parse()?,
            Vec::new(),
        )),
        schedule_changed: Arc::default(),
    })
}

/// Returns the scope of a visitor's request.
fn scope(state: &AppState) -> Scope {
    let store = DbSessionStore::new(state.db.clone(), state.clock.clone());
    let visitor = ClientInfo::new([127, 0, 0, 1].into(), "", Cookies::default(), false);
    Scope::browser(state.clone(), Session::new(None, Arc::new(store), None), visitor)
}
