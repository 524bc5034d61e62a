//! Tests of publishing, listing and reading posts.

use domain::posts::{self, author};
use shared::{
    error::AppError,
    forms::{Form, post::PostForm},
    model::post::DraftTarget,
};
use time::Duration;

use crate::site::Site;

fn form(title: &str, content: &str) -> PostForm {
    PostForm {
        title: title.to_owned(),
        content: content.to_owned(),
        ..PostForm::default()
    }
}

#[tokio::test]
async fn what_was_published_can_be_read() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    let scope = site.visitor();
    let new = form("Notes on the Engine", "It *weaves* patterns.")
        .validate()
        .unwrap();
    let address = posts::publish(&scope, &ada, DraftTarget::default(), new)
        .await
        .unwrap();
    assert_eq!(address.slug, "notes-on-the-engine");

    let read = posts::read(&scope, address.id).await.unwrap();
    assert_eq!(read.card.title, "Notes on the Engine");
    assert_eq!(read.html, "<p>It <em>weaves</em> patterns.</p>\n");
    assert_eq!(read.card.author.username, "ada");
    assert_eq!(posts::read(&scope, address.id + 1).await, Err(AppError::NotFound));
}

#[tokio::test]
async fn a_post_of_which_nothing_would_be_seen_is_refused() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    for content in [
        "<script>alert(1)</script>",
        "<!-- nothing -->",
        "<style>*{}</style>",
    ] {
        let refused = posts::publish(
            &site.visitor(),
            &ada,
            DraftTarget::default(),
            form("A title", content).validate().unwrap(),
        )
        .await;
        assert!(matches!(refused, Err(AppError::Invalid(_))), "{content}");
    }
}

#[tokio::test]
async fn the_same_post_sent_again_at_once_is_one_post() {
    let site = Site::new().await;
    let (ada, grace) = (site.member("ada").await, site.member("grace").await);
    let scope = site.visitor();
    let send = |author| {
        posts::publish(
            &scope,
            author,
            DraftTarget::default(),
            form("Once", "text").validate().unwrap(),
        )
    };
    let first = send(&ada).await.unwrap();
    assert_eq!(send(&ada).await.unwrap(), first);
    assert_ne!(send(&grace).await.unwrap(), first);
    site.state.clock.advance(Duration::minutes(2));
    assert_ne!(send(&ada).await.unwrap(), first);
}

#[tokio::test]
async fn lists_are_newest_first_and_stable_within_a_second() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    let scope = site.visitor();
    // According to the clock, the first post is the latest, and the others were written within one second of each
    // other.
    site.state.clock.advance(Duration::days(1));
    posts::publish(
        &scope,
        &ada,
        DraftTarget::default(),
        form("tomorrow", "x").validate().unwrap(),
    )
    .await
    .unwrap();
    site.state.clock.advance(Duration::days(-1));
    for number in 1..=11 {
        posts::publish(
            &scope,
            &ada,
            DraftTarget::default(),
            form(&number.to_string(), "x").validate().unwrap(),
        )
        .await
        .unwrap();
    }

    let mut titles = Vec::new();
    for number in 1..=3 {
        let page = posts::list(&scope, number).await.unwrap();
        assert_eq!((page.total, page.pages), (12, 3));
        titles.extend(page.items.into_iter().map(|card| card.title));
    }
    assert_eq!(
        titles,
        [
            "tomorrow", "11", "10", "9", "8", "7", "6", "5", "4", "3", "2", "1"
        ]
    );
}

#[tokio::test]
async fn a_page_that_is_not_there_is_not_found() {
    let site = Site::new().await;
    let scope = site.visitor();
    assert!(posts::list(&scope, 1).await.unwrap().items.is_empty());
    for number in [0, 2, i64::MAX as u64, u64::MAX] {
        assert_eq!(
            posts::list(&scope, number).await,
            Err(AppError::NoSuchPage(1)),
            "{number}"
        );
    }
}

#[tokio::test]
async fn a_profile_lists_its_owners_posts_only() {
    let site = Site::new().await;
    let (ada, grace) = (site.member("Ada").await, site.member("grace").await);
    let scope = site.visitor();
    posts::publish(
        &scope,
        &ada,
        DraftTarget::default(),
        form("by Ada", "x").validate().unwrap(),
    )
    .await
    .unwrap();
    posts::publish(
        &scope,
        &grace,
        DraftTarget::default(),
        form("by Grace", "x").validate().unwrap(),
    )
    .await
    .unwrap();

    let profile = author::profile(&scope, "ADA", 1).await.unwrap();
    assert_eq!(profile.username, "Ada");
    let titles: Vec<_> = profile
        .posts
        .items
        .iter()
        .map(|card| card.title.as_str())
        .collect();
    assert_eq!(titles, ["by Ada"]);
    assert_eq!(
        author::profile(&scope, "nobody", 1).await,
        Err(AppError::NotFound)
    );
    assert_eq!(author::profile(&scope, "a\0b", 1).await, Err(AppError::NotFound));
}

#[tokio::test]
async fn hostile_text_is_stored_and_given_back_byte_for_byte() {
    use domain::platform::entity::post;
    use sea_orm::EntityTrait;

    let site = Site::new().await;
    let ada = site.member("ada").await;
    let scope = site.visitor();
    let (title, content) = (
        "'; DROP TABLE posts; -- \u{202e}👩‍👩‍👧",
        "</textarea><script>alert(1)</script>\n\u{0301}z",
    );
    let saved = domain::posts::publish(
        &scope,
        &ada,
        DraftTarget::default(),
        form(title, content).validate().unwrap(),
    )
    .await
    .unwrap();
    let row = post::Entity::find_by_id(saved.id)
        .one(site.state.db.reader())
        .await
        .unwrap()
        .unwrap();
    assert_eq!((row.title.as_str(), row.content.as_str()), (title, content));
}
