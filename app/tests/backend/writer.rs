//! The people who write: listed by their latest post, and found by name.

use app::{
    backend::{entity::user, post::trash, writer},
    error::AppError,
    model::{
        account::{Viewer, Writer},
        page::Page,
    },
};
use sea_orm::{ActiveValue::Set, EntityTrait, QueryOrder};
use time::Duration;

use crate::{
    list::{assert_milestones, fill},
    site::Site,
};

#[tokio::test]
async fn writers_are_listed_by_their_latest_post() {
    let site = Site::new().await;
    let (ada, grace) = (site.member("Ada").await, site.member("grace").await);
    site.member("silent").await;
    let ctx = site.visitor();
    assert_eq!(writer::list(&ctx, 1).await.unwrap().total, 0);
    site.publish(&ada, "First").await;
    site.state.clock.advance(Duration::hours(1));
    site.publish(&grace, "Second").await;
    let names = |page: Page<Writer>| {
        let names = page.items.into_iter();
        names
            .map(|writer| (writer.author.username, writer.posts))
            .collect::<Vec<_>>()
    };
    let listed = writer::list(&ctx, 1).await.unwrap();
    assert_eq!(listed.items[0].latest.as_ref().unwrap().title, "Second");
    assert_eq!(names(listed), [("grace".to_owned(), 1), ("Ada".to_owned(), 1)]);

    site.state.clock.advance(Duration::hours(1));
    let third = site.publish(&ada, "Third").await;
    assert_eq!(
        names(writer::list(&ctx, 1).await.unwrap()),
        [("Ada".to_owned(), 2), ("grace".to_owned(), 1)]
    );
    trash::delete(&ctx.state, &ada, third).await.unwrap();
    let listed = writer::list(&ctx, 1).await.unwrap();
    assert_eq!(listed.items[1].latest.as_ref().unwrap().title, "First");
    assert_eq!(names(listed), [("grace".to_owned(), 1), ("Ada".to_owned(), 1)]);
}

#[tokio::test]
async fn a_long_list_of_writers_is_right_after_some_have_published_again_and_others_have_left() {
    let site = Site::new().await;
    let mut authors = Vec::new();
    let transaction = site.state.db.begin().await.unwrap();
    for number in 0..1_300 {
        let name = format!("writer-{number}");
        let row = user::ActiveModel {
            username: Set(name.clone()),
            username_key: Set(name.clone()),
            email: Set(format!("{name}@example.org")),
            email_key: Set(format!("{name}@example.org")),
            password_hash: Set(user::PasswordHash(String::new())),
            created_at: Set(site.state.clock.now()),
            about: Set(String::new()),
            ..Default::default()
        };
        let id = user::Entity::insert(row)
            .exec(&transaction)
            .await
            .unwrap()
            .last_insert_id;
        authors.push(Viewer {
            id,
            username: name,
            picture: None,
            may_moderate: false,
        });
    }
    site.state.db.commit(transaction).await.unwrap();
    fill(&site, &authors, 1).await;
    assert_milestones(&site).await;
    let ctx = site.visitor();
    let mut posts = Vec::new();
    for author in authors.iter().take(700) {
        site.state.clock.advance(Duration::seconds(1));
        posts.push((author, site.publish(author, "Again").await));
    }
    for (author, id) in posts.iter().skip(100).take(150) {
        trash::delete(&ctx.state, author, *id).await.unwrap();
    }
    assert_milestones(&site).await;

    let mut listed = Vec::new();
    for number in 1..=writer::list(&ctx, 1).await.unwrap().pages {
        let page = writer::list(&ctx, number).await.unwrap();
        listed.extend(page.items.into_iter().map(|writer| writer.author.username));
    }
    let expected = user::Entity::find()
        .order_by_desc(user::Column::LatestPostAt)
        .order_by_desc(user::Column::Id)
        .all(site.state.db.reader())
        .await
        .unwrap();
    let expected: Vec<String> = expected.into_iter().map(|row| row.username).collect();
    assert_eq!(listed, expected);
}

#[tokio::test]
async fn people_are_found_by_how_their_names_begin() {
    let site = Site::new().await;
    for name in ["Ada", "adam", "ad_1", "bob"] {
        site.register(name).await;
    }
    let ctx = site.visitor();
    let found = async |name: &str| -> Vec<String> {
        let page = writer::search(&ctx, name, 1).await.unwrap();
        page.items
            .into_iter()
            .map(|writer| writer.author.username)
            .collect()
    };
    assert_eq!(found("AD").await, ["ad_1", "Ada", "adam"]);
    assert_eq!(found("ada").await, ["Ada", "adam"]);
    assert_eq!(found(" bob ").await, ["bob"]);
    for nobody in ["%", "_", "a%", "ad'; --", "é", &"a".repeat(500)] {
        assert!(found(nobody).await.is_empty(), "{nobody}");
    }
    assert_eq!(writer::search(&ctx, "ada", 2).await, Err(AppError::NoSuchPage(1)));
}
