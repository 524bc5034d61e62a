//! Tests of posts that are deleted, restored, and deleted permanently.

use domain::posts::{self, author, trash};
use shared::error::AppError;
use time::Duration;

use crate::site::Site;

#[tokio::test]
async fn a_deleted_post_is_gone_for_everybody_and_can_be_brought_back_for_30_days() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    let ctx = site.visitor();
    let (first, second) = (
        site.publish(&ada, "First").await,
        site.publish(&ada, "Second").await,
    );
    trash::delete(&ctx.state, &ada, first).await.unwrap();
    trash::delete(&ctx.state, &ada, first).await.unwrap();

    assert_eq!(posts::read(&ctx, first).await, Err(AppError::Gone));
    let listed = posts::list(&ctx, 1).await.unwrap();
    assert_eq!((listed.total, listed.items[0].post.id), (1, second));
    let profile = author::profile(&ctx, "ada", 1).await.unwrap();
    assert_eq!(profile.posts.total, 1);
    let kept = trash::list(&ctx, &ada, 1).await.unwrap();
    assert_eq!((kept.total, kept.items[0].title.as_str()), (1, "First"));
    assert_eq!(kept.items[0].goes_at - kept.items[0].deleted_at, trash::KEPT);

    site.state.clock.advance(Duration::days(29));
    assert_eq!(trash::sweep(&site.state).await.unwrap(), 0);
    let back = trash::restore(&ctx.state, &ada, first).await.unwrap();
    assert_eq!((back.id, back.slug.as_str()), (first, "first"));
    let listed = posts::list(&ctx, 1).await.unwrap();
    assert_eq!(
        listed.items.iter().map(|card| card.post.id).collect::<Vec<_>>(),
        [second, first]
    );
}

#[tokio::test]
async fn after_30_days_a_deleted_post_has_gone_for_ever() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    let ctx = site.visitor();
    let id = site.publish(&ada, "Once").await;
    trash::delete(&ctx.state, &ada, id).await.unwrap();
    site.state.clock.advance(Duration::days(31));
    assert_eq!(trash::sweep(&site.state).await.unwrap(), 1);
    assert_eq!(
        trash::restore(&ctx.state, &ada, id).await,
        Err(AppError::NotFound)
    );
    assert_eq!(posts::read(&ctx, id).await, Err(AppError::NotFound));
    assert_eq!(posts::list(&ctx, 1).await.unwrap().total, 0);
}

#[tokio::test]
async fn only_the_author_deletes_and_brings_back() {
    let site = Site::new().await;
    let (ada, grace) = (site.member("ada").await, site.member("grace").await);
    let ctx = site.visitor();
    let id = site.publish(&ada, "Mine").await;
    assert_eq!(
        trash::delete(&ctx.state, &grace, id).await,
        Err(AppError::Forbidden)
    );
    trash::delete(&ctx.state, &ada, id).await.unwrap();
    assert_eq!(trash::restore(&ctx.state, &grace, id).await, Err(AppError::Gone));
    assert_eq!(trash::list(&ctx, &grace, 1).await.unwrap().total, 0);
    assert_eq!(
        trash::delete(&ctx.state, &ada, id + 1).await,
        Err(AppError::NotFound)
    );
}
