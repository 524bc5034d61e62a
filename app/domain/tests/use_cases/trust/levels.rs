//! Tests of the levels of accounts.

use super::*;

#[tokio::test]
async fn somebody_who_registers_is_new_and_others_are_not() {
    let (site, ..) = moderated().await;
    site.member("grace").await;
    assert_eq!(
        standing(&site, "grace").await,
        Some(level(TrustLevel::New, TrustReason::Registered))
    );
    let operator = site.command_line();
    administration::add(
        &operator,
        registration("linus").validate().unwrap(),
        Role::Member,
        None,
    )
    .await
    .unwrap();
    assert_eq!(
        standing(&site, "linus").await,
        Some(level(TrustLevel::Trusted, TrustReason::Operator))
    );
    let new = InviteForm::default().validate().unwrap();
    let Created::Link(token) = invitations::create(&operator, new).await.unwrap() else {
        panic!("it was mailed");
    };
    let visitor = site.visitor();
    acceptance::follow(&visitor, &token).await.unwrap();
    acceptance::register(&visitor, registration("joan").validate().unwrap())
        .await
        .unwrap();
    assert_eq!(
        standing(&site, "joan").await,
        Some(level(TrustLevel::Trusted, TrustReason::Invited))
    );
    // A moderator has nothing to earn.
    assert_eq!(standing(&site, "mary").await, None);
}

#[tokio::test]
async fn a_day_and_a_post_or_three_comments_earn_trust() {
    let (site, ..) = moderated().await;
    let (ada, grace, linus) = (
        site.member("ada").await,
        site.member("grace").await,
        site.member("linus").await,
    );
    let post = publish(&site, &ada, "Words").await.id;
    for content in ["one", "two", "three"] {
        say(&site, &grace, post, content).await;
    }
    say(&site, &linus, post, "one").await;
    site.state.clock.advance(Duration::hours(23));
    assert_eq!(trust::review(&site.job()).await.unwrap(), 0);
    site.state.clock.advance(Duration::hours(1));
    assert_eq!(trust::review(&site.job()).await.unwrap(), 2);
    for (name, expected) in [
        ("ada", Some(level(TrustLevel::Trusted, TrustReason::Earned))),
        ("grace", Some(level(TrustLevel::Trusted, TrustReason::Earned))),
        ("linus", Some(level(TrustLevel::New, TrustReason::Registered))),
    ] {
        assert_eq!(standing(&site, name).await, expected, "{name}");
    }
    // The next texts are looked at as well.
    say(&site, &linus, post, "two").await;
    say(&site, &linus, post, "three").await;
    assert_eq!(trust::review(&site.job()).await.unwrap(), 1);
    assert_eq!(
        standing(&site, "linus").await,
        Some(level(TrustLevel::Trusted, TrustReason::Earned))
    );
}

#[tokio::test]
async fn thirty_days_and_the_replies_of_five_people_make_a_regular() {
    let (site, ..) = moderated().await;
    let ada = site.member("ada").await;
    let post = publish(&site, &ada, "Words").await.id;
    let mut people = Vec::new();
    for name in ["grace", "linus", "joan", "karl", "rosa"] {
        people.push(site.member(name).await);
    }
    site.state.clock.advance(Duration::days(31));
    assert_eq!(trust::review(&site.job()).await.unwrap(), 1);
    let said = say(&site, &ada, post, "A question").await.id;
    for person in &people[..4] {
        for content in ["One answer", "Another answer", "A third one"] {
            let answer = CommentForm {
                parent: Some(said),
                ..form(&site, post, content)
            };
            send(&site, person, answer).await;
        }
    }
    assert_eq!(trust::review(&site.job()).await.unwrap(), 4);
    assert_eq!(
        standing(&site, "ada").await,
        Some(level(TrustLevel::Trusted, TrustReason::Earned))
    );
    say(&site, &people[4], post, "I agree").await;
    say(&site, &ada, post, "Thank you").await;
    trust::review(&site.job()).await.unwrap();
    assert_eq!(
        standing(&site, "ada").await,
        Some(level(TrustLevel::Regular, TrustReason::Earned))
    );
}

#[tokio::test]
async fn only_moderators_trust_somebody_and_once_is_enough() {
    let (site, moderator, mary) = moderated().await;
    let grace = site.member("grace").await;
    let own = site.signed_in("grace").await;
    assert_eq!(
        trust::give(&own, &grace, "grace").await,
        Err(AppError::RoleRequired)
    );
    assert_eq!(
        trust::give(&moderator, &mary, "nobody").await,
        Err(AppError::NotFound)
    );
    for _ in 0..2 {
        trust::give(&moderator, &mary, "Grace").await.unwrap();
    }
    assert_eq!(
        standing(&site, "grace").await,
        Some(level(TrustLevel::Trusted, TrustReason::Given))
    );
    let log = moderation::overview(&moderator, &mary, Position::Newest)
        .await
        .unwrap();
    let trusted = log.records.items.iter();
    assert_eq!(
        trusted
            .filter(|record| record.action.words() == "trusted")
            .count(),
        1
    );
}

#[tokio::test]
async fn somebody_who_becomes_a_moderator_is_not_new_any_more() {
    let (site, ..) = moderated().await;
    let operator = site.command_line();
    site.member("grace").await;
    administration::set_role(&operator, "grace", Role::Moderator)
        .await
        .unwrap();
    administration::set_role(&operator, "grace", Role::Member)
        .await
        .unwrap();
    assert_eq!(
        standing(&site, "grace").await,
        Some(level(TrustLevel::Trusted, TrustReason::Given))
    );
}
