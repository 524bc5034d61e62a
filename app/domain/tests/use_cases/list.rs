//! Tests of paginated lists: they are correct after any insertions and deletions, and pages are found without counting.

use std::sync::{Arc, Mutex};

use domain::{
    Scope,
    accounts::{authors, deletion, impersonation},
    moderation,
    platform::{
        entity::{list_change, list_kind::ListKind, milestone, post as row, tag, total, user},
        list,
    },
    posts::{
        self, author,
        feed::{self, Source},
        index::Addresses,
        tags as tag_index, trash,
    },
    redirects, static_pages,
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, Statement,
};
use shared::{
    error::AppError,
    forms::{Form, Secret, post::PostForm},
    model::{
        account::{Role, Viewer},
        position::{Cursor, Position},
        post::{DraftTarget, PostCard},
    },
};
use time::{Duration, OffsetDateTime};

use crate::{plan::plan, site::Site};

/// Returns the ids on all pages of the list of all posts, one after the other.
async fn all(scope: &Scope) -> Vec<i64> {
    let mut ids = Vec::new();
    let pages = posts::list(scope, 1).await.unwrap().pages;
    for number in 1..=pages {
        let page = posts::list(scope, number).await.unwrap();
        ids.extend(page.items.into_iter().map(|card: PostCard| card.post.id));
    }
    ids
}

/// Returns the ids on all pages of the posts with this tag, one after the other.
async fn tagged(scope: &Scope, tag: &str) -> Vec<i64> {
    let mut ids = Vec::new();
    let pages = posts::list_tagged(scope, tag, 1).await.unwrap().pages;
    for number in 1..=pages {
        let page = posts::list_tagged(scope, tag, number).await.unwrap();
        ids.extend(page.items.into_iter().map(|card: PostCard| card.post.id));
    }
    ids
}

/// Returns the expected ids of the posts with this tag.
async fn expected_tagged(site: &Site, tag: &str) -> Vec<i64> {
    let posts = row::Entity::find()
        .filter(row::Column::DeletedAt.is_null())
        .order_by_desc(row::Column::CreatedAt)
        .order_by_desc(row::Column::Id)
        .all(site.state.db.reader())
        .await
        .unwrap();
    let has_tag = |post: &&row::Model| post.tags.split(',').any(|own| own == tag);
    posts.iter().filter(has_tag).map(|post| post.id).collect()
}

/// Returns the expected ids of all posts, read by a single query and sorted by the database.
async fn expected(site: &Site) -> Vec<i64> {
    row::Entity::find()
        .filter(row::Column::DeletedAt.is_null())
        .order_by_desc(row::Column::CreatedAt)
        .order_by_desc(row::Column::Id)
        .all(site.state.db.reader())
        .await
        .unwrap()
        .into_iter()
        .map(|post| post.id)
        .collect()
}

/// Asserts that every milestone contains the correct number of preceding entries.
pub async fn assert_milestones(site: &Site) {
    let marks = milestone::Entity::find()
        .all(site.state.db.reader())
        .await
        .unwrap();
    let posts = row::Entity::find().filter(row::Column::DeletedAt.is_null());
    let posts = posts.all(site.state.db.reader()).await.unwrap();
    let authors = user::Entity::find().filter(user::Column::LatestPostAt.is_not_null());
    let authors = authors.all(site.state.db.reader()).await.unwrap();
    let tags = tag::Entity::find().all(site.state.db.reader()).await.unwrap();
    let recorded = list_change::Entity::find()
        .all(site.state.db.reader())
        .await
        .unwrap();
    for mark in marks {
        let has_tag = |row: &row::Model| {
            let tag = tags.iter().find(|tag| tag.id == mark.key).unwrap();
            row.tags.split(',').any(|own| own == tag.name)
        };
        let is_before = |at, id| (at, id) < (mark.at, mark.entry);
        let posts = posts.iter().filter(|row| is_before(row.created_at, row.id));
        let before = match mark.kind {
            ListKind::Posts => posts.count(),
            ListKind::PostsBy => posts.filter(|row| row.author_id == mark.key).count(),
            ListKind::Tagged => posts.filter(|row| has_tag(row)).count(),
            ListKind::Authors => authors
                .iter()
                .filter(|row| is_before(row.latest_post_at.unwrap(), row.id))
                .count(),
        };
        let changes = recorded
            .iter()
            .filter(|change| (change.kind, change.key) == (mark.kind, mark.key))
            .filter(|change| is_before(change.at, change.entry));
        let rank = mark.rank + changes.map(|change| change.step).sum::<i64>();
        assert_eq!(rank.unsigned_abs(), before as u64, "{mark:?}");
    }
}

/// Returns the length of the list of all posts or of all authors.
pub async fn length(site: &Site, kind: ListKind) -> i64 {
    let parts = total::Entity::find().filter(total::Column::Kind.eq(kind));
    let parts = parts.all(site.state.db.reader()).await.unwrap();
    parts.iter().map(|part| part.number).sum()
}

/// Returns the next number of a simple generator, which is the same in each run (Numerical Recipes, 7.1).
fn next(state: &mut u64) -> u32 {
    *state = state
        .wrapping_mul(6_364_136_223_846_793_005)
        .wrapping_add(1_442_695_040_888_963_407);
    u32::try_from(*state >> 33).unwrap()
}

#[tokio::test]
async fn pages_are_right_whatever_has_come_and_gone() {
    let site = Site::new().await;
    let authors = [site.member("ada").await, site.member("grace").await];
    let scope = site.visitor();
    let mut numbers = 7;
    let mut there = Vec::new();
    // The list is long enough for several milestones, and posts are inserted and deleted in its middle.
    for round in 0..1_800 {
        if round % 250 == 0 {
            list::maintain(&site.state).await.unwrap();
        }
        let author = &authors[usize::from(next(&mut numbers).is_multiple_of(5))];
        match next(&mut numbers) % 10 {
            0 if round > 1_300 => {
                let (author, id) = there[next(&mut numbers) as usize % there.len()];
                trash::delete(&scope, &authors[author], id).await.unwrap();
            }
            1 if round > 1_300 => {
                let (author, id) = there[next(&mut numbers) as usize % there.len()];
                trash::restore(&scope, &authors[author], id).await.unwrap();
            }
            _ => {
                site.state
                    .clock
                    .advance(Duration::seconds(i64::from(next(&mut numbers) % 2)));
                let tags = if round % 3 == 0 { "often, rare" } else { "often" };
                let id = site.publish_about(author, &round.to_string(), tags).await;
                there.push((
                    authors.iter().position(|other| other.id == author.id).unwrap(),
                    id,
                ));
            }
        }
    }
    assert!(
        milestone::Entity::find()
            .count(site.state.db.reader())
            .await
            .unwrap()
            >= 2
    );
    assert_milestones(&site).await;
    assert_eq!(all(&scope).await, expected(&site).await);
    for tag in ["often", "rare"] {
        assert_eq!(tagged(&scope, tag).await, expected_tagged(&site, tag).await);
    }

    let listed: u64 = {
        let mut sum = 0;
        for name in ["ada", "grace"] {
            sum += author::profile(&scope, name, 1).await.unwrap().posts.total;
        }
        sum
    };
    assert_eq!(listed, posts::list(&scope, 1).await.unwrap().total);
}

#[tokio::test]
async fn pages_are_right_after_an_author_has_gone_with_all_posts() {
    let site = Site::new().await;
    let (ada, grace) = (site.member("ada").await, site.member("grace").await);
    let scope = site.visitor();
    for round in 0..1_400 {
        site.state.clock.advance(Duration::seconds(1));
        let author = if round % 3 == 0 { &ada } else { &grace };
        site.publish_about(
            author,
            &round.to_string(),
            if round % 2 == 0 { "even" } else { "" },
        )
        .await;
    }
    list::maintain(&site.state).await.unwrap();
    let here = site.signed_in("ada").await;
    let viewer = here.require_viewer().await.unwrap();
    deletion::delete(&here, &viewer, Secret::from("ada-secret!"))
        .await
        .unwrap();

    assert_milestones(&site).await;
    assert_eq!(all(&scope).await, expected(&site).await);
    assert_eq!(tagged(&scope, "even").await, expected_tagged(&site, "even").await);
    assert_eq!(authors::list(&scope, 1).await.unwrap().total, 1);
    let left = expected(&site).await.len() as u64;
    assert_eq!(length(&site, ListKind::Posts).await.unsigned_abs(), left);

    list::maintain(&site.state).await.unwrap();
    assert_milestones(&site).await;
    assert_eq!(all(&scope).await, expected(&site).await);
}

/// Inserts `count` posts by each of `authors` directly into the tables, together with derived data.
pub async fn fill(site: &Site, authors: &[Viewer], count: i64) {
    let transaction = site.state.db.begin().await.unwrap();
    let start = OffsetDateTime::from_unix_timestamp(1_700_000_000).unwrap();
    for (place, author) in (0..).zip(authors) {
        for chunk in (0..count).collect::<Vec<_>>().chunks(500) {
            let rows = chunk.iter().map(|number| row::ActiveModel {
                author_id: Set(author.id),
                title: Set(format!("Post {number}")),
                slug: Set("post".to_owned()),
                content: Set("text".to_owned()),
                html: Set("<p>text</p>".to_owned()),
                excerpt: Set("text".to_owned()),
                words: Set(1),
                tags: Set("common".to_owned()),
                renderer: Set(domain::markdown::RENDERER),
                version: Set(1),
                created_at: Set(start + Duration::seconds(number * 7 + place)),
                updated_at: Set(start),
                ..Default::default()
            });
            row::Entity::insert_many(rows)
                .exec_without_returning(&transaction)
                .await
                .unwrap();
        }
    }
    list::recount(&transaction).await.unwrap();
    site.state.db.commit(transaction).await.unwrap();
}

#[tokio::test]
async fn no_statement_of_a_publication_reads_all_posts() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    let (scope, seen) = observed(&site);
    let form = |title: &str, tags: &str| PostForm {
        title: title.to_owned(),
        tags: tags.to_owned(),
        content: "text".to_owned(),
        ..PostForm::default()
    };
    let new = form("New", "rust").validate().unwrap();
    let id = posts::publish(&scope, &ada, DraftTarget::default(), new)
        .await
        .unwrap()
        .id;
    let target = DraftTarget {
        post: Some(id),
        post_version: 1,
        ..DraftTarget::default()
    };
    let edited = form("Edited", "rust, looms").validate().unwrap();
    posts::publish(&scope, &ada, target, edited).await.unwrap();
    trash::delete(&scope, &ada, id).await.unwrap();
    trash::restore(&scope, &ada, id).await.unwrap();
    let statements: Vec<Statement> = std::mem::take(&mut *seen.lock().unwrap());
    let reads = statements.iter().filter(|it| it.sql.starts_with("SELECT"));
    let mut checked = 0;
    for statement in reads {
        checked += 1;
        for step in plan(&site, statement, &["seqscan", "sort", "incremental_sort"]).await {
            let is_scan = [
                "SCAN posts",
                "SCAN users",
                "SCAN taggings",
                "SCAN milestones",
                "Seq Scan",
            ]
            .iter()
            .any(|scan| step.contains(scan));
            assert!(!is_scan, "{step}\n{}", statement.sql);
        }
    }
    assert!(checked > 8, "{checked} statements");
}

/// Returns the scope of a visitor, and the statements of this scope so far.
fn observed(site: &Site) -> (Scope, Arc<Mutex<Vec<Statement>>>) {
    let seen: Arc<Mutex<Vec<Statement>>> = Arc::default();
    let mut state = site.state.clone();
    let statements = Arc::clone(&seen);
    state.db.on_statement(move |statement, _| {
        statements.lock().unwrap().push(statement.clone());
    });
    let visitor = site.visitor();
    let (session, client) = (
        visitor.session().unwrap().clone(),
        visitor.client().unwrap().clone(),
    );
    (Scope::browser(state, session, client), seen)
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "it reads every list")]
async fn no_list_is_scanned_sorted_or_counted() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    let mut authors = vec![ada];
    for number in 0..30 {
        authors.push(site.member(&format!("writer{number}")).await);
    }
    fill(&site, &authors[..1], 3_000).await;
    fill(&site, &authors[1..], 100).await;
    assert_milestones(&site).await;

    let (scope, seen) = observed(&site);
    let mut checked = 0;
    let mut check = async |what: &str| {
        let mut statements: Vec<Statement> = std::mem::take(&mut *seen.lock().unwrap());
        // The settings are few, and a server keeps them in memory.
        statements.retain(|statement| !statement.sql.contains("FROM \"settings\""));
        assert!((1..=2).contains(&statements.len()), "{what}: {statements:#?}");
        for statement in statements {
            checked += 1;
            // The number of posts that one user can delete is bounded by the rate limit for writing.
            let is_private = what == "trash";
            assert!(
                is_private || !statement.sql.to_lowercase().contains("count("),
                "{what}: {}",
                statement.sql
            );
            for step in plan(&site, &statement, &["seqscan", "sort", "incremental_sort"]).await {
                let is_slow = ["SCAN", "TEMP B-TREE", "Seq Scan", "Sort"]
                    .iter()
                    .any(|slow| step.contains(slow));
                assert!(!is_slow, "{what}: {step}\n{}", statement.sql);
            }
        }
    };
    let pages = posts::list(&scope, 1).await.unwrap().pages;
    check("home").await;
    for number in [2, pages / 2, pages - 1, pages] {
        posts::list(&scope, number).await.unwrap();
        check("home, further on").await;
    }
    // AVL-11
    for absurd in [0, pages + 1, u64::MAX / 5, u64::MAX] {
        assert_eq!(
            posts::list(&scope, absurd).await,
            Err(AppError::NoSuchPage(pages))
        );
        check("an absurd number").await;
    }
    let pages = author::profile(&scope, "ada", 1).await.unwrap().posts.pages;
    check("profile").await;
    for number in [2, pages / 2, pages] {
        author::profile(&scope, "ada", number).await.unwrap();
        check("profile, further on").await;
    }
    let pages = posts::list_tagged(&scope, "common", 1).await.unwrap().pages;
    check("tag").await;
    for number in [2, pages / 2, pages] {
        posts::list_tagged(&scope, "common", number).await.unwrap();
        check("tag, further on").await;
    }
    tag_index::popular(&scope).await.unwrap();
    check("popular tags").await;
    for source in [
        Source::Site,
        Source::Author("ada".to_owned()),
        Source::Tag("common".to_owned()),
    ] {
        feed::read(&scope, source).await.unwrap();
        check("a feed").await;
    }
    for list in Addresses::ALL {
        list.batch(&scope, 1_000, 50_000, 100).await.unwrap();
        check("addresses").await;
    }
    for number in [1, 2, 3] {
        authors::list(&scope, number).await.unwrap();
        check("explore").await;
    }
    authors::search(&scope, "writer1", 1).await.unwrap();
    check("search").await;
    trash::list(&scope, &authors[0], 1).await.unwrap();
    check("trash").await;
    let moderator = Viewer {
        role: Role::Moderator,
        ..authors[0].clone()
    };
    let cursor = Cursor {
        at: site.state.clock.now(),
        id: 7,
    };
    for position in [Position::Newest, Position::Older(cursor), Position::Newer(cursor)] {
        moderation::overview(&scope, &moderator, position).await.unwrap();
        // The other lists on the page are bounded.
        let is_log = |statement: &Statement| statement.sql.contains("acts");
        seen.lock().unwrap().retain(is_log);
        check("audit log").await;
    }
    moderation::overview(&scope, &moderator, Position::Newest)
        .await
        .unwrap();
    let is_comparison = |statement: &Statement| {
        ["name_skeleton", "role <> 'member'"]
            .iter()
            .any(|part| statement.sql.contains(part))
    };
    seen.lock().unwrap().retain(is_comparison);
    check("names that look alike").await;
    impersonation::fill(&scope).await.unwrap();
    check("names without a skeleton").await;
    let administrator = Viewer {
        role: Role::Administrator,
        ..authors[0].clone()
    };
    for position in [Position::Newest, Position::Older(cursor), Position::Newer(cursor)] {
        static_pages::administration::list(&scope, &administrator, position)
            .await
            .unwrap();
        check("static pages").await;
        redirects::list(&scope, &administrator, position, None)
            .await
            .unwrap();
        check("redirects").await;
    }
    redirects::list(&scope, &administrator, Position::Newest, Some("/x/"))
        .await
        .unwrap();
    check("one redirect").await;
    domain::posts::drafts::list(&scope, &authors[0]).await.unwrap();
    check("drafts").await;
    assert!(checked >= 20);
}
