//! Tests of closing and pinning comments.

use super::*;

#[tokio::test]
async fn the_author_of_a_post_closes_and_pins_comments() {
    let site = Site::new().await;
    let (ada, grace) = (site.member("ada").await, site.member("grace").await);
    let post = post(&site, &ada).await;
    let scope = site.visitor();
    for number in 0..22 {
        say(&site, &grace, post, None, &number.to_string()).await.unwrap();
    }
    let last = say(&site, &grace, post, None, "the best").await.unwrap();
    let reply = say(&site, &ada, post, Some(last), "indeed").await.unwrap();
    assert_eq!(
        comments::pin(&scope, &grace, last).await.map(drop),
        Err(AppError::Forbidden)
    );
    let below = comments::pin(&scope, &ada, reply).await;
    assert_eq!(below.map(drop), Err(AppError::Malformed));
    comments::pin(&scope, &ada, last).await.unwrap();
    let page = read(&scope, post).await;
    assert_eq!((page.threads.len(), page.threads[0].root.id), (21, last));
    assert!(page.threads[0].root.is_pinned);
    let next = read_at(&scope, post, page.next.unwrap()).await;
    assert!(next.threads.iter().all(|thread| thread.root.id != last));
    comments::unpin(&scope, &ada, post).await.unwrap();
    assert_ne!(read(&scope, post).await.threads[0].root.id, last);

    let refused = comments::close(&scope, &grace, post).await;
    assert_eq!(refused.map(drop), Err(AppError::Forbidden));
    comments::close(&scope, &ada, post).await.unwrap();
    for author in [&ada, &grace] {
        let late = say(&site, author, post, None, "late").await;
        assert_eq!(late, Err(AppError::CommentsClosed));
    }
    assert_eq!(read(&scope, post).await.commenting, Commenting::Closed);
    comments::reopen(&scope, &ada, post).await.unwrap();
    assert!(say(&site, &grace, post, None, "again").await.is_ok());
}

#[tokio::test]
async fn comments_are_closed_after_so_many_days() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    let post = post(&site, &ada).await;
    set(&site, Setting::CommentsCloseAfter, "14").await;
    site.state.clock.advance(Duration::days(14));
    assert!(say(&site, &ada, post, None, "in time").await.is_ok());
    site.state.clock.advance(Duration::SECOND);
    let late = say(&site, &ada, post, None, "late").await;
    assert_eq!(late, Err(AppError::CommentsClosed));
}

#[tokio::test]
async fn a_pinned_comment_that_is_hidden_or_loses_its_author_is_not_pinned_any_more() {
    let site = Site::new().await;
    let (ada, grace) = (site.member("ada").await, site.member("grace").await);
    let post = post(&site, &ada).await;
    let first = say(&site, &grace, post, None, "first").await.unwrap();
    say(&site, &ada, post, Some(first), "answer").await.unwrap();
    let scope = site.signed_in("ada").await;
    comments::pin(&scope, &ada, first).await.unwrap();
    let reason = "Rude".to_owned();
    comments::hide(
        &scope,
        &ada,
        HiddenComment {
            ground: shared::model::decision::Ground::default(),
            comment: first,
            reason,
        },
    )
    .await
    .unwrap();
    assert!(!all(&read(&scope, post).await)[0].is_pinned);
    comments::show(&scope, &ada, first).await.unwrap();
    comments::pin(&scope, &ada, first).await.unwrap();
    administration::delete(&site.command_line(), "grace")
        .await
        .unwrap();
    let page = read(&scope, post).await;
    assert_eq!(texts(&page), ["", "answer"]);
    assert!(!all(&page)[0].is_pinned);
}
