//! Tests of writing and changing comments.

use super::*;

#[tokio::test]
async fn a_comment_that_is_sent_twice_is_published_once_and_another_text_is_not_lost() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    let post = post(&site, &ada).await;
    let scope = site.visitor();
    let send = async |nonce: &str, content: &str| {
        let form = CommentForm {
            nonce: nonce.to_owned(),
            ..form(post, None, content)
        };
        let new = form.validate().unwrap();
        comments::create(&scope, &ada, new).await.unwrap().id
    };
    let first = send("a1", "Hello").await;
    assert_eq!(send("a1", "Hello").await, first);
    // The same text from another window.
    assert_eq!(send("b2", "Hello").await, first);
    site.state.clock.advance(Duration::minutes(11));
    assert_eq!(send("a1", "Hello").await, first);
    assert_ne!(send("c3", "Hello").await, first);
    // Somebody has gone back and has changed the text.
    let changed = send("a1", "Hello again").await;
    assert_ne!(changed, first);
    assert_eq!(read(&scope, post).await.count, 3);
}

#[tokio::test]
async fn a_comment_without_visible_text_is_refused() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    let post = post(&site, &ada).await;
    for nothing in [
        "***",
        "\u{200b}\u{202e}",
        "> ",
        "![](javascript:x)",
        "[](https://a.example)",
    ] {
        let refused = say(&site, &ada, post, None, nothing).await;
        assert_eq!(refused, Err(invalid(FieldProblem::Required)), "{nothing:?}");
    }
    for too_much in ["*a* ".repeat(2_000), format!("{}deep", ">".repeat(9_000))] {
        let refused = say(&site, &ada, post, None, &too_much).await;
        assert_eq!(refused, Err(invalid(FieldProblem::TooMuchMarkup)));
    }
    let nested = say(&site, &ada, post, None, &format!("{}deep", ">".repeat(1_000))).await;
    assert!(nested.is_ok());
    assert_eq!(drift(&site).await, Drift::default());
}

#[tokio::test]
async fn a_comment_is_changed_freely_then_marked_and_then_not_any_more() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    let post = post(&site, &ada).await;
    let id = say(&site, &ada, post, None, "one").await.unwrap();
    let scope = site.visitor();
    let change = async |version: i64, content: &str| {
        let edited = EditedComment {
            comment: id,
            version,
            content: content.to_owned(),
        };
        comments::update(&scope, &ada, edited).await.map(drop)
    };
    let edited_at = async || all(&read(&scope, post).await)[0].edited_at;
    change(1, "two").await.unwrap();
    assert_eq!(edited_at().await, None);
    // Another window has the first version.
    assert_eq!(change(1, "three").await, Err(AppError::Conflict));
    // It was sent twice.
    assert_eq!(change(1, "two").await, Ok(()));
    site.state.clock.advance(Duration::minutes(30));
    change(2, "three").await.unwrap();
    assert_eq!(edited_at().await, Some(site.state.clock.now()));
    let document = comments::open(&scope, &ada, id).await.unwrap();
    assert_eq!((document.content.as_str(), document.version), ("three", 3));
    site.state.clock.advance(Duration::hours(24));
    assert_eq!(change(3, "four").await, Err(AppError::NoLongerEditable));
    let opened = comments::open(&scope, &ada, id).await;
    assert_eq!(opened.map(drop), Err(AppError::NoLongerEditable));
}

#[tokio::test]
async fn a_change_of_a_comment_that_was_answered_is_marked() {
    let site = Site::new().await;
    let (ada, grace) = (site.member("ada").await, site.member("grace").await);
    let post = post(&site, &ada).await;
    let id = say(&site, &ada, post, None, "one").await.unwrap();
    say(&site, &grace, post, Some(id), "I agree").await.unwrap();
    let edited = EditedComment {
        comment: id,
        version: 1,
        content: "The opposite".to_owned(),
    };
    assert_eq!(
        comments::update(&site.visitor(), &grace, edited.clone())
            .await
            .map(drop),
        Err(AppError::Forbidden)
    );
    comments::update(&site.visitor(), &ada, edited).await.unwrap();
    let page = read(&site.visitor(), post).await;
    assert_eq!(all(&page)[0].edited_at, Some(site.state.clock.now()));
}
