//! Tests of hidden comments, and of those that wait for a moderator.

use super::*;

#[tokio::test]
async fn a_hidden_comment_keeps_its_place_and_says_why() {
    let site = Site::new().await;
    let (ada, grace) = (site.member("ada").await, site.member("grace").await);
    let mut mary = site.member("mary").await;
    administration::set_role(&site.command_line(), "mary", Role::Moderator)
        .await
        .unwrap();
    mary.role = Role::Moderator;
    let post = post(&site, &ada).await;
    let id = say(&site, &grace, post, None, "spam").await.unwrap();
    say(&site, &ada, post, Some(id), "Please stop").await.unwrap();
    let scope = site.visitor();
    let hidden = HiddenComment {
        ground: shared::model::decision::Ground::default(),
        comment: id,
        reason: "An advertisement".to_owned(),
    };
    let own = comments::hide(&site.signed_in("grace").await, &grace, hidden.clone()).await;
    assert_eq!(own.map(drop), Err(AppError::Forbidden));
    let ada_scope = site.signed_in("ada").await;
    comments::hide(&ada_scope, &ada, hidden.clone()).await.unwrap();
    let page = read(&scope, post).await;
    let shown = all(&page)[0];
    assert_eq!((shown.html.as_str(), shown.state), ("", CommentState::Hidden));
    assert_eq!(shown.hiding.as_ref().unwrap().reason, "An advertisement");
    assert_eq!(page.count, 1);
    for name in ["ada", "grace", "mary"] {
        let page = read(&site.signed_in(name).await, post).await;
        assert_eq!(all(&page)[0].html, "<p>spam</p>\n", "{name}");
    }
    assert_eq!(
        say(&site, &grace, post, Some(id), "no").await,
        Err(AppError::CommentHidden)
    );
    let deleted = comments::delete(&scope, &grace, id).await;
    assert_eq!(deleted.map(drop), Err(AppError::CommentHidden));
    comments::show(&ada_scope, &ada, id).await.unwrap();
    assert_eq!(read(&scope, post).await.count, 2);

    // What a moderator has hidden is shown by moderators alone.
    comments::hide(&site.signed_in("mary").await, &mary, hidden)
        .await
        .unwrap();
    assert_eq!(
        comments::show(&ada_scope, &ada, id).await.map(drop),
        Err(AppError::Forbidden)
    );
    assert_eq!(drift(&site).await, Drift::default());
}

#[tokio::test]
async fn a_comment_that_waits_is_shown_to_some_until_a_moderator_approves_it() {
    let site = Site::new().await;
    let (ada, grace) = (site.member("ada").await, site.member("grace").await);
    site.member("mary").await;
    administration::set_role(&site.command_line(), "mary", Role::Moderator)
        .await
        .unwrap();
    let moderator = site.signed_in("mary").await;
    let mary = moderator.require_viewer().await.unwrap();
    let post = post(&site, &ada).await;
    let alone = say(&site, &grace, post, None, "alone").await.unwrap();
    let answered = say(&site, &grace, post, None, "answered").await.unwrap();
    let answer = say(&site, &ada, post, Some(answered), "answer").await.unwrap();
    hold(&site, alone).await;
    hold(&site, answered).await;

    let visitor = site.visitor();
    let page = read(&visitor, post).await;
    assert_eq!(texts(&page), ["", "answer"]);
    assert_eq!(page.count, 1);
    let branch = comments::read(&visitor, answer, None).await.unwrap();
    for placeholder in [all(&page)[0], &branch.above[0]] {
        assert_eq!(
            (&placeholder.author, placeholder.html.as_str()),
            (&Commenter::Nobody, "")
        );
        assert_eq!(placeholder.state, CommentState::Held);
    }
    assert!(all(&page)[1].answered.is_none());
    let hidden = comments::read(&visitor, alone, None).await.map(drop);
    assert_eq!(hidden, Err(AppError::NotFound));
    for name in ["grace", "ada", "mary"] {
        let shown = comments::read(&site.signed_in(name).await, alone, None).await;
        assert_eq!(shown.unwrap().comment.html, "<p>alone</p>\n", "{name}");
    }

    let position = shared::model::position::Position::Newest;
    let overview = moderation::overview(&moderator, &mary, position).await.unwrap();
    let waiting: Vec<&str> = overview.held.iter().map(|held| held.excerpt.as_str()).collect();
    assert_eq!(waiting, ["alone", "answered"]);
    let own = comments::show(&site.signed_in("ada").await, &ada, alone).await;
    assert_eq!(own.map(drop), Err(AppError::CommentHidden));
    comments::show(&moderator, &mary, alone).await.unwrap();
    let page = read(&visitor, post).await;
    assert_eq!((texts(&page)[0].as_str(), page.count), ("alone", 2));
    let reason = "Spam".to_owned();
    let comment = answered;
    comments::hide(
        &moderator,
        &mary,
        HiddenComment {
            comment,
            ground: shared::model::decision::Ground::default(),
            reason,
        },
    )
    .await
    .unwrap();
    assert_eq!(read(&visitor, post).await.count, 2);
    assert_eq!(drift(&site).await, Drift::default());
}

#[tokio::test]
async fn every_comment_that_waits_can_be_decided_about_and_those_out_of_reach_are_not_listed() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    for (name, role) in [
        ("mary", Role::Moderator),
        ("joan", Role::Moderator),
        ("rosa", Role::Administrator),
    ] {
        site.member(name).await;
        administration::set_role(&site.command_line(), name, role)
            .await
            .unwrap();
    }
    let scopes = [
        site.signed_in("mary").await,
        site.signed_in("joan").await,
        site.signed_in("rosa").await,
    ];
    let mut people = Vec::new();
    for scope in &scopes {
        people.push(scope.require_viewer().await.unwrap());
    }
    let (open, private) = (
        post(&site, &ada).await,
        post_for(&site, &ada, Visibility::Private).await,
    );
    let by_mary = say(&site, &people[0], open, None, "by mary").await.unwrap();
    let by_rosa = say(&site, &people[2], open, None, "by rosa").await.unwrap();
    let secret = say(&site, &ada, private, None, "secret").await.unwrap();
    for id in [by_mary, by_rosa, secret] {
        hold(&site, id).await;
    }
    let position = shared::model::position::Position::Newest;
    let overview = moderation::overview(&scopes[0], &people[0], position)
        .await
        .unwrap();
    let listed: Vec<i64> = overview.held.iter().map(|held| held.id).collect();
    assert_eq!(listed, [by_mary, by_rosa]);
    let own = comments::show(&scopes[0], &people[0], by_mary).await;
    assert_eq!(own.map(drop), Err(AppError::Forbidden));
    comments::show(&scopes[1], &people[1], by_mary).await.unwrap();
    comments::show(&scopes[2], &people[2], by_rosa).await.unwrap();
    let before = overview.records.items.len();
    // Somebody else was faster.
    comments::show(&scopes[1], &people[1], by_mary).await.unwrap();
    let overview = moderation::overview(&scopes[0], &people[0], position)
        .await
        .unwrap();
    assert_eq!(overview.records.items.len(), before + 2);
}
