//! Tests of deleting comments.

use super::*;

#[tokio::test]
async fn a_deleted_comment_is_gone_and_its_replies_stay() {
    let site = Site::new().await;
    let (ada, grace) = (site.member("ada").await, site.member("grace").await);
    let post = post(&site, &ada).await;
    let root = say(&site, &ada, post, None, "a secret").await.unwrap();
    let answer = say(&site, &grace, post, Some(root), "answer").await.unwrap();
    let leaf = say(&site, &ada, post, Some(answer), "leaf").await.unwrap();
    let scope = site.visitor();
    let refused = comments::delete(&scope, &grace, root).await;
    assert_eq!(refused.map(drop), Err(AppError::Forbidden));

    comments::delete(&scope, &ada, root).await.unwrap();
    let page = read(&scope, post).await;
    assert_eq!(texts(&page), ["", "answer", "leaf"]);
    assert_eq!((all(&page)[0].state, page.count), (CommentState::Deleted, 2));
    let row = comment::Entity::find_by_id(root)
        .one(site.state.db.reader())
        .await;
    let row = row.unwrap().unwrap();
    assert_eq!(
        (row.content.as_str(), row.html.as_str(), row.author_id),
        ("", "", None)
    );
    assert_eq!(
        say(&site, &grace, post, Some(root), "late").await,
        Err(AppError::CommentGone)
    );
    // The page of the comment keeps the thread.
    let gone = comments::read(&scope, root, None).await.unwrap();
    assert_eq!((gone.comment.state, gone.below.len()), (CommentState::Deleted, 2));

    // One without replies disappears, and so do those that were kept for it alone.
    comments::delete(&scope, &grace, answer).await.unwrap();
    comments::delete(&scope, &ada, leaf).await.unwrap();
    assert_eq!(read(&scope, post).await.threads, []);
    say(&site, &ada, post, None, "later").await.unwrap();
    for id in [root, answer, leaf] {
        let gone = comments::read(&scope, id, None).await;
        assert_eq!(gone.map(drop), Err(AppError::CommentGone), "{id}");
    }
    assert_eq!(drift(&site).await, Drift::default());
}

#[tokio::test]
async fn the_comments_of_a_deleted_account_are_emptied_and_those_without_replies_are_gone() {
    let site = Site::new().await;
    let (ada, grace) = (site.member("ada").await, site.member("grace").await);
    let post = post(&site, &ada).await;
    let root = say(&site, &grace, post, None, "root").await.unwrap();
    say(&site, &ada, post, Some(root), "answer").await.unwrap();
    let alone = say(&site, &grace, post, None, "alone").await.unwrap();
    let below = say(&site, &grace, post, Some(alone), "below").await.unwrap();
    say(&site, &grace, post, Some(below), "deep").await.unwrap();
    administration::delete(&site.command_line(), "grace")
        .await
        .unwrap();
    let page = read(&site.visitor(), post).await;
    assert_eq!(texts(&page), ["", "answer"]);
    assert_eq!(page.count, 1);
    assert_eq!(drift(&site).await, Drift::default());
    let stored = String::from_utf8_lossy(&site.stored()).into_owned();
    let kept = comment::Entity::find()
        .count(site.state.db.reader())
        .await
        .unwrap();
    assert_eq!(kept, 2, "{}", stored.len());
}

#[tokio::test]
async fn people_delete_their_comments_where_they_cannot_read_any_more() {
    let site = Site::new().await;
    let (ada, grace) = (site.member("ada").await, site.member("grace").await);
    let post = post(&site, &ada).await;
    let id = say(&site, &grace, post, None, "Mine").await.unwrap();
    set(&site, Setting::Comments, "off").await;
    let scope = site.signed_in("grace").await;
    comments::question_of_deletion(&scope, &grace, id).await.unwrap();
    assert_eq!(comments::delete(&scope, &grace, id).await, Ok(None));
    set(&site, Setting::Comments, "open").await;
    assert_eq!(texts(&read(&scope, post).await), [""; 0]);
}

#[tokio::test]
async fn a_comment_on_the_last_level_with_answers_beside_it_leaves_its_place() {
    let site = Site::new().await;
    let (ada, grace) = (site.member("ada").await, site.member("grace").await);
    let post = post(&site, &ada).await;
    let mut last = say(&site, &ada, post, None, "level 1").await.unwrap();
    for level in 2..=LEVELS {
        last = say(&site, &ada, post, Some(last), &format!("level {level}"))
            .await
            .unwrap();
    }
    let beside = say(&site, &grace, post, Some(last), "beside").await.unwrap();
    let answer = say(&site, &ada, post, Some(beside), "to the one beside")
        .await
        .unwrap();
    let scope = site.visitor();
    comments::delete(&scope, &grace, beside).await.unwrap();
    let page = read(&scope, post).await;
    let ids: Vec<i64> = all(&page).iter().map(|comment| comment.id).collect();
    assert!(ids.ends_with(&[last, beside, answer]), "{ids:?}");
    let shown = all(&page).last().unwrap().answered.clone().unwrap();
    assert_eq!((shown.id, shown.name.as_str()), (beside, "another comment"));
    // With the last answer, the place goes as well.
    comments::delete(&scope, &ada, answer).await.unwrap();
    assert_eq!(all(&read(&scope, post).await).last().unwrap().id, last);

    let beside = say(&site, &grace, post, Some(last), "again beside")
        .await
        .unwrap();
    say(&site, &ada, post, Some(beside), "again to it").await.unwrap();
    administration::delete(&site.command_line(), "grace")
        .await
        .unwrap();
    let page = read(&scope, post).await;
    assert_eq!(all(&page)[LEVELS].id, beside);
    assert_eq!(drift(&site).await, Drift::default());
}
