//! Tests of the cache of what everybody may see.

use domain::{
    Scope,
    accounts::{administration, authors, settings},
    moderation,
    platform::topic::Topic,
    posts::{self, author, tags},
};
use sea_orm::ConnectionTrait;
use shared::{
    error::AppError,
    forms::{Form, Username, moderation::Suspension, settings::ProfileForm},
    model::{
        account::{Role, Viewer},
        post::PostCard,
    },
};

use crate::site::Site;

/// Returns a site with a post of ada that is tagged "rust", and its id. Changes by others are noticed.
async fn site() -> (Site, Viewer, i64) {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    let id = site.publish_about(&ada, "Before", "rust").await;
    site.state.db.changes().watch(true);
    (site, ada, id)
}

/// Executes SQL, which invalidates nothing.
async fn change(site: &Site, sql: &str) {
    site.state.db.writer().execute_unprepared(sql).await.unwrap();
}

/// Returns what each use-case that reads for a page shows to `scope`.
async fn shown(scope: &Scope, id: i64) -> Vec<(&'static str, String)> {
    let titles = |cards: Vec<PostCard>| -> String { cards.into_iter().map(|card| card.title).collect() };
    let authors = authors::list(scope, 1).await.unwrap().items;
    let profile = author::profile(scope, "Ada", 1).await.unwrap();
    let tags = tags::popular(scope).await.unwrap();
    vec![
        ("home", titles(posts::list(scope, 1).await.unwrap().items)),
        (
            "a tag",
            titles(posts::list_tagged(scope, "rust", 1).await.unwrap().items),
        ),
        ("a profile", titles(profile.posts.items)),
        (
            "the authors",
            authors
                .into_iter()
                .filter_map(|card| Some(card.latest?.title))
                .collect(),
        ),
        ("a post", posts::read(scope, id).await.unwrap().card.title),
        (
            "the tags",
            tags.into_iter().map(|tag| tag.posts.to_string()).collect(),
        ),
    ]
}

/// Returns the names of those use-cases that do not show the same `before` and `after`.
fn changed(before: &[(&'static str, String)], after: &[(&'static str, String)]) -> Vec<&'static str> {
    let pairs = before.iter().zip(after);
    pairs
        .filter(|(before, after)| before != after)
        .map(|(before, _)| before.0)
        .collect()
}

#[tokio::test]
async fn what_was_read_is_read_again_when_one_of_its_topics_has_changed() {
    let (site, ada, id) = site().await;
    let reader = site.visitor();
    let before = shown(&reader, id).await;
    change(&site, "UPDATE posts SET title = 'After'").await;
    change(&site, "UPDATE tags SET post_count = 7").await;
    assert_eq!(changed(&before, &shown(&reader, id).await), Vec::<&str>::new());
    for (topic, expected) in [
        (Topic::Post(id + 1), vec![]),
        (Topic::User(ada.id + 1), vec![]),
        (Topic::Post(id), vec!["a post"]),
        (Topic::Site, vec!["home", "the authors", "a post", "the tags"]),
        (
            Topic::User(ada.id),
            vec!["home", "a tag", "a profile", "the authors", "a post", "the tags"],
        ),
    ] {
        site.state.db.changes().record([topic]);
        let after = shown(&reader, id).await;
        assert_eq!(changed(&before, &after), expected, "{topic}");
    }
}

#[tokio::test]
async fn a_tag_that_has_changed_is_read_again() {
    let (site, ada, id) = site().await;
    let reader = site.visitor();
    let before = shown(&reader, id).await;
    // The id of the tag is in the topics of the page, so it is changed by a real publication.
    site.publish_about(&ada, "Another", "rust").await;
    let after = shown(&reader, id).await;
    assert_eq!(
        changed(&before, &after),
        ["home", "a tag", "a profile", "the authors", "the tags"]
    );
}

#[tokio::test]
async fn a_page_shows_the_topics_of_what_it_has_from_the_cache() {
    let (site, _, id) = site().await;
    let (first, second) = (site.visitor(), site.visitor());
    shown(&first, id).await;
    shown(&second, id).await;
    assert!(!second.topics().is_empty());
    assert_eq!(first.topics(), second.topics());
}

#[tokio::test]
async fn nothing_is_cached_while_changes_by_others_are_not_noticed() {
    let (site, _, id) = site().await;
    let reader = site.visitor();
    let before = shown(&reader, id).await;
    site.state.db.changes().watch(false);
    change(&site, "UPDATE posts SET title = 'After'").await;
    let during = shown(&reader, id).await;
    assert_eq!(
        changed(&before, &during),
        ["home", "a tag", "a profile", "the authors", "a post"]
    );
    change(&site, "UPDATE posts SET title = 'Later'").await;
    site.state.db.changes().watch(true);
    let after = shown(&reader, id).await;
    assert_eq!(changed(&during, &after), changed(&before, &during));
}

#[tokio::test]
async fn what_moderators_may_do_and_know_follows_at_once() {
    let (site, _, id) = site().await;
    let moderator = site.member("grace").await;
    let console = site.command_line();
    administration::set_role(&console, "grace", Role::Moderator)
        .await
        .unwrap();
    let (visitor, grace) = (site.visitor(), site.signed_in("grace").await);
    let moderator = Viewer {
        role: Role::Moderator,
        ..moderator
    };
    let reasons = async || {
        let mut reasons = Vec::new();
        for scope in [&visitor, &grace, &visitor] {
            let profile = author::profile(scope, "ada", 1).await.unwrap();
            reasons.push(profile.suspended_because);
        }
        reasons
    };
    assert_eq!(reasons().await, [None, None, None]);
    assert!(posts::read(&grace, id).await.unwrap().may_hide);
    assert!(!posts::read(&visitor, id).await.unwrap().may_hide);
    let suspension = Suspension {
        ground: shared::model::decision::Ground::default(),
        username: Username::parse("ada").unwrap(),
        reason: "Spam".to_owned(),
    };
    moderation::suspend(&grace, &moderator, suspension).await.unwrap();
    assert_eq!(reasons().await, [None, Some("Spam".to_owned()), None]);
    administration::set_role(&console, "ada", Role::Moderator)
        .await
        .unwrap();
    assert!(!posts::read(&grace, id).await.unwrap().may_hide);
    assert!(!author::profile(&grace, "ada", 1).await.unwrap().may_suspend);
}

#[tokio::test]
async fn a_name_that_somebody_else_takes_is_theirs_at_once() {
    let (site, ada, _) = site().await;
    let reader = site.visitor();
    let posts = async |name: &str| {
        author::profile(&reader, name, 1)
            .await
            .map(|profile| profile.posts.total)
    };
    assert_eq!(posts("ada").await, Ok(1));
    let grace = site.member("grace").await;
    let rename = async |person: &Viewer, username: &str| {
        let form = ProfileForm {
            username: username.to_owned(),
            email: format!("{}@example.org", person.username),
            ..ProfileForm::default()
        };
        let scope = site.signed_in(&person.username).await;
        settings::change_profile(&scope, person, form.validate().unwrap())
            .await
            .unwrap();
    };
    rename(&ada, "lovelace").await;
    assert_eq!(posts("ada").await, Ok(1));
    assert_eq!(posts("lovelace").await, Ok(1));
    rename(&grace, "ada").await;
    assert_eq!(posts("ada").await, Ok(0));
    administration::delete(&site.command_line(), "lovelace")
        .await
        .unwrap();
    assert_eq!(posts("lovelace").await, Err(AppError::NotFound));
}
