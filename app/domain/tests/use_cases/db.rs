//! Tests of connections, pools and transactions.

use std::time::Duration;

use domain::{
    accounts,
    platform::{
        db::{Db, Listener},
        entity::user,
        topic::Topic,
    },
};
use migration::{Migrator, MigratorTrait};
use sea_orm::{ConnectionTrait, DatabaseBackend, EntityTrait, PaginatorTrait, Statement, TransactionTrait};
use shared::forms::Form;

use tokio::time::timeout;

use crate::database;
use crate::site::{Site, registration};

/// How long a test waits for something that happens soon.
const DEADLINE: Duration = Duration::from_secs(20);

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
    Migrator::up(db.writer().pool(), None).await.unwrap();
    let deleted = db.reader().execute_unprepared("DELETE FROM users").await;
    assert!(deleted.is_err());
    assert!(db.reader().pool().begin().await.is_ok());
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

    let scope = site.visitor();
    let waiting =
        tokio::spawn(
            async move { accounts::register(&scope, registration("ada").validate().unwrap()).await },
        );
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(!waiting.is_finished());
    site.state.db.commit(held).await.unwrap();
    waiting.await.unwrap().unwrap();
}

#[tokio::test]
async fn the_schema_goes_down_and_up_again() {
    let site = Site::new().await;
    Migrator::down(site.state.db.writer().pool(), None).await.unwrap();
    assert!(user::Entity::find().count(site.state.db.reader()).await.is_err());
    Migrator::up(site.state.db.writer().pool(), None).await.unwrap();
    assert_eq!(
        user::Entity::find().count(site.state.db.reader()).await.unwrap(),
        0
    );
}

#[tokio::test]
async fn a_change_is_known_although_nobody_waits_for_its_commit() {
    let site = Site::new().await;
    let db = &site.state.db;
    let before = db.changes().now();
    let transaction = db.begin().await.unwrap();
    transaction.invalidate([Topic::Site]);
    transaction
        .execute_unprepared("UPDATE totals SET number = 7 WHERE name = 'posts'")
        .await
        .unwrap();
    // The request is cancelled because its client has disconnected.
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
        if number == 7 && db.changes().last(&[Topic::Site]) > before {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("it is not committed, or not known");
}

#[tokio::test]
async fn a_listener_reports_what_others_change_and_nothing_else() {
    let site = Site::new().await;
    if !site.is_postgres() {
        return;
    }
    let url = database::url(site.folder.path());
    let db = Db::connect(&url).await.unwrap();
    let mut listener = Listener::open(&db, &url).await.unwrap();
    let silence = Duration::from_millis(20);
    let reported = timeout(20 * silence, listener.recv(silence)).await;
    assert!(reported.is_err(), "{reported:?}");
    let transaction = site.state.db.begin().await.unwrap();
    transaction.invalidate([Topic::Tag(7)]);
    site.state.db.commit(transaction).await.unwrap();
    let reported = timeout(DEADLINE, listener.recv(silence)).await.unwrap();
    assert_eq!(reported.unwrap(), [Topic::Tag(7)]);
    // Notifications may be lost with the connection.
    let terminate = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity \
                     WHERE datname = current_database() AND application_name = 'broadsheet listener'";
    db.writer().execute_unprepared(terminate).await.unwrap();
    let lost = timeout(DEADLINE, listener.recv(silence)).await.unwrap();
    assert!(lost.is_err(), "{lost:?}");
}

/// Prevents the SQLite database of `db` from growing on the current write connection.
async fn fill(db: &Db) {
    let row = db.writer().query_one_raw(sql("PRAGMA page_count")).await.unwrap();
    let pages: i64 = row.unwrap().try_get_by_index(0).unwrap();
    let limit = format!("PRAGMA max_page_count = {pages}");
    db.writer().query_one_raw(sql(&limit)).await.unwrap();
}

fn sql(text: &str) -> Statement {
    Statement::from_string(DatabaseBackend::Sqlite, text)
}

/// Returns an SQLite database with one table, and a second pool for the same file.
async fn two_views(folder: &std::path::Path) -> (Db, Db) {
    let url = format!("sqlite://{}", folder.join("test.sqlite3").display());
    let db = Db::connect(&url).await.unwrap();
    let table = "CREATE TABLE notes (text TEXT UNIQUE)";
    db.writer().execute_unprepared(table).await.unwrap();
    (db, Db::connect(&url).await.unwrap())
}

async fn notes(db: &Db) -> Vec<String> {
    let rows = db
        .reader()
        .query_all_raw(sql("SELECT substr(text, 1, 8) FROM notes ORDER BY text"));
    let rows = rows.await.unwrap();
    rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
}

fn insert(text: &str) -> String {
    format!("INSERT INTO notes VALUES ('{text}')")
}

// DUR-05
#[tokio::test]
async fn a_commit_after_many_refused_ones_is_on_disk() {
    let folder = tempfile::tempdir().unwrap();
    let (db, other) = two_views(folder.path()).await;
    for number in 0..40 {
        fill(&db).await;
        let transaction = db.begin().await.unwrap();
        let long = insert(&"long".repeat(20_000));
        assert!(transaction.execute_unprepared(&long).await.is_err());
        drop(transaction);
        // A transaction that fails because of a constraint is rolled back by the program, not by SQLite.
        let transaction = db.begin().await.unwrap();
        let kept = insert(&format!("kept{number:04}"));
        transaction.execute_unprepared(&kept).await.unwrap();
        assert!(transaction.execute_unprepared(&kept).await.is_err());
        drop(transaction);

        let transaction = db.begin().await.unwrap();
        transaction.execute_unprepared(&kept).await.unwrap();
        db.commit(transaction).await.unwrap();
        assert_eq!(notes(&other).await.len(), number + 1);
    }
}

#[tokio::test]
async fn a_transaction_that_sqlite_has_rolled_back_keeps_nothing_more() {
    let folder = tempfile::tempdir().unwrap();
    let (db, other) = two_views(folder.path()).await;
    fill(&db).await;
    let transaction = db.begin().await.unwrap();
    let long = insert(&"long".repeat(20_000));
    assert!(transaction.execute_unprepared(&long).await.is_err());
    assert!(transaction.execute_unprepared(&insert("short")).await.is_err());
    assert!(db.commit(transaction).await.is_err());
    assert!(notes(&other).await.is_empty());
    // Single statements are committed immediately again.
    db.writer().execute_unprepared(&insert("single")).await.unwrap();
    assert_eq!(notes(&other).await, ["single"]);
}

#[tokio::test]
async fn a_transaction_that_failed_is_not_confirmed() {
    let site = Site::new().await;
    site.member("ada").await;
    let transaction = site.state.db.begin().await.unwrap();
    transaction.execute_unprepared("DELETE FROM users").await.unwrap();
    // PostgreSQL would report the commit as successful.
    assert!(transaction.execute_unprepared("no SQL").await.is_err());
    assert!(site.state.db.commit(transaction).await.is_err());
    assert_eq!(
        user::Entity::find().count(site.state.db.reader()).await.unwrap(),
        1
    );
}

#[tokio::test]
async fn a_transaction_whose_beginning_nobody_waits_for_holds_no_other_up() {
    let site = Site::new().await;
    let other = Db::connect(&database::url(site.folder.path())).await.unwrap();
    let number = "SELECT number FROM totals WHERE name = 'posts'";
    let number = Statement::from_string(other.reader().get_database_backend(), number);
    for polls in 1..=4_i64 {
        let mut begun = Box::pin(site.state.db.begin());
        for _ in 0..polls {
            if futures::poll!(&mut begun).is_ready() {
                break;
            }
            // Gives the database time to respond.
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        drop(begun);
        let change = format!("UPDATE totals SET number = {polls} WHERE name = 'posts'");
        site.state.db.writer().execute_unprepared(&change).await.unwrap();
        // The change is visible on another connection, so it was not made within an abandoned transaction.
        let row = other
            .reader()
            .query_one_raw(number.clone())
            .await
            .unwrap()
            .unwrap();
        assert_eq!(row.try_get::<i64>("", "number").unwrap(), polls);
    }
}
