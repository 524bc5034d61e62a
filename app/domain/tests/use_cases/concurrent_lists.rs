//! Tests of lists that several people change at the same time, and of servers of two versions.

use std::{cell::Cell, collections::BTreeMap, time::Duration};

use domain::{
    platform::{
        entity::{list_change, list_kind::ListKind, milestone, post, tag, tagging, user},
        list,
    },
    posts::trash,
};
use futures::future::{join, join_all};
use migration::{Migrator, MigratorTrait};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    Statement,
};
use shared::model::account::Viewer;
use tokio::time::{sleep, timeout};

use crate::{
    list::{assert_milestones, fill, length},
    site::Site,
};

/// The maximum duration of every wait.
const DEADLINE: Duration = Duration::from_secs(20);

/// Makes each transaction that inserts a post called "Held" wait at its commit for the advisory lock 7.
const HOLD: &str = "CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
     PERFORM pg_advisory_xact_lock(7); RETURN NULL; END $$; \
     CREATE CONSTRAINT TRIGGER hold AFTER INSERT ON posts DEFERRABLE INITIALLY DEFERRED \
     FOR EACH ROW WHEN (NEW.title = 'Held') EXECUTE FUNCTION hold()";

/// Waits until a transaction waits for an advisory lock.
async fn until_held(site: &Site) {
    let waiting = "SELECT 1 AS one FROM pg_locks WHERE locktype = 'advisory' AND NOT granted \
         AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
    let reader = site.state.db.reader();
    let waiting = Statement::from_string(reader.get_database_backend(), waiting);
    let waited = timeout(DEADLINE, async {
        while reader.query_one_raw(waiting.clone()).await.unwrap().is_none() {
            sleep(Duration::from_millis(5)).await;
        }
    });
    waited.await.unwrap();
}

#[tokio::test]
async fn two_people_publish_at_the_same_time_without_waiting_for_each_other() {
    let site = Site::new().await;
    if !site.is_postgres() {
        // SQLite has one writer at a time.
        return;
    }
    let (ada, grace) = (site.member("ada").await, site.member("grace").await);
    for author in [&ada, &grace] {
        site.publish(author, "Before").await;
    }
    site.state.clock.advance(time::Duration::hours(1));
    list::maintain(&site.state).await.unwrap();
    // Both move from before this milestone of the list of authors to its end.
    let mark = milestone::ActiveModel {
        kind: Set(ListKind::Authors),
        key: Set(0),
        at: Set(site.state.clock.now()),
        entry: Set(0),
        rank: Set(2),
    };
    let writer = site.state.db.writer();
    milestone::Entity::insert(mark)
        .exec_without_returning(writer)
        .await
        .unwrap();
    writer.execute_unprepared(HOLD).await.unwrap();

    let holder = site.state.db.begin().await.unwrap();
    holder
        .execute_unprepared("SELECT pg_advisory_xact_lock(7)")
        .await
        .unwrap();
    let mut first = Box::pin(site.publish(&ada, "Held"));
    tokio::select! {
        _ = &mut first => panic!("the first publication is not held"),
        () = until_held(&site) => {}
    }
    tokio::select! {
        _ = &mut first => panic!("the first publication is not held"),
        second = timeout(DEADLINE, site.publish(&grace, "Second")) => drop(second.unwrap()),
    }
    assert_eq!(length(&site, ListKind::Posts).await, 3, "the first is still open");
    // Nor does the job wait, which adds milestones.
    timeout(DEADLINE, list::maintain(&site.state))
        .await
        .unwrap()
        .unwrap();
    holder.rollback().await.unwrap();
    timeout(DEADLINE, first).await.unwrap();
    assert_eq!(length(&site, ListKind::Posts).await, 4);
    assert_eq!(length(&site, ListKind::Authors).await, 2);
    assert_milestones(&site).await;
}

/// Everything that is derived from posts and users, except milestones.
#[derive(Debug, PartialEq)]
struct Derived {
    posts: i64,
    authors: i64,
    users: BTreeMap<i64, (i64, Option<i64>)>,
    tags: BTreeMap<String, i64>,
    taggings: Vec<(i64, i64)>,
}

async fn derived(site: &Site) -> Derived {
    let db = site.state.db.reader();
    let users = user::Entity::find().all(db).await.unwrap();
    let tags = tag::Entity::find().all(db).await.unwrap();
    let taggings = tagging::Entity::find()
        .order_by_asc(tagging::Column::TagId)
        .order_by_asc(tagging::Column::PostId);
    let taggings = taggings.all(db).await.unwrap();
    Derived {
        posts: length(site, ListKind::Posts).await,
        authors: length(site, ListKind::Authors).await,
        users: users
            .into_iter()
            .map(|user| (user.id, (user.post_count, user.latest_post_id)))
            .collect(),
        tags: tags.into_iter().map(|tag| (tag.name, tag.post_count)).collect(),
        taggings: taggings.iter().map(|row| (row.tag_id, row.post_id)).collect(),
    }
}

async fn recount(site: &Site) {
    let transaction = site.state.db.begin().await.unwrap();
    list::recount(&transaction).await.unwrap();
    site.state.db.commit(transaction).await.unwrap();
}

/// Publishes, deletes and restores posts of `author`, of whom `old` are there.
async fn write(site: &Site, author: &Viewer, old: &[i64]) {
    let scope = site.visitor();
    let tags = ["common, rare", "rare, common", "", "new, common"].iter().cycle();
    for ((round, id), tags) in old.iter().enumerate().zip(tags) {
        trash::delete(&scope, author, *id).await.unwrap();
        site.state.clock.advance(time::Duration::seconds(1));
        let new = site.publish_about(author, &format!("{id}"), tags).await;
        match round % 3 {
            0 => drop(trash::restore(&scope, author, *id).await.unwrap()),
            1 => trash::delete(&scope, author, new).await.unwrap(),
            _ => {}
        }
    }
}

#[tokio::test]
async fn lists_are_exact_after_several_people_have_changed_them_at_the_same_time() {
    let site = Site::new().await;
    let mut authors = Vec::new();
    for name in ["ada", "grace", "joan"] {
        authors.push(site.member(name).await);
    }
    fill(&site, &authors, 1_100).await;
    // Two tasks for each author.
    let mut tasks = Vec::new();
    for (place, author) in authors.iter().enumerate() {
        let posts = post::Entity::find().filter(post::Column::AuthorId.eq(author.id));
        let posts = posts.order_by_asc(post::Column::Id).all(site.state.db.reader());
        let ids: Vec<i64> = posts.await.unwrap().iter().map(|post| post.id).collect();
        for start in [40 * place, 600] {
            tasks.push((
                author,
                ids[start..]
                    .iter()
                    .copied()
                    .step_by(7)
                    .take(25)
                    .collect::<Vec<_>>(),
            ));
        }
    }
    let writers = tasks.iter().map(|(author, old)| write(&site, author, old));
    let is_done = Cell::new(false);
    let writers = async {
        join_all(writers).await;
        is_done.set(true);
    };
    let job = async {
        while !is_done.get() {
            list::maintain(&site.state).await.unwrap();
            sleep(Duration::from_millis(5)).await;
        }
    };
    join(writers, job).await;
    assert_milestones(&site).await;
    list::maintain(&site.state).await.unwrap();
    assert_milestones(&site).await;
    let db = site.state.db.reader();
    assert_eq!(list_change::Entity::find().count(db).await.unwrap(), 0);

    let kept = derived(&site).await;
    recount(&site).await;
    assert_eq!(derived(&site).await, kept);
    assert_milestones(&site).await;
}

#[tokio::test]
async fn the_lists_can_be_rebuilt_while_people_publish() {
    let site = Site::new().await;
    let (ada, grace) = (site.member("ada").await, site.member("grace").await);
    let publish = async |author: &Viewer| {
        for number in 0..20 {
            site.publish_about(author, &number.to_string(), "common").await;
        }
    };
    let rebuild = async {
        for _ in 0..5 {
            recount(&site).await;
        }
    };
    let published = join(publish(&ada), publish(&grace));
    timeout(DEADLINE, Box::pin(join(published, rebuild)))
        .await
        .unwrap();
    let kept = derived(&site).await;
    assert_eq!(kept.posts, 40);
    recount(&site).await;
    assert_eq!(derived(&site).await, kept);
}

/// Returns the number of migrations from `m20261130_000023_spread_totals` to the last.
fn steps() -> u32 {
    let migrations = Migrator::migrations();
    let newer = migrations
        .iter()
        .rev()
        .take_while(|step| step.name() != "m20261130_000023_spread_totals");
    u32::try_from(newer.count()).unwrap() + 1
}

#[tokio::test]
async fn the_lists_survive_a_migration_back_and_forth() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    let grace = site.member("grace").await;
    fill(&site, &[ada.clone(), grace.clone()], 1_100).await;
    let old = post::Entity::find().order_by_asc(post::Column::Id);
    let old = old.one(site.state.db.reader()).await.unwrap().unwrap();
    trash::delete(&site.visitor(), &ada, old.id).await.unwrap();
    site.publish_about(&grace, "New", "common").await;
    let (kept, marks) = (derived(&site).await, marks(&site).await);
    assert_eq!(kept.posts, 2_200);
    assert!(marks.len() >= 8, "{marks:?}");

    let db = site.state.db.writer();
    Migrator::down(db.pool(), Some(steps())).await.unwrap();
    let number = "SELECT number FROM totals WHERE name = 'posts'";
    assert_eq!(number_of(&site, number).await, 2_200);
    let newest = "SELECT max(rank) AS number FROM milestones WHERE list = 0";
    assert_eq!(number_of(&site, newest).await, 2_047, "a post before it has gone");

    Migrator::up(db.pool(), None).await.unwrap();
    assert_eq!(derived(&site).await, kept);
    assert_milestones(&site).await;
    assert_eq!(marks.len(), self::marks(&site).await.len());
}

#[tokio::test]
async fn a_server_of_the_previous_version_changes_the_same_lists() {
    let site = Site::new().await;
    if !site.is_postgres() {
        // An SQLite database has one server.
        return;
    }
    let ada = site.member("ada").await;
    fill(&site, &[ada], 1_100).await;
    let db = site.state.db.writer();
    for (list, kind, key) in [
        (0, "posts", 0),
        (7, "author", 7),
        (-1, "authors", 0),
        (-6, "tag", 5),
    ] {
        let insert = format!(
            "INSERT INTO milestones (list, at, entry, rank) VALUES ({list}, '2020-01-01 00:00:00Z', {list}, 600)"
        );
        db.execute_unprepared(&insert).await.unwrap();
        let found = format!(
            "SELECT count(*) AS number FROM milestones WHERE kind = '{kind}' AND key = {key} AND entry = {list}"
        );
        assert_eq!(number_of(&site, &found).await, 1, "{kind}");
        // A milestone of this version is in the list of the same number.
        let copy = format!(
            "INSERT INTO milestones (kind, key, at, entry, rank) VALUES ('{kind}', {key}, '2020-01-02 00:00:00Z', 0, 700)"
        );
        db.execute_unprepared(&copy).await.unwrap();
        let found = format!("SELECT count(*) AS number FROM milestones WHERE list = {list} AND rank = 700");
        assert_eq!(number_of(&site, &found).await, 1, "{kind}");
    }
    for name in ["posts", "writers"] {
        let changed = format!("UPDATE totals SET number = number + 1 WHERE name = '{name}'");
        assert_eq!(db.execute_unprepared(&changed).await.unwrap().rows_affected(), 1);
    }
    assert_eq!(length(&site, ListKind::Posts).await, 1_101);
    assert_eq!(length(&site, ListKind::Authors).await, 2);
}

async fn number_of(site: &Site, sql: &str) -> i64 {
    let db = site.state.db.reader();
    let statement = Statement::from_string(db.get_database_backend(), sql);
    let row = db.query_one_raw(statement).await.unwrap().unwrap();
    row.try_get("", "number").unwrap()
}

async fn marks(site: &Site) -> Vec<milestone::Model> {
    milestone::Entity::find()
        .all(site.state.db.reader())
        .await
        .unwrap()
}
