//! Tests of inline images: they are kept as long as a text contains them, and deleted some time after.

use ::image::ImageFormat;
use domain::{
    Scope,
    accounts::{administration, settings},
    media::{self, inline_images},
    posts::{self, drafts, trash},
    static_pages,
};
use shared::{
    forms::{Form, post::PostForm, settings::ProfileForm, static_page::StaticPageForm},
    model::{
        account::{Role, Viewer},
        media::InlineImage,
        post::DraftTarget,
    },
    paths,
};
use time::Duration;

use crate::{
    picture::{ada, encoded, halves},
    site::Site,
};

async fn add(scope: &Scope, owner: &Viewer) -> InlineImage {
    let room = inline_images::reserve(scope, owner).await.unwrap();
    let file = encoded(&halves(60, 40), ImageFormat::Png);
    inline_images::add(scope, owner, room, file).await.unwrap()
}

fn with(image: &InlineImage) -> PostForm {
    PostForm {
        title: "A title".to_owned(),
        content: format!("![a]({})", paths::image(image)),
        ..PostForm::default()
    }
}

fn files(site: &Site) -> usize {
    std::fs::read_dir(site.folder.path().join("media/image")).map_or(0, Iterator::count)
}

/// Advances the clock by so many days and deletes unused pictures on each of them. Returns how many were deleted.
async fn days(site: &Site, days: i64) -> u64 {
    let mut swept = 0;
    for _ in 0..days {
        site.state.clock.advance(Duration::days(1));
        swept += inline_images::sweep(&site.job()).await.unwrap();
        media::sweep(&site.state).await;
    }
    swept
}

#[tokio::test]
async fn a_picture_that_no_text_has_goes_with_its_file() {
    let (site, scope) = ada().await;
    let viewer = scope.require_viewer().await.unwrap();
    add(&scope, &viewer).await;
    assert_eq!((days(&site, 30).await, files(&site)), (0, 1));
    assert_eq!((days(&site, 20).await, files(&site)), (1, 0));
}

#[tokio::test]
async fn a_picture_in_a_post_a_draft_or_the_trash_stays() {
    let (site, scope) = ada().await;
    let viewer = scope.require_viewer().await.unwrap();
    let (shown, kept, deleted) = (
        add(&scope, &viewer).await,
        add(&scope, &viewer).await,
        add(&scope, &viewer).await,
    );
    let publish = async |image: &InlineImage| {
        let new = with(image).validate().unwrap();
        posts::publish(&scope, &viewer, DraftTarget::default(), new)
            .await
            .unwrap()
    };
    publish(&shown).await;
    drafts::save(
        &scope,
        &viewer,
        DraftTarget::default(),
        with(&kept).draft().unwrap(),
    )
    .await
    .unwrap();
    let post = publish(&deleted).await;
    trash::delete(&scope, &viewer, post.id).await.unwrap();
    assert_eq!((days(&site, 100).await, files(&site)), (0, 3));

    site.state.clock.advance(Duration::days(1));
    trash::sweep(&site.job()).await.unwrap();
    assert_eq!((days(&site, 60).await, files(&site)), (1, 2));
}

#[tokio::test]
async fn a_picture_in_a_text_that_a_post_had_before_stays() {
    let (site, scope) = ada().await;
    let viewer = scope.require_viewer().await.unwrap();
    let image = add(&scope, &viewer).await;
    let new = with(&image).validate().unwrap();
    let post = posts::publish(&scope, &viewer, DraftTarget::default(), new)
        .await
        .unwrap();
    site.state.clock.advance(Duration::hours(1));
    let target = DraftTarget {
        post: Some(post.id),
        post_version: 1,
        ..DraftTarget::default()
    };
    let other = PostForm {
        content: "no picture any more".to_owned(),
        ..with(&image)
    };
    posts::publish(&scope, &viewer, target, other.validate().unwrap())
        .await
        .unwrap();
    assert_eq!((days(&site, 100).await, files(&site)), (0, 1));
}

#[tokio::test]
async fn a_picture_in_a_static_page_stays_even_if_its_owner_goes() {
    let (site, _) = ada().await;
    for name in ["ada", "grace"] {
        if name == "grace" {
            site.register(name).await;
        }
        administration::set_role(&site.command_line(), name, Role::Administrator)
            .await
            .unwrap();
    }
    let scope = site.signed_in("ada").await;
    let viewer = scope.require_viewer().await.unwrap();
    let image = add(&scope, &viewer).await;
    let page = StaticPageForm {
        title: "Imprint".to_owned(),
        address: "imprint".to_owned(),
        content: with(&image).content,
        ..StaticPageForm::default()
    };
    static_pages::save(&scope, &viewer, page.validate().unwrap())
        .await
        .unwrap();
    assert_eq!((days(&site, 100).await, files(&site)), (0, 1));
    administration::delete(&site.command_line(), "ada").await.unwrap();
    assert_eq!((days(&site, 100).await, files(&site)), (0, 1));
}

#[tokio::test]
async fn a_picture_in_a_biography_stays() {
    let (site, scope) = ada().await;
    let viewer = scope.require_viewer().await.unwrap();
    let image = add(&scope, &viewer).await;
    let form = ProfileForm {
        username: "ada".to_owned(),
        email: "ada@example.org".to_owned(),
        biography: Some(with(&image).content),
        ..ProfileForm::default()
    };
    settings::change_profile(&scope, &viewer, form.validate().unwrap())
        .await
        .unwrap();
    assert_eq!((days(&site, 100).await, files(&site)), (0, 1));
}

#[tokio::test]
async fn a_picture_that_is_used_again_in_time_stays() {
    let (site, scope) = ada().await;
    let viewer = scope.require_viewer().await.unwrap();
    let image = add(&scope, &viewer).await;
    days(&site, 30).await;
    let form = with(&image);
    let saved = drafts::save(&scope, &viewer, DraftTarget::default(), form.draft().unwrap())
        .await
        .unwrap();
    days(&site, 30).await;
    drafts::discard(&scope, &viewer, saved.target.draft.unwrap())
        .await
        .unwrap();
    assert_eq!((days(&site, 29).await, files(&site)), (0, 1));
    assert_eq!((days(&site, 20).await, files(&site)), (1, 0));
}

#[tokio::test]
async fn somebody_elses_text_does_not_keep_a_picture() {
    let (site, scope) = ada().await;
    let viewer = scope.require_viewer().await.unwrap();
    let image = add(&scope, &viewer).await;
    let grace = site.member("grace").await;
    let new = with(&image).validate().unwrap();
    posts::publish(&scope, &grace, DraftTarget::default(), new)
        .await
        .unwrap();
    assert_eq!((days(&site, 60).await, files(&site)), (1, 0));
}
