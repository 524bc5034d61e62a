//! Tests of drafts: saved, changed in two windows, published, and never lost.

use domain::{
    Scope,
    platform::entity,
    posts::{self, drafts},
};
use sea_orm::{EntityTrait, PaginatorTrait, sea_query::Expr};
use shared::{
    error::AppError,
    forms::{
        Field, FieldProblem, Form,
        post::{CONTENT_MAX, DRAFTS_MAX, Intent, PostForm},
    },
    model::{
        account::Viewer,
        post::{DraftTarget, Saved},
    },
};
use time::Duration;

use crate::site::Site;

fn form(title: &str, content: &str) -> PostForm {
    PostForm {
        title: title.to_owned(),
        content: content.to_owned(),
        ..PostForm::default()
    }
}

async fn save(scope: &Scope, author: &Viewer, target: DraftTarget, content: &str) -> Result<Saved, AppError> {
    drafts::save(scope, author, target, form("A title", content).draft().unwrap()).await
}

async fn publish(
    scope: &Scope,
    author: &Viewer,
    target: DraftTarget,
    content: &str,
) -> Result<i64, AppError> {
    let new = form("A title", content).validate().unwrap();
    posts::publish(scope, author, target, new)
        .await
        .map(|post| post.id)
}

/// Returns the draft target of a window that has opened the post `id`.
async fn opened(scope: &Scope, author: &Viewer, id: i64) -> DraftTarget {
    drafts::open_post(scope, author, id).await.unwrap().target
}

#[tokio::test]
async fn a_draft_is_kept_changed_and_published() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    let scope = site.visitor();
    let first = save(&scope, &ada, DraftTarget::default(), "one").await.unwrap();
    let second = save(&scope, &ada, first.target, "two").await.unwrap();
    assert_eq!(first.target.draft, second.target.draft);

    let document = drafts::open(&scope, &ada, second.target.draft.unwrap())
        .await
        .unwrap();
    assert_eq!(
        (document.content.as_str(), document.target),
        ("two", second.target)
    );
    let id = publish(&scope, &ada, second.target, "three").await.unwrap();
    assert_eq!(posts::read(&scope, id).await.unwrap().html, "<p>three</p>\n");
    assert!(drafts::list(&scope, &ada).await.unwrap().is_empty());
}

#[tokio::test]
async fn nobody_opens_saves_or_discards_somebody_elses_draft() {
    let site = Site::new().await;
    let (ada, grace) = (site.member("ada").await, site.member("grace").await);
    let scope = site.visitor();
    let saved = save(&scope, &ada, DraftTarget::default(), "private")
        .await
        .unwrap();
    let id = saved.target.draft.unwrap();

    assert_eq!(drafts::open(&scope, &grace, id).await, Err(AppError::NotFound));
    let taken = save(&scope, &grace, saved.target, "mine now").await;
    assert_eq!(taken, Err(AppError::Conflict));
    drafts::discard(&scope, &grace, id).await.unwrap();
    let published = publish(&scope, &grace, saved.target, "published").await;
    assert_eq!(published, Err(AppError::Conflict));
    assert_eq!(drafts::open(&scope, &ada, id).await.unwrap().content, "private");
}

// DUR-08
#[tokio::test]
async fn of_two_saves_from_one_version_the_second_is_told_and_both_texts_are_there() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    let scope = site.visitor();
    let begun = save(&scope, &ada, DraftTarget::default(), "begun").await.unwrap();
    let one = save(&scope, &ada, begun.target, "in one window").await.unwrap();
    assert_eq!(
        save(&scope, &ada, begun.target, "in the other").await,
        Err(AppError::Conflict)
    );
    assert_eq!(
        publish(&scope, &ada, begun.target, "in the other").await,
        Err(AppError::Conflict)
    );

    let other = drafts::open(&scope, &ada, one.target.draft.unwrap())
        .await
        .unwrap();
    assert_eq!(other.content, "in one window");
    let decided = save(&scope, &ada, other.target, "in the other").await.unwrap();
    publish(&scope, &ada, decided.target, "in the other")
        .await
        .unwrap();
}

// DUR-08
#[tokio::test]
async fn of_two_changes_to_one_version_of_a_post_the_second_is_told() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    let scope = site.visitor();
    let id = publish(&scope, &ada, DraftTarget::default(), "first")
        .await
        .unwrap();
    let before = opened(&scope, &ada, id).await;
    publish(&scope, &ada, before, "changed in one window")
        .await
        .unwrap();
    for refused in [
        publish(&scope, &ada, before, "changed in the other")
            .await
            .map(drop),
        save(&scope, &ada, before, "changed in the other").await.map(drop),
    ] {
        assert_eq!(refused, Err(AppError::Conflict));
    }
    let now = opened(&scope, &ada, id).await;
    publish(&scope, &ada, now, "changed in the other").await.unwrap();
    assert_eq!(
        posts::read(&scope, id).await.unwrap().html,
        "<p>changed in the other</p>\n"
    );
}

#[tokio::test]
async fn the_same_text_saved_twice_is_no_conflict_and_no_second_draft() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    let scope = site.visitor();
    let first = save(&scope, &ada, DraftTarget::default(), "once").await.unwrap();
    assert_eq!(
        save(&scope, &ada, DraftTarget::default(), "once").await.unwrap(),
        first
    );
    assert_eq!(save(&scope, &ada, first.target, "once").await.unwrap(), first);
    let changed = save(&scope, &ada, first.target, "twice").await.unwrap();
    assert_eq!(save(&scope, &ada, first.target, "twice").await.unwrap(), changed);
    assert_eq!(drafts::list(&scope, &ada).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_published_post_is_changed_as_a_draft_and_published_again() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    let scope = site.visitor();
    let id = publish(&scope, &ada, DraftTarget::default(), "first")
        .await
        .unwrap();
    let saved = save(&scope, &ada, opened(&scope, &ada, id).await, "second")
        .await
        .unwrap();
    assert_eq!(posts::read(&scope, id).await.unwrap().html, "<p>first</p>\n");

    let document = drafts::open_post(&scope, &ada, id).await.unwrap();
    assert_eq!(
        (document.content.as_str(), document.target),
        ("second", saved.target)
    );
    assert_eq!(drafts::list(&scope, &ada).await.unwrap()[0].post, Some(id));
    site.state.clock.advance(Duration::hours(1));
    assert_eq!(publish(&scope, &ada, saved.target, "second").await, Ok(id));
    let read = posts::read(&scope, id).await.unwrap();
    assert_eq!(read.html, "<p>second</p>\n");
    // The time includes the real time that has passed during the test.
    let later = read.card.updated_at - read.card.created_at;
    assert!(
        (Duration::hours(1)..Duration::minutes(61)).contains(&later),
        "{later}"
    );
    assert!(drafts::list(&scope, &ada).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_new_slug_follows_a_new_title_and_the_number_stays() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    let scope = site.visitor();
    let id = publish(&scope, &ada, DraftTarget::default(), "text")
        .await
        .unwrap();
    let target = opened(&scope, &ada, id).await;
    let new = form("Another title", "text").validate().unwrap();
    let address = posts::publish(&scope, &ada, target, new).await.unwrap();
    assert_eq!((address.id, address.slug.as_str()), (id, "another-title"));
}

#[tokio::test]
async fn only_the_author_changes_a_post() {
    let site = Site::new().await;
    let (ada, grace) = (site.member("ada").await, site.member("grace").await);
    let scope = site.visitor();
    let id = publish(&scope, &ada, DraftTarget::default(), "by Ada")
        .await
        .unwrap();
    let target = opened(&scope, &ada, id).await;
    assert_eq!(
        publish(&scope, &grace, target, "by Grace").await,
        Err(AppError::Forbidden)
    );
    assert_eq!(
        save(&scope, &grace, target, "by Grace").await.map(drop),
        Err(AppError::Forbidden)
    );
    assert_eq!(
        drafts::open_post(&scope, &grace, id).await.map(drop),
        Err(AppError::Forbidden)
    );
    assert_eq!(posts::read(&scope, id).await.unwrap().html, "<p>by Ada</p>\n");
}

#[tokio::test]
async fn a_text_outlives_the_post_that_it_was_to_change() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    let scope = site.visitor();
    let id = publish(&scope, &ada, DraftTarget::default(), "text")
        .await
        .unwrap();
    let target = opened(&scope, &ada, id).await;
    posts::trash::delete(&scope, &ada, id).await.unwrap();
    assert_eq!(
        publish(&scope, &ada, target, "changed").await,
        Err(AppError::Gone)
    );
    let saved = save(&scope, &ada, target, "changed").await.unwrap();
    assert_eq!(saved.target.post, None);

    let draft = saved.target.draft.unwrap();
    let document = drafts::open(&scope, &ada, draft).await.unwrap();
    assert_eq!(document.content, "changed");
}

#[tokio::test]
async fn a_form_that_somebody_else_has_begun_is_not_sent() {
    let site = Site::new().await;
    let (ada, grace) = (site.member("ada").await, site.member("grace").await);
    let scope = site.visitor();
    for intent in [Intent::Save, Intent::Publish] {
        let begun = PostForm {
            intent,
            author: Some(ada.id),
            ..form("A title", "by Ada")
        };
        assert_eq!(begun.require_author(grace.id), Err(AppError::OtherAccount));
        begun.require_author(ada.id).unwrap();
        posts::submit(&scope, &ada, begun.target(), begun.submission().unwrap())
            .await
            .unwrap();
    }
    assert!(drafts::list(&scope, &grace).await.unwrap().is_empty());
    assert_eq!(posts::list(&scope, 1).await.unwrap().total, 1);
}

#[tokio::test]
async fn changes_that_another_window_has_discarded_are_a_conflict() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    let scope = site.visitor();
    let id = publish(&scope, &ada, DraftTarget::default(), "first")
        .await
        .unwrap();
    let begun = save(&scope, &ada, opened(&scope, &ada, id).await, "changed")
        .await
        .unwrap();
    drafts::discard(&scope, &ada, begun.target.draft.unwrap())
        .await
        .unwrap();
    for refused in [
        publish(&scope, &ada, begun.target, "changed again")
            .await
            .map(drop),
        save(&scope, &ada, begun.target, "changed again").await.map(drop),
    ] {
        assert_eq!(refused, Err(AppError::Conflict));
    }
    let now = opened(&scope, &ada, id).await;
    publish(&scope, &ada, now, "changed again").await.unwrap();
}

#[tokio::test]
async fn a_draft_that_another_window_has_published_or_discarded_is_a_conflict() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    let scope = site.visitor();
    let one = save(&scope, &ada, DraftTarget::default(), "begun").await.unwrap();
    let two = save(&scope, &ada, DraftTarget::default(), "another")
        .await
        .unwrap();
    let id = publish(&scope, &ada, one.target, "done").await.unwrap();
    drafts::discard(&scope, &ada, two.target.draft.unwrap())
        .await
        .unwrap();
    // Publishing twice, as with a double click, is not a conflict.
    assert_eq!(publish(&scope, &ada, one.target, "done").await, Ok(id));
    for before in [one.target, two.target] {
        for refused in [
            publish(&scope, &ada, before, "older").await.map(drop),
            save(&scope, &ada, before, "older").await.map(drop),
        ] {
            assert_eq!(refused, Err(AppError::Conflict));
        }
    }
    assert_eq!(posts::list(&scope, 1).await.unwrap().total, 1);
    save(&scope, &ada, DraftTarget::default(), "older").await.unwrap();
}

#[tokio::test]
async fn changes_that_wait_while_their_post_is_deleted_can_become_a_new_post() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    let scope = site.visitor();
    let id = publish(&scope, &ada, DraftTarget::default(), "text")
        .await
        .unwrap();
    let saved = save(&scope, &ada, opened(&scope, &ada, id).await, "changed")
        .await
        .unwrap();
    posts::trash::delete(&scope, &ada, id).await.unwrap();
    let document = drafts::open(&scope, &ada, saved.target.draft.unwrap())
        .await
        .unwrap();
    let new = publish(&scope, &ada, document.target, &document.content)
        .await
        .unwrap();
    assert_ne!(new, id);
    assert_eq!(
        entity::draft::Entity::find()
            .count(site.state.db.reader())
            .await
            .unwrap(),
        0
    );
}

#[tokio::test]
async fn there_is_a_limit_to_drafts_and_it_is_named() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    let scope = site.visitor();
    for number in 0..DRAFTS_MAX {
        save(&scope, &ada, DraftTarget::default(), &number.to_string())
            .await
            .unwrap();
    }
    let Err(AppError::Invalid(errors)) = save(&scope, &ada, DraftTarget::default(), "more").await else {
        panic!("one too many is kept");
    };
    assert!(errors.iter().next().unwrap().message().contains("200"));
    let listed = drafts::list(&scope, &ada).await.unwrap();
    assert_eq!(listed.len() as u64, DRAFTS_MAX);
}

/// Returns a form with a text of this length, which claims that any length is allowed.
fn long(length: usize, target: DraftTarget) -> PostForm {
    PostForm {
        post: target.post,
        post_version: target.post_version,
        draft: target.draft,
        draft_version: target.draft_version,
        content_max: i64::MAX,
        ..form("A title", &"é".repeat(length))
    }
}

fn too_long(answer: Result<(), AppError>, most: usize) {
    let Err(AppError::Invalid(errors)) = answer else {
        panic!("it was taken: {answer:?}");
    };
    let error = errors.for_field(Field::Content).map(|error| error.problem);
    assert_eq!(error, Some(FieldProblem::TooLong(most)));
}

#[tokio::test]
async fn a_text_that_came_in_longer_than_texts_may_be_is_saved_as_long_as_it_does_not_grow() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    let scope = site.visitor();
    let imported = CONTENT_MAX + 2_000;
    let id = publish(&scope, &ada, DraftTarget::default(), "short")
        .await
        .unwrap();
    let begun = save(&scope, &ada, DraftTarget::default(), "begun")
        .await
        .unwrap()
        .target;
    let text = "é".repeat(imported);
    entity::post::Entity::update_many()
        .col_expr(entity::post::Column::Content, Expr::value(text.as_str()))
        .exec(site.state.db.writer())
        .await
        .unwrap();
    entity::draft::Entity::update_many()
        .col_expr(entity::draft::Column::Content, Expr::value(text.as_str()))
        .exec(site.state.db.writer())
        .await
        .unwrap();
    let keep = async |length, target| {
        let form = long(length, target);
        let saved = drafts::save(&scope, &ada, form.target(), form.draft()?).await?;
        Ok(saved.target)
    };
    let submit = async |length, target| {
        let form = PostForm {
            intent: Intent::Publish,
            ..long(length, target)
        };
        posts::submit(&scope, &ada, form.target(), form.submission()?)
            .await
            .map(drop)
    };

    // The limit that the form itself contains is not trusted.
    too_long(
        keep(imported - 1, DraftTarget::default()).await.map(drop),
        CONTENT_MAX,
    );
    too_long(submit(CONTENT_MAX + 1, DraftTarget::default()).await, CONTENT_MAX);
    let preview = async |author: &Viewer, form: PostForm| {
        posts::preview(&scope, author, form.target(), form.text_alone()?)
            .await
            .map(drop)
    };
    let new = long(CONTENT_MAX + 1, DraftTarget::default());
    too_long(preview(&ada, new).await, CONTENT_MAX);
    let bob = site.member("bob").await;
    too_long(preview(&bob, long(imported, begun)).await, CONTENT_MAX);

    // A draft has its own limit.
    assert_eq!(
        drafts::open(&scope, &ada, begun.draft.unwrap())
            .await
            .unwrap()
            .content_max,
        imported
    );
    too_long(keep(imported + 1, begun).await.map(drop), imported);
    too_long(submit(imported + 1, begun).await, imported);
    preview(&ada, long(imported, begun)).await.unwrap();
    let begun = keep(imported - 500, begun).await.unwrap();
    too_long(keep(imported, begun).await.map(drop), imported - 500);
    submit(imported - 500, begun).await.unwrap();

    // The same applies to a post. Its current length counts, even if its draft has become shorter in the meantime.
    let target = opened(&scope, &ada, id).await;
    too_long(submit(imported + 1, target).await, imported);
    let target = keep(CONTENT_MAX + 1, target).await.unwrap();
    assert_eq!(
        drafts::open_post(&scope, &ada, id).await.unwrap().content_max,
        imported
    );
    submit(imported - 1, target).await.unwrap();
    let target = opened(&scope, &ada, id).await;
    submit(10, target).await.unwrap();
    too_long(
        submit(imported - 1, opened(&scope, &ada, id).await).await,
        CONTENT_MAX,
    );
}
