//! Tests of posts that are deleted, restored, and deleted permanently.

use domain::posts::{self, author, trash};
use shared::error::AppError;
use time::Duration;

use crate::site::Site;

#[tokio::test]
async fn a_deleted_post_is_gone_for_everybody_and_can_be_brought_back_for_30_days() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    let scope = site.visitor();
    let (first, second) = (
        site.publish(&ada, "First").await,
        site.publish(&ada, "Second").await,
    );
    trash::delete(&scope, &ada, first).await.unwrap();
    trash::delete(&scope, &ada, first).await.unwrap();

    assert_eq!(posts::read(&scope, first).await, Err(AppError::Gone));
    let listed = posts::list(&scope, 1).await.unwrap();
    assert_eq!((listed.total, listed.items[0].post.id), (1, second));
    let profile = author::profile(&scope, "ada", 1).await.unwrap();
    assert_eq!(profile.posts.total, 1);
    let kept = trash::list(&scope, &ada, 1).await.unwrap();
    assert_eq!((kept.total, kept.items[0].title.as_str()), (1, "First"));
    assert_eq!(kept.items[0].goes_at - kept.items[0].deleted_at, trash::KEPT);

    site.state.clock.advance(Duration::days(29));
    assert_eq!(trash::sweep(&site.job()).await.unwrap(), 0);
    let back = trash::restore(&scope, &ada, first).await.unwrap();
    assert_eq!((back.id, back.slug.as_str()), (first, "first"));
    let listed = posts::list(&scope, 1).await.unwrap();
    assert_eq!(
        listed.items.iter().map(|card| card.post.id).collect::<Vec<_>>(),
        [second, first]
    );
}

#[tokio::test]
async fn after_30_days_a_deleted_post_has_gone_for_ever() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    let scope = site.visitor();
    let id = site.publish(&ada, "Once").await;
    trash::delete(&scope, &ada, id).await.unwrap();
    site.state.clock.advance(Duration::days(31));
    assert_eq!(trash::sweep(&site.job()).await.unwrap(), 1);
    assert_eq!(trash::restore(&scope, &ada, id).await, Err(AppError::NotFound));
    assert_eq!(posts::read(&scope, id).await, Err(AppError::NotFound));
    assert_eq!(posts::list(&scope, 1).await.unwrap().total, 0);
}

#[tokio::test]
async fn only_the_author_deletes_and_brings_back() {
    let site = Site::new().await;
    let (ada, grace) = (site.member("ada").await, site.member("grace").await);
    let scope = site.visitor();
    let id = site.publish(&ada, "Mine").await;
    assert_eq!(trash::delete(&scope, &grace, id).await, Err(AppError::Forbidden));
    trash::delete(&scope, &ada, id).await.unwrap();
    assert_eq!(trash::restore(&scope, &grace, id).await, Err(AppError::Gone));
    assert_eq!(trash::list(&scope, &grace, 1).await.unwrap().total, 0);
    assert_eq!(trash::delete(&scope, &ada, id + 1).await, Err(AppError::NotFound));
}
