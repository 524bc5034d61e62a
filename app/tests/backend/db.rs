//! Connections, pools and transactions.

use app::backend::{account, db::Db, entity::user};
use app::forms::Form;
use migration::{Migrator, MigratorTrait};
use sea_orm::{ConnectionTrait, DatabaseBackend, EntityTrait, PaginatorTrait, Statement, TransactionTrait};

use crate::database;
use crate::site::{Site, registration};

#[tokio::test]
async fn a_database_that_would_not_keep_what_it_confirms_is_refused() {
    // An in-memory database has no write-ahead log.
    assert!(Db::connect("sqlite::memory:").await.is_err());
}

#[tokio::test]
async fn what_is_not_committed_has_not_happened() {
    let site = Site::new().await;
    site.member("ada").await;
    let transaction = site.state.db.begin().await.unwrap();
    user::Entity::delete_many().exec(&transaction).await.unwrap();
    drop(transaction);
    assert_eq!(
        user::Entity::find().count(site.state.db.reader()).await.unwrap(),
        1
    );
}

#[tokio::test]
async fn sqlite_plans_a_statement_once_and_shares_no_lock_over_memory() {
    let folder = tempfile::tempdir().unwrap();
    let file = format!("sqlite://{}", folder.path().join("test.sqlite3").display());
    let db = Db::connect(&file).await.unwrap();
    let asked = Statement::from_string(DatabaseBackend::Sqlite, "PRAGMA compile_options");
    let rows = db.reader().query_all_raw(asked).await.unwrap();
    let options: Vec<String> = rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect();
    for slow in ["ENABLE_STAT4", "ENABLE_MEMORY_MANAGEMENT"] {
        assert!(!options.iter().any(|option| option == slow), "{slow}");
    }
    for quick in ["ENABLE_QPSG", "DEFAULT_MEMSTATUS=0"] {
        assert!(
            options.iter().any(|option| option == quick),
            "{quick}: {options:?}"
        );
    }
}

#[tokio::test]
async fn the_pool_that_reads_from_sqlite_cannot_write() {
    let folder = tempfile::tempdir().unwrap();
    let file = format!("sqlite://{}", folder.path().join("test.sqlite3").display());
    let db = Db::connect(&file).await.unwrap();
    Migrator::up(db.writer(), None).await.unwrap();
    let deleted = db.reader().execute_unprepared("DELETE FROM users").await;
    assert!(deleted.is_err());
    assert!(db.reader().begin().await.is_ok());
}

#[tokio::test]
async fn a_writer_waits_for_another_program() {
    let site = Site::new().await;
    let other = Db::connect(&database::url(site.folder.path())).await.unwrap();
    let held = other.begin().await.unwrap();
    let everything = if site.is_postgres() {
        "LOCK TABLE users"
    } else {
        "DELETE FROM users"
    };
    held.execute_unprepared(everything).await.unwrap();

    let ctx = site.visitor();
    let waiting =
        tokio::spawn(async move { account::register(&ctx, registration("ada").validate().unwrap()).await });
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    assert!(!waiting.is_finished());
    site.state.db.commit(held).await.unwrap();
    waiting.await.unwrap().unwrap();
}

#[tokio::test]
async fn the_schema_goes_down_and_up_again() {
    let site = Site::new().await;
    Migrator::down(site.state.db.writer(), None).await.unwrap();
    assert!(user::Entity::find().count(site.state.db.reader()).await.is_err());
    Migrator::up(site.state.db.writer(), None).await.unwrap();
    assert_eq!(
        user::Entity::find().count(site.state.db.reader()).await.unwrap(),
        0
    );
}

#[tokio::test]
async fn a_change_is_known_although_nobody_waits_for_its_commit() {
    let site = Site::new().await;
    let db = &site.state.db;
    let before = db.content().version();
    let transaction = db.begin().await.unwrap();
    transaction
        .execute_unprepared("UPDATE totals SET number = 7 WHERE name = 'posts'")
        .await
        .unwrap();
    // Whoever asked for it has hung up.
    let mut commit = Box::pin(db.commit(transaction));
    assert!(futures::poll!(&mut commit).is_pending());
    drop(commit);
    let number = "SELECT number FROM totals WHERE name = 'posts'";
    let statement = Statement::from_string(db.reader().get_database_backend(), number);
    for _ in 0..500 {
        let row = db
            .reader()
            .query_one_raw(statement.clone())
            .await
            .unwrap()
            .unwrap();
        let number: i64 = row.try_get("", "number").unwrap();
        if number == 7 && db.content().version() > before {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("it is not committed, or not known");
}
