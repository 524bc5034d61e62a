//! Tests of the numbers of comments.

use super::*;

#[tokio::test]
async fn a_thousand_random_acts_leave_the_numbers_right() {
    let site = Site::new().await;
    let people = [
        site.member("ada").await,
        site.member("grace").await,
        site.member("mary").await,
    ];
    let posts = [post(&site, &people[0]).await, post(&site, &people[1]).await];
    let scope = site.visitor();
    let mut rng = fastrand::Rng::with_seed(7);
    for act in 0..1_800 {
        let (person, post) = (rng.choice(&people).unwrap(), *rng.choice(posts).as_ref().unwrap());
        let ids: Vec<i64> = comment::Entity::find()
            .filter(comment::Column::PostId.eq(post))
            .order_by_asc(comment::Column::Id)
            .all(site.state.db.reader())
            .await
            .unwrap()
            .into_iter()
            .map(|row| row.id)
            .collect();
        let id = rng.choice(&ids).copied();
        // What is not allowed is refused, and changes nothing.
        match (rng.u8(0..10), id) {
            (0..5, id) | (_, id @ None) => {
                let parent = id.filter(|_| rng.bool());
                let _ = say(&site, person, post, parent, &format!("act {act}")).await;
            }
            (5..7, Some(id)) => {
                let _ = comments::delete(&scope, person, id).await;
            }
            (7, Some(id)) => {
                let hidden = HiddenComment {
                    ground: shared::model::decision::Ground::default(),
                    comment: id,
                    reason: "x".to_owned(),
                };
                let scope = site.signed_in(&person.username).await;
                let _ = comments::hide(&scope, person, hidden).await;
            }
            (8, Some(id)) => {
                let scope = site.signed_in(&person.username).await;
                let _ = comments::show(&scope, person, id).await;
            }
            (_, Some(id)) => {
                let _ = comments::pin(&scope, person, id).await;
            }
        }
    }
    assert_eq!(drift(&site).await, Drift::default());
    // The check does find what is wrong.
    let wrong = "UPDATE post_counts SET comments = comments + 1";
    site.state.db.writer().execute_unprepared(wrong).await.unwrap();
    assert_eq!(drift(&site).await.posts, 2);
    let transaction = site.state.db.begin().await.unwrap();
    comments::recount(&transaction).await.unwrap();
    site.state.db.commit(transaction).await.unwrap();
    assert_eq!(drift(&site).await, Drift::default());
}

#[tokio::test]
async fn people_who_comment_at_the_same_time_lose_nothing_and_count_right() {
    let site = Site::new().await;
    let mut people = Vec::new();
    for number in 0..6 {
        people.push(site.member(&format!("person{number}")).await);
    }
    let posts = [post(&site, &people[0]).await, post(&site, &people[1]).await];
    let root = say(&site, &people[0], posts[0], None, "root").await.unwrap();
    let talk = async |person: &Viewer, number: usize| {
        let mut own = Vec::new();
        for round in 0..12 {
            let text = format!("{number} says {round}");
            let on_other = round % 3 == 0;
            let (post, parent) = if on_other {
                (posts[1], None)
            } else {
                (posts[0], Some(root))
            };
            own.push(say(&site, person, post, parent, &text).await.unwrap());
            if round % 4 == 3 {
                let gone = own.swap_remove(0);
                comments::delete(&site.visitor(), person, gone).await.unwrap();
            }
        }
        own.len()
    };
    let talks = people
        .iter()
        .enumerate()
        .map(|(number, person)| talk(person, number));
    let left: usize = futures::future::join_all(talks).await.into_iter().sum();
    assert_eq!(drift(&site).await, Drift::default());
    let mut counted = 0;
    for post in posts {
        counted += read(&site.visitor(), post).await.count;
    }
    assert_eq!(counted, u64::try_from(left + 1).unwrap());
}

#[tokio::test]
async fn two_who_answer_and_delete_at_the_same_time_leave_a_whole_tree() {
    let site = Site::new().await;
    let (ada, grace) = (site.member("ada").await, site.member("grace").await);
    let post = post(&site, &ada).await;
    for round in 0..10 {
        let root = say(&site, &ada, post, None, &format!("root {round}"))
            .await
            .unwrap();
        let scope = site.visitor();
        let (deleted, answered) = futures::future::join(
            comments::delete(&scope, &ada, root),
            say(&site, &grace, post, Some(root), &format!("answer {round}")),
        )
        .await;
        deleted.unwrap();
        match answered {
            // The answer came first, so the place of the comment is kept.
            Ok(id) => assert_eq!(comments::read(&scope, id, None).await.unwrap().above.len(), 1),
            Err(error) => assert!(
                matches!(error, AppError::CommentGone | AppError::NotFound),
                "{error:?}"
            ),
        }
    }
    assert_eq!(drift(&site).await, Drift::default());
}
