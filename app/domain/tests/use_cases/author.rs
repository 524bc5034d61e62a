//! Tests of the list of writers, by their latest post, and of finding them by name.

use domain::{
    accounts::{self, authors},
    platform::{
        entity::{user, username_suffix},
        list,
    },
    posts::trash,
};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, sea_query::Expr};
use shared::{
    error::AppError,
    forms::Form,
    model::{
        account::{AuthorCard, Role, Viewer},
        page::ListPage,
    },
};
use time::Duration;

use crate::{
    list::{assert_milestones, fill},
    profile::{named, save},
    site::{Site, registration},
};

#[tokio::test]
async fn writers_are_listed_by_their_latest_post() {
    let site = Site::new().await;
    let (ada, grace) = (site.member("Ada").await, site.member("grace").await);
    site.member("silent").await;
    let scope = site.visitor();
    assert_eq!(authors::list(&scope, 1).await.unwrap().total, 0);
    site.publish(&ada, "First").await;
    site.state.clock.advance(Duration::hours(1));
    site.publish(&grace, "Second").await;
    let names = |page: ListPage<AuthorCard>| {
        let names = page.items.into_iter();
        names
            .map(|writer| (writer.author.username, writer.posts))
            .collect::<Vec<_>>()
    };
    let listed = authors::list(&scope, 1).await.unwrap();
    assert_eq!(listed.items[0].latest.as_ref().unwrap().title, "Second");
    assert_eq!(names(listed), [("grace".to_owned(), 1), ("Ada".to_owned(), 1)]);

    site.state.clock.advance(Duration::hours(1));
    let third = site.publish(&ada, "Third").await;
    assert_eq!(
        names(authors::list(&scope, 1).await.unwrap()),
        [("Ada".to_owned(), 2), ("grace".to_owned(), 1)]
    );
    trash::delete(&scope, &ada, third).await.unwrap();
    let listed = authors::list(&scope, 1).await.unwrap();
    assert_eq!(listed.items[1].latest.as_ref().unwrap().title, "First");
    assert_eq!(names(listed), [("grace".to_owned(), 1), ("Ada".to_owned(), 1)]);
}

/// Returns the row of a user called `name`, who cannot log in.
fn person(site: &Site, name: &str) -> user::ActiveModel {
    user::ActiveModel {
        username: Set(name.to_owned()),
        username_key: Set(name.to_owned()),
        email: Set(format!("{name}@example.org")),
        email_key: Set(format!("{name}@example.org")),
        password_hash: Set(user::PasswordHash(String::new())),
        created_at: Set(site.state.clock.now()),
        about: Set(String::new()),
        ..Default::default()
    }
}

#[tokio::test]
async fn a_long_list_of_writers_is_right_after_some_have_published_again_and_others_have_left() {
    let site = Site::new().await;
    let mut authors = Vec::new();
    let transaction = site.state.db.begin().await.unwrap();
    for number in 0..1_300 {
        let name = format!("writer-{number}");
        let id = user::Entity::insert(person(&site, &name))
            .exec(&transaction)
            .await
            .unwrap()
            .last_insert_id;
        authors.push(Viewer {
            id,
            username: name,
            display_name: None,
            picture: None,
            role: Role::Member,
            is_frozen: false,
        });
    }
    site.state.db.commit(transaction).await.unwrap();
    fill(&site, &authors, 1).await;
    assert_milestones(&site).await;
    let scope = site.visitor();
    let mut posts = Vec::new();
    for author in authors.iter().take(700) {
        site.state.clock.advance(Duration::seconds(1));
        posts.push((author, site.publish(author, "Again").await));
    }
    list::maintain(&site.state).await.unwrap();
    assert_milestones(&site).await;
    for (author, id) in posts.iter().skip(100).take(150) {
        trash::delete(&scope, author, *id).await.unwrap();
    }
    assert_milestones(&site).await;

    let mut listed = Vec::new();
    for number in 1..=authors::list(&scope, 1).await.unwrap().pages {
        let page = authors::list(&scope, number).await.unwrap();
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

/// Returns the usernames on page `number` of the search for `name`.
async fn found(site: &Site, name: &str, number: u64) -> Vec<String> {
    let page = authors::search(&site.visitor(), name, number).await.unwrap();
    page.items
        .into_iter()
        .map(|writer| writer.author.username)
        .collect()
}

#[tokio::test]
async fn people_are_found_by_how_any_word_of_their_names_begins() {
    let site = Site::new().await;
    for name in [
        "Ada",
        "adam",
        "ad_1",
        "bob",
        "margaret-field-1",
        "MaryField",
        "field2field",
        "x--Y",
    ] {
        site.register(name).await;
    }
    for (name, people) in [
        ("AD", ["ad_1", "Ada", "adam"].as_slice()),
        ("ada", &["Ada", "adam"]),
        (" bob ", &["bob"]),
        ("field", &["MaryField", "field2field", "margaret-field-1"]),
        ("field-1", &["margaret-field-1"]),
        ("margaret-f", &["margaret-field-1"]),
        ("MAR", &["margaret-field-1", "MaryField"]),
        ("1", &["ad_1", "margaret-field-1"]),
        ("2f", &["field2field"]),
        ("margaret field", &["margaret-field-1"]),
        ("field  MAR", &["MaryField", "margaret-field-1"]),
        ("ada bob", &[]),
        ("y", &["x--Y"]),
        ("ield", &[]),
        ("argaret", &[]),
        ("-field", &[]),
    ] {
        assert_eq!(found(&site, name, 1).await, people, "{name}");
    }
    for nobody in ["%", "_", "a%", "ad'; --", "é", &"a".repeat(500)] {
        assert!(found(&site, nobody, 1).await.is_empty(), "{nobody}");
    }
    assert_eq!(
        authors::search(&site.visitor(), "ada", 2).await,
        Err(AppError::NoSuchPage(1))
    );
}

#[tokio::test]
async fn people_are_found_by_their_display_names_as_well() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    let emilie = site.member("marquise").await;
    save(&site, &ada, named("ada", "Ada O’Brien-Lovelace")).await;
    save(&site, &emilie, named("marquise", "Émilie du Châtelet 李清照")).await;
    for (name, people) in [
        ("love", ["ada"].as_slice()),
        ("obrien", &["ada"]),
        ("O'Brien-Love", &["ada"]),
        ("ADA", &["ada"]),
        ("emilie", &["marquise"]),
        ("Émilie CHÂT", &["marquise"]),
        ("李", &["marquise"]),
        ("marq", &["marquise"]),
        ("清", &[]),
        ("lovelaces", &[]),
    ] {
        assert_eq!(found(&site, name, 1).await, people, "{name}");
    }
    save(&site, &ada, named("ada", "Countess")).await;
    assert_eq!(found(&site, "love", 1).await, [""; 0]);
    assert_eq!(found(&site, "count", 1).await, ["ada"]);
    save(&site, &ada, named("ada", "")).await;
    assert_eq!(found(&site, "count", 1).await, [""; 0]);
    assert_eq!(found(&site, "ada", 1).await, ["ada"]);
}

#[tokio::test]
async fn a_person_is_found_by_the_name_that_they_have_now_and_no_more_when_they_have_gone() {
    let site = Site::new().await;
    let scope = site.visitor();
    let mut form = registration("ada-lovelace");
    form.password = "a secret of ada".into();
    form.confirm_password = "a secret of ada".into();
    accounts::register(&scope, form.validate().unwrap())
        .await
        .unwrap();
    let rename = async |from: &str, to: &str| {
        user::Entity::update_many()
            .col_expr(user::Column::Username, Expr::value(to))
            .col_expr(user::Column::UsernameKey, Expr::value(to.to_lowercase()))
            .filter(user::Column::Username.eq(from))
            .exec(site.state.db.writer())
            .await
            .unwrap();
    };
    assert_eq!(found(&site, "love", 1).await, ["ada-lovelace"]);
    rename("ada-lovelace", "Countess-Ada").await;
    assert_eq!(found(&site, "love", 1).await, [""; 0]);
    assert_eq!(found(&site, "ada", 1).await, ["Countess-Ada"]);
    // The new name differs only in its hyphens.
    rename("Countess-Ada", "CountessAda").await;
    assert_eq!(found(&site, "ada", 1).await, ["CountessAda"]);
    accounts::administration::delete(&site.command_line(), "CountessAda")
        .await
        .unwrap();
    let left = username_suffix::Entity::find().all(site.state.db.reader()).await;
    assert!(left.unwrap().is_empty());
}

#[tokio::test]
async fn a_search_shows_six_hundred_people_in_pages() {
    let site = Site::new().await;
    let transaction = site.state.db.begin().await.unwrap();
    for number in 0..650 {
        let row = person(&site, &format!("w{number}-zed"));
        user::Entity::insert(row)
            .exec_without_returning(&transaction)
            .await
            .unwrap();
    }
    site.state.db.commit(transaction).await.unwrap();
    let first = authors::search(&site.visitor(), "zed", 1).await.unwrap();
    assert_eq!((first.total, first.pages), (600, 50));
    let mut names = Vec::new();
    for number in 1..=50 {
        names.extend(found(&site, "zed", number).await);
    }
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), 600);
}
