//! Tests of the background tasks of a site.

use std::time::Duration;

use domain::platform::{
    db::Db,
    entity::{list_change, list_kind::ListKind},
};
use sea_orm::{ActiveValue::Set, EntityTrait, PaginatorTrait};
use server::application::Application;
use time::OffsetDateTime;
use tokio::time::{sleep, timeout};

use crate::config::config;

#[tokio::test]
async fn recorded_changes_of_lists_are_added_to_the_milestones() {
    let folder = tempfile::tempdir().unwrap();
    let config = config("http://localhost:3000", folder.path());
    let db = Db::connect(config.database.url.expose()).await.unwrap();
    let change = list_change::ActiveModel {
        kind: Set(ListKind::Posts),
        key: Set(0),
        at: Set(OffsetDateTime::UNIX_EPOCH),
        entry: Set(1),
        step: Set(1),
        ..Default::default()
    };
    list_change::Entity::insert(change)
        .exec_without_returning(db.writer())
        .await
        .unwrap();
    db.close().await.unwrap();

    let application = Application::build(&config).await.unwrap();
    let db = &application.state().db;
    let added = timeout(Duration::from_secs(20), async {
        while list_change::Entity::find().count(db.reader()).await.unwrap() > 0 {
            sleep(Duration::from_millis(5)).await;
        }
    });
    added.await.unwrap();
}
