//! Tests of threads and their pages.

use super::*;

#[tokio::test]
async fn replies_follow_what_they_answer_and_are_counted() {
    let site = Site::new().await;
    let (ada, grace) = (site.member("ada").await, site.member("grace").await);
    let post = post(&site, &ada).await;
    let first = say(&site, &grace, post, None, "first").await.unwrap();
    let second = say(&site, &ada, post, None, "second").await.unwrap();
    let answer = say(&site, &ada, post, Some(first), "answer").await.unwrap();
    say(&site, &grace, post, Some(second), "other").await.unwrap();
    say(&site, &grace, post, Some(answer), "answer to the answer")
        .await
        .unwrap();
    let page = read(&site.visitor(), post).await;
    assert_eq!(
        texts(&page),
        ["first", "answer", "answer to the answer", "second", "other"]
    );
    let depths: Vec<usize> = all(&page).iter().map(|comment| comment.depth).collect();
    assert_eq!(depths, [0, 1, 2, 0, 1]);
    let answered: Vec<Option<i64>> = all(&page)
        .iter()
        .map(|comment| comment.answered.as_ref().map(|answered| answered.id))
        .collect();
    assert_eq!(answered, [None, Some(first), Some(answer), None, Some(second)]);
    assert_eq!(page.count, 5);
    assert_eq!(posts::read(&site.visitor(), post).await.unwrap().card.comments, 5);
    assert_eq!(page.commenting, Commenting::SignInRequired);
    assert_eq!(drift(&site).await, Drift::default());
}

#[tokio::test]
async fn beyond_the_last_level_a_reply_stands_beside_what_it_answers() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    let post = post(&site, &ada).await;
    let mut ids = vec![say(&site, &ada, post, None, "0").await.unwrap()];
    for level in 1..12 {
        let parent = ids.last().copied();
        ids.push(say(&site, &ada, post, parent, &level.to_string()).await.unwrap());
    }
    let page = read(&site.visitor(), post).await;
    let shown = all(&page);
    assert_eq!(
        texts(&page),
        (0..12).map(|level| level.to_string()).collect::<Vec<_>>()
    );
    for (level, comment) in shown.iter().enumerate() {
        assert_eq!(comment.depth, level.min(LEVELS - 1), "{level}");
        let answered = comment
            .answered
            .as_ref()
            .map(|answered| (answered.id, answered.is_beside));
        let expected = level.checked_sub(1).map(|above| (ids[above], level >= LEVELS));
        assert_eq!(answered, expected, "{level}");
    }
    assert_eq!(drift(&site).await, Drift::default());
}

#[tokio::test]
async fn a_page_has_twenty_threads_with_twenty_replies_each() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    let post = post(&site, &ada).await;
    let mut roots = Vec::new();
    for number in 0..45 {
        roots.push(
            say(&site, &ada, post, None, &format!("root {number}"))
                .await
                .unwrap(),
        );
    }
    for number in 0..25 {
        let text = format!("reply {number}");
        say(&site, &ada, post, Some(roots[0]), &text).await.unwrap();
    }
    let scope = site.visitor();
    let first = read(&scope, post).await;
    assert_eq!(first.count, 70);
    assert_eq!(first.threads.len(), 20);
    assert_eq!((first.threads[0].replies.len(), first.threads[0].more), (20, 5));
    assert_eq!(first.threads[0].replies[0].html, "<p>reply 0</p>\n");
    let second = read_at(&scope, post, first.next.unwrap()).await;
    assert_eq!(second.threads[0].root.id, roots[20]);
    let third = read_at(&scope, post, second.next.unwrap()).await;
    assert_eq!((third.threads.len(), third.next), (5, None));

    let newest = read_at(&scope, post, CommentsPosition::NEWEST).await;
    assert_eq!(newest.threads[0].root.id, roots[44]);
    let older = read_at(&scope, post, newest.next.unwrap()).await;
    assert_eq!(older.threads[0].root.id, roots[24]);

    let branch = comments::read(&scope, roots[0], None).await.unwrap();
    assert_eq!((branch.below.len(), branch.next), (25, None));
}

#[tokio::test]
async fn a_comment_has_a_page_with_what_it_answers_and_its_branch() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    let post = post(&site, &ada).await;
    let root = say(&site, &ada, post, None, "root").await.unwrap();
    let answer = say(&site, &ada, post, Some(root), "answer").await.unwrap();
    let other = say(&site, &ada, post, Some(root), "other").await.unwrap();
    let deep = say(&site, &ada, post, Some(answer), "deep").await.unwrap();
    let page = comments::read(&site.visitor(), answer, None).await.unwrap();
    let ids = |comments: &[Comment]| comments.iter().map(|comment| comment.id).collect::<Vec<_>>();
    assert_eq!(ids(&page.above), [root]);
    assert_eq!(page.comment.id, answer);
    assert_eq!(ids(&page.below), [deep]);
    // A page begins only after a comment of the branch.
    for after in [other, root] {
        let wrong = comments::read(&site.visitor(), answer, Some(after)).await;
        assert_eq!(wrong.map(drop), Err(AppError::NotFound), "{after}");
    }
    // The last comment of the page before has been deleted.
    let again = comments::read(&site.visitor(), answer, Some(99)).await.unwrap();
    assert_eq!(ids(&again.below), [deep]);
    let missing = comments::read(&site.visitor(), 99, None).await;
    assert_eq!(missing.map(drop), Err(AppError::NotFound));
}

#[tokio::test]
async fn a_branch_of_more_than_two_hundred_continues_on_the_next_page() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    let post = post(&site, &ada).await;
    let root = say(&site, &ada, post, None, "root").await.unwrap();
    for number in 0..205 {
        say(&site, &ada, post, Some(root), &number.to_string())
            .await
            .unwrap();
    }
    let first = comments::read(&site.visitor(), root, None).await.unwrap();
    assert_eq!(first.below.len(), 200);
    let rest = comments::read(&site.visitor(), root, first.next).await.unwrap();
    assert_eq!((rest.below.len(), rest.next), (5, None));
    assert_eq!(rest.below[0].html, "<p>200</p>\n");
}

#[tokio::test]
async fn the_same_words_to_two_comments_on_the_last_level_are_two_comments() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    let post = post(&site, &ada).await;
    let mut last = say(&site, &ada, post, None, "level 1").await.unwrap();
    let mut above = last;
    for level in 2..=LEVELS {
        above = last;
        last = say(&site, &ada, post, Some(last), &format!("level {level}"))
            .await
            .unwrap();
    }
    let beside = say(&site, &ada, post, Some(last), "+1").await.unwrap();
    let below = say(&site, &ada, post, Some(above), "+1").await.unwrap();
    assert_ne!(beside, below);
    assert_eq!(say(&site, &ada, post, Some(above), "+1").await, Ok(below));
}
