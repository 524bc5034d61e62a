//! Tests of what posts carry besides their texts, and of who reads them by the choice of their authors.

use domain::{
    data::{
        export::{self, Selection},
        import::{self, Numbers},
    },
    media::inline_images,
    platform::entity::{draft, image},
    posts::{self, drafts, history, unlisted},
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, PaginatorTrait};
use shared::{
    error::AppError,
    forms::{
        Field, FieldProblem, Form,
        post::{DetailsForm, PostForm, TICKED},
    },
    model::{
        account::Viewer,
        post::{DraftTarget, Visibility},
    },
};
use time::Duration;

use crate::site::Site;

const COVER: &str = "0a1b2c3d-4e5f6a7b-1200-800.jpg";

fn form(title: &str, details: DetailsForm) -> PostForm {
    let form = PostForm {
        title: title.to_owned(),
        content: "# One\n\ntext\n\n# Two".to_owned(),
        tags: "rust".to_owned(),
        ..PostForm::default()
    };
    form.with_details(details)
}

fn of(visibility: Visibility) -> DetailsForm {
    DetailsForm {
        visibility: visibility.name().to_owned(),
        ..DetailsForm::default()
    }
}

/// Publishes a new post, or changes the one with the id `post`. Returns its id.
async fn publish(site: &Site, author: &Viewer, post: Option<i64>, form: PostForm) -> Result<i64, AppError> {
    let scope = site.visitor();
    let target = match post {
        Some(id) => drafts::open_post(&scope, author, id).await?.target,
        None => DraftTarget::default(),
    };
    let published = posts::publish(&scope, author, target, form.validate()?).await?;
    Ok(published.id)
}

/// Has `owner` own the picture of the cover.
async fn upload(site: &Site, owner: &Viewer) {
    let now = site.state.clock.now();
    let row = image::ActiveModel {
        name: Set(COVER.to_owned()),
        owner_id: Set(owner.id),
        bytes: Set(1),
        created_at: Set(now),
        checked_at: Set(now),
        unused_since: Set(None),
    };
    image::Entity::insert(row)
        .exec_without_returning(site.state.db.writer())
        .await
        .unwrap();
}

fn everything() -> DetailsForm {
    DetailsForm {
        visibility: "public".to_owned(),
        subtitle: "A second line".to_owned(),
        excerpt: "In short".to_owned(),
        slug: "My own words".to_owned(),
        canonical: "https://elsewhere.example/first".to_owned(),
        language: "de".to_owned(),
        contents: TICKED.to_owned(),
        cover: format!("/media/image/{COVER}"),
        cover_alt: "A lake".to_owned(),
        cover_caption: "Seen in May".to_owned(),
    }
}

fn problem(refused: Result<i64, AppError>, field: Field) -> Option<FieldProblem> {
    match refused {
        Err(AppError::Invalid(errors)) => errors.for_field(field).map(|error| error.problem),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_post_is_shown_with_all_that_it_carries() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    upload(&site, &ada).await;
    let id = publish(&site, &ada, None, form("A title", everything()))
        .await
        .unwrap();
    let read = posts::read(&site.visitor(), id).await.unwrap();
    assert_eq!(read.card.post.slug, "my-own-words");
    assert_eq!(read.card.subtitle, "A second line");
    assert_eq!(read.card.excerpt, "In short");
    assert_eq!(read.card.language, "de");
    assert_eq!(read.canonical, "https://elsewhere.example/first");
    let cover = read.card.cover.expect("a cover");
    assert_eq!((cover.image.name.as_str(), cover.alt.as_str()), (COVER, "A lake"));
    let contents: Vec<&str> = read.contents.iter().map(|entry| entry.text.as_str()).collect();
    assert_eq!(contents, ["One", "Two"]);
    let listed = posts::list(&site.visitor(), 1).await.unwrap();
    assert_eq!(listed.items[0].subtitle, "A second line");
    // The editor shows what the post has, and changing nothing changes nothing.
    let opened = drafts::open_post(&site.visitor(), &ada, id).await.unwrap();
    let again = form("A title", opened.details.clone());
    publish(&site, &ada, Some(id), again).await.unwrap();
    let version = drafts::open_post(&site.visitor(), &ada, id)
        .await
        .unwrap()
        .target
        .post_version;
    assert_eq!(version, opened.target.post_version);
}

#[tokio::test]
async fn a_cover_is_a_picture_that_its_author_has_uploaded() {
    let site = Site::new().await;
    let (ada, grace) = (site.member("ada").await, site.member("grace").await);
    let missing = publish(&site, &ada, None, form("t", everything())).await;
    assert_eq!(problem(missing, Field::Cover), Some(FieldProblem::NoSuchPicture));
    upload(&site, &grace).await;
    let foreign = publish(&site, &ada, None, form("t", everything())).await;
    assert_eq!(problem(foreign, Field::Cover), Some(FieldProblem::NoSuchPicture));
    let id = publish(&site, &grace, None, form("t", everything()))
        .await
        .unwrap();
    // A picture that was deleted meanwhile does not keep anybody from changing the text.
    image::Entity::delete_by_id(COVER)
        .exec(site.state.db.writer())
        .await
        .unwrap();
    publish(&site, &grace, Some(id), form("Another title", everything()))
        .await
        .unwrap();
}

#[tokio::test]
async fn a_cover_counts_as_used_in_posts_and_drafts_and_in_what_was_there_before() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    upload(&site, &ada).await;
    let is_kept = async || {
        site.state.clock.advance(Duration::days(50));
        inline_images::sweep(&site.job()).await.unwrap();
        site.state.clock.advance(Duration::days(50));
        inline_images::sweep(&site.job()).await.unwrap();
        image::Entity::find_by_id(COVER)
            .count(site.state.db.reader())
            .await
            .unwrap()
            == 1
    };
    let id = publish(&site, &ada, None, form("t", everything())).await.unwrap();
    assert!(is_kept().await, "in a post");
    publish(&site, &ada, Some(id), form("t", of(Visibility::Public)))
        .await
        .unwrap();
    assert!(is_kept().await, "in what was there before");
    posts::trash::delete(&site.visitor(), &ada, id).await.unwrap();
    site.state.clock.advance(Duration::days(60));
    posts::trash::sweep(&site.job()).await.unwrap();
    let target = DraftTarget::default();
    let text = form("t", everything()).draft().unwrap();
    let saved = drafts::save(&site.visitor(), &ada, target, text).await.unwrap();
    assert!(is_kept().await, "in a draft");
    drafts::discard(&site.visitor(), &ada, saved.target.draft.unwrap())
        .await
        .unwrap();
    assert!(!is_kept().await, "nowhere");
}

#[tokio::test]
async fn a_text_was_not_published_first_on_this_site_if_it_says_where() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    let own = DetailsForm {
        canonical: "http://EXAMPLE.org/post/1".to_owned(),
        ..DetailsForm::default()
    };
    let refused = publish(&site, &ada, None, form("t", own)).await;
    assert_eq!(problem(refused, Field::Canonical), Some(FieldProblem::OwnAddress));
}

#[tokio::test]
async fn an_author_moves_a_post_into_lists_and_out_of_them() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    let count = async || posts::list(&site.visitor(), 1).await.unwrap().total;
    let tagged = async || posts::list_tagged(&site.visitor(), "rust", 1).await.is_ok();
    let first = publish(&site, &ada, None, form("First", of(Visibility::Unlisted)))
        .await
        .unwrap();
    assert_eq!((count().await, tagged().await), (0, false));
    for visibility in Visibility::ALL {
        publish(&site, &ada, Some(first), form("First", of(visibility)))
            .await
            .unwrap();
        let is_public = visibility == Visibility::Public;
        assert_eq!(
            (count().await, tagged().await),
            (u64::from(is_public), is_public),
            "{visibility:?}"
        );
        let own = unlisted::list(&site.visitor(), &ada, 1).await.unwrap();
        assert_eq!(own.total, u64::from(!is_public), "{visibility:?}");
    }
}

#[tokio::test]
async fn a_form_without_these_fields_leaves_them_as_they_are() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    let id = publish(&site, &ada, None, form("First", of(Visibility::Private)))
        .await
        .unwrap();
    publish(&site, &ada, Some(id), form("Second", DetailsForm::default()))
        .await
        .unwrap();
    assert_eq!(posts::read(&site.visitor(), id).await, Err(AppError::NotFound));
    let subtitled = DetailsForm {
        subtitle: "Kept".to_owned(),
        ..of(Visibility::Public)
    };
    publish(&site, &ada, Some(id), form("Third", subtitled))
        .await
        .unwrap();
    publish(&site, &ada, Some(id), form("Fourth", DetailsForm::default()))
        .await
        .unwrap();
    assert_eq!(
        posts::read(&site.visitor(), id).await.unwrap().card.subtitle,
        "Kept"
    );
    let id = publish(&site, &ada, None, form("New", DetailsForm::default()))
        .await
        .unwrap();
    assert!(posts::read(&site.visitor(), id).await.is_ok());
}

#[tokio::test]
async fn a_double_click_publishes_once_whoever_can_read_the_post() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    for visibility in Visibility::ALL {
        let title = format!("{visibility:?}");
        let first = publish(&site, &ada, None, form(&title, of(visibility)))
            .await
            .unwrap();
        let second = publish(&site, &ada, None, form(&title, of(visibility)))
            .await
            .unwrap();
        assert_eq!(first, second, "{visibility:?}");
    }
}

#[tokio::test]
async fn restoring_a_version_brings_back_what_it_carried() {
    let site = Site::new().await;
    site.member("ada").await;
    let scope = site.signed_in("ada").await;
    let ada = scope.require_viewer().await.unwrap();
    upload(&site, &ada).await;
    let id = publish(&site, &ada, None, form("t", everything())).await.unwrap();
    site.state.clock.advance(Duration::hours(1));
    publish(&site, &ada, Some(id), form("t", of(Visibility::Public)))
        .await
        .unwrap();
    assert_eq!(posts::read(&scope, id).await.unwrap().card.subtitle, "");
    let shown = history::read(&scope, id, history::WantedDifference::default())
        .await
        .unwrap();
    assert!(shown.difference.subtitle.is_some());
    history::restore(&scope, &ada, id, 1, 2).await.unwrap();
    let read = posts::read(&scope, id).await.unwrap();
    assert_eq!(
        (read.card.subtitle.as_str(), read.card.excerpt.as_str()),
        ("A second line", "In short")
    );
    assert!(read.card.cover.is_some());
}

#[tokio::test]
async fn a_draft_keeps_what_cannot_be_published() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    let wrong = DetailsForm {
        canonical: "not an address".to_owned(),
        language: "english".to_owned(),
        ..everything()
    };
    let text = form("t", wrong.clone()).draft().unwrap();
    let saved = drafts::save(&site.visitor(), &ada, DraftTarget::default(), text)
        .await
        .unwrap();
    let opened = drafts::open(&site.visitor(), &ada, saved.target.draft.unwrap())
        .await
        .unwrap();
    assert_eq!(opened.details, wrong);
    assert!(form("t", wrong).validate().is_err());
}

#[tokio::test]
async fn a_post_can_have_a_draft_of_each_author_and_nobody_sees_anothers() {
    let site = Site::new().await;
    let (ada, grace) = (site.member("ada").await, site.member("grace").await);
    let id = publish(&site, &ada, None, form("t", DetailsForm::default()))
        .await
        .unwrap();
    let now = site.state.clock.now();
    let row = |author: &Viewer| draft::ActiveModel {
        author_id: Set(author.id),
        post_id: Set(Some(id)),
        post_version: Set(1),
        title: Set(author.username.clone()),
        content: Set(String::new()),
        version: Set(1),
        created_at: Set(now),
        updated_at: Set(now),
        ..Default::default()
    };
    row(&grace).insert(site.state.db.writer()).await.unwrap();
    let opened = drafts::open_post(&site.visitor(), &ada, id).await.unwrap();
    assert_eq!((opened.title.as_str(), opened.saved_at), ("t", None));
    row(&ada).insert(site.state.db.writer()).await.unwrap();
    let opened = drafts::open_post(&site.visitor(), &ada, id).await.unwrap();
    assert_eq!(opened.title, "ada");
    assert!(row(&ada).insert(site.state.db.writer()).await.is_err());
}

#[tokio::test]
async fn an_export_and_an_import_keep_all_that_posts_and_drafts_carry() {
    let (site, other) = (Site::new().await, Site::new().await);
    let ada = site.member("ada").await;
    upload(&site, &ada).await;
    let id = publish(&site, &ada, None, form("t", everything())).await.unwrap();
    let text = form("d", everything()).draft().unwrap();
    drafts::save(&site.visitor(), &ada, DraftTarget::default(), text)
        .await
        .unwrap();
    let (from, to) = (site.command_line(), other.command_line());
    let people = export::people(&from, Selection::Site, 0).await.unwrap();
    let exported = export::posts(&from, Selection::Site, 0).await.unwrap();
    let drafted = export::drafts(&from, Selection::Site, 0).await.unwrap();
    let mut numbers = Numbers::default();
    import::people(&to, &mut numbers, people, true).await.unwrap();
    import::posts(&to, &mut numbers, exported.clone()).await.unwrap();
    import::drafts(&to, &mut numbers, drafted.clone()).await.unwrap();
    import::finish(&to).await.unwrap();
    assert_eq!(export::posts(&to, Selection::Site, 0).await.unwrap(), exported);
    assert_eq!(export::drafts(&to, Selection::Site, 0).await.unwrap(), drafted);
    let (before, after) = (
        posts::read(&site.visitor(), id).await.unwrap(),
        posts::read(&other.visitor(), id).await.unwrap(),
    );
    assert_eq!(after.card, before.card);
}

#[tokio::test]
async fn a_change_of_the_readers_alone_is_no_change_of_the_text() {
    let site = Site::new().await;
    site.member("ada").await;
    let scope = site.signed_in("ada").await;
    let ada = scope.require_viewer().await.unwrap();
    let id = publish(&site, &ada, None, form("t", of(Visibility::Public)))
        .await
        .unwrap();
    site.state.clock.advance(Duration::hours(1));
    let noted = PostForm {
        change_note: "Corrected".to_owned(),
        ..form("Another title", of(Visibility::Public))
    };
    publish(&site, &ada, Some(id), noted).await.unwrap();
    history::set_public(&scope, &ada, id, true).await.unwrap();
    let before = posts::read(&scope, id).await.unwrap();
    site.state.clock.advance(Duration::hours(1));
    publish(
        &site,
        &ada,
        Some(id),
        form("Another title", of(Visibility::Members)),
    )
    .await
    .unwrap();
    let after = posts::read(&scope, id).await.unwrap();
    assert_eq!(after.change_note, "Corrected");
    assert_eq!(after.card.updated_at, before.card.updated_at);
    // What was written for some readers is not shown to others.
    assert!(before.is_history_public && !after.is_history_public);
}

#[tokio::test]
async fn the_same_text_for_other_readers_is_another_post() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    let unlisted = publish(&site, &ada, None, form("t", of(Visibility::Unlisted)))
        .await
        .unwrap();
    let private = publish(&site, &ada, None, form("t", of(Visibility::Private)))
        .await
        .unwrap();
    assert_ne!(unlisted, private);
    posts::trash::delete(&site.visitor(), &ada, unlisted)
        .await
        .unwrap();
    let again = publish(&site, &ada, None, form("t", of(Visibility::Unlisted)))
        .await
        .unwrap();
    assert_ne!(again, unlisted);
}

#[tokio::test]
async fn a_draft_that_carries_something_else_is_not_lost_by_publishing_the_same_text() {
    let site = Site::new().await;
    let ada = site.member("ada").await;
    let id = publish(&site, &ada, None, form("t", of(Visibility::Public)))
        .await
        .unwrap();
    let opened = drafts::open_post(&site.visitor(), &ada, id).await.unwrap().target;
    let other = form("t", of(Visibility::Private)).draft().unwrap();
    drafts::save(&site.visitor(), &ada, opened, other).await.unwrap();
    let new = form("t", of(Visibility::Public)).validate().unwrap();
    let published = posts::publish(&site.visitor(), &ada, opened, new).await;
    assert_eq!(published, Err(AppError::Conflict));
    let drafts = drafts::list(&site.visitor(), &ada).await.unwrap();
    assert_eq!(drafts.len(), 1);
}
