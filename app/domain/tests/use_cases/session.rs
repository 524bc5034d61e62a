//! Tests of the session store.

use std::sync::{Arc, Mutex, Once};

use domain::{Scope, accounts, platform::entity::session, posts};
use sea_orm::{EntityTrait, Statement};
use shared::forms::Form;
use time::Duration;
use tokio::{runtime::Handle, task::block_in_place};
use tower_sessions::SessionStore;

use crate::site::{Site, login};

// SES-02
#[tokio::test]
async fn the_table_holds_no_id_that_a_cookie_could_have() {
    let site = Site::new().await;
    site.register("ada").await;
    let scope = site.visitor();
    accounts::session::log_in(&scope, login("ada").validate().unwrap())
        .await
        .unwrap();
    scope.session().unwrap().save().await.unwrap();
    let id = scope.session().unwrap().id().unwrap();

    let rows = session::Entity::find().all(site.state.db.reader()).await.unwrap();
    assert_eq!(rows.len(), 1);
    assert!(rows[0].user_id.is_some());
    assert_eq!(rows[0].id_hash.len(), 64);
    assert!(!format!("{rows:?}").contains(&id.to_string()));
}

/// Logs ada in, with or without a remembered session.
async fn signed_in(site: &Site, remember: bool) -> Scope {
    let scope = site.visitor();
    let mut form = login("ada");
    form.remember = remember;
    accounts::session::log_in(&scope, form.validate().unwrap())
        .await
        .unwrap();
    scope
}

/// Returns whether the session is still valid `days` after it was last used.
async fn lasts(site: &Site, scope: &Scope, days: i64) -> bool {
    site.state.clock.advance(Duration::days(days));
    let again = site.with_session(scope.session().unwrap().id(), scope.client().unwrap().clone());
    let viewer = again.viewer().await.unwrap();
    // The time of last use is written in the background.
    for _ in 0..100 {
        let row = row(site, scope).await;
        if row.is_none_or(|row| row.last_seen_at == Some(site.state.clock.now())) {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    viewer.is_some()
}

async fn row(site: &Site, scope: &Scope) -> Option<session::Model> {
    let id = domain::accounts::session_store::hash(&scope.session().unwrap().id().unwrap());
    session::Entity::find_by_id(id)
        .one(site.state.db.reader())
        .await
        .unwrap()
}

#[tokio::test]
async fn a_session_ends_when_it_was_not_used_for_14_days_and_a_remembered_one_after_30() {
    let site = Site::new().await;
    site.register("ada").await;
    let passing = signed_in(&site, false).await;
    assert!(lasts(&site, &passing, 13).await);
    assert!(lasts(&site, &passing, 13).await, "using it has made it last");
    assert!(!lasts(&site, &passing, 14).await);

    let remembered = signed_in(&site, true).await;
    assert!(lasts(&site, &remembered, 29).await);
    assert!(lasts(&site, &remembered, 29).await);
    assert!(!lasts(&site, &remembered, 30).await);
}

#[tokio::test]
async fn however_much_it_is_used_a_session_ends_after_90_days() {
    let site = Site::new().await;
    site.register("ada").await;
    for remember in [false, true] {
        let scope = signed_in(&site, remember).await;
        for day in [10; 8] {
            assert!(lasts(&site, &scope, day).await);
        }
        assert!(lasts(&site, &scope, 9).await);
        assert!(!lasts(&site, &scope, 1).await, "remembered: {remember}");
    }
}

#[tokio::test]
async fn an_expired_session_is_swept() {
    let site = Site::new().await;
    site.register("ada").await;
    signed_in(&site, true).await;
    site.state.clock.advance(Duration::days(29));
    assert_eq!(site.store.sweep().await.unwrap(), 0);
    site.state.clock.advance(Duration::days(2));
    assert_eq!(site.store.sweep().await.unwrap(), 1);
}

// SES-05
#[tokio::test]
async fn a_session_that_has_ended_is_not_brought_back_by_a_request_that_was_under_way() {
    let site = Site::new().await;
    site.register("ada").await;
    let scope = signed_in(&site, true).await;
    let under_way = site.again(&scope).await;
    assert!(under_way.viewer().await.unwrap().is_some());
    under_way.session().unwrap().load().await.unwrap();
    accounts::session::log_out(&scope).await.unwrap();
    under_way.session().unwrap().insert("anything", 1).await.unwrap();
    under_way.session().unwrap().save().await.unwrap();
    let rows = session::Entity::find().all(site.state.db.reader()).await.unwrap();
    assert!(rows.is_empty(), "{rows:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_ends_while_it_is_looked_for_is_not_renewed() {
    let site = Site::new().await;
    site.register("ada").await;
    let scope = signed_in(&site, true).await;
    site.state.clock.advance(Duration::days(2));
    let again = site.again(&scope).await;

    // The user logs out in another browser right after the first statement.
    let mut state = site.state.clone();
    let (writer, once) = (site.state.db.writer().clone(), Once::new());
    state.db.on_statement(move |_, _| {
        once.call_once(|| {
            let ended = session::Entity::delete_many().exec(&writer);
            block_in_place(|| Handle::current().block_on(ended)).unwrap();
        });
    });
    let again = Scope::browser(
        state,
        again.session().unwrap().clone(),
        again.client().unwrap().clone(),
    );
    assert_eq!(again.viewer().await.unwrap(), None);
    assert!(!again.session().unwrap().is_modified());
    let rows = session::Entity::find().all(site.state.db.reader()).await.unwrap();
    assert!(rows.is_empty(), "{rows:?}");
}

#[tokio::test]
async fn a_page_for_a_member_takes_a_statement_for_who_they_are_and_one_for_the_list() {
    let site = Site::new().await;
    let author = site.member("ada").await;
    site.publish(&author, "One").await;
    let scope = signed_in(&site, false).await;
    let again = site.again(&scope).await;

    // Servers keep the settings in memory.
    site.state.db.changes().watch(true);
    site.visitor().site().await;
    let seen: Arc<Mutex<Vec<Statement>>> = Arc::default();
    let mut state = site.state.clone();
    let statements = Arc::clone(&seen);
    state.db.on_statement(move |statement, _| {
        statements.lock().unwrap().push(statement.clone());
    });
    let again = Scope::browser(
        state,
        again.session().unwrap().clone(),
        again.client().unwrap().clone(),
    );
    assert_eq!(again.viewer().await.unwrap().unwrap().username, "ada");
    assert_eq!(posts::list(&again, 1).await.unwrap().total, 1);
    let statements = seen.lock().unwrap();
    assert_eq!(statements.len(), 2, "{statements:#?}");
}

#[tokio::test]
async fn when_somebody_was_last_seen_is_noted_at_most_once_a_minute() {
    use domain::platform::entity::user;

    let site = Site::new().await;
    site.register("ada").await;
    let scope = signed_in(&site, false).await;
    let seen = || async {
        let row = user::Entity::find().one(site.state.db.reader()).await.unwrap();
        row.unwrap().last_seen_at
    };
    site.state.clock.advance(Duration::minutes(2));
    let first = site.state.clock.now();
    assert!(lasts(&site, &scope, 0).await);
    assert_eq!(seen().await, Some(first));
    site.state.clock.advance(Duration::seconds(30));
    site.again(&scope).await.viewer().await.unwrap();
    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    assert_eq!(seen().await, Some(first));
}

// SES-05
#[tokio::test]
async fn deleting_a_person_ends_their_sessions() {
    use domain::platform::entity::user;

    let site = Site::new().await;
    let ada = site.member("ada").await;
    let scope = site.visitor();
    accounts::session::log_in(&scope, login("ada").validate().unwrap())
        .await
        .unwrap();
    scope.session().unwrap().save().await.unwrap();
    user::Entity::delete_by_id(ada.id)
        .exec(site.state.db.writer())
        .await
        .unwrap();
    assert!(
        site.store
            .load(&scope.session().unwrap().id().unwrap())
            .await
            .unwrap()
            .is_none()
    );
}
