//! Tests of who sees comments.

use super::*;

#[tokio::test]
async fn the_site_decides_who_sees_comments() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    let post = post(&site, &ada).await;
    let id = say(&site, &ada, post, None, "Hello").await.unwrap();
    let (visitor, member) = (site.visitor(), site.signed_in("ada").await);
    let of_post = async |scope: &Scope| {
        let position = CommentsPosition::default();
        comments::of_post(scope, post, position).await.unwrap()
    };
    set(&site, Setting::Comments, "members").await;
    assert_eq!(of_post(&visitor).await, Discussion::MembersOnly);
    assert!(matches!(of_post(&member).await, Discussion::Shown(_)));
    let shown = comments::read(&visitor, id, None).await;
    assert_eq!(shown.map(drop), Err(AppError::SignInRequired));
    assert_eq!(posts::read(&visitor, post).await.unwrap().card.comments, 0);
    assert!(say(&site, &ada, post, None, "Still here").await.is_ok());

    set(&site, Setting::Comments, "off").await;
    for scope in [&visitor, &member] {
        assert_eq!(of_post(scope).await, Discussion::Off);
        let shown = comments::read(scope, id, None).await;
        assert_eq!(shown.map(drop), Err(AppError::NotFound));
    }
    assert_eq!(
        say(&site, &ada, post, None, "Hello?").await,
        Err(AppError::CommentsClosed)
    );

    set(&site, Setting::Comments, "open").await;
    assert_eq!(read(&visitor, post).await.count, 2);
}

#[tokio::test]
async fn comments_are_read_by_those_who_may_read_the_post() {
    let site = Site::new().await;
    let (ada, grace) = (site.member("ada").await, site.member("grace").await);
    let (visitor, own) = (site.visitor(), site.signed_in("ada").await);
    let other = site.signed_in("grace").await;
    for (visibility, for_visitors, for_members) in [
        (Visibility::Public, Ok(()), Ok(())),
        (Visibility::Unlisted, Ok(()), Ok(())),
        (Visibility::Members, Err(AppError::SignInRequired), Ok(())),
        (
            Visibility::Private,
            Err(AppError::NotFound),
            Err(AppError::NotFound),
        ),
    ] {
        let post = post_for(&site, &ada, visibility).await;
        let text = visibility.name();
        let id = say(&site, &ada, post, None, text).await.unwrap();
        for (scope, expected) in [(&visitor, &for_visitors), (&other, &for_members), (&own, &Ok(()))] {
            let shown = comments::read(scope, id, None).await.map(drop);
            assert_eq!(&shown, expected, "{visibility:?}");
            let position = CommentsPosition::default();
            let listed = comments::of_post(scope, post, position).await.map(drop);
            assert_eq!(&listed, expected, "{visibility:?}");
            assert_eq!(&comments::latest(scope, post).await.map(drop), expected);
        }
        let written = say(&site, &grace, post, Some(id), "reply").await.map(drop);
        assert_eq!(written, for_members, "{visibility:?}");
    }
}

#[tokio::test]
async fn a_comment_changes_only_what_is_shown_of_its_post() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    let one = post(&site, &ada).await;
    let other = post_for(&site, &ada, Visibility::Unlisted).await;
    assert_ne!(one, other);
    let changes = site.state.db.changes();
    let before = changes.now();
    say(&site, &ada, one, None, "Hello").await.unwrap();
    assert!(changes.last(&[Topic::Post(one)]) > before);
    for topic in [
        Topic::Site,
        Topic::Post(other),
        Topic::User(ada.id),
        Topic::Settings,
    ] {
        assert!(changes.last(&[topic]) <= before, "{topic}");
    }
}
