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
    comments::hide(&moderator, &mary, HiddenComment { comment, reason })
        .await
        .unwrap();
    assert_eq!(read(&visitor, post).await.count, 2);
    assert_eq!(drift(&site).await, Drift::default());
}
