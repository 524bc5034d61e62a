//! Tests of the texts that wait for a moderator.

use super::*;

const THREE_LINKS: &str = "<https://a.example> <https://b.example> <https://c.example>";
const LONG: &str = "A text that is long enough to be compared with what others have sent on the same day.";

#[tokio::test]
async fn a_third_link_waits_and_counts_when_a_moderator_has_approved_it() {
    let (site, moderator, mary) = moderated().await;
    let (ada, grace) = (site.member("ada").await, site.member("grace").await);
    let post = publish(&site, &ada, "Words").await.id;
    let two = say(&site, &grace, post, "<https://a.example> <https://b.example>").await;
    let held = say(&site, &grace, post, THREE_LINKS).await;
    assert!(!two.is_held && held.is_held && !held.is_on_post);
    let visitor = site.visitor();
    assert_eq!(
        comments::read(&visitor, held.id, None).await.map(drop),
        Err(AppError::NotFound)
    );
    assert_eq!(posts::read(&visitor, post).await.unwrap().card.comments, 1);
    assert_eq!(comments::latest(&visitor, post).await.unwrap().entries.len(), 1);
    let own = read(&site.signed_in("grace").await, held.id).await;
    assert_eq!(own.state, CommentState::Held);
    assert_eq!(own.held_because, Some(HoldReason::Links));
    let queue = moderation::overview(&moderator, &mary, Position::Newest)
        .await
        .unwrap();
    assert_eq!(queue.held.len(), 1);
    assert_eq!(queue.held[0].reason, Some(HoldReason::Links));

    site.state.clock.advance(Duration::hours(5));
    comments::show(&moderator, &mary, held.id).await.unwrap();
    let shown = read(&visitor, held.id).await;
    assert_eq!((shown.id, shown.created_at), (held.id, own.created_at));
    assert!(shown.html.contains("<a href"), "{}", shown.html);
    assert_eq!(posts::read(&site.visitor(), post).await.unwrap().card.comments, 2);
    assert_eq!(
        standing(&site, "grace").await,
        Some(level(TrustLevel::Trusted, TrustReason::Approved))
    );
    assert!(
        !say(&site, &grace, post, &format!("Again {THREE_LINKS}"))
            .await
            .is_held
    );
    assert_eq!(
        comments::drift(site.state.db.reader()).await.unwrap(),
        Drift::default()
    );
}

#[tokio::test]
async fn a_post_that_waited_has_the_date_of_its_approval() {
    let (site, moderator, mary) = moderated().await;
    let grace = site.member("grace").await;
    let post = publish(&site, &grace, THREE_LINKS).await;
    assert!(post.is_held);
    // A second click publishes nothing else.
    assert_eq!(publish(&site, &grace, THREE_LINKS).await.id, post.id);
    let visitor = site.visitor();
    assert_eq!(
        posts::read(&visitor, post.id).await.map(drop),
        Err(AppError::NotFound)
    );
    assert_eq!(posts::list(&visitor, 1).await.unwrap().total, 0);
    let own = posts::read(&site.signed_in("grace").await, post.id)
        .await
        .unwrap();
    let reason = Some(HoldReason::Links);
    assert_eq!(own.hold, Some(Hold { version: 1, reason }));
    let queue = moderation::overview(&moderator, &mary, Position::Newest)
        .await
        .unwrap();
    assert_eq!(queue.held_posts.len(), 1);

    site.state.clock.advance(Duration::hours(5));
    let grace_scope = site.signed_in("grace").await;
    let own = held::approve(&grace_scope, &grace, post.id, 1).await;
    assert_eq!(own, Err(AppError::RoleRequired));
    for _ in 0..2 {
        // The second time, somebody else was faster.
        held::approve(&moderator, &mary, post.id, 1).await.unwrap();
    }
    let shown = posts::read(&site.visitor(), post.id).await.unwrap();
    assert_eq!(
        shown.card.created_at.unix_timestamp(),
        site.state.clock.now().unix_timestamp()
    );
    assert_eq!((shown.card.updated_at, shown.hold), (shown.card.created_at, None));
    assert_eq!(
        posts::list(&site.visitor(), 1).await.unwrap().items[0],
        shown.card
    );
    assert_eq!(
        standing(&site, "grace").await,
        Some(level(TrustLevel::Trusted, TrustReason::Approved))
    );
}

#[tokio::test]
async fn a_change_that_adds_links_waits_as_well() {
    let (site, moderator, mary) = moderated().await;
    let grace = site.member("grace").await;
    let post = publish(&site, &grace, "Words").await;
    let comment = say(&site, &grace, post.id, "Harmless").await.id;
    let edited = EditedComment {
        comment,
        version: 1,
        content: THREE_LINKS.to_owned(),
    };
    let updated = comments::update(&site.visitor(), &grace, edited).await.unwrap();
    assert!(updated.0);
    assert_eq!(
        posts::read(&site.visitor(), post.id).await.unwrap().card.comments,
        0
    );

    let published_at = posts::read(&site.visitor(), post.id)
        .await
        .unwrap()
        .card
        .created_at;
    site.state.clock.advance(Duration::hours(1));
    let target = DraftTarget {
        post: Some(post.id),
        post_version: 1,
        ..DraftTarget::default()
    };
    let form = PostForm {
        title: "On mills".to_owned(),
        content: THREE_LINKS.to_owned(),
        ..PostForm::default()
    };
    let changed = posts::publish(&site.visitor(), &grace, target, form.validate().unwrap()).await;
    assert!(changed.unwrap().is_held);
    assert_eq!(posts::list(&site.visitor(), 1).await.unwrap().total, 0);
    // It was on the site before, so it keeps its date.
    let unread = held::approve(&moderator, &mary, post.id, 1).await;
    assert_eq!(unread, Err(AppError::Conflict));
    held::approve(&moderator, &mary, post.id, 2).await.unwrap();
    let shown = posts::read(&site.visitor(), post.id).await.unwrap();
    assert_eq!(shown.card.created_at, published_at);
}

#[tokio::test]
async fn comments_after_the_first_ten_of_the_first_day_wait_but_posts_do_not() {
    let (site, ..) = moderated().await;
    let grace = site.member("grace").await;
    let post = publish(&site, &grace, "Words").await.id;
    for number in 0..10 {
        assert!(
            !say(&site, &grace, post, &format!("{number}")).await.is_held,
            "{number}"
        );
    }
    let next = say(&site, &grace, post, "ten").await;
    assert!(next.is_held);
    let own = read(&site.signed_in("grace").await, next.id).await;
    assert_eq!(own.held_because, Some(HoldReason::FirstDay));
    assert!(!publish(&site, &grace, "Other words").await.is_held);
    site.state.clock.advance(Duration::hours(24));
    assert!(!say(&site, &grace, post, "tomorrow").await.is_held);

    let unlimited = Site::new().await;
    let ada = unlimited.member("ada").await;
    let post = publish(&unlimited, &ada, "Words").await.id;
    for number in 0..12 {
        assert!(!say(&unlimited, &ada, post, &format!("{number}")).await.is_held);
    }
}

#[tokio::test]
async fn a_text_that_somebody_else_has_sent_waits_unless_it_is_short() {
    let (site, ..) = moderated().await;
    let (ada, grace, linus) = (
        site.member("ada").await,
        site.member("grace").await,
        site.member("linus").await,
    );
    set_level(&site, &grace, TrustLevel::Trusted).await;
    set_level(&site, &linus, TrustLevel::Regular).await;
    let post = publish(&site, &ada, "Words").await.id;
    assert!(!say(&site, &ada, post, LONG).await.is_held);
    assert!(!say(&site, &ada, post, &format!("{LONG} ")).await.is_held);
    let repeated = say(&site, &grace, post, &LONG.to_uppercase()).await;
    assert!(repeated.is_held);
    let own = read(&site.signed_in("grace").await, repeated.id).await;
    assert_eq!(own.held_because, Some(HoldReason::Repeated));
    assert!(!say(&site, &linus, post, LONG).await.is_held);
    assert!(!say(&site, &ada, post, "Thank you!").await.is_held);
    assert!(!say(&site, &grace, post, "Thank you!").await.is_held);
    // It is forgotten after a day.
    site.state.clock.advance(Duration::hours(25));
    let count = fingerprint::Entity::find()
        .count(site.state.db.reader())
        .await
        .unwrap();
    let swept = trust::sweep(site.state.db.writer(), site.state.clock.now())
        .await
        .unwrap();
    assert_eq!(swept, count);
    assert!(!say(&site, &grace, post, &format!("{LONG}!")).await.is_held);
}

#[tokio::test]
async fn three_new_members_who_link_to_the_same_host_wait_together() {
    let (site, moderator, mary) = moderated().await;
    let mut people = Vec::new();
    for name in ["ada", "grace", "linus"] {
        people.push(site.member(name).await);
    }
    let link = |path: &str| format!("See <https://www.spam.example/{path}>");
    let post = publish(&site, &people[0], "Words").await.id;
    let first = publish(&site, &people[0], &link("one")).await;
    let second = say(&site, &people[1], post, &link("two")).await;
    let again = say(&site, &people[1], post, &link("three")).await;
    assert!(!first.is_held && !second.is_held && !again.is_held);
    let third = say(&site, &people[2], post, &link("four")).await;
    assert!(third.is_held);
    while jobs::worker::run_due(&site.state).await.unwrap() > 0 {}
    let queue = moderation::overview(&moderator, &mary, Position::Newest)
        .await
        .unwrap();
    let posts: Vec<_> = queue
        .held_posts
        .iter()
        .map(|held| (held.id, held.reason))
        .collect();
    let comments: Vec<_> = queue.held.iter().map(|held| (held.id, held.reason)).collect();
    let reason = Some(HoldReason::SameHost);
    assert_eq!(posts, [(first.id, reason)]);
    assert_eq!(comments, [second, again, third].map(|link| (link.id, reason)));
    assert_eq!(posts::list(&site.visitor(), 1).await.unwrap().total, 1);
    assert_eq!(
        domain::comments::drift(site.state.db.reader()).await.unwrap(),
        Drift::default()
    );
}

#[tokio::test]
async fn signs_of_a_program_make_a_text_wait_but_haste_alone_does_not() {
    let (site, ..) = moderated().await;
    let (ada, grace) = (site.member("ada").await, site.member("grace").await);
    set_level(&site, &grace, TrustLevel::Trusted).await;
    let post = publish(&site, &ada, "Words").await.id;
    let now = site.state.clock.now();
    let hasty = |content: &str| CommentForm {
        nonce: nonce(now, &content.len().to_string()),
        ..form(&site, post, content)
    };
    assert!(!send(&site, &ada, hasty("Quick")).await.is_held);
    let linked = send(&site, &ada, hasty("Quick <https://a.example>")).await;
    assert!(linked.is_held);
    let own = read(&site.signed_in("ada").await, linked.id).await;
    assert_eq!(own.held_because, Some(HoldReason::Automated));
    assert!(
        !send(&site, &grace, hasty("Quick <https://b.example> too"))
            .await
            .is_held
    );
    let trapped = |content: &str| CommentForm {
        subject: "Hello".to_owned(),
        ..form(&site, post, content)
    };
    for person in [&ada, &grace] {
        assert!(send(&site, person, trapped("Words, words")).await.is_held);
    }
    set_level(&site, &grace, TrustLevel::Regular).await;
    assert!(!send(&site, &grace, trapped("Words, words, words")).await.is_held);
}

#[tokio::test]
async fn a_private_post_waits_for_nobody_until_others_can_read_it() {
    let (site, moderator, mary) = moderated().await;
    let grace = site.member("grace").await;
    let form = PostForm {
        title: "Diary".to_owned(),
        content: THREE_LINKS.to_owned(),
        visibility: Visibility::Private.name().to_owned(),
        ..PostForm::default()
    };
    let kept = posts::publish(
        &site.visitor(),
        &grace,
        DraftTarget::default(),
        form.validate().unwrap(),
    )
    .await
    .unwrap();
    assert!(!kept.is_held);
    let target = DraftTarget {
        post: Some(kept.id),
        post_version: 1,
        ..DraftTarget::default()
    };
    let form = PostForm {
        visibility: Visibility::Public.name().to_owned(),
        ..form
    };
    let shown = posts::publish(&site.visitor(), &grace, target, form.validate().unwrap()).await;
    assert!(shown.unwrap().is_held);
    // Its author finds it.
    let own = unlisted::list(&site.visitor(), &grace, 1).await.unwrap();
    assert!(own.items[0].is_held && own.total == 1);
    let queue = moderation::overview(&moderator, &mary, Position::Newest)
        .await
        .unwrap();
    assert_eq!(queue.held_posts.len(), 1);
}

#[tokio::test]
async fn what_was_approved_is_not_held_again_for_the_link_of_somebody_else() {
    let (site, moderator, mary) = moderated().await;
    let mut people = Vec::new();
    for name in ["ada", "grace", "linus", "joan"] {
        people.push(site.member(name).await);
    }
    let post = publish(&site, &people[0], "Words").await.id;
    let mut said = Vec::new();
    for (number, person) in people[..3].iter().enumerate() {
        let content = format!("See <https://news.example.net/{number}>");
        said.push(say(&site, person, post, &content).await.id);
    }
    while jobs::worker::run_due(&site.state).await.unwrap() > 0 {}
    for id in &said {
        comments::show(&moderator, &mary, *id).await.unwrap();
    }
    let fourth = say(&site, &people[3], post, "See <https://news.example.net/4>").await;
    assert!(!fourth.is_held);
    while jobs::worker::run_due(&site.state).await.unwrap() > 0 {}
    for id in said {
        assert_eq!(read(&site.visitor(), id).await.state, CommentState::Published);
    }
}
