//! Where sessions are kept.

use app::backend::{account, entity::session};
use app::forms::Form;
use sea_orm::EntityTrait;
use time::Duration;
use tower_sessions::SessionStore;

use crate::site::{Site, login};

#[tokio::test]
async fn the_table_holds_no_id_that_a_cookie_could_have() {
    let site = Site::new().await;
    site.register("ada").await;
    let ctx = site.visitor();
    account::log_in(&ctx, login("ada").validate().unwrap())
        .await
        .unwrap();
    ctx.session.save().await.unwrap();
    let id = ctx.session.id().unwrap();

    let rows = session::Entity::find().all(site.state.db.reader()).await.unwrap();
    assert_eq!(rows.len(), 1);
    assert!(rows[0].user_id.is_some());
    assert_eq!(rows[0].id_hash.len(), 64);
    assert!(!format!("{rows:?}").contains(&id.to_string()));
}

#[tokio::test]
async fn an_expired_session_is_nobodys_and_is_swept() {
    let site = Site::new().await;
    site.register("ada").await;
    let ctx = site.visitor();
    let mut form = login("ada");
    form.remember = true;
    account::log_in(&ctx, form.validate().unwrap()).await.unwrap();
    ctx.session.save().await.unwrap();
    let id = ctx.session.id().unwrap();

    site.state.clock.advance(Duration::days(29));
    assert!(site.store.load(&id).await.unwrap().is_some());
    assert_eq!(site.store.sweep().await.unwrap(), 0);

    site.state.clock.advance(Duration::days(2));
    assert!(site.store.load(&id).await.unwrap().is_none());
    assert_eq!(site.store.sweep().await.unwrap(), 1);
}

#[tokio::test]
async fn deleting_a_person_ends_their_sessions() {
    use app::backend::entity::user;

    let site = Site::new().await;
    let ada = site.member("ada").await;
    let ctx = site.visitor();
    account::log_in(&ctx, login("ada").validate().unwrap())
        .await
        .unwrap();
    ctx.session.save().await.unwrap();
    user::Entity::delete_by_id(ada.id)
        .exec(site.state.db.writer())
        .await
        .unwrap();
    assert!(
        site.store
            .load(&ctx.session.id().unwrap())
            .await
            .unwrap()
            .is_none()
    );
}
