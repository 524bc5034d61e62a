//! Tests of sample content.

use domain::{
    accounts::authors,
    data::demo::{self, Size},
    platform::entity::{post as row, user},
    posts,
};
use sea_orm::{EntityTrait, QueryOrder};

use crate::site::Site;

const SIZE: Size = Size {
    users: 10,
    posts: 60,
    seed: 7,
};

/// Returns a site with sample content, and all names, titles and texts in it.
async fn filled(wanted: Size) -> (Site, Vec<String>) {
    let site = Site::new().await;
    demo::fill(&site.command_line(), wanted, |_| {}).await.unwrap();
    let people = user::Entity::find().order_by_asc(user::Column::Id);
    let people = people.all(site.state.db.reader()).await.unwrap();
    let posts = row::Entity::find().order_by_asc(row::Column::Id);
    let posts = posts.all(site.state.db.reader()).await.unwrap();
    let names = people
        .into_iter()
        .map(|person| person.username + &person.display_name.unwrap() + &person.about);
    let texts = posts
        .into_iter()
        .map(|post| post.title + &post.content + &post.html);
    let all = names.chain(texts).collect();
    (site, all)
}

#[tokio::test]
async fn one_seed_always_makes_the_same_site() {
    let (_, one) = filled(SIZE).await;
    let (_, same) = filled(SIZE).await;
    let (_, other) = filled(Size { seed: 8, ..SIZE }).await;
    assert_eq!(one, same);
    assert_ne!(one, other);
    assert_eq!(one.len(), 70);
    let (_, name) = one[0].split_once("-1").unwrap();
    assert!(
        name.starts_with(|first: char| first.is_ascii_uppercase()),
        "{name}"
    );
}

#[tokio::test]
async fn demo_content_is_listed_like_any_other() {
    let (site, _) = filled(SIZE).await;
    let scope = site.visitor();
    let first = posts::list(&scope, 1).await.unwrap();
    assert_eq!((first.total, first.pages, first.items.len()), (60, 12, 5));
    let authors = authors::list(&scope, 1).await.unwrap();
    assert_eq!(authors.items.iter().map(|writer| writer.posts).sum::<u64>(), 60);
    assert!(authors.items.iter().any(|writer| writer.author.picture.is_some()));
    let read = posts::read(&scope, first.items[0].post.id).await.unwrap();
    assert!(read.html.starts_with("<p>"));
}

#[tokio::test]
async fn nobody_was_last_seen_before_their_latest_post() {
    let (site, _) = filled(Size { posts: 200, ..SIZE }).await;
    let people = user::Entity::find().all(site.state.db.reader()).await.unwrap();
    let posts = row::Entity::find().all(site.state.db.reader()).await.unwrap();
    assert!(posts.len() == 200 && people.len() == 10);
    for post in posts {
        let author = people.iter().find(|person| person.id == post.author_id).unwrap();
        assert!(
            author.last_seen_at.unwrap() >= post.created_at,
            "{}",
            author.username
        );
    }
}
