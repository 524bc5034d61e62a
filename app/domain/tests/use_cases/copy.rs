//! Tests of copying a site into another database.

use std::{
    collections::BTreeMap,
    sync::{Arc, Once},
    thread,
};

use domain::{
    AppState,
    accounts::session_store::DbSessionStore,
    data::{
        database_copy::{self, CopyError},
        demo::{self, Size},
        tables::{self, Part},
    },
    platform::{
        db::Db,
        entity::{post, username_suffix},
        first_origin,
    },
    posts,
};
use migration::{Migrator, MigratorTrait};
use sea_orm::{ConnectionTrait, EntityTrait, PaginatorTrait};
use tempfile::TempDir;
use tokio::{runtime::Runtime, sync::Notify};

use crate::{database, full_database, site::Site};

const SIZE: Size = Size {
    users: 20,
    posts: 2_000,
    seed: 7,
};

fn nobody(_: &str, _: u64, _: u64) {}

/// Returns a database without tables. It is deleted with the folder.
async fn empty() -> (Db, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    (Db::connect(&database::url(folder.path())).await.unwrap(), folder)
}

async fn begin(target: &Db) {
    database_copy::begin(target).await.unwrap();
    Migrator::up(target.writer().pool(), None).await.unwrap();
}

async fn filled() -> Site {
    let site = Site::new().await;
    demo::fill(&site.command_line(), SIZE, |_| {}).await.unwrap();
    let ada = site.member("ada").await;
    site.signed_in("ada").await;
    first_origin::keep(&site.state).await.unwrap();
    // The id of this deleted post must never be used again.
    let gone = site.publish(&ada, "Gone").await;
    post::Entity::delete_by_id(gone)
        .exec(site.state.db.writer())
        .await
        .unwrap();
    site
}

/// Starts a copy and stops it when half of the posts have been copied.
async fn copy_half(site: &Site, target: &Db) {
    let half = Notify::new();
    let report = |what: &str, done, _| {
        if what == "posts" && done >= 1_000 {
            half.notify_one();
        }
    };
    tokio::select! {
        biased;
        () = half.notified() => {}
        done = database_copy::run(&site.state.db, target, &report) => panic!("ended: {done:?}"),
    }
}

/// Returns the suffixes by which users are found.
async fn suffixes(db: &Db) -> Vec<username_suffix::Model> {
    let mut suffixes = username_suffix::Entity::find().all(db.reader()).await.unwrap();
    assert!(suffixes.len() > 20);
    suffixes.sort_by_key(|row| (row.user_id, row.suffix.clone()));
    suffixes
}

#[tokio::test]
async fn every_table_of_the_schema_says_how_it_takes_part() {
    let site = Site::new().await;
    let mut tables = site.state.db.tables().await.unwrap();
    tables.sort();
    let mut declared: Vec<&str> = tables::all().iter().map(|table| table.name).collect();
    // Only PostgreSQL has it.
    declared.retain(|&name| name != "limits" || site.is_postgres());
    declared.sort_unstable();
    assert_eq!(tables, declared);
}

#[tokio::test]
async fn a_copy_has_the_rows_of_the_tables_that_say_so() {
    let site = Site::new().await;
    full_database::fill(&site.state).await;
    let (target, _folder) = empty().await;
    begin(&target).await;
    let names = site.state.db.tables().await.unwrap();
    let mut before = BTreeMap::new();
    for name in &names {
        before.insert(name.as_str(), full_database::rows(&target, name).await);
    }
    database_copy::run(&site.state.db, &target, &nobody)
        .await
        .unwrap();
    for table in tables::all() {
        let Some(before) = before.get(table.name) else {
            continue;
        };
        let expected = match table.participation.copy {
            Part::Included | Part::Derived => &full_database::rows(&site.state.db, table.name).await,
            Part::Excluded(_) => before,
        };
        let copied = full_database::rows(&target, table.name).await;
        assert!(
            copied == *expected,
            "{}: {:?}",
            table.name,
            table.participation.copy
        );
    }
}

#[tokio::test]
async fn a_copy_has_every_row_and_its_numbers_go_on() {
    let site = filled().await;
    let (target, _folder) = empty().await;
    begin(&target).await;
    assert!(database_copy::is_begun(&target).await.unwrap());
    let rows = database_copy::run(&site.state.db, &target, &nobody)
        .await
        .unwrap();
    assert!(rows > 2_020, "{rows}");
    assert!(!database_copy::is_begun(&target).await.unwrap());
    let last = 2_001;
    let state = AppState {
        db: target.clone(),
        ..site.state.clone()
    };
    let there = Site {
        state,
        store: Arc::new(DbSessionStore::new(target.clone(), site.state.clock.clone())),
        folder: tempfile::tempdir().unwrap(),
    };
    let page = |site: &Site| {
        let scope = site.visitor();
        async move { posts::list(&scope, 3).await.unwrap() }
    };
    assert_eq!(page(&there).await, page(&site).await);
    assert_eq!(suffixes(&target).await, suffixes(&site.state.db).await);
    let origin = first_origin::read(target.reader()).await.unwrap();
    assert_eq!(origin.as_deref(), Some(site.state.settings.site_url.origin()));
    let grace = there.member("grace").await;
    assert_eq!(there.publish(&grace, "New").await, last + 1);
}

#[tokio::test]
async fn a_copy_that_has_stopped_goes_on_where_it_was() {
    let site = filled().await;
    let (target, _folder) = empty().await;
    begin(&target).await;
    copy_half(&site, &target).await;
    let there = post::Entity::find().count(target.reader()).await.unwrap();
    assert!((1_000..2_000).contains(&there), "{there}");
    begin(&target).await;
    let first = std::sync::Mutex::new(None);
    let report = |what: &str, done, _| {
        if what == "posts" {
            first.lock().unwrap().get_or_insert(done);
        }
    };
    database_copy::run(&site.state.db, &target, &report)
        .await
        .unwrap();
    assert_eq!(first.into_inner().unwrap(), Some(there));
    assert_eq!(post::Entity::find().count(target.reader()).await.unwrap(), 2_000);
}

#[tokio::test]
async fn nothing_is_copied_over_a_site_and_what_was_changed_meanwhile_is_noticed() {
    let site = filled().await;
    let other = Site::new().await;
    assert!(matches!(
        database_copy::begin(&other.state.db).await,
        Err(CopyError::NotEmpty(_))
    ));

    let (target, _folder) = empty().await;
    begin(&target).await;
    copy_half(&site, &target).await;
    let changed = "UPDATE posts SET title = 'Changed' WHERE id = 1";
    site.state.db.writer().execute_unprepared(changed).await.unwrap();
    let told = database_copy::run(&site.state.db, &target, &nobody).await;
    assert!(matches!(told, Err(CopyError::Differs("posts"))), "{told:?}");
    assert!(database_copy::is_begun(&target).await.unwrap());
}

#[tokio::test]
async fn what_is_written_while_a_copy_goes_on_is_noticed() {
    let site = filled().await;
    let (target, _folder) = empty().await;
    begin(&target).await;
    let url = database::url(site.folder.path());
    let change = || {
        Runtime::new().unwrap().block_on(async {
            let db = Db::connect(&url).await.unwrap();
            let sql = "UPDATE posts SET title = 'Changed' WHERE id = 1";
            db.writer().execute_unprepared(sql).await.unwrap();
        });
    };
    let once = Once::new();
    let report = |what: &str, done, _| {
        if what == "posts" && done >= 1_000 {
            once.call_once(|| thread::scope(|scope| scope.spawn(change).join().unwrap()));
        }
    };
    let told = database_copy::run(&site.state.db, &target, &report).await;
    assert!(matches!(told, Err(CopyError::Differs("posts"))), "{told:?}");
}
