//! Tests of comments.

use domain::{
    Scope,
    accounts::administration,
    comments::{self, Drift},
    moderation,
    platform::{entity::comment, topic::Topic},
    posts,
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};
use shared::{
    error::AppError,
    forms::{
        Field, FieldErrors, FieldProblem, Form,
        comment::{CommentForm, EditedComment, HiddenComment},
        post::PostForm,
    },
    model::{
        account::{Role, Viewer},
        comment::{
            Comment, CommentState, Commenter, Commenting, CommentsPosition, Discussion, LEVELS, PostComments,
        },
        post::{DraftTarget, Visibility},
        site::Setting,
    },
};
use time::Duration;

use crate::site::Site;

/// Publishes a post of `author` and returns its id.
async fn post(site: &Site, author: &Viewer) -> i64 {
    post_for(site, author, Visibility::Public).await
}

async fn post_for(site: &Site, author: &Viewer, visibility: Visibility) -> i64 {
    let form = PostForm {
        title: "On mills".to_owned(),
        content: "They turn.".to_owned(),
        visibility: visibility.name().to_owned(),
        ..PostForm::default()
    };
    let new = form.validate().unwrap();
    let published = posts::publish(&site.visitor(), author, DraftTarget::default(), new).await;
    published.unwrap().id
}

fn form(post: i64, parent: Option<i64>, content: &str) -> CommentForm {
    CommentForm {
        post,
        parent,
        content: content.to_owned(),
        ..CommentForm::default()
    }
}

/// Comments as `author`, and returns the id of the comment.
async fn say(
    site: &Site,
    author: &Viewer,
    post: i64,
    parent: Option<i64>,
    content: &str,
) -> Result<i64, AppError> {
    let new = form(post, parent, content).validate()?;
    comments::create(&site.visitor(), author, new)
        .await
        .map(|link| link.id)
}

async fn read_at(scope: &Scope, post: i64, position: CommentsPosition) -> PostComments {
    match comments::of_post(scope, post, position).await.unwrap() {
        Discussion::Shown(page) => *page,
        other => panic!("{other:?}"),
    }
}

async fn read(scope: &Scope, post: i64) -> PostComments {
    read_at(scope, post, CommentsPosition::default()).await
}

/// Returns the comments on `page` in their order.
fn all(page: &PostComments) -> Vec<&Comment> {
    let threads = page.threads.iter();
    threads
        .flat_map(|thread| std::iter::once(&thread.root).chain(&thread.replies))
        .collect()
}

/// Returns the texts of the comments on `page`.
fn texts(page: &PostComments) -> Vec<String> {
    let strip = |html: &str| html.replace("<p>", "").replace("</p>", "").trim().to_owned();
    all(page)
        .into_iter()
        .map(|comment| strip(&comment.html))
        .collect()
}

async fn drift(site: &Site) -> Drift {
    comments::drift(site.state.db.reader()).await.unwrap()
}

async fn set(site: &Site, setting: Setting, value: &str) {
    let operator = site.command_line();
    domain::administration::settings::set(&operator, setting, value.to_owned())
        .await
        .unwrap();
}

fn invalid(problem: FieldProblem) -> AppError {
    FieldErrors::one(Field::Comment, problem).into()
}

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

/// Holds the comment with this id, as an import does.
async fn hold(site: &Site, id: i64) {
    let sql = format!("UPDATE comments SET state = 'held' WHERE id = {id}");
    site.state.db.writer().execute_unprepared(&sql).await.unwrap();
    let transaction = site.state.db.begin().await.unwrap();
    comments::recount(&transaction).await.unwrap();
    transaction.invalidate([Topic::Everything]);
    site.state.db.commit(transaction).await.unwrap();
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

#[tokio::test]
async fn people_delete_their_comments_where_they_cannot_read_any_more() {
    let site = Site::new().await;
    let (ada, grace) = (site.member("ada").await, site.member("grace").await);
    let post = post(&site, &ada).await;
    let id = say(&site, &grace, post, None, "Mine").await.unwrap();
    set(&site, Setting::Comments, "off").await;
    let scope = site.signed_in("grace").await;
    comments::question_of_deletion(&scope, &grace, id).await.unwrap();
    comments::delete(&scope, &grace, id).await.unwrap();
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
